"""Verified credentials, remembered for half a minute: most requests then need no query to know who asks.

A revocation takes effect at once in its own process, and at once in every process of the host through the time
stamp of a marker file; on other hosts within ``MAX_AGE_S``.
"""

import contextlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playhead.access.principals import Principal

MAX_AGE_S = 30.0
MAX_ENTRIES = 1024
"""Some 0.5 KiB each."""


@dataclass(frozen=True, slots=True)
class _Entry:
    principal: Principal
    until: datetime
    checked_at: datetime


class CredentialCache:
    """Principals by the hash of their credential.

    Args:
        marker: A file of the host that ``clear`` touches and every lookup compares (about 2 us); None for one process.
    """

    def __init__(self, marker: Path | None = None) -> None:
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._marker = marker
        self._seen = self._stamp()
        self.generation = 0

    def get(self, key: bytes, now: datetime) -> Principal | None:
        """Find a principal whose credential was verified in the last 30 s and has not expired since."""
        self._follow_marker()
        entry = self._entries.get(key)
        if entry is None:
            return None
        age_s = (now - entry.checked_at).total_seconds()
        if now >= entry.until or not 0 <= age_s < MAX_AGE_S:
            del self._entries[key]
            return None
        return entry.principal

    def put(self, key: bytes, principal: Principal, *, until: datetime, now: datetime, generation: int) -> None:
        """Remember a principal, unless something was revoked since *generation* was read: before the query."""
        self._follow_marker()
        if generation != self.generation:
            return
        self._entries[key] = _Entry(principal, until, now)
        self._entries.move_to_end(key)
        while len(self._entries) > MAX_ENTRIES:
            self._entries.popitem(last=False)

    def clear(self) -> None:
        """Forget everything, here and in the other processes of this host: after any change of a grant."""
        self._forget()
        if self._marker is not None:
            with contextlib.suppress(OSError):  # the others then notice within 30 s
                self._marker.write_bytes(b"")
            self._seen = self._stamp()

    def _follow_marker(self) -> None:
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._forget()

    def _forget(self) -> None:
        self._entries.clear()
        self.generation += 1

    def _stamp(self) -> int:
        if self._marker is None:
            return 0
        try:
            return self._marker.stat().st_mtime_ns
        except OSError:
            return 0
