"""Which parts of a reel are decoded to prove it: all that was encoded, and a second on each side of every join."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.source import ReadAt
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.structure import starts
from playhead.media.stitch.units import is_instant

BESIDE_S = 1.0
"""Decoded on each side of a join; what a decoder takes over from the clip before is used up by the next keyframe."""

_WHOLE = 0.7
"""From this share on, decoding everything costs less than starting anew for each window."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Samples ``[first, end)`` in decode order; everything in them can be decoded from the first on.

    Attributes:
        copied: Clips of which copied samples are among them.
    """

    first: int
    end: int
    copied: frozenset[str]


def windows(reel: ReadAt, movie: Movie, plan: StitchPlan, *, everything: bool = False) -> list[Window]:
    """Find all windows, in order; they may overlap.

    Args:
        everything: Every copied piece as well, from its start to its end.
    """
    finder = _Finder(reel, movie, plan)
    pieces = [(frame, frame + piece.frames, piece.kind) for _, frame, _, piece in starts(plan)]
    found = [finder.window(first, end) for first, end, kind in pieces if everything or kind == "encode"]
    joins = [after[0] for one, after in pairwise(pieces) if "copy" in (one[2], after[2])]
    found += map(finder.around, joins)
    return sorted(found)


def covers_most(found: Sequence[Window], plan: StitchPlan) -> bool:
    """Tell whether decoding the whole reel is the better way."""
    return sum(one.end - one.first for one in together(found)) >= _WHOLE * plan.frames


def together(found: Iterable[Window]) -> list[Window]:
    """Windows that touch or overlap become one."""
    merged: list[Window] = []
    for one in sorted(found):
        if merged and one.first <= merged[-1].end:
            last = merged.pop()
            one = Window(last.first, max(last.end, one.end), last.copied | one.copied)  # noqa: PLW2901
        merged.append(one)
    return merged


class _Finder:
    def __init__(self, reel: ReadAt, movie: Movie, plan: StitchPlan) -> None:
        self._reel, self._plan = reel, plan
        self._track: Track = movie.tracks[0]
        self._begins = [frame for _, frame, _, _ in starts(plan)]
        self._copied = [plan.clips[clip].clip_id if piece.kind == "copy" else "" for clip, _, _, piece in starts(plan)]

    def around(self, join: int) -> Window:
        """A second before and after a join."""
        samples, reach = self._track.samples, round(BESIDE_S * self._track.timescale)
        count = len(samples)
        first = bisect_left(samples.dts, samples.dts[join] - reach, 0, join)
        end = bisect_left(samples.dts, samples.dts[join] + reach, join, count)
        return self.window(first, max(end, join + 1))

    def window(self, first: int, end: int) -> Window:
        """The samples that it takes to decode ``[first, end)``."""
        first = self._entry(first)
        low, high = bisect_right(self._begins, first) - 1, bisect_left(self._begins, end)
        return Window(first, end, frozenset(filter(None, self._copied[low:high])))

    def _entry(self, sample: int) -> int:
        """The last place at or before a sample where decoding can begin: in its piece, or the piece's start."""
        begin = self._begins[bisect_right(self._begins, sample) - 1]
        samples = self._track.samples
        if samples.sync is None:
            candidates = [sample]
        else:
            high = bisect_right(samples.sync, sample)
            candidates = [one for one in reversed(samples.sync[max(0, high - 4) : high]) if one > begin]
        return next((one for one in candidates if self._clean(one)), begin)

    def _clean(self, sample: int) -> bool:
        samples, codec = self._track.samples, self._plan.format.codec
        following = range(sample + 1, min(sample + 33, len(samples)))
        if any(samples.pts(one) < samples.pts(sample) for one in following):
            return False
        try:
            return is_instant(self._reel, samples.offsets[sample], samples.sizes[sample], codec)
        except Mp4Unreadable:
            return False
