"""A body: the representation that a target leads to, as RFC 9110 sees it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from playhead.catalog.files import MediaFile
from playhead.delivery.bodies.composite import Composite
from playhead.delivery.content import safe_content_type
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Entity
from playhead.delivery.transfers.sources import GrowingMedia


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes with their validators.

    Attributes:
        file: The file that is sent, or whose spans are; None for bytes in memory.
        pieces: What is sent instead of the whole file.
        fresh_s: Seconds until a cache must revalidate it; None when it never changes under its link.
    """

    entity: Entity
    file: MediaFile | GrowingMedia | None
    pieces: Composite | None = None
    fresh_s: int | None = None

    @classmethod
    def of_file(cls, file: MediaFile, *, fresh_s: int | None = None) -> "Body":
        """A whole file."""
        return cls(entity_of(file), file, fresh_s=fresh_s)

    @classmethod
    def of_text(cls, text: str, content_type: bytes, modified_at: datetime, *, fresh_s: int | None = None) -> "Body":
        """A text in memory."""
        return cls.of_bytes(text.encode(), content_type, modified_at, fresh_s=fresh_s)

    @classmethod
    def of_bytes(cls, data: bytes, content_type: bytes, modified_at: datetime, *, fresh_s: int | None = None) -> "Body":
        """Bytes in memory."""
        entity = _entity(len(data), hashlib.sha256(data).hexdigest(), modified_at, content_type)
        return cls(entity, None, Composite((data,)), fresh_s)

    @classmethod
    def of_segment(cls, pieces: Composite, file: MediaFile, content_type: bytes, *, decided_by: str) -> "Body":
        """Bytes in memory and spans of a file.

        Args:
            decided_by: Whatever decides the bytes besides those in memory; the ETag is made from it.
        """
        literal = [piece for piece in pieces.pieces if isinstance(piece, bytes)]
        etag = hashlib.sha256(b"".join((*literal, decided_by.encode()))).hexdigest()
        entity = _entity(pieces.size, etag, file.modified_at, content_type)
        return cls(entity, None if len(literal) == len(pieces.pieces) else file, pieces)

    @classmethod
    def of_span(cls, file: GrowingMedia, span: Span, modified_at: datetime, content_type: bytes) -> "Body":
        """A span of a file that grows; it never changes."""
        etag = hashlib.sha256(f"{file.key} {span.start} {span.end}".encode()).hexdigest()
        return cls(_entity(span.length, etag, modified_at, content_type), file, Composite((span,)))


def entity_of(file: MediaFile) -> Entity:
    """The entity of a file; its ETag is strong, since it is made from the content."""
    return _entity(
        file.size_bytes, file.sha256, file.modified_at, safe_content_type(file.content_type, file.filename).encode()
    )


def _entity(size: int, digest: str, modified_at: datetime, content_type: bytes) -> Entity:
    return Entity(size, b'"%b"' % digest[:32].encode(), int(modified_at.timestamp()), content_type)
