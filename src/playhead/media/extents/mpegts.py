"""The extent of an MPEG transport stream: its packets have no end of their own."""

from playhead.media.extents.extent import Extent
from playhead.media.mp4.source import ReadAt

_BLOCK = 64 << 10
"""What libav searches for the next packet before it gives up."""

_MOST_TAIL = 64 << 20
"""Bytes that are searched from the end of the file: 0.3 s of CPU. A preallocated file may have a longer tail."""

_STEPS = (188, 192, 204)
_IN_STEP = 5
_SYNC = bytes(byte == ord("G") for byte in range(256))


def mpegts_extent(source: ReadAt) -> Extent | None:
    """Find the last packets before a long tail of zeros or other data.

    None: the file ends with packets, or none are found near its end.
    """
    start, least = source.size, max(0, source.size - _MOST_TAIL)
    while start > least:
        start = max(0, start - _BLOCK)
        block = source.read_at(start, _BLOCK + _IN_STEP * max(_STEPS))
        end = _last_in_step(block)
        if end:
            return None if start + _BLOCK >= source.size else Extent(start + end, start + end)
    return None


def _last_in_step(block: bytes) -> int:
    """Where the last of some packets in a row ends; 0: there are none."""
    if b"G" not in block:
        return 0
    sync = int.from_bytes(block.translate(_SYNC), "little")
    return max(_end_in_step(sync, step) for step in _STEPS)


def _end_in_step(sync: int, step: int) -> int:
    """The same for packets of one size.

    Args:
        sync: The block as a little-endian number, each byte 1 where a packet may begin: one shift compares them all.
    """
    first = sync
    for place in range(1, _IN_STEP):
        first &= sync >> (8 * step * place)
    return (first.bit_length() + 7) // 8 - 1 + _IN_STEP * step if first else 0
