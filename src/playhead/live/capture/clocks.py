"""Clocks of sources: which parts can be compared by timestamp.

A source's clock is known by the moment at which it showed zero: the wall clock of a frame, less its timestamp. It stays
the same when a capture reconnects to a source that goes on, and differs when the source was started again. Servers
that give every client a clock of its own show as different ones, too.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playhead.live.parts import PartManifest
from playhead.media.mp4.growing import GrowingFile

SETTLED_S: Final = 1.5
"""Media over which the zero of a clock is looked for."""

NEAR_S: Final = 0.25

TOLERANCE_S: Final = 2.0
"""Delays of servers and networks differ between connections; a source that was restarted is off by more."""

_NAME = re.compile(r"(cap_\w+)@(-?\d+\.\d+)")


class Beginning:
    """When the first frame of a growing part came, and on which clock: the better known, the more of it was seen.

    What was read late, or probed first, is written late; so the earliest zero that is seen is the nearest to the truth.

    Attributes:
        zero: Wall clock of the source's zero, in seconds since 1970; None before the first fragment.
    """

    def __init__(self, part: Path) -> None:
        self._file = GrowingFile(part)
        self.zero: float | None = None
        self._noted: float | None = None

    def look(self) -> bool:
        """Read what was written; whether enough was seen."""
        if self._file.scan():
            zero = self._file.path.stat().st_mtime - self._file.end_s
            self.zero = zero if self.zero is None else min(zero, self.zero)
        return self._file.end_s - self._file.start_s >= SETTLED_S

    def note(self, folder: Path, manifest: PartManifest) -> None:
        """Write it into the manifest; nothing where there is no fragment, or where it is written about so."""
        if self.zero is None or (self._noted is not None and self._noted - self.zero < NEAR_S):
            return
        self._noted = self.zero
        began_at = datetime.fromtimestamp(self.zero + self._file.start_s, UTC)
        clock = clock_of(folder, manifest, self.zero)
        manifest.but(began_at=began_at.isoformat(), clock=clock).write(folder)


def clock_of(folder: Path, manifest: PartManifest, zero: float) -> str:
    """The name of the clock of a part: that of an earlier part if it is the same clock."""
    for known in _names(folder):
        if (found := _NAME.fullmatch(known)) and abs(float(found[2]) - zero) < TOLERANCE_S:
            return known
    return f"{manifest.capture_id}@{zero:.3f}"


def _names(folder: Path) -> Iterable[str]:
    return (PartManifest.read(path).clock for path in sorted(folder.glob("cap_*.json"), reverse=True))
