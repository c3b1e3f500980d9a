"""Clocks of sources: which parts can be compared by timestamp.

A source's clock is known by the moment at which it showed zero: the wall clock of a frame, less its timestamp. It stays
the same when a capture reconnects to a source that goes on, and differs when the source was started again. Servers
that give every client a clock of its own show as different ones, too.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playhead.live.parts import PartManifest

TOLERANCE_S: Final = 1.5
"""Delays of servers and networks differ between connections; a source that was restarted is off by more."""

_NAME = re.compile(r"(cap_\w+)@(-?\d+\.\d+)")


def clock_of(folder: Path, manifest: PartManifest, began_at: datetime, first_s: float) -> str:
    """The name of the clock of a part: that of an earlier part if it is the same clock.

    Args:
        first_s: Timestamp of the frame of *began_at*.
    """
    zero = began_at.timestamp() - first_s
    for known in _names(folder):
        if (found := _NAME.fullmatch(known)) and abs(float(found[2]) - zero) < TOLERANCE_S:
            return known
    return f"{manifest.capture_id}@{zero:.3f}"


def began(part: Path, first_s: float, end_s: float) -> datetime:
    """Wall clock of the first frame of a part whose media up to *end_s* were written last."""
    return datetime.fromtimestamp(part.stat().st_mtime, UTC) - timedelta(seconds=end_s - first_s)


def _names(folder: Path) -> Iterable[str]:
    return (PartManifest.read(path).clock for path in sorted(folder.glob("cap_*.json"), reverse=True))
