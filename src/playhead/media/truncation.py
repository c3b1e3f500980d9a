"""Whether a file holds as much as its own headers declare: reads a few bytes per top-level box."""

from typing import BinaryIO

from playhead.kit.units import format_bytes
from playhead.media.errors import COPY_AGAIN, TruncatedVideo
from playhead.media.sniff import Container

_MAX_BOXES = 200_000
"""A long fragmented recording has two boxes for each half second; this is 14 hours of it."""

_SENTENCE = "Couldn't read this file: it ends in the middle{}."


def check_whole(file: BinaryIO, size: int, container: Container) -> None:
    """Refuse a file that was cut off.

    Raises:
        TruncatedVideo: a box, segment or chunk reaches past the end of the file, or an MP4 has no index.
    """
    read = _DECLARED.get(container.demuxer)
    declared = read(file, size) if read else None
    if declared is not None and declared > size:
        figures = f" ({_of(size, declared)})"
        raise TruncatedVideo(_SENTENCE.format(figures), hint=COPY_AGAIN)


def _of(size: int, declared: int) -> str:
    have, want = format_bytes(size), format_bytes(declared)
    if have == want:
        return f"{size} of {declared} bytes"
    if have.split()[-1] == want.split()[-1]:
        have = have.split()[0]
    return f"{have} of {want}"


def _mp4(file: BinaryIO, size: int) -> int | None:
    # ISO/IEC 14496-12 section 4.2: 32-bit size and type; 1 means a 64-bit size follows, 0 means to the end of the file.
    offset, has_index = 0, False
    for _ in range(_MAX_BOXES):
        file.seek(offset)
        header = file.read(16)
        if len(header) < 8 or not _is_type(header[4:8]):
            break  # padding after the last box
        has_index = has_index or header[4:8] == b"moov"
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - offset
        if length < 8:
            break
        offset += length
        if offset >= size:
            break
    if not has_index and offset <= size:
        raise TruncatedVideo(
            _SENTENCE.format(", before its index"), hint=f"The recording, or a copy of it, was cut off. {COPY_AGAIN}"
        )
    return offset


def _is_type(name: bytes) -> bool:
    return all(32 <= byte < 127 or byte == 0xA9 for byte in name)


def _matroska(file: BinaryIO, _size: int) -> int | None:
    # RFC 8794: an element is an id, a size as a variable-length integer whose bits all 1 mean "unknown", and data.
    file.seek(0)
    head = file.read(4096)
    first = _vint(head, 4)
    if first is None or first[0] is None:
        return None
    segment = first[1] + first[0]
    if head[segment : segment + 4] != b"\x18\x53\x80\x67":
        return None
    length = _vint(head, segment + 4)
    if length is None or length[0] is None:
        return None
    return length[1] + length[0]


def _vint(data: bytes, at: int) -> tuple[int | None, int] | None:
    """A size and where its data begins; the size is None when unknown, the whole is None when there is none."""
    if at >= len(data) or data[at] == 0:
        return None
    width = 9 - data[at].bit_length()
    raw = data[at : at + width]
    if len(raw) < width:
        return None
    value = int.from_bytes(raw, "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), at + width


def _riff(file: BinaryIO, _size: int) -> int | None:
    file.seek(4)
    return 8 + int.from_bytes(file.read(4), "little")


_DECLARED = {"mov": _mp4, "matroska": _matroska, "avi": _riff}
