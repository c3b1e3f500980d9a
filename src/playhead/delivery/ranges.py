"""The Range header (RFC 9110 section 14): bounded, pure, half-open inside."""

import re
from typing import NamedTuple

MAX_RANGES = 16
"""More in one request are a way to make a server work, not to watch a video (RFC 9110 section 17.15)."""

MAX_HEADER_BYTES = 1024
"""Sixteen ranges of 20-digit positions fit; it also bounds the digits of one number."""

_USUAL = re.compile(rb"bytes=([0-9]{1,18})-([0-9]{0,18})")
"""What players send; read in one go."""

_SPEC = re.compile(rb"([0-9]*)-([0-9]*)")


class Span(NamedTuple):
    """Bytes ``[start, end)`` of a file."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start


def parse_ranges(value: bytes, size: int) -> list[Span] | None:
    """Read what a Range header asks of a file.

    Args:
        value: The header's value, such as ``bytes=0-99,-500``.
        size: The file's length in bytes.

    Returns:
        Spans within the file, overlapping and touching ones joined, in the order they were asked for;
        an empty list when none can be satisfied (416);
        None when the header is to be ignored (200): another unit, bad syntax, too many ranges, an empty file.
    """
    if (usual := _USUAL.fullmatch(value)) is not None and size:
        start, end = int(usual[1]), min(int(usual[2]) + 1 if usual[2] else size, size)
        return [Span(start, end)] if start < end else [] if start >= size else None
    specs = _specs(value)
    if specs is None or size == 0:
        return None
    spans: list[Span] = []
    for spec in specs:
        match = _SPEC.fullmatch(spec)
        if match is None or (bounds := _bounds(match[1], match[2], size)) is None:
            return None
        if bounds.start < bounds.end:
            spans.append(bounds)
    return coalesce(spans)


def coalesce(spans: list[Span]) -> list[Span]:
    """Join spans that overlap or touch; a joined one stands where the first of its members was asked for."""
    joined: list[tuple[int, Span]] = []
    for start, end, place in sorted((span.start, span.end, place) for place, span in enumerate(spans)):
        if joined and start <= joined[-1][1].end:
            first, last = joined[-1]
            joined[-1] = (min(first, place), Span(last.start, max(last.end, end)))
        else:
            joined.append((place, Span(start, end)))
    return [span for _, span in sorted(joined)]


def _specs(value: bytes) -> list[bytes] | None:
    if len(value) > MAX_HEADER_BYTES:
        return None
    unit, equals, rest = value.partition(b"=")
    if not equals or unit.lower() != b"bytes":
        return None
    specs = [spec for item in rest.split(b",") if (spec := item.strip(b" \t"))]
    return specs if 0 < len(specs) <= MAX_RANGES else None


def _bounds(first: bytes, last: bytes, size: int) -> Span | None:
    """Bounds within the file; an empty span cannot be satisfied, None is bad syntax."""
    if not first:
        return Span(max(0, size - int(last)), size) if last else None
    start, end = int(first), int(last) + 1 if last else size
    if last and end <= start:
        return None
    return Span(min(start, size), min(end, size))
