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

    An hour of live WebM takes 0.6 s of CPU, so the answer for a local file is kept until the file changes.

    Args:
        demuxer: libav's name of the format.
    """
    read = _READERS.get(demuxer)
    if read is None:
        return None
    if not isinstance(source, FileBytes):
        return read(source)
    about = os.fstat(source.fd)
    key = (about.st_dev, about.st_ino, source.size, about.st_mtime_ns, demuxer)
    known = _KNOWN.get(key)  # threads share it: what is looked up may be gone a moment later
    if known is None:
        known = (read(source),)
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = known
    return known[0]


_KNOWN: dict[tuple[int, int, int, int, str], tuple[Extent | None]] = {}
_MOST_KNOWN = 256


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
    """Where a file's first recording ends; None: with the file."""
    file = FileBytes(descriptor)
    extent = find_extent(file, demuxer)
    return extent.end if extent is not None and extent.end < file.size else None
