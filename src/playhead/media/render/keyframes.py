"""Which keyframes a copy may begin at: nothing that follows them refers to what came before."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator

from playhead.media.mp4.movie import Track

Read = Callable[[int, int], Awaitable[bytes]]
"""Give up to *size* bytes from an *offset* of the file."""

_PEEK_BYTES = 1024
_NAL_UNITS = 32
_H264_IDR, _H264_SLICES = 5, range(1, 6)
_HEVC_IRAP, _HEVC_SLICES = range(16, 22), range(32)


async def is_clean(read: Read | None, track: Track, sample: int, codec: str) -> bool:
    """Inspect a sync sample: H.264 must hold an IDR picture, HEVC an IRAP one; AV1's flag is believed.

    A sync sample of H.264 may also be a recovery point, which frames after it reference across (ITU-T H.264 D.2.8).

    Args:
        read: None believes the flag.
        sample: In decode order, at a closed point: no leading frames follow.
    """
    if read is None or codec not in ("h264", "hevc"):
        return True
    offset, size = track.samples.offsets[sample], track.samples.sizes[sample]
    data = await read(offset, min(size, _PEEK_BYTES))
    at = 0
    for _ in range(_NAL_UNITS):
        if at + 5 > len(data) and at + 5 <= size:
            data, offset, size, at = await read(offset + at, min(size - at, _PEEK_BYTES)), offset + at, size - at, 0
        if at + 5 > len(data):
            return False
        kind = data[at + 4] & 31 if codec == "h264" else data[at + 4] >> 1 & 63
        if kind in (_H264_SLICES if codec == "h264" else _HEVC_SLICES):
            return kind == _H264_IDR if codec == "h264" else kind in _HEVC_IRAP
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    return False


def sync_samples(track: Track, first: int, end: int) -> Iterator[int]:
    """Go over the sync samples of a half-open span in decode order."""
    sync = track.samples.sync
    if sync is None:
        yield from range(max(0, first), min(end, len(track.samples)))
        return
    yield from sync[bisect_left(sync, first) : bisect_left(sync, end)]
