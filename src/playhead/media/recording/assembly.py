"""Assembly of a recording: its pieces with their places, the gaps between them, and the wall clock. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.media.recording.assemble import Piece
from playhead.media.recording.gaps import LEAST_S, Gap, add_ad


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
