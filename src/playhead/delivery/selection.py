"""The response to a request for a file (RFC 9110): one pure function that every transport shares."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from playhead.delivery.conditions import Fields, evaluate, is_settled, range_applies
from playhead.delivery.dates import format_http_date
from playhead.delivery.ranges import Span, parse_ranges

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Entity:
    """A file as the catalog knows it, which answers without a call to the store.

    Args:
        size: Length in bytes.
        etag: Strong ETag with its quotes, made from the content: ``b'"9f86..."'`` (section 8.8.1).
        modified: Seconds since the epoch.
        content_type: Media type of the whole file.
    """

    size: int
    etag: bytes
    modified: int
    content_type: bytes


class Selection(NamedTuple):
    """A response without its bytes: literal parts, and spans of the file, to be sent in order."""

    status: int
    headers: RawHeaders
    parts: tuple[bytes | Span, ...] = ()

    @property
    def length(self) -> int:
        """Bytes of the body that will be sent; 0 for HEAD."""
        return sum(part.length if isinstance(part, Span) else len(part) for part in self.parts)


def fold(headers: Sequence[tuple[bytes, bytes]]) -> Fields:
    """Request headers as `select` takes them: a repeated field is one list (RFC 9110 section 5.3).

    Args:
        headers: Names in lower case.
    """
    fields = dict(headers)
    if len(fields) < len(headers):
        fields = {}
        for name, value in headers:
            fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def select(method: str, headers: Fields, entity: Entity, *, now: float) -> Selection:
    """Resolve preconditions (RFC 9110 section 13.2.2), then ranges (section 14).

    Args:
        method: ``GET`` or ``HEAD``.
        headers: Names in lower case, repeated ones joined by a comma.
        entity: The file.
        now: Seconds since the epoch.

    Returns:
        200, 206, 304, 412 or 416, with the headers of the file. The last two have no body: the caller may send a
        problem document.
    """
    validators = _validators(entity, now)
    verdict = evaluate(headers, entity.etag, entity.modified)
    if verdict == 412:
        return Selection(412, [*validators, (b"content-length", b"0"), (b"cache-control", b"no-store")])
    if verdict == 304:
        return Selection(304, validators)
    spans = _wanted(method, headers, entity, now)
    if spans is None:
        return _whole(method, entity, validators)
    if not spans:
        return _unsatisfiable(entity, validators)
    return _single(spans[0], entity, validators) if len(spans) == 1 else _several(spans, entity, validators)


def _validators(entity: Entity, now: float) -> RawHeaders:
    headers = [(b"etag", entity.etag), (b"accept-ranges", b"bytes")]
    if is_settled(entity.modified, now):
        headers.append((b"last-modified", format_http_date(entity.modified)))
    return headers


def _wanted(method: str, headers: Fields, entity: Entity, now: float) -> list[Span] | None:
    value = headers.get(b"range")
    if value is None or method != "GET" or not range_applies(headers, entity.etag, entity.modified, now):
        return None
    return parse_ranges(value, entity.size)


def _whole(method: str, entity: Entity, validators: RawHeaders) -> Selection:
    headers = [
        *validators,
        (b"content-type", entity.content_type),
        (b"content-length", b"%d" % entity.size),
    ]
    return Selection(200, headers, (Span(0, entity.size),) if method == "GET" and entity.size else ())


def _unsatisfiable(entity: Entity, validators: RawHeaders) -> Selection:
    return Selection(
        416,
        [
            *validators,
            (b"content-range", b"bytes */%d" % entity.size),
            (b"content-length", b"0"),
            (b"cache-control", b"no-store"),
        ],
    )


def _single(span: Span, entity: Entity, validators: RawHeaders) -> Selection:
    headers = [
        *validators,
        (b"content-type", entity.content_type),
        (b"content-range", _content_range(span, entity.size)),
        (b"content-length", b"%d" % span.length),
    ]
    return Selection(206, headers, (span,))


def _several(spans: list[Span], entity: Entity, validators: RawHeaders) -> Selection:
    boundary = secrets.token_hex(16).encode()  # 128 random bits: not in the file
    parts: list[bytes | Span] = []
    for span in spans:
        parts += [_part_head(span, entity, boundary, first=not parts), span]
    parts.append(b"\r\n--%b--\r\n" % boundary)
    selection = Selection(206, [], tuple(parts))
    headers = [
        *validators,
        (b"content-type", b"multipart/byteranges; boundary=" + boundary),
        (b"content-length", b"%d" % selection.length),
    ]
    return Selection(206, headers, selection.parts)


def _part_head(span: Span, entity: Entity, boundary: bytes, *, first: bool) -> bytes:
    return b"%b--%b\r\nContent-Type: %b\r\nContent-Range: %b\r\n\r\n" % (
        b"" if first else b"\r\n",
        boundary,
        entity.content_type,
        _content_range(span, entity.size),
    )


def _content_range(span: Span, size: int) -> bytes:
    return b"bytes %d-%d/%d" % (span.start, span.end - 1, size)  # closed only here, where it is written
