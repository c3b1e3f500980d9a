"""A body put together from bytes and spans of one file; it has ranges and conditions like any other (RFC 9110)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from playhead.delivery.ranges import Span
from playhead.delivery.selection import Selection

Piece = bytes | Span


@dataclass(frozen=True, slots=True)
class Composite:
    """Pieces in the order they are sent; a span is of the file that stands behind the response."""

    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, parts: Sequence[bytes | tuple[int, int]]) -> "Composite":
        """From the parts of a segment (``media.mp4.segments.Part``)."""
        return cls(tuple(part if isinstance(part, bytes) else Span(*part) for part in parts))

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(_length, self.pieces))

    def cut(self, wanted: Span) -> Iterator[Piece]:
        """The pieces that are bytes ``[start, end)`` of the body."""
        bounds = accumulate(map(_length, self.pieces), initial=0)
        for piece, (start, end) in zip(self.pieces, pairwise(bounds), strict=True):
            first, last = max(wanted.start, start) - start, min(wanted.end, end) - start
            if first < last:
                yield Span(piece.start + first, piece.start + last) if isinstance(piece, Span) else piece[first:last]


def spread(selection: Selection, body: Composite) -> Selection:
    """Put the pieces of a body in the place of its spans; the headers stay, since no length changes."""
    parts: list[Piece] = []
    for part in selection.parts:
        parts += body.cut(part) if isinstance(part, Span) else (part,)
    return selection._replace(parts=tuple(parts))


def _length(piece: Piece) -> int:
    return piece.length if isinstance(piece, Span) else len(piece)
