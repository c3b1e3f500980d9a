"""Verified credentials, remembered for half a minute: most requests then need no query to know who asks.

A revocation takes effect at once in its own process, and at once in every process of the host through a marker
file; on other hosts within ``MAX_AGE_S``.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playhead.access.principals import Principal
from playhead.kit.marker import Marker
from playhead.kit.recent import Recent

MAX_AGE_S = 30.0
MAX_ENTRIES = 1024
"""Some 0.5 KiB each."""


@dataclass(frozen=True, slots=True)
class _Entry:
    principal: Principal
    until: datetime


class CredentialCache:
    """Principals by the hash of their credential.

    Args:
        marker: A file of the host that ``clear`` touches and every lookup compares (about 2 us); None for one process.
    """

    def __init__(self, marker: Path | None = None) -> None:
        self._entries: Recent[bytes, _Entry] = Recent(
            max_age_s=MAX_AGE_S, max_entries=MAX_ENTRIES, marker=Marker(marker)
        )

    @property
    def generation(self) -> int:
        """To be read before the query whose answer is `put`."""
        return self._entries.generation

    def get(self, key: bytes, now: datetime) -> Principal | None:
        """Find a principal whose credential was verified in the last 30 s and has not expired since."""
        entry = self._entries.get(key, now.timestamp())
        if entry is None:
            return None
        if now >= entry.until:
            self._entries.drop(key)
            return None
        return entry.principal

    def put(self, key: bytes, principal: Principal, *, until: datetime, now: datetime, generation: int) -> None:
        """Remember a principal, unless something was revoked since *generation* was read: before the query."""
        self._entries.put(key, _Entry(principal, until), now=now.timestamp(), generation=generation)

    def clear(self) -> None:
        """Forget everything, here and in the other processes of this host: after any change of a grant."""
        self._entries.clear()
