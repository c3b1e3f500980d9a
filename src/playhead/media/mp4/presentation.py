"""Presentation of a track with its edit list (ISO/IEC 14496-12 section 8.6.6): one answer for every reader.

Where the standard and libav differ, libav counts: it decodes what is encoded, and browsers play with it. In a file that
is not fragmented, the first frame of an edit is shown when the edit begins, wherever between two frames that is.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import dropwhile, takewhile

from playhead.media.mp4.movie import Edit, Movie, Samples, Track

REORDERED = 64
"""Samples between which decoding and showing may differ in order; 16 in H.264 and HEVC."""

_SLIVER_S = Fraction(1, 500)
"""A sample of which an edit leaves no more than this, or than one tick of the movie's clock, was cut off: edits
that are rounded up reach into the next one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a track that its edit list shows.

    Attributes:
        start_s, end_s: From when to when, in the movie's own time; equal when nothing is shown.
        first: Tick of the track that is shown at *start_s*.
        until: Samples that begin at this tick or later are not shown.
        end: Tick at which the last sample ends; of several edits, that of the first.
        edits: How many runs of media are put together; edits that continue each other are one. 0: nothing is shown.
        steady: The media plays at its own speed.
    """

    start_s: Fraction
    end_s: Fraction
    first: int
    until: int
    end: int
    edits: int = 1
    steady: bool = True

    @property
    def simple(self) -> bool:
        """One run of media at its own speed, so that *first*, *until* and *end* say everything."""
        return self.edits == 1 and self.steady

    def tick_at(self, at_s: Fraction, timescale: int) -> Fraction:
        """Tick of a simple track at a time of the movie; it may lie outside of what is shown."""
        return self.first + (at_s - self.start_s) * timescale


@dataclass(frozen=True, slots=True)
class _Part:
    """Media that is shown without a break: half-open ``[first, end)`` in ticks; *end* None: all there is."""

    first: int
    end: Fraction | None
    steady: bool = True


def shown(movie: Movie, track: Track) -> Shown:
    """Apply the edit list of one of a movie's tracks.

    Empty edits before the media delay it; those behind it show nothing and are left out.
    """
    waits = list(takewhile(_is_empty, track.edits))
    delay_s = Fraction(sum(edit.duration for edit in waits), max(1, movie.timescale))
    parts = _parts(movie, track)
    span = _span(track, parts[0], _sliver(movie, track)) if parts and len(track.samples) else None
    if span is None:
        return Shown(delay_s, delay_s, 0, 0, 0, edits=0)
    first, until, end = span
    origin = parts[0].first if track.edits else 0
    moved = track.kind == "video" and bool(track.edits) and not movie.fragmented
    start_s = delay_s if moved else delay_s + Fraction(first - origin, track.timescale)
    end_s = start_s + Fraction(end - first, track.timescale)
    if len(parts) > 1:
        end_s = delay_s + _length(movie, track.edits[len(waits) :])
    return Shown(start_s, end_s, first, until, end, len(parts), all(part.steady for part in parts))


def zero_s(movie: Movie) -> Fraction:
    """The file's zero in the movie's own time: when the earliest track begins to be shown."""
    return min((span.start_s for span in _all(movie)), default=Fraction(0))


def end_s(movie: Movie) -> Fraction:
    """When the last track ends, in the movie's own time."""
    return max((span.end_s for span in _all(movie)), default=Fraction(0))


def libav_delay_s(movie: Movie, track: Track) -> Fraction:
    """How much later than the file says libav presents a track: it lifts composition offsets of fragments to 0."""
    cts = track.samples.cts
    return Fraction(max(0, -min(cts)), track.timescale) if movie.fragmented and cts is not None else Fraction(0)


def packets_heard(track: Track, span: Shown) -> tuple[int, int]:
    """Half-open span of the packets of an audio track that are heard, at least in part."""
    dts, count = track.samples.dts, len(track.samples)
    first = max(0, bisect_right(dts, span.first, 0, count) - 1)
    return first, max(first, bisect_left(dts, span.until, 0, count))


def _all(movie: Movie) -> list[Shown]:
    return [span for span in (shown(movie, track) for track in movie.tracks) if span.edits]


def _is_empty(edit: Edit) -> bool:
    return edit.media_time < 0


def _parts(movie: Movie, track: Track) -> list[_Part]:
    """The media in order, each run of it once; an empty edit between two runs counts as one."""
    if not track.edits:
        return [_Part(_earliest(track), None)]
    near = Fraction(track.timescale, max(1, movie.timescale))
    parts: list[_Part] = []
    behind = reversed(list(dropwhile(_is_empty, reversed(track.edits))))
    for edit in dropwhile(_is_empty, behind):
        part = _part(movie, track, edit)
        last = parts[-1] if parts else None
        if last is None or last.end is None or abs(last.end - part.first) > near or last.steady != part.steady:
            parts.append(part)
        else:
            parts[-1] = _Part(last.first, part.end, part.steady)
    return parts


def _part(movie: Movie, track: Track, edit: Edit) -> _Part:
    """A duration of 0 in a fragmented file is that of all fragments (section 8.6.6.1)."""
    if movie.fragmented and not edit.duration:
        return _Part(edit.media_time, None, edit.rate == 1)
    length = Fraction(edit.duration * track.timescale, max(1, movie.timescale))
    return _Part(edit.media_time, edit.media_time + length, edit.rate == 1)


def _length(movie: Movie, edits: list[Edit]) -> Fraction:
    while edits and _is_empty(edits[-1]):
        edits = edits[:-1]
    return Fraction(sum(edit.duration for edit in edits), max(1, movie.timescale))


def _sliver(movie: Movie, track: Track) -> Fraction:
    return min(_SLIVER_S, Fraction(1, max(1, movie.timescale))) * track.timescale


def _span(track: Track, part: _Part, sliver: Fraction) -> tuple[int, int, int] | None:
    """First tick of a part within the track's samples, the one before which samples must begin, and the end."""
    if track.kind == "video":
        return _frames(track.samples, part, sliver)
    begin, last = track.samples.dts[0], track.samples.dts[-1]
    first, end = max(part.first, begin), _cut(last, part, sliver)
    until = last + 1 if part.end is None else round(part.end - sliver)
    return (first, until, max(first, end)) if first < until and first <= last else None


def _frames(samples: Samples, part: _Part, sliver: Fraction) -> tuple[int, int, int] | None:
    last = end_of(samples)
    until = last + 1 if part.end is None else round(part.end - sliver)
    first = min((at for at in _near(samples, part.first) if part.first <= at < until), default=None)
    if first is None:
        return None
    end = min((at for at in _near(samples, until) if at >= until), default=last)
    return first, until, _cut(end, part, sliver)


def _cut(end: int, part: _Part, sliver: Fraction) -> int:
    """Where the last sample ends: where it would, unless the part ends before that and not by rounding."""
    return end if part.end is None or part.end >= end - sliver else round(part.end)


def _near(samples: Samples, tick: int) -> list[int]:
    """When the samples are shown that may be the next before or behind a tick."""
    place = bisect_left(range(len(samples)), tick, key=samples.pts)
    return [samples.pts(index) for index in range(max(0, place - REORDERED), min(len(samples), place + REORDERED))]


def _earliest(track: Track) -> int:
    """When the first sample is shown, in ticks, before any edit."""
    samples = track.samples
    return min((samples.pts(index) for index in range(min(len(samples), REORDERED))), default=0)


def end_of(samples: Samples) -> int:
    """When the last frame ends, in ticks, before any edit.

    A duration is the time to the next sample in decode order, so only the last one's is that of a frame.
    """
    count = len(samples)
    last = (samples.pts(index) for index in range(max(0, count - REORDERED), count))
    return max(last) + samples.dts[count] - samples.dts[count - 1] if count else 0
