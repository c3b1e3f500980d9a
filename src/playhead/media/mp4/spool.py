"""Index of a file on its own: measured while it is read, or copied to a sparse file."""

import os

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import top_boxes
from playhead.media.mp4.source import ReadAt

_INDEX = frozenset((b"ftyp", b"moov", b"moof"))
_STEP = 1 << 20


class ReadsTooMuch(Exception):
    """More bytes requested than allowed."""


class SmallReads:
    """A source with a limit on the bytes read from it, all together."""

    def __init__(self, source: ReadAt, most: int) -> None:
        self._source, self._left = source, most
        self.size = source.size

    def read_at(self, offset: int, size: int) -> bytes:
        """As the source's.

        Raises:
            ReadsTooMuch: before it is read.
        """
        self._left -= min(size, self.size)
        if self._left < 0:
            raise ReadsTooMuch
        return self._source.read_at(offset, size)


def copy_index(source: ReadAt, target: int, most: int) -> None:
    """Copy what `read_movie` reads to the same places of an empty file.

    Args:
        target: A descriptor.
        most: Bytes of it.

    Raises:
        Mp4Unreadable: it is larger.
    """
    os.ftruncate(target, source.size)
    try:
        for found in top_boxes(source):
            end = min(found.end, source.size) if found.kind in _INDEX else min(found.start + 16, source.size)
            most -= end - found.start
            if most < 0:
                raise Mp4Unreadable("The index of this file is larger than any that is read.")
            for at in range(found.start, end, _STEP):
                os.pwrite(target, source.read_at(at, min(_STEP, end - at)), at)
    except Mp4Unreadable:
        if most < 0:
            raise  # else the file ends in no box: the reader says what it makes of that
