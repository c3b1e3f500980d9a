"""A few samples of a long MP4 as a tiny one of their own: what the decoder is handed in place of the original.

Opening an hour of film costs libav 77 ms, the 100 keyframes of a storyboard out of a bucket some megabytes in place
of gigabytes. Times in the excerpt are not those of the film: each stretch is moved behind the one before it.
"""

import bisect
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Samples, Track
from playhead.media.mp4.presentation import Shown, shown, zero_s
from playhead.media.mp4.write import TrackTables, faststart_header, runs_of
from playhead.media.orientation import UNITY
from playhead.media.stills.moment import Moment

MAX_BYTES = 256 << 20
"""Of one excerpt, which lies in memory."""

MAX_STRETCH_BYTES = 24 << 20
"""Of the samples for one moment: where the picture itself is further from its keyframe, the nearest within is taken."""

_REORDERED = 16
"""Pictures that a decoder may hold back (H.264 and H.265): so far behind its place may a sample lie."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring samples ``[first, end)`` in decode order, from a keyframe on; moved so that they begin at *base*.

    Attributes:
        base: Decode time of the first sample in the excerpt, in the track's ticks.
        until: Of the next stretch's first sample.
    """

    first: int
    end: int
    base: int
    until: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What to read and where it goes.

    Attributes:
        moments: As asked for, in the time of the excerpt.
    """

    track: Track
    stretches: tuple[Stretch, ...]
    moments: tuple[Moment, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the samples lie in the original: ``(offset, size)`` in the order of the excerpt."""
        samples = self.track.samples
        return [(samples.offsets[i], samples.sizes[i]) for each in self.stretches for i in range(each.first, each.end)]


def plan_excerpt(movie: Movie, moments: Sequence[Moment], *, budget: int) -> Excerpt:
    """Choose the samples that the decoder will need for some moments.

    Args:
        budget: Samples for one moment at most.

    Raises:
        Mp4Unreadable: this film has an edit list, or samples, that cannot be taken apart so simply.
    """
    track = movie.video
    if track is None or not len(track.samples) or track.mixed:
        raise Mp4Unreadable("The film has no track of pictures that are all coded in one way.")
    span = shown(movie, track)
    if not span.simple:
        raise Mp4Unreadable("The film is edited in a way that is not followed here.")
    origin = int(span.tick_at(zero_s(movie), track.timescale))
    moments = [_within(moment, span, origin, track.timescale) for moment in moments]
    wanted = [_samples_for(track, moment, origin, budget) for moment in moments]
    stretches = _laid_out(track.samples, wanted, track.timescale)
    excerpt = Excerpt(
        track,
        stretches,
        tuple(_moved(track, moment, origin, span, stretches) for moment, span in zip(moments, wanted, strict=True)),
    )
    size = sum(length for _, length in excerpt.spans)
    if size > MAX_BYTES:
        raise Mp4Unreadable(f"The pictures that are wanted take {size} bytes.")
    return excerpt


def header_of(excerpt: Excerpt) -> bytes:
    """The file up to its samples, whose bytes follow in the order of ``spans``."""
    return faststart_header([_tables(excerpt)], sum(size for _, size in excerpt.spans))


def _within(moment: Moment, span: Shown, origin: int, second: int) -> Moment:
    """A moment at which the film shows something: no picture that its edit list hides will do for it."""
    first_s, last_s = (span.first - origin) / second, (span.until - 1 - origin) / second
    at_s = min(max(moment.at_s, first_s), last_s)
    return Moment(at_s, min(max(moment.since_s, first_s), at_s), min(moment.for_s, last_s - at_s))


def _samples_for(track: Track, moment: Moment, origin: int, budget: int) -> tuple[int, int]:
    samples, rate = track.samples, track.timescale
    at = origin + int(moment.at_s * rate)
    key = _keyframe(samples, at)
    alone = samples.pts(key) >= origin + moment.since_s * rate - 1
    if alone and not moment.for_s:
        return key, key + 1
    until = (samples.pts(key) if alone else at) + int(moment.for_s * rate)
    last, best, beyond, size = key, samples.pts(key), 0, samples.sizes[key]
    for index in range(key + 1, min(len(samples), key + budget)):
        size += samples.sizes[index]
        if beyond >= _REORDERED or size > MAX_STRETCH_BYTES:
            break
        beyond += samples.dts[index] > until
        if best < samples.pts(index) <= until or (moment.for_s and samples.pts(index) <= until):
            last, best = index, samples.pts(index)
    return key, last + 1


def _keyframe(samples: Samples, at: int) -> int:
    """The last sample that decoding can begin with and that is shown no later than *at*; else the first of all."""
    keys: Sequence[int] = range(len(samples)) if samples.sync is None else samples.sync
    if not keys:
        raise Mp4Unreadable("The film has no keyframe.")
    return keys[max(0, bisect.bisect_right(keys, at, key=samples.pts) - 1)]


def _laid_out(samples: Samples, wanted: Sequence[tuple[int, int]], second: int) -> tuple[Stretch, ...]:
    """Join what overlaps, in the order of the film, with a second between any two."""
    joined: list[list[int]] = []
    for first, end in sorted(wanted):
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([first, end])
    stretches, base = [], 0
    for first, end in joined:
        until = base + samples.dts[end] - samples.dts[first] + _latest(samples, first, end) + second
        stretches.append(Stretch(first, end, base, until))
        base = until
    return tuple(stretches)


def _latest(samples: Samples, first: int, end: int) -> int:
    return 0 if samples.cts is None else max(0, *samples.cts[first:end]) - _earliest(samples, first, end)


def _earliest(samples: Samples, first: int, end: int) -> int:
    """The least offset from decode to composition time, 0 or below: everything is shown that much later here."""
    return 0 if samples.cts is None else min(0, *samples.cts[first:end])


def _moved(track: Track, moment: Moment, origin: int, span: tuple[int, int], stretches: Sequence[Stretch]) -> Moment:
    here = stretches[bisect.bisect_right(stretches, span[0], key=lambda each: each.first) - 1]
    samples = track.samples
    moved = here.base - samples.dts[here.first] - _earliest(samples, here.first, here.end) + origin
    moved -= _start(track, stretches)
    by_s = moved / track.timescale
    return Moment(moment.at_s + by_s, moment.since_s + by_s, moment.for_s)


def _tables(excerpt: Excerpt) -> TrackTables:
    track, samples = excerpt.track, excerpt.track.samples
    durations, shifts, sizes, sync = [], [], array("I"), array("I")
    for each in excerpt.stretches:
        shift = _earliest(samples, each.first, each.end)
        for index in range(each.first, each.end):
            if _is_key(samples, index):
                sync.append(len(sizes))
            sizes.append(samples.sizes[index])
            durations.append(samples.dts[index + 1] - samples.dts[index])
            shifts.append((samples.cts[index] if samples.cts is not None else 0) - shift)
        durations[-1] += each.until - each.base - (samples.dts[each.end] - samples.dts[each.first])
    start = _start(excerpt.track, excerpt.stretches)
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
        duration=excerpt.stretches[-1].until - start,
        width=track.entry.width,
        height=track.entry.height,
        matrix=track.matrix or UNITY,
    )


def _start(track: Track, stretches: Sequence[Stretch]) -> int:
    """When the first picture is shown: libav has every film begin at 0, so this one says that it does."""
    first = stretches[0]
    pts = [track.samples.pts(index) for index in range(first.first, min(first.end, first.first + _REORDERED))]
    return min(pts) - track.samples.dts[first.first] - _earliest(track.samples, first.first, first.end)


def _is_key(samples: Samples, index: int) -> bool:
    if samples.sync is None:
        return True
    place = bisect.bisect_left(samples.sync, index)
    return place < len(samples.sync) and samples.sync[place] == index
