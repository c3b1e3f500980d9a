"""Look into coded pictures: NAL units of H.264 and HEVC, open bitstream units of AV1."""

from collections.abc import Iterator
from typing import NamedTuple

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.source import ReadAt

LENGTH = 4
"""Bytes of the length before each NAL unit; samples with other lengths are not copied."""

DELIMITERS = {"h264": 9, "hevc": 35}
"""Access unit delimiters (ITU-T H.264 table 7-1, H.265 table 7-1)."""

END_OF_SEQUENCE = b"\0\0\0\2\x48\1"
"""A whole NAL unit of HEVC, type 36."""

_CRA = 21
_INSTANT = {"h264": frozenset((5,)), "hevc": frozenset((19, 20))}
_SLICES = {"h264": range(1, 6), "hevc": range(32)}
_RESERVED = {"h264": frozenset((0, *range(24, 32))), "hevc": frozenset(range(41, 48))}
_MOST_UNITS = 4096
_SLICE_HEADER = 64
"""Bytes, more than enough for what comes before its reference lists."""

_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME = 1, 3, 6
_HEADERS = frozenset((_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME))
_OBU_HEAD = 10
"""Header, extension, and a size of up to 8 bytes."""


class Unit(NamedTuple):
    """A NAL unit inside a sample: half-open ``[start, end)`` with its length field."""

    kind: int
    start: int
    end: int


def nal_units(source: ReadAt, offset: int, size: int, codec: str) -> Iterator[Unit]:
    """Go over the NAL units of a sample, reading only their headers; starts and ends count from the sample's.

    Raises:
        Mp4Unreadable: their lengths do not add up to the sample's, or a type is none that a file may hold.
    """
    at = count = 0
    while at < size:
        head = source.read_at(offset + at, LENGTH + 1) if size - at > LENGTH else b""
        if len(head) <= LENGTH:
            raise Mp4Unreadable(f"A NAL unit is cut short at byte {offset + at}.")
        end = at + LENGTH + int.from_bytes(head[:LENGTH], "big")
        kind = head[LENGTH] & 31 if codec == "h264" else head[LENGTH] >> 1 & 63
        count += 1
        if end > size or end == at + LENGTH or kind in _RESERVED[codec] or head[LENGTH] & 128 or count > _MOST_UNITS:
            raise Mp4Unreadable(f"A NAL unit of type {kind} at byte {offset + at} ends at {end} of {size} bytes.")
        yield Unit(kind, at, end)
        at = end


def delimiter_bytes(source: ReadAt, offset: int, size: int, codec: str) -> int:
    """How many bytes the access unit delimiter takes that a sample begins with; 0 without one."""
    first = next(nal_units(source, offset, size, codec), None)
    return first.end if first is not None and first.kind == DELIMITERS[codec] else 0


def is_cra(source: ReadAt, offset: int, size: int) -> bool:
    """Tell whether a sample of HEVC is a CRA picture."""
    return first_slice(source, offset, size, "hevc") == _CRA


def is_instant(source: ReadAt, offset: int, size: int, codec: str) -> bool:
    """Tell whether a sync sample is one that nothing behind it reaches across: IDR; of AV1 any key frame."""
    return codec == "av1" or first_slice(source, offset, size, codec) in _INSTANT[codec]


def slice_header(source: ReadAt, offset: int, size: int, codec: str) -> bytes:
    """The beginning of the first NAL unit that holds a slice; empty without one."""
    slices = (unit for unit in nal_units(source, offset, size, codec) if unit.kind in _SLICES[codec])
    unit = next(slices, None)
    return b"" if unit is None else source.read_at(offset + unit.start + LENGTH, _SLICE_HEADER)


def first_slice(source: ReadAt, offset: int, size: int, codec: str) -> int:
    """The type of the first NAL unit that holds a picture; -1 without one."""
    kinds = (unit.kind for unit in nal_units(source, offset, size, codec))
    return next((kind for kind in kinds if kind in _SLICES[codec]), -1)


def has_sequence_header(source: ReadAt, offset: int, size: int) -> bool:
    """Tell whether a sample of AV1 has its sequence header before its first frame.

    Raises:
        Mp4Unreadable: as `open_units`.
    """
    kinds = (unit.kind for unit in open_units(source, offset, size))
    return next((kind for kind in kinds if kind in _HEADERS), 0) == _SEQUENCE_HEADER


def open_units(source: ReadAt, offset: int, size: int) -> Iterator[Unit]:
    """Go over the open bitstream units of a sample of AV1 (AV1 section 5.3), as `nal_units` does.

    Raises:
        Mp4Unreadable: their sizes do not add up to the sample's, or a reserved bit is set.
    """
    at = count = 0
    while at < size:
        head = source.read_at(offset + at, _OBU_HEAD)
        start, length = _open_unit(head, size - at)
        count += 1
        if not head or head[0] & 0x81 or start + length > size - at or count > _MOST_UNITS:
            raise Mp4Unreadable(f"A unit of AV1 at byte {offset + at} is longer than its sample, or is none.")
        yield Unit(head[0] >> 3 & 15, at, at + start + length)
        at += start + length


def _open_unit(head: bytes, left: int) -> tuple[int, int]:
    """Bytes of a unit's header, and of what follows; without a size it reaches to the sample's end."""
    start = 2 if head and head[0] & 4 else 1
    if not head or not head[0] & 2:
        return start, left - start
    length = 0
    for place, byte in enumerate(head[start:]):
        length |= (byte & 127) << 7 * place
        if not byte & 128:
            return start + place + 1, length
    return start, left  # never ends: too long for the sample
