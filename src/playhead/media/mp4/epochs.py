"""Epochs of a fragmented file, the parts between jumps of its decode times: each is put behind the one before it.

As in `playhead.media.reading.clock`, by when samples are presented: all tracks move by the same time.
"""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, takewhile

from playhead.media.mp4.movie import ClockJump, Movie, Track
from playhead.media.mp4.presentation import REORDERED


@dataclass(slots=True)
class Epoch:
    """Fragments from a jump on.

    Attributes:
        start_s: Where the epoch before ends, in the decode times of the tables.
        offset_s: From the file's decode times to those of the tables, until `settle`.
        by_s: How far the file's own decode times jump.
        firsts: By track, its first sample in this epoch.
        ends: By track, the tick at which its last sample before this epoch ends.
    """

    start_s: Fraction
    offset_s: Fraction
    by_s: Fraction
    firsts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Piece:
    """The samples ``[first, end)`` of a track in one epoch; the last of them ends at *end_tick*."""

    track: Track
    first: int
    end: int
    end_tick: int
    zero: Fraction
    """Tick of the track at 0 s of the movie."""

    def extent(self) -> tuple[Fraction, Fraction]:
        """When the first sample is presented and when the last one ends, in seconds of the movie."""
        samples = self.track.samples
        head = range(self.first, min(self.end, self.first + REORDERED))
        ends = [*samples.dts[max(self.first, self.end - REORDERED) + 1 : self.end], self.end_tick]
        tail = range(max(self.first, self.end - REORDERED), self.end)
        first = min(map(samples.pts, head))
        last = max(samples.pts(index) + end - samples.dts[index] for index, end in zip(tail, ends, strict=True))
        return (first - self.zero) / self.track.timescale, (last - self.zero) / self.track.timescale

    def late_s(self) -> Fraction:
        """How much later it must be decoded, at least, to come after the sample before it."""
        dts = self.track.samples.dts
        return Fraction(dts[self.first - 1] + 1 - dts[self.first], self.track.timescale) if self.first else Fraction(0)

    def move(self, by_s: Fraction) -> None:
        """Present it later; the track's very end moves with its last piece."""
        dts = self.track.samples.dts
        end = self.end + (self.end == len(self.track.samples))
        by = round(by_s * self.track.timescale)
        dts[self.first : end] = array("q", map(by.__add__, dts[self.first : end]))


def settle(movie: Movie, epochs: list[Epoch]) -> list[ClockJump]:
    """Put each epoch behind the one before it, as they are presented.

    Returns:
        The jumps between them.
    """
    first, *others = _pieces(movie, epochs)
    jumps: list[ClockJump] = []
    end_s = max((piece.extent()[1] for piece in first), default=Fraction(0))
    for epoch, pieces in zip(epochs, others, strict=True):
        if not pieces:
            continue
        begin_s, last_s = (list(times) for times in zip(*(piece.extent() for piece in pieces), strict=True))
        by_s = max(end_s - min(begin_s), *(piece.late_s() for piece in pieces))
        for piece in pieces:
            piece.move(by_s)
        jumps.append(ClockJump(end_s, epoch.by_s))
        end_s = max(last_s) + by_s
    return jumps


def _pieces(movie: Movie, epochs: list[Epoch]) -> list[list[_Piece]]:
    """For what is before the first jump, and for each epoch, the samples of each track."""
    found: list[list[_Piece]] = [[] for _ in range(len(epochs) + 1)]
    for track in movie.tracks:
        waits = sum(edit.duration for edit in takewhile(lambda edit: edit.media_time < 0, track.edits))
        zero = track.media_time - Fraction(waits * track.timescale, max(1, movie.timescale))
        begins = [(0, 0, 0)]
        for number, epoch in enumerate(epochs, 1):
            if track.id in epoch.firsts:
                begins.append((number, epoch.firsts[track.id], epoch.ends[track.id]))
        begins.append((0, len(track.samples), track.samples.dts[-1]))
        for (number, first, _), (_, end, end_tick) in pairwise(begins):
            if first < end:
                found[number].append(_Piece(track, first, end, end_tick, zero))
    return found
