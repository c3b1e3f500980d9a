"""Assembly of a recording: its pieces with their places, the gaps between them, and the wall clock. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.media.recording.assemble import Piece

LEAST_S = 0.05
"""Seconds that a gap must last to be listed: less is what rounded timestamps come to."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing from a recording.

    Attributes:
        start_s: Its place in the recording; it takes no time there.
        length_s: Seconds by the source's clock, or by the wall clock where the source began a new one.
    """

    start_s: float
    length_s: float
    cause: str


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
        return [
            Gap(round(at_s, 3), round(piece.gap_s, 3), piece.cause)
            for at_s, piece in self.placed()
            if piece.cause is not None and piece.gap_s >= LEAST_S
        ]

    def place_of(self, wall_s: float) -> float:
        """Where in the recording a moment of the wall clock is; in a gap, its place."""
        for at_s, piece in self.placed():
            if wall_s < piece.wall_s + float(piece.length_s):
                return max(at_s, at_s + wall_s - piece.wall_s)
        return self.length_s
