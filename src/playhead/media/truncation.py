"""Detection of truncated files, and the extent of the first recording in a file."""

from playhead.kit.units import format_bytes
from playhead.media.errors import COPY_AGAIN, TruncatedVideo
from playhead.media.extents.extent import Extent
from playhead.media.extents.find import find_extent
from playhead.media.mp4.source import ReadAt
from playhead.media.sniff import Container

_SENTENCE = "Couldn't read this file: it ends in the middle{}."


def check_whole(source: ReadAt, container: Container) -> Extent:
    """Extent of the first recording of a file; bytes after the last box of an MP4 are ignored.

    Raises:
        TruncatedVideo: what is left cannot be read, or the index of an MP4 is missing.
    """
    found = find_extent(source, container.demuxer)
    if found is None and container.demuxer == "mov":
        raise TruncatedVideo(
            _SENTENCE.format(", before its index"), hint=f"The recording, or a copy of it, was cut off. {COPY_AGAIN}"
        )
    extent = found or Extent(source.size, source.size)
    if extent.needed > source.size and not extent.readable:
        figures = f" ({_of(source.size, extent.needed)})"
        raise TruncatedVideo(_SENTENCE.format(figures), hint=COPY_AGAIN)
    return extent


def _of(size: int, declared: int) -> str:
    have, want = format_bytes(size), format_bytes(declared)
    if have == want:
        return f"{size} of {declared} bytes"
    if have.split()[-1] == want.split()[-1]:
        have = have.split()[0]
    return f"{have} of {want}"
