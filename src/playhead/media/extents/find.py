"""The extent of any file, and how libav is made to stay within it."""

from playhead.media.extents.extent import Extent
from playhead.media.extents.matroska import matroska_extent
from playhead.media.extents.mp4 import mp4_extent
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
    source, protocol = FileBytes(descriptor), url.partition(":")[0]
    extent = find_extent(source, demuxer)
    if extent is None or extent.end >= source.size:
        return url, protocol
    return f"subfile,,start,0,end,{extent.end},,:{url}", f"{protocol},subfile"
