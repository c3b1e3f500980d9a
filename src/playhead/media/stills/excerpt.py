"""Excerpt of a long MP4: a tiny MP4 of a few samples, handed to the decoder instead of the original.

Opening an hour of video costs libav 77 ms; the 100 keyframes of a storyboard are some megabytes of a bucket instead of
gigabytes. Times in the excerpt are not those of the video: each range of samples is moved behind the one before it.
"""

import bisect
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Samples, Track
from playhead.media.mp4.presentation import Shown, shown, zero_s
from playhead.media.mp4.write import TrackTables, faststart_header, runs_of
from playhead.media.orientation import UNITY
from playhead.media.stills.times import StillTime

MAX_BYTES = 256 << 20
"""Most bytes of one excerpt, which is held in memory."""

MAX_RANGE_BYTES = 24 << 20
"""Most bytes of the samples for one time; the nearest frame within is taken if the requested one is further from its
keyframe."""

_REORDERED = 16
"""Most frames that a decoder holds back for reordering (H.264 and H.265)."""


@dataclass(frozen=True, slots=True)
class SampleRange:
    """A range of samples ``[first, end)`` in decode order, from a keyframe on; moved so that it begins at *base*.

    Attributes:
        base: Decode time of the first sample in the excerpt, in the track's ticks.
        until: Decode time of the next range's first sample.
    """

    first: int
    end: int
    base: int
    until: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Plan of an excerpt: the samples to read and where they go.

    Attributes:
        times: The requested times, on the clock of the excerpt.
    """

    track: Track
    ranges: tuple[SampleRange, ...]
    times: tuple[StillTime, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Places of the samples in the original: ``(offset, size)`` in the order of the excerpt."""
        samples = self.track.samples
        return [(samples.offsets[i], samples.sizes[i]) for each in self.ranges for i in range(each.first, each.end)]


def plan_excerpt(movie: Movie, times: Sequence[StillTime], *, budget: int, exact: bool = False) -> Excerpt:
    """Choose the samples that the decoder needs for stills at some times.

    Args:
        budget: Most samples for one time.
        exact: No frame before the requested one will do, however many bytes its samples take.

    Raises:
        Mp4Unreadable: the edit list or the samples of this video cannot be taken apart so simply.
    """
    track = movie.video
    if track is None or not len(track.samples) or track.mixed:
        raise Mp4Unreadable("The file has no video track that is coded in one way throughout.")
    span = shown(movie, track)
    if not span.simple:
        raise Mp4Unreadable("The edit list of this file is not followed here.")
    origin = int(span.tick_at(zero_s(movie), track.timescale))
    times = [_within(time, span, origin, track.timescale) for time in times]
    most = math.inf if exact else MAX_RANGE_BYTES
    wanted = [_samples_for(track, time, origin, budget, most) for time in times]
    ranges = _laid_out(track.samples, wanted, track.timescale)
    excerpt = Excerpt(
        track,
        ranges,
        tuple(_moved(track, time, origin, span, ranges) for time, span in zip(times, wanted, strict=True)),
    )
    size = sum(length for _, length in excerpt.spans)
    if size > MAX_BYTES:
        raise Mp4Unreadable(f"The samples that are needed take {size} bytes.")
    return excerpt


def header_of(excerpt: Excerpt) -> bytes:
    """Header of an excerpt: the file up to its samples, whose bytes follow in the order of ``spans``."""
    return faststart_header([_tables(excerpt)], sum(size for _, size in excerpt.spans))


def _within(time: StillTime, span: Shown, origin: int, second: int) -> StillTime:
    """The nearest time at which the video shows a frame: one that its edit list hides will not do."""
    first_s, last_s = (span.first - origin) / second, (span.until - 1 - origin) / second
    at_s = min(max(time.at_s, first_s), last_s)
    return StillTime(at_s, min(max(time.since_s, first_s), at_s), min(time.for_s, last_s - at_s))


def _samples_for(track: Track, time: StillTime, origin: int, budget: int, most_bytes: float) -> tuple[int, int]:
    samples, rate = track.samples, track.timescale
    at = origin + int(time.at_s * rate)
    key = _keyframe(samples, at)
    alone = samples.pts(key) >= origin + time.since_s * rate - 1
    if alone and not time.for_s:
        return key, key + 1
    until = (samples.pts(key) if alone else at) + int(time.for_s * rate)
    last, best, beyond, size = key, samples.pts(key), 0, samples.sizes[key]
    for index in range(key + 1, min(len(samples), key + budget)):
        size += samples.sizes[index]
        if beyond >= _REORDERED or size > most_bytes:
            break
        beyond += samples.dts[index] > until
        if best < samples.pts(index) <= until or (time.for_s and samples.pts(index) <= until):
            last, best = index, samples.pts(index)
    return key, last + 1


def _keyframe(samples: Samples, at: int) -> int:
    """The last sample that decoding can begin with and that is shown no later than *at*; else the first of all."""
    keys: Sequence[int] = range(len(samples)) if samples.sync is None else samples.sync
    if not keys:
        raise Mp4Unreadable("The video track has no keyframe.")
    return keys[max(0, bisect.bisect_right(keys, at, key=samples.pts) - 1)]


def _laid_out(samples: Samples, wanted: Sequence[tuple[int, int]], second: int) -> tuple[SampleRange, ...]:
    """Join ranges that overlap, in the order of the video, with a second between any two."""
    joined: list[list[int]] = []
    for first, end in sorted(wanted):
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([first, end])
    ranges, base = [], 0
    for first, end in joined:
        until = base + samples.dts[end] - samples.dts[first] + _latest(samples, first, end) + second
        ranges.append(SampleRange(first, end, base, until))
        base = until
    return tuple(ranges)


def _latest(samples: Samples, first: int, end: int) -> int:
    return 0 if samples.cts is None else max(0, *samples.cts[first:end]) - _earliest(samples, first, end)


def _earliest(samples: Samples, first: int, end: int) -> int:
    """The least offset from decode to composition time, 0 or below: every frame is shown that much later here."""
    return 0 if samples.cts is None else min(0, *samples.cts[first:end])


def _moved(
    track: Track, time: StillTime, origin: int, span: tuple[int, int], ranges: Sequence[SampleRange]
) -> StillTime:
    here = ranges[bisect.bisect_right(ranges, span[0], key=lambda each: each.first) - 1]
    samples = track.samples
    moved = here.base - samples.dts[here.first] - _earliest(samples, here.first, here.end) + origin
    moved -= _start(track, ranges)
    by_s = moved / track.timescale
    return StillTime(time.at_s + by_s, time.since_s + by_s, time.for_s)


def _tables(excerpt: Excerpt) -> TrackTables:
    track, samples = excerpt.track, excerpt.track.samples
    durations, shifts, sizes, sync = [], [], array("I"), array("I")
    for each in excerpt.ranges:
        shift = _earliest(samples, each.first, each.end)
        for index in range(each.first, each.end):
            if _is_key(samples, index):
                sync.append(len(sizes))
            sizes.append(samples.sizes[index])
            durations.append(samples.dts[index + 1] - samples.dts[index])
            shifts.append((samples.cts[index] if samples.cts is not None else 0) - shift)
        durations[-1] += each.until - each.base - (samples.dts[each.end] - samples.dts[each.first])
    start = _start(excerpt.track, excerpt.ranges)
    return TrackTables(
        kind="video",
        timescale=track.timescale,
        entry=track.entry.raw,
        durations=runs_of(durations),
        sizes=sizes,
        chunk_offsets=array("Q", [0]),
        chunk_counts=array("I", [len(sizes)]),
        shifts=runs_of(shifts),
        sync=sync,
        media_time=start,
        duration=excerpt.ranges[-1].until - start,
        width=track.entry.width,
        height=track.entry.height,
        matrix=track.matrix or UNITY,
    )


def _start(track: Track, ranges: Sequence[SampleRange]) -> int:
    """Presentation time of the first frame, which the edit list moves to 0: libav has every file begin there."""
    first = ranges[0]
    pts = [track.samples.pts(index) for index in range(first.first, min(first.end, first.first + _REORDERED))]
    return min(pts) - track.samples.dts[first.first] - _earliest(track.samples, first.first, first.end)


def _is_key(samples: Samples, index: int) -> bool:
    if samples.sync is None:
        return True
    place = bisect.bisect_left(samples.sync, index)
    return place < len(samples.sync) and samples.sync[place] == index
