"""A body assembled from bytes and spans of one file; ranges and conditions apply to it as to any other (RFC 9110)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from playhead.delivery.ranges import Span
from playhead.delivery.selection import Selection

Piece = bytes | Span


@dataclass(frozen=True, slots=True)
class Composite:
    """Pieces in the order in which they are sent; spans are of the file of the response."""

    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, parts: Sequence[bytes | tuple[int, int]]) -> "Composite":
        """From the parts of a segment (``media.mp4.segments.Part``)."""
        return cls(tuple(part if isinstance(part, bytes) else Span(*part) for part in parts))

    @property
    def size(self) -> int:
        """Size in bytes."""
        return sum(map(_length, self.pieces))

    def slice(self, wanted: Span) -> Iterator[Piece]:
        """The pieces that make up bytes ``[start, end)`` of the body."""
        bounds = accumulate(map(_length, self.pieces), initial=0)
        for piece, (start, end) in zip(self.pieces, pairwise(bounds), strict=True):
            first, last = max(wanted.start, start) - start, min(wanted.end, end) - start
            if first < last:
                yield Span(piece.start + first, piece.start + last) if isinstance(piece, Span) else piece[first:last]


def resolve(selection: Selection, body: Composite) -> Selection:
    """Replace spans of a body with its pieces; the headers stay, since no length changes."""
    parts: list[Piece] = []
    for part in selection.parts:
        parts += body.slice(part) if isinstance(part, Span) else (part,)
    return selection._replace(parts=tuple(parts))


def _length(piece: Piece) -> int:
    return piece.length if isinstance(piece, Span) else len(piece)
