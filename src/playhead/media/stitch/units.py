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
_SLICES = {"h264": range(1, 6), "hevc": range(32)}
_RESERVED = {"h264": frozenset((0, *range(24, 32))), "hevc": frozenset(range(41, 48))}
_MOST_UNITS = 4096

_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME = 1, 3, 6


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
    return (
        next((unit.kind for unit in nal_units(source, offset, size, "hevc") if unit.kind in _SLICES["hevc"]), 0) == _CRA
    )


def has_sequence_header(source: ReadAt, offset: int, size: int) -> bool:
    """Tell whether a sample of AV1 has its sequence header before its first frame (AV1 section 5.3)."""
    at = 0
    while at < size:
        head = source.read_at(offset + at, 11)
        kind, start = head[0] >> 3 & 15, 2 if head[0] & 4 else 1
        if kind in (_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME) or not head[0] & 2:
            return kind == _SEQUENCE_HEADER
        length = 0
        for place, byte in enumerate(head[start:]):
            length |= (byte & 127) << 7 * place
            if not byte & 128:
                start += place + 1
                break
        at += start + length
    return False
