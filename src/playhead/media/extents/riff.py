"""The extent of an AVI: a RIFF chunk, and with OpenDML more of them of type ``AVIX``."""

from playhead.media.extents.extent import MAX_STEPS, Extent
from playhead.media.mp4.source import ReadAt

_OPEN = (0, 0xFFFFFFFF)
"""Sizes that a recorder leaves until it is done."""


def riff_extent(source: ReadAt) -> Extent | None:
    """Find the extent of the first AVI; None: its recorder did not write how long it is."""
    end, kind = 0, b"AVI "
    while end < source.size:
        form, size, found = _chunk(source, end)
        if form != b"RIFF" or found != kind:
            break
        if size in _OPEN:
            return None
        if end + 8 + size > source.size and not (end == 0 and _holds_media(source)):
            return Extent(source.size, end + 8 + size)
        end += 8 + size + size % 2
        kind = b"AVIX"
    end = min(end, source.size)
    form, _, found = _chunk(source, end)
    second = (form, found) == (b"RIFF", b"AVI ")
    return Extent(end if second else source.size, end, second=second)


def _chunk(source: ReadAt, at: int) -> tuple[bytes, int, bytes]:
    """Name, size of the content, and its first four bytes: the type of a list."""
    head = source.read_at(at, 12)
    return head[:4], int.from_bytes(head[4:8], "little"), head[8:12]


def _holds_media(source: ReadAt) -> bool:
    """The list ``movi`` is whole, whatever the size around it claims."""
    at = 12
    for _ in range(MAX_STEPS):
        form, size, found = _chunk(source, at)
        at += 8 + size + size % 2
        if not form or at > source.size + 1:
            return False
        if (form, found) == (b"LIST", b"movi"):
            return True
    return False
