"""The extent of an MPEG transport stream: its packets have no end of their own."""

from playhead.media.extents.extent import Extent
from playhead.media.mp4.source import ReadAt

_BLOCK = 64 << 10
"""What libav searches for the next packet before it gives up."""

_STEPS = (188, 192, 204)
_IN_STEP = 5


def mpegts_extent(source: ReadAt) -> Extent | None:
    """Find the last packets before a long tail of zeros or other data; None: the file ends with packets."""
    start = source.size
    while start > 0:
        start = max(0, start - _BLOCK)
        block = source.read_at(start, _BLOCK + _IN_STEP * max(_STEPS))
        end = max(_last_in_step(block, step) for step in _STEPS)
        if end:
            return None if start + _BLOCK >= source.size else Extent(start + end, start + end)
    return None


def _last_in_step(block: bytes, step: int) -> int:
    """Where the last of some packets in a row ends; 0: there are none."""
    at = len(block)
    while (at := block.rfind(b"G", 0, at)) >= step * (_IN_STEP - 1):
        if block[at - step * (_IN_STEP - 1) : at + 1 : step] == b"G" * _IN_STEP:
            return at + step
    return 0
