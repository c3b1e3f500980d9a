"""Assembly of a recording: its pieces with their places, the gaps between them, and the wall clock. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from playhead.media.recording.assemble import Piece

LEAST_S = 0.05
"""Seconds that a gap must last to be listed: less is what rounded timestamps come to."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing from a recording.

    Attributes:
        start_s: Its place in the recording; it takes no time there, unless something else is shown.
        length_s: Seconds by the source's clock, or by the wall clock where the source began a new one.
        shown: An advertisement is there in place of the programme, and takes as long.
    """

    start_s: float
    length_s: float
    cause: str
    shown: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For JSON; `shown` only where it is true."""
        return {name: value for name, value in asdict(self).items() if name != "shown" or value}


def add_ad(gaps: list[Gap], start_s: float, length_s: float) -> None:
    """Add an advertisement that is shown to the gaps before it: the programme went on without being recorded. One
    that continues another is the same gap."""
    last = gaps[-1] if gaps else None
    if last is not None and last.shown and abs(last.start_s + last.length_s - start_s) < LEAST_S:
        gaps.pop()
        start_s, length_s = last.start_s, start_s + length_s - last.start_s
    gaps.append(Gap(round(start_s, 3), round(length_s, 3), "ad", shown=True))


@dataclass(frozen=True, slots=True)
class Assembly:
    """Pieces in order."""

    pieces: Sequence[Piece]

    @property
    def length_s(self) -> float:
        """Of the recording."""
        return float(sum(piece.length_s for piece in self.pieces))

    def placed(self) -> Iterator[tuple[float, Piece]]:
        """Each piece with where it begins."""
        at_s = Fraction(0)
        for piece in self.pieces:
            yield float(at_s), piece
            at_s += piece.length_s

    def gaps(self) -> list[Gap]:
        """The gaps, by place."""
        found: list[Gap] = []
        for at_s, piece in self.placed():
            if piece.cause is not None and piece.gap_s >= LEAST_S:
                found.append(Gap(round(at_s, 3), round(piece.gap_s, 3), piece.cause))
            if piece.ad:
                add_ad(found, at_s, float(piece.length_s))
        return found

    def place_of(self, wall_s: float) -> float:
        """Where in the recording a moment of the wall clock is; in a gap, its place."""
        for at_s, piece in self.placed():
            if wall_s < piece.wall_s + float(piece.length_s):
                return max(at_s, at_s + wall_s - piece.wall_s)
        return self.length_s
