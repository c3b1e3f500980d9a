"""Video segments of a video, or of a span of it."""

from bisect import bisect_left
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.timing import span_of, timing_of
from playhead.media.mp4.movie import Movie, Samples, Track
from playhead.media.mp4.presentation import REORDERED as REACH
from playhead.media.mp4.segments import Header, Part, Run, init_segment, segment_head

TARGET_S = 6
"""Seconds after which a segment ends at the next keyframe."""

LONGEST_S = 3600
"""Most seconds without a keyframe in a stream: playback cannot begin within a segment."""

SHORTEST_S = 1
"""Least seconds left after a cut; less is not cut off."""


class SegmentedVideo:
    """A video track cut at keyframes. Nothing is read but the index.

    Args:
        start_s, end_s: Half-open span from the start of the file; None for all.
        followed: Whether another span follows in the same playlist.
        audio_movie: File of its audio, if not *movie*.

    Raises:
        NotStreamable: the track cannot be cut into segments as it is.
    """

    def __init__(
        self,
        movie: Movie,
        track: Track,
        start_s: Fraction | None = None,
        end_s: Fraction | None = None,
        *,
        followed: bool = False,
        audio_movie: Movie | None = None,
    ) -> None:
        if track.mixed:
            raise NotStreamable(f"its video is coded in {len(track.entries)} ways")
        self.track = track
        self._samples: Samples = track.samples
        self.span = span_of(movie, track, start_s, end_s, audio_movie=audio_movie)
        self.timing = timing_of(track, self.span, followed=followed)
        self.cuts = self._cuts()
        longest = max(after - at for at, after in pairwise(self.bounds_s))
        if longest > LONGEST_S:
            raise NotStreamable(f"it has no keyframe for {float(longest):.0f} s")

    @property
    def start_s(self) -> Fraction:
        """Time of the first visible frame in the file; if it is held, the start of that."""
        return (self.timing.origin - self.span.zero) / self.track.timescale

    @property
    def lead_s(self) -> Fraction:
        """Seconds before the first visible frame, used up by hidden ones; under a millisecond for a usual GOP."""
        return Fraction(self.timing.lead, self.timing.timescale)

    @property
    def first_s(self) -> Fraction:
        """Start of playback without a hidden frame on the screen, in seconds of the stream."""
        hidden = self.timing.head > self.timing.first
        return self.lead_s + Fraction(1, 1000) if hidden else Fraction(0)

    @cached_property
    def bounds_s(self) -> list[Fraction]:
        """Starts of the segments, from 0 on, and the end of the last one."""
        return [Fraction(at, self.timing.timescale) for at in self._starts]

    @cached_property
    def _starts(self) -> list[int]:
        """When the first frame of each segment is shown: with open GOPs that is not its keyframe. Last, the end."""
        timing, samples = self.timing, self._samples
        near = ((cut, min(cut + REACH, timing.end)) for cut in self.cuts[1:-1])
        return [0, *(min(timing.show_times(samples, cut, end)) for cut, end in near), timing.total]

    @property
    def sizes(self) -> list[int]:
        """Media bytes of each segment."""
        return [sum(self._samples.sizes[start:end]) for start, end in pairwise(self.cuts)]

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height on the screen, in pixels: the shape of the pixels and the rotation are applied."""
        width, height = self._upright_size
        return (height, width) if self.track.orientation.swaps_sides else (width, height)

    @property
    def _upright_size(self) -> tuple[int, int]:
        entry = self.track.entry
        across, down = entry.pixel_aspect
        return min(round(entry.width * across / down), 0xFFFF), entry.height

    def init(self) -> bytes:
        """The init segment."""
        width, height = self._upright_size
        return init_segment(
            Header(
                kind="video",
                entry=self.track.entry.raw,
                timescale=self.timing.timescale,
                width=width,
                height=height,
                matrix=self.track.matrix,
                language=self.track.language,
            )
        )

    def segment(self, number: int) -> list[Part]:
        """A media segment: its head, then spans of the original.

        Raises:
            IndexError: there is none of this number.
            NotStreamable: its times need more than 32 bits.
        """
        start, end = self.cuts[number], self.cuts[number + 1]
        timing, samples = self.timing, self._samples
        decoded = timing.decode_times(samples, start, end)
        shown = timing.show_times(samples, start, end)
        if number:
            _begin_as_shown(decoded, shown, timing.step)
        # It lasts to the end of the segment: players put the next one where the last sample ends.
        decoded.append(decoded[-1] + max(timing.step, self._starts[number + 1] - shown[-1]))
        run = Run(
            number=number,
            start=decoded[0],
            durations=[after - at for at, after in pairwise(decoded)],
            sizes=samples.sizes[start:end],
            shifts=[max(0, show - at) for at, show in zip(decoded, shown, strict=False)],
            sync=self._sync(start, end),
        )
        try:
            return [segment_head(run), *spans_of(samples, start, end)]
        except OverflowError as error:
            raise NotStreamable("a frame of it is shown for hours") from error

    def _sync(self, start: int, end: int) -> list[int] | None:
        sync = self._samples.sync
        if sync is None:
            return None
        return [index - start for index in sync[bisect_left(sync, start) : bisect_left(sync, end)]]

    def _cuts(self) -> list[int]:
        """Samples at which segments begin; last, the end."""
        timing, samples = self.timing, self._samples
        target, least = TARGET_S * timing.timescale, SHORTEST_S * timing.timescale
        slack = timing.timescale // 20
        sync = range(timing.first, timing.tail) if samples.sync is None else samples.sync
        cuts, at = [timing.first], 0
        for key in sync[bisect_left(sync, timing.head + 1) : bisect_left(sync, timing.tail)]:
            shown = timing.show_time(samples, key)
            if shown - at >= target - slack and timing.total - shown >= least:
                cuts.append(key)
                at = shown
        return [*cuts, timing.end]


def _begin_as_shown(decoded: list[int], shown: list[int], step: int) -> None:
    """Decode a segment from the time on at which its first frame is shown, not some frames before.

    hls.js 1.7 takes the first decode time for the first presentation time whenever it begins in the middle or changes
    to a rendition of another timescale: frames would be late by as much as they are reordered.
    """
    begin = min(shown[:REACH])
    hurried = 0
    while hurried < len(decoded) and decoded[hurried] < begin + hurried * step:
        hurried += 1
    early = max((begin + place * step - shown[place] for place in range(hurried)), default=0)
    for place in range(hurried):
        decoded[place] = begin + place * step - early


def spans_of(samples: Samples, start: int, end: int) -> list[Part]:
    """Byte spans of samples ``[start, end)`` in the file: neighbours that touch are one span."""
    sizes, offsets, runs = samples.sizes, samples.offsets, samples.runs
    first = bisect_left(runs, start + 1)
    starts = [start, *runs[first : bisect_left(runs, end, first)], end]
    return [(offsets[begin], offsets[after - 1] + sizes[after - 1]) for begin, after in pairwise(starts)]
