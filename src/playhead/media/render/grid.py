"""Presentation times of a clip's frames, and the samples at which a copy may begin and end."""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import accumulate, islice
from operator import add, le, sub
from typing import Any, NamedTuple

from playhead.media.mp4 import presentation
from playhead.media.mp4.movie import Movie, Track

KEY_SPACING_S = 5
"""Shortest distance of noted keyframes in seconds: enough to split long work at, and few."""

EXITS = 6
"""Number of noted ends of a copy: a span may still move by a frame."""

_PART = 1 << 16
_JITTER_S = Fraction(1, 1000)  # times that went through milliseconds, as in Matroska and RTMP
_MARGIN_S = Fraction(1, 500)  # a frame shown for less is left out


class FrameRef(NamedTuple):
    """A frame of a clip.

    Attributes:
        frame: Counted in display order from the first that is shown.
        tick: When it is shown, in the track's timescale from the first that is shown.
    """

    frame: int
    tick: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The frames of one clip, and of these the ones that a span asks for.

    At a closed point as many samples are stored before a frame as frames are shown before it. So between two such
    points the samples in decode order are exactly the frames in display order: sample = *hidden* + frame.

    Attributes:
        rate: Frames a second when it is the same throughout; None when it varies.
        timescale: Of every mark.
        origin_s: When the first frame is shown, from the start of the file.
        hidden: How many frames an edit list hides before it.
        frames: How many are shown.
        end_tick: When the last one ends.
        first: The frame nearest to the span's start; below 0 where a constant grid is continued backwards.
        end: One past the last frame, by the nearest to the span's end; beyond *frames* likewise.
        shown: One past the last frame where each keeps its own time, and the span its exact length.
        early, late: The span begins before the first frame or ends after the last one by more than half a frame.
        entries: Closed points with clean keyframes that are shown there, ascending; the few nearest, from the
            frame before *first* on.
        exits: Closed points, ascending, up to the frame after *end* and *shown*; the few nearest.
        keys: Keyframes inside the span, some seconds apart.
    """

    rate: Fraction | None
    timescale: int
    origin_s: Fraction
    hidden: int
    frames: int
    end_tick: int
    first: FrameRef
    end: int
    shown: int
    early: bool
    late: bool
    entries: tuple[FrameRef, ...] = ()
    exits: tuple[FrameRef, ...] = ()
    keys: tuple[FrameRef, ...] = ()

    @property
    def nominal(self) -> Fraction:
        """Frames a second on average."""
        return self.rate or Fraction(self.frames * self.timescale, max(1, self.end_tick))

    def at(self, frame: int) -> FrameRef:
        """A frame by its number, where the rate is constant."""
        return FrameRef(frame, round(frame * self.timescale / self.nominal))

    def time(self, mark: FrameRef) -> Fraction:
        """Seconds from the start of the file."""
        if self.rate is not None:
            return self.origin_s + mark.frame / self.rate
        return self.origin_s + Fraction(mark.tick, self.timescale)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; fractions as ``30000/1001``."""
        rate = None if self.rate is None else str(self.rate)
        return {**asdict(self), "rate": rate, "origin_s": str(self.origin_s)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Grid":
        """The inverse of `to_dict`."""
        rate = None if facts["rate"] is None else Fraction(facts["rate"])
        marks = {name: tuple(FrameRef(*mark) for mark in facts[name]) for name in ("entries", "exits", "keys")}
        first = FrameRef(*facts["first"])
        return cls(**{**facts, **marks, "rate": rate, "origin_s": Fraction(facts["origin_s"]), "first": first})


class Times:
    """The times of a track's frames in display order, and its closed points.

    Attributes:
        shown: Composition times, ascending.
        begin, end: Half-open span of *shown* that the edit list lets through.
        rate: Frames a second of these, or None.
        distinct: No two frames are shown at once.
    """

    def __init__(self, movie: Movie, track: Track) -> None:
        samples, self.track = track.samples, track
        count = len(samples)
        times: Sequence[int] = samples.dts[:count]
        if samples.cts is not None:
            times = array("q", map(add, times, samples.cts))
        self.shown: Sequence[int] = in_order(times)
        self._highest: Sequence[int] = array("q", accumulate(times, max))
        self.distinct = all(map(sub, islice(self.shown, 1, None), self.shown))
        span = presentation.shown(movie, track)
        self.begin = bisect_left(self.shown, span.first)
        self.end = bisect_left(self.shown, span.until, self.begin) if span.edits else self.begin
        self._end = span.end
        self.rate = constant_rate(self.shown[self.begin : self.end], track.timescale)

    def closed(self, position: int) -> bool:
        """Whether the first *position* samples are the first *position* frames."""
        return 0 <= position <= len(self.shown) and (
            position == 0 or self._highest[position - 1] == self.shown[position - 1]
        )

    def leads(self, sample: int) -> bool:
        """Whether a sample is at a closed point, and nothing stored after it is shown before it."""
        return self.closed(sample) and self.track.samples.pts(sample) == self.shown[sample]

    def tick(self, position: int) -> int:
        """When the frame at a place in display order is shown, from the first that is let through."""
        return self.shown[position] - self.shown[self.begin]

    def place(self, tick: int) -> int:
        """The frame shown at a tick, counted from the first that is let through."""
        return bisect_left(self.shown, tick + self.shown[self.begin]) - self.begin

    def mark(self, position: int) -> FrameRef:
        """The frame at a place in display order; one past the last is where it ends."""
        tick = self.tick(position) if position < self.end else self.end_tick
        return FrameRef(position - self.begin, tick)

    @property
    def longest(self) -> int:
        """The longest time that a frame is shown, in ticks."""
        steps = map(sub, islice(self.shown, self.begin + 1, self.end), islice(self.shown, self.begin, self.end))
        return max(self.end_tick - self.tick(self.end - 1), max(steps, default=0))

    @property
    def end_tick(self) -> int:
        """When the last frame that is let through ends: at a constant rate it is whole, else the edit may cut it."""
        if self.rate is not None:
            return round((self.end - self.begin) * self.track.timescale / self.rate)
        return max(self._end, self.shown[self.end - 1] + 1) - self.shown[self.begin]


def in_order(times: Sequence[int]) -> "array[int]":
    """Sort times that are nearly in order, a part at a time: as objects, millions would take ten times their room."""
    if all(map(le, times, islice(times, 1, None))):
        return array("q", times)
    least = array("q", accumulate(reversed(times), min))  # of all times from a place on, from the end
    found, waiting = array("q"), list[int]()
    for start in range(0, len(times), _PART):
        waiting = sorted([*waiting, *times[start : start + _PART]])
        behind = len(times) - start - _PART - 1
        done = bisect_right(waiting, least[behind]) if behind >= 0 else len(waiting)
        found.extend(waiting[:done])
        del waiting[:done]
    return found


def constant_rate(shown: Sequence[int], timescale: int) -> Fraction | None:
    """Find the one rate that explains all times, to a tick or a millisecond of rounding and never more than 1/8 frame.

    Args:
        shown: Ascending, in the timescale.
    """
    if len(shown) < 2 or shown[-1] <= shown[0]:
        return None
    step = shown[1] - shown[0]
    if all(map(step.__eq__, map(sub, islice(shown, 1, None), shown))):
        return Fraction(timescale, step)
    mean = Fraction((len(shown) - 1) * timescale, shown[-1] - shown[0])
    near = (Fraction(max(1, round(mean))), Fraction(max(1, round(mean * Fraction(1001, 1000))) * 1000, 1001))
    fits = [(worst, rate) for rate in near if (worst := _worst(shown, timescale, rate)) is not None]
    return min(fits)[1] if fits else None


def _worst(shown: Sequence[int], timescale: int, rate: Fraction) -> Fraction | None:
    # In integers: |tick - k * timescale / rate| in units of 1 / numerator of a tick.
    start, step, scale = shown[0], timescale * rate.denominator, rate.numerator
    worst = max(abs((at - start) * scale - number * step) for number, at in enumerate(shown))
    bound = min(max(Fraction(1), _JITTER_S * timescale), timescale / rate / 8)
    found = Fraction(worst, scale)
    return found if found <= bound else None


def span_grid(times: Times, origin_s: Fraction, start_s: Fraction, end_s: Fraction) -> Grid:
    """The grid of a span; entries and keyframes are still missing.

    Args:
        origin_s: When the first frame that is let through is shown, from the start of the file.
    """
    frames, timescale = times.end - times.begin, times.track.timescale
    bare = Grid(
        times.rate,
        timescale,
        origin_s,
        times.begin,
        frames,
        times.end_tick,
        FrameRef(0, 0),
        1,
        1,
        early=False,
        late=False,
    )
    half = 1 / bare.nominal / 2
    last_s = origin_s + (frames / times.rate if times.rate else Fraction(times.end_tick, timescale))
    first = _nearest(times, bare, start_s)
    end = max(first.frame + 1, _nearest(times, bare, end_s).frame)
    shown = _shown_until(times, bare, bare.time(first) + end_s - start_s)
    shown = min(frames, max(first.frame + 1, shown))
    exits = _exits(times, max(end, shown) + 1)
    early, late = start_s < origin_s - half, end_s > last_s + half
    return Grid(
        times.rate, timescale, origin_s, times.begin, frames, times.end_tick, first, end, shown, early, late, (), exits
    )


def _nearest(times: Times, grid: Grid, at_s: Fraction) -> FrameRef:
    since = at_s - grid.origin_s
    if grid.rate is not None:
        frame = math.floor(since * grid.rate + Fraction(1, 2))
        return FrameRef(frame, round(frame * grid.timescale / grid.rate))
    tick = since * grid.timescale
    after = bisect_left(times.shown, tick + times.shown[times.begin], times.begin, times.end)
    marks = [times.mark(place) for place in range(max(times.begin, after - 1), min(times.end, after) + 1)]
    return min(marks, key=lambda mark: abs(mark.tick - tick))


def _shown_until(times: Times, grid: Grid, end_s: Fraction) -> int:
    since = end_s - grid.origin_s - _MARGIN_S
    if grid.rate is not None:
        return math.ceil(since * grid.rate)
    return bisect_left(times.shown, since * grid.timescale + times.shown[times.begin], times.begin) - times.begin


def _exits(times: Times, highest: int) -> tuple[FrameRef, ...]:
    found: list[FrameRef] = []
    for position in range(min(times.end, times.begin + highest), times.begin, -1):
        if times.closed(position):
            found.append(times.mark(position))
            if len(found) == EXITS:
                break
    return tuple(reversed(found))
