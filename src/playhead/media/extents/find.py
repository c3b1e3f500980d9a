"""The extent of any file, and how libav is made to stay within it."""

import os

from playhead.media.extents.extent import Extent
from playhead.media.extents.matroska import matroska_extent
from playhead.media.extents.mp4 import mp4_extent
from playhead.media.extents.mpegts import mpegts_extent
from playhead.media.extents.riff import riff_extent
from playhead.media.extents.streams import asf_extent, flv_extent, ogg_extent
from playhead.media.mp4.source import FileBytes, ReadAt

_READERS = {
    "mov": mp4_extent,
    "matroska": matroska_extent,
    "avi": riff_extent,
    "flv": flv_extent,
    "ogg": ogg_extent,
    "asf": asf_extent,
    "mpegts": mpegts_extent,
}


def find_extent(source: ReadAt, demuxer: str) -> Extent | None:
    """Find the first recording of a file; None where the format or the file does not say.

    Args:
        demuxer: libav's name of the format.
    """
    read = _READERS.get(demuxer)
    return read(source) if read else None


def libav_url(descriptor: int, demuxer: str, url: str = "fd:") -> tuple[str, str]:
    """The URL that libav opens a file by, and the protocols that this takes.

    Left alone, libav reads on into a second recording with the decoders of the first, and its clock jumps back.

    Args:
        descriptor: Of the file; the option ``fd`` names it to libav.
        url: Of the whole file.
    """
    protocol, end = url.partition(":")[0], _end(descriptor, demuxer)
    return (url, protocol) if end is None else (f"subfile,,start,0,end,{end},,:{url}", f"{protocol},subfile")


def _end(descriptor: int, demuxer: str) -> int | None:
    """Where a file's first recording ends; None: with the file. An hour of live WebM takes 0.6 s, once."""
    about = os.fstat(descriptor)
    key = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, demuxer)
    if key not in _ENDS:
        if len(_ENDS) >= _MOST_ENDS:
            _ENDS.clear()
        extent = find_extent(FileBytes(descriptor), demuxer)
        _ENDS[key] = extent.end if extent is not None and extent.end < about.st_size else None
    return _ENDS[key]


_ENDS: dict[tuple[int, int, int, int, str], int | None] = {}
_MOST_ENDS = 256
