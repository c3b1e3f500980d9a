"""Windows of a reel that are decoded to prove it: at joins that packets do not prove, and no more than their GOPs."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.source import ReadAt
from playhead.media.render.plan import StitchPlan
from playhead.media.render.structure import starts
from playhead.media.render.units import is_instant

AFTER_S = 1.0
"""Decoded after a join at most; what a decoder keeps from before it is used up by the next keyframe."""

_TRIED = 4
"""Keyframes before a join that are inspected; without a closed one the piece is decoded from its start."""

_WHOLE = 0.7
"""From this share on, decoding everything costs less than a new start for each window."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Samples ``[first, end)`` in decode order, all of which can be decoded from the first on.

    Attributes:
        copied: Clips of which copied samples are among them.
    """

    first: int
    end: int
    copied: frozenset[str]


def windows(
    reel: ReadAt, movie: Movie, plan: StitchPlan, proven: Sequence[bool] | None, *, everything: bool = False
) -> list[Window]:
    """Find all windows, in order; they may overlap.

    A join that packets do not prove is decoded from the last keyframe before it, as the frames that wait in the
    decoder could be lost. An encoded piece is decoded from its start to its next keyframe.

    Args:
        proven: `proven_joins`; None where no packet was compared with its source: then no join is proven, and
            encoded pieces are decoded from start to end.
        everything: All pieces from start to end.
    """
    finder, found = _Finder(reel, movie, plan), []
    for number, (_, _, _, piece) in enumerate(starts(plan)):
        if everything or (piece.kind == "encode" and proven is None):
            found.append(finder.whole(number))
        elif piece.kind == "encode":
            found.append(finder.head(number))
        if proven is None or not proven[number]:
            found.append(finder.join(number))
    return sorted(found)


def covers_most(found: Sequence[Window], plan: StitchPlan) -> bool:
    """Whether decoding the whole reel is cheaper."""
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
        self._begins = [*(frame for _, frame, _, _ in starts(plan)), plan.frames]
        self._copied = [plan.clips[clip].clip_id if piece.kind == "copy" else "" for clip, _, _, piece in starts(plan)]

    def whole(self, piece: int) -> Window:
        return self._window(self._begins[piece], self._begins[piece + 1])

    def head(self, piece: int) -> Window:
        """The first GOP of a piece, or the first second of it."""
        return self._window(self._begins[piece], self._head_end(piece))

    def join(self, piece: int) -> Window:
        """The same, and the last closed GOP of the piece before."""
        first = self._tail(piece - 1) if piece else 0
        return self._window(first, self._head_end(piece))

    def _window(self, first: int, end: int) -> Window:
        low, high = bisect_right(self._begins, first) - 1, bisect_left(self._begins, end)
        return Window(first, end, frozenset(filter(None, self._copied[low:high])))

    def _head_end(self, piece: int) -> int:
        samples, begin, end = self._track.samples, self._begins[piece], self._begins[piece + 1]
        reach = samples.dts[begin] + round(AFTER_S * self._track.timescale)
        return min(bisect_left(samples.dts, reach, begin + 1, end), next(iter(self._keyframes(begin + 1, end)), end))

    def _tail(self, piece: int) -> int:
        begin, end = self._begins[piece], self._begins[piece + 1]
        keyframes = reversed(self._keyframes(begin + 1, end)[-_TRIED:])
        return next(filter(self._closed, keyframes), begin)

    def _keyframes(self, first: int, end: int) -> Sequence[int]:
        sync = self._track.samples.sync
        if sync is None:
            return range(first, end)
        return sync[bisect_left(sync, first) : bisect_left(sync, end)]

    def _closed(self, sample: int) -> bool:
        samples, codec = self._track.samples, self._plan.format.codec
        following = range(sample + 1, min(sample + 33, len(samples)))
        if any(samples.pts(one) < samples.pts(sample) for one in following):
            return False
        try:
            return is_instant(self._reel, samples.offsets[sample], samples.sizes[sample], codec)
        except Mp4Unreadable:
            return False
