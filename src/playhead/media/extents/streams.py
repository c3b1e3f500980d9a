"""The extents of formats that are written as they come: FLV, Ogg, ASF. Cut off, they are read as far as they go."""

from playhead.media.extents.extent import MAX_STEPS, Extent
from playhead.media.mp4.source import ReadAt

_PAGE = b"OggS"
_FLV_TAGS = (8, 9, 18)
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_HEAD = 24
_MOST_TAIL = 64 << 10
"""Bytes behind the last tag or page that are no part of it: libav would find tracks in text. More is damage in the
middle, behind which libav finds the next tag; the next page of an Ogg only within this many."""


def flv_extent(source: ReadAt) -> Extent:
    """Find the extent of the first FLV: tags of 11 bytes and their data, each with its size behind it."""
    at = int.from_bytes(source.read_at(5, 4), "big") + 4
    for _ in range(MAX_STEPS):
        tag = source.read_at(at, 11)
        if len(tag) < 11 or tag[0] & 0xDF not in _FLV_TAGS or any(tag[8:]):  # 0x20: encrypted; the stream is always 0
            break
        at += 11 + int.from_bytes(tag[1:4], "big") + 4
    return _extent(source, at, b"FLV\x01", needed=at - 4)


def ogg_extent(source: ReadAt) -> Extent:
    """Find the extent of the first link of a chained Ogg (RFC 3533): pages that begin streams, then all others."""
    at, begun = 0, False
    for _ in range(MAX_STEPS):
        page = source.read_at(at, 27 + 255)
        begins = page[:4] == _PAGE and len(page) >= 27 and bool(page[5] & 2)
        if page[:4] != _PAGE or len(page) < 27 or (begins and begun):
            break
        begun = begun or not begins
        at += 27 + page[26] + sum(page[27 : 27 + page[26]])
    return _extent(source, at, _PAGE, needed=at)


def asf_extent(source: ReadAt) -> Extent:
    """Find the extent of the first ASF: a header object, a data object of packets of one size, indexes."""
    at = 0
    for _ in range(MAX_STEPS):
        head = source.read_at(at, _ASF_HEAD)
        size = int.from_bytes(head[16:], "little")
        if head[:16] == _ASF_DATA and at + size > source.size:
            return Extent(_whole_packets(source, at), at + size, readable=True)
        if not _ASF_HEAD <= size <= source.size - at or (at and head[:16] == _ASF_HEADER):
            break
        at += size
    return _extent(source, at, _ASF_HEADER, needed=0)


def _whole_packets(source: ReadAt, data: int) -> int:
    """Where the last whole packet of a data object ends: libav takes the rest of a torn one for damage."""
    header = source.read_at(0, min(data, 1 << 20))
    properties = header.find(_ASF_PROPERTIES)
    size = int.from_bytes(header[properties + 92 : properties + 96], "little") if properties >= 0 else 0
    first = data + 50
    return source.size - (source.size - first) % size if size and first < source.size else source.size


def _extent(source: ReadAt, reached: int, magic: bytes, *, needed: int) -> Extent:
    behind = source.read_at(reached, _MOST_TAIL)
    second = behind.startswith(magic)
    alone = reached + len(behind) == source.size or (magic == _PAGE and _PAGE not in behind)
    tail = alone and reached < source.size
    return Extent(reached if second or tail else source.size, needed, readable=True, second=second)
