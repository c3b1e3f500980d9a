"""Decode and presentation times of a span, in a stream of its own that begins at 0.

A player must decode from a keyframe on, so the frames between it and the start of the span come along, and so do
frames after the end that earlier ones refer to. They are made invisible: each lasts one step of 2 µs, just before
the first visible frame or just behind the last one begins, in their old order. No edit list is needed, no time is
negative and no composition offset either: media source extensions drop frames before 0, libav shifts tracks with
negative offsets, and hls.js 1.7 ignores edit lists when it puts one clip behind another.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from playhead.media.hls.errors import NotStreamable
from playhead.media.mp4.movie import Movie, Samples, Track
from playhead.media.mp4.presentation import REORDERED as REACH
from playhead.media.mp4.presentation import Shown, shown, zero_s
from playhead.media.mp4.presentation import end_s as end_of_movie

STEPS_A_SECOND = 500_000
"""Duration of an invisible frame, 2 µs."""

APART_S = Fraction(102, 100_000)
"""From the first invisible frame to the first visible one, at least. Chromium's renderer drops a frame that comes less
than 1 ms after one that it took: of the invisible frames all but the first, at once and without waiting for their
time; the visible one is taken."""

ANCHOR_S = Fraction(5, 10_000)
"""A span that another follows ends with the frame after it, so long before its end: what the renderer takes last. Then
the first invisible frame of the next span is dropped as well; and when decoding up to its first visible frame takes
long, what stays on the screen is the frame that would have come anyway, not one from before the next span."""

SAME_S = Fraction(1, 1000)
"""A time within this of a frame's means that frame: times come from clocks of milliseconds."""

LAG_S = Fraction(1, 10)
"""A span that begins up to so long before the first frame begins with it, as a stitch does; longer, it is held."""


@dataclass(frozen=True, slots=True)
class Span:
    """Media of a track, half-open ``[start, end)`` in the track's own ticks, and how much longer it is on the screen.

    Attributes:
        zero: Tick at the start of the file.
        until: Frames that begin at this tick or later are not shown.
        held: Ticks by which the first frame is shown too early, to begin with the audio.
        kept: Ticks by which the last frame is shown too long; below 0 it is cut.
    """

    start: int
    end: int
    zero: Fraction
    until: int
    held: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """Which samples of a track a span needs, and their new times in ticks of *timescale*.

    Attributes:
        first, end: Half-open span of samples in decode order.
        scale: How many new ticks one of the track's is.
        step: New ticks of one invisible frame.
        origin, lift: Usually a sample is decoded at ``lead + (dts - lift - origin) * scale``.
        head: Samples before it are decoded one step apart.
        caught: Samples before it are decoded no earlier than one step apart.
        lead: Where the first visible frame is shown.
        total: Where the span ends.
        shown: When those samples are shown that do not keep their distance.
        tail: Samples from here on are decoded one step apart: else one would last beyond the end, or be late.
    """

    first: int
    end: int
    timescale: int
    scale: int
    step: int
    origin: int
    lift: int
    head: int
    caught: int
    lead: int = 0
    total: int = 0
    shown: dict[int, int] = field(default_factory=dict)
    tail: int = 0

    @property
    def visible(self) -> int:
        """Number of visible frames."""
        return self.end - self.first - len(self.shown) + 1

    def decode_times(self, samples: Samples, start: int, end: int) -> list[int]:
        """Decode times of samples ``[start, end)``."""
        scale, shift = self.scale, self.lead - (self.lift + self.origin) * self.scale
        times = [shift + scale * dts for dts in samples.dts[start : min(end, self.tail)]]
        for index in range(start, min(end, self.caught, self.tail)):
            least = (index - self.first) * self.step
            times[index - start] = least if index < self.head else max(least, times[index - start])
        if end > self.tail:
            at = times[-1] if start < self.tail else self.decode_times(samples, self.tail - 1, self.tail)[0]
            near = max(start, self.tail)
            times += [at + (index - self.tail + 1) * self.step for index in range(near, end)]
        return times

    def show_time(self, samples: Samples, index: int) -> int:
        """Presentation time of one sample."""
        at = self.shown.get(index)
        return self.lead + (samples.pts(index) - self.origin) * self.scale if at is None else at

    def show_times(self, samples: Samples, start: int, end: int) -> list[int]:
        """Presentation times of samples ``[start, end)``."""
        scale, shift = self.scale, self.lead - self.origin * self.scale
        dts = samples.dts[start:end]
        if samples.cts is None:
            times = [shift + scale * at for at in dts]
        else:
            times = [shift + scale * (at + more) for at, more in zip(dts, samples.cts[start:end], strict=True)]
        for index, at in self.shown.items():
            if start <= index < end:
                times[index - start] = at
        return times


def span_of(
    movie: Movie, track: Track, start_s: Fraction | None, end_s: Fraction | None, *, audio_movie: Movie | None = None
) -> Span:
    """A span of a file's time in a track's own ticks, within its samples and its edit.

    Where the span begins before the first frame or ends after the last one, that one is held, as a stitch does it.

    Args:
        start_s, end_s: From the start of the file; None: from the start on; to the last frame.
        audio_movie: File of the audio, if not *movie*.

    Raises:
        NotStreamable: nothing is left, or the track is edited in a way that no stream can follow.
    """
    seen = followed(movie, track)
    start = zero = seen.tick_at(zero_s(movie), track.timescale)
    if start_s is not None:
        start += start_s * track.timescale
        start = Fraction(seen.first) if start < seen.first <= start + LAG_S * track.timescale else start
    end = Fraction(seen.end)
    if end_s is not None:
        lasts_s = max(end_of_movie(each) - zero_s(each) for each in (movie, audio_movie or movie))
        end = zero + min(end_s, lasts_s) * track.timescale
    if end <= start:
        raise NotStreamable("nothing of it is in that span")
    first, last = round(start), round(end)
    begin = min(max(first, seen.first), seen.end - 1)
    stop = min(max(last, begin + 1), seen.end)
    return Span(begin, stop, zero, seen.until, begin - first, last - stop)


def followed(movie: Movie, track: Track) -> Shown:
    """The shown part of a track, if a stream can follow its edit list.

    Raises:
        NotStreamable: it cannot, or the list shows nothing.
    """
    seen = shown(movie, track)
    what = track.kind
    if not seen.edits:
        raise NotStreamable(f"its edit list leaves nothing of its {what}")
    if seen.edits > 1:
        raise NotStreamable(f"its edit list puts its {what} together from {seen.edits} parts")
    if not seen.steady:
        raise NotStreamable(f"its edit list plays its {what} at another speed")
    return seen


def timing_of(track: Track, span: Span, *, followed: bool = False) -> Timing:
    """Samples that show a span, and their times.

    Args:
        followed: Another span comes after it in the same playlist.

    Raises:
        NotStreamable: the track has no keyframe.
    """
    samples = track.samples
    scale = max(1, -(-STEPS_A_SECOND // track.timescale))
    step = max(1, track.timescale * scale // STEPS_A_SECOND)
    near = max(1, int(SAME_S * track.timescale))
    key = _keyframe(samples, span.start + near)
    lift = _lift(samples, key, span.end)
    visible, hidden = _beginning(samples, key, max(span.start + near, samples.pts(key)), lift)
    origin = max(span.start, samples.pts(visible)) - span.held
    limit = max(min(span.end - near, span.until), samples.pts(visible) + 1)
    last = max(visible + 1, _last(samples, key, limit, lift))
    if followed:
        last = _with_next(samples, key, last, limit)
    head = max([*hidden, visible] if span.held > 0 else hidden, default=key - 1) + 1
    timing = Timing(key, last, track.timescale * scale, scale, step, origin, lift, head, head, tail=last)
    timing = _with_beginning(timing, samples, visible, hidden)
    timing = replace(timing, total=max(timing.lead + (span.end + span.kept - origin) * scale, timing.lead + step))
    return _with_end(timing, samples, limit, followed=followed)


def _keyframe(samples: Samples, limit: int) -> int:
    """The last sync sample that is shown at or before a time; the first one when all come later."""
    if samples.sync is None:
        key = bisect_right(samples.dts, limit, 0, len(samples)) - 1
        while key > 0 and samples.pts(key) > limit:
            key -= 1
        return max(0, key)
    if not len(samples.sync):
        raise NotStreamable("its video has no keyframe")
    found = bisect_right(samples.sync, limit, key=samples.pts) - 1
    return samples.sync[max(0, found)]


def _lift(samples: Samples, key: int, end: int) -> int:
    """Longest lead of presentation over decoding in a span: some writers have negative composition offsets."""
    if samples.cts is None:
        return 0
    last = min(bisect_left(samples.dts, end, key, len(samples)) + REACH, len(samples))
    return max(0, -min(samples.cts[key:last]))


def _beginning(samples: Samples, key: int, limit: int, lift: int) -> tuple[int, list[int]]:
    """The frame that is on the screen at a time, and those shown before it, in the order they are shown."""
    end = max(key + 1, bisect_right(samples.dts, limit + lift, key, len(samples)))
    early = sorted((at, i) for i in range(key, end) if (at := samples.pts(i)) <= limit)
    return early[-1][1], [index for _, index in early[:-1]]


def _with_beginning(timing: Timing, samples: Samples, visible: int, hidden: list[int]) -> Timing:
    """Put the hidden frames first, and begin as late as it takes for each to be decoded before it is shown."""
    first, step, scale = timing.first, timing.step, timing.scale
    caught = timing.head
    base = -(timing.origin + timing.lift) * scale
    while caught < timing.end and base + samples.dts[caught] * scale < (caught - first) * step:
        caught += 1
    ahead = max(len(hidden) * step, ceil(APART_S * timing.timescale)) if hidden else 0
    shown = {index: rank * step for rank, index in enumerate(hidden)} | {visible: ahead}
    usual = timing.show_times(samples, first, caught)
    wait = 0
    for index in range(first, caught):
        at = shown[index] if index in shown else usual[index - first] + ahead
        wait = max(wait, (index - first) * step - at)
    shown = {index: at + wait for index, at in shown.items()}
    return replace(timing, caught=caught, lead=wait + ahead, shown=shown)


def _last(samples: Samples, key: int, limit: int, lift: int) -> int:
    """End of the samples needed for all frames shown before a time."""
    last = bisect_left(samples.dts, limit + lift, key, len(samples))
    while last > key + 1 and samples.pts(last - 1) >= limit:
        last -= 1
    return max(last, key + 1)


def _with_next(samples: Samples, key: int, last: int, limit: int) -> int:
    """End of the samples needed if the first frame after a time is shown, too."""
    near = range(max(key, last - REACH), min(last + REACH, len(samples)))
    late = [(samples.pts(index), index) for index in near if samples.pts(index) >= limit]
    return max(last, min(late)[1] + 1) if late else last


def _with_end(timing: Timing, samples: Samples, limit: int, *, followed: bool) -> Timing:
    """Hide frames after the end, just behind the last visible one or as an anchor, and let none last beyond it."""
    near = range(max(timing.first, timing.end - REACH), timing.end)
    late = sorted((samples.pts(index), index) for index in near if samples.pts(index) >= limit)
    behind = max(timing.show_time(samples, index) for index in near if samples.pts(index) < limit)
    if followed:
        behind = max(behind, timing.total - int(ANCHOR_S * timing.timescale))
    hidden = {index: behind + (rank + 1) * timing.step for rank, (_, index) in enumerate(late)}
    timing = replace(timing, shown={**timing.shown, **hidden})
    decoded = timing.decode_times(samples, near.start, near.stop)
    shown = timing.show_times(samples, near.start, near.stop)
    for place, index in enumerate(near[:-1]):
        too_long = shown[place] + decoded[place + 1] - decoded[place] > timing.total
        if too_long or decoded[place + 1] > shown[place + 1]:
            return replace(timing, tail=index + 1)
    return timing
