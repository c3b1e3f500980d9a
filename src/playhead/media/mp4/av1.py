"""The sequence header of AV1 (AV1 Bitstream & Decoding Process Specification, sections 5.3 and 5.5)."""

from dataclasses import dataclass

from playhead.media.mp4.bits import BitReader
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Colour

_SEQUENCE_HEADER = 1
_SRGB = (1, 13, 0)


@dataclass(frozen=True, slots=True)
class SequenceHeader:
    """A sequence header.

    Attributes:
        width, height: The largest frame's, in pixels.
        colour: None when it is not described.
    """

    profile: int
    width: int
    height: int
    bit_depth: int
    colour: Colour | None


def sequence_header(units: bytes) -> SequenceHeader | None:
    """Find and read the header among open bitstream units, such as those in ``av1C``; None without one.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    start = 0
    while start < len(units):
        head = units[start]
        start += 2 if head & 4 else 1
        size = len(units) - start
        if head & 2:
            size, start = _leb128(units, start)
        if head >> 3 & 15 == _SEQUENCE_HEADER:
            return _read(BitReader(units[start : start + size]))
        start += size
    return None


def _leb128(units: bytes, start: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(units[start : start + 8]):
        value |= (byte & 127) << (7 * index)
        if not byte & 128:
            return value, start + index + 1
    raise Mp4Unreadable("A unit of AV1 has no size.")


def _read(bits: BitReader) -> SequenceHeader:
    profile = bits.u(3)
    bits.skip(1)
    reduced = bits.flag()
    if reduced:
        bits.skip(5)
    else:
        _operating_points(bits)
    wide, high = bits.u(4) + 1, bits.u(4) + 1
    width, height = bits.u(wide) + 1, bits.u(high) + 1
    if not reduced and bits.flag():
        bits.skip(7)
    bits.skip(3)
    if not reduced:
        _tools(bits)
    bits.skip(3)
    depth, colour = _colour(bits, profile)
    return SequenceHeader(profile, width, height, depth, colour)


def _operating_points(bits: BitReader) -> None:
    delay = 0
    if bits.flag():
        bits.skip(64)
        if bits.flag():
            bits.ue()
        if bits.flag():
            delay = bits.u(5) + 1
            bits.skip(42)
    shown = bits.flag()
    for _ in range(bits.u(5) + 1):
        bits.skip(12)
        if bits.u(5) > 7:
            bits.skip(1)
        if delay and bits.flag():
            bits.skip(2 * delay + 1)
        if shown and bits.flag():
            bits.skip(4)


def _tools(bits: BitReader) -> None:
    bits.skip(4)
    ordered = bits.flag()
    if ordered:
        bits.skip(2)
    screen = True if bits.flag() else bits.flag()
    if screen and not bits.flag():
        bits.skip(1)
    if ordered:
        bits.skip(3)


def _colour(bits: BitReader, profile: int) -> tuple[int, Colour | None]:
    depth = 10 if bits.flag() else 8
    if profile == 2 and depth == 10 and bits.flag():
        depth = 12
    grey = profile != 1 and bits.flag()
    code = (bits.u(8), bits.u(8), bits.u(8)) if bits.flag() else None
    full = True if code == _SRGB and not grey else bits.flag()
    if code is None:
        return depth, Colour(full_range=True) if full else None
    return depth, Colour(*code, full_range=full)
