"""Continuity of HLS segments: whether one follows the other without a hole and on the same clock.

A part holds what follows without a break. The next capture goes on at the `Place` that the manifest of the last one
names, whoever killed that.
"""

from dataclasses import dataclass, replace
from typing import Final

from playhead.media.first_time import WRAP_S

JUMP_S: Final = 2.0
"""Seconds by which a segment may begin off its time; playlists with whole seconds are off by half of one."""

SAME_CLOCK_S: Final = 2.0
"""Drift between a clock and the wall times of a playlist within which it is the same clock."""

SAME_CLOCK_GUESSED_S: Final = 20.0
"""The same where the wall times are those of our requests."""


PAUSE_S: Final = 1.0
"""Time between two segments from which on the source was away, by the playlist's wall times."""

PAUSE_GUESSED_S: Final = 3.0
"""The same by the times at which segments were listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a segment stands in the source.

    Attributes:
        time_s: Decode time of its first frame on the source's clock, which here never begins again at 0.
        wall_s: Wall clock of its first frame, in seconds since 1970.
        exact: Whether the playlist said so; otherwise it is guessed from when the segment was listed.
        init: Name of its initialization section; None for MPEG-TS.
    """

    sequence: int
    discontinuity: int
    time_s: float
    duration_s: float
    wall_s: float
    exact: bool
    ad: bool = False
    init: str | None = None

    @property
    def end_s(self) -> float:
        """When its last frame ends, about."""
        return self.time_s + self.duration_s


@dataclass(frozen=True, slots=True)
class Break:
    """A reason to begin a new part.

    Attributes:
        new_clock: Whether timestamps before and after it do not compare.
        missing: Whether something is missing between.
    """

    words: str
    new_clock: bool = False
    missing: bool = False


def unwrapped(time_s: float, near_s: float) -> float:
    """A time of the 33 bits of MPEG-TS, as a time near another one that has been counted on."""
    return time_s + round((near_s - time_s) / WRAP_S) * WRAP_S


def break_between(last: Place, following: Place) -> Break | None:
    """What separates two segments; None where the second follows the first.

    A discontinuity is always a new clock: the playlist says that timestamps do not go on. Where the number of segments
    is not what it was, or a time is off, the clock is the same if it runs with the wall as before.
    """
    missing = following.sequence - last.sequence - 1
    if following.discontinuity != last.discontinuity:
        return Break("the source marks a discontinuity", new_clock=True, missing=missing > 0)
    if missing > 0:
        words = f"{missing} segments are missing"
        return Break(words, new_clock=not _same_clock(last, following), missing=True)
    off_s = following.time_s - last.end_s
    if abs(off_s) > JUMP_S:
        new_clock = off_s < 0 or not _same_clock(last, following)
        return Break(f"the source's clock jumps by {off_s:.1f} s", new_clock=new_clock, missing=not new_clock)
    if following.init != last.init:
        return Break("the source goes on with other parameters")
    if following.ad != last.ad:
        return Break("an advertisement begins" if following.ad else "an advertisement ends")
    return None


def after_break(place: Place, last: Place) -> tuple[Place, bool]:
    """A segment that is next in number after a break, with its wall time; and whether the source was away between.

    Small differences are the playlist's: then it begins when the last one ended.
    """
    end_s = last.wall_s + last.duration_s
    slack_s = PAUSE_S if place.exact else max(PAUSE_GUESSED_S, 2 * place.duration_s)
    if place.wall_s > end_s + slack_s:
        return place, True
    return replace(place, wall_s=end_s), False


def _same_clock(last: Place, following: Place) -> bool:
    drift_s = (following.wall_s - following.time_s) - (last.wall_s - last.time_s)
    return abs(drift_s) <= (SAME_CLOCK_S if last.exact and following.exact else SAME_CLOCK_GUESSED_S)
