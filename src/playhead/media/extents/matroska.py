"""The extent of a Matroska or WebM file (RFC 8794, RFC 9559)."""

from collections.abc import Iterator
from typing import NamedTuple

from playhead.media.extents.extent import MAX_STEPS, Extent
from playhead.media.mp4.source import ReadAt

EBML, SEGMENT, CLUSTER, CUES = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1C53BB6B
TRACKS = 0x1654AE6B
_VOID, _CRC = 0xEC, 0xBF
_IN_SEGMENT = frozenset(
    (0x114D9B74, 0x1549A966, TRACKS, CLUSTER, CUES, 0x1941A469, 0x1043A770, 0x1254C367, _VOID, _CRC)
)
_IN_CLUSTER = frozenset((0xE7, 0x5854, 0xA7, 0xAB, 0xA3, 0xA0, 0xAF))
_KNOWN = _IN_SEGMENT | _IN_CLUSTER


class Element(NamedTuple):
    """An element: its data is the half-open ``[data, end)`` of the file; *end* None is a size that is not known."""

    id: int
    data: int
    end: int | None


def element(source: ReadAt, at: int) -> Element | None:
    """Read the header of an element; None where there is none."""
    head = source.read_at(at, 12)
    width = _width(head, 4)
    size_width = _width(head[width:], 8)
    if not width or not size_width or len(head) < width + size_width:
        return None
    data = at + width + size_width
    unknown = (1 << 7 * size_width) - 1
    size = int.from_bytes(head[width : width + size_width], "big") & unknown
    return Element(int.from_bytes(head[:width], "big"), data, None if size == unknown else data + size)


def _width(head: bytes, most: int) -> int:
    width = 9 - head[0].bit_length() if head and head[0] else 0
    return width if width <= most else 0


def segment(source: ReadAt) -> Element | None:
    """The first Segment of a file."""
    head = element(source, 0)
    found = element(source, head.end) if head is not None and head.end is not None else None
    return found if found is not None and found.id == SEGMENT else None


def elements(source: ReadAt, at: int) -> Iterator[Element]:
    """Go over what a Segment holds from a byte on, into clusters of unknown size, up to anything that is not in one."""
    for _ in range(MAX_STEPS):
        found = element(source, at)
        if found is None or found.id not in _KNOWN:
            return
        yield found
        if found.end is None and found.id != CLUSTER:
            return
        at = found.data if found.end is None else found.end


def matroska_extent(source: ReadAt) -> Extent | None:
    """Find the extent of the first Segment; None: there is none.

    A Segment of known size was finished: cut off, it is not whole. Its size is only disbelieved where the file holds
    its last part, the Cues behind the clusters.
    """
    size, whole = source.size, segment(source)
    if whole is None:
        return None
    cut = whole.end is not None and whole.end > size
    reached = whole.data if whole.end is None or cut else whole.end
    clusters = cues = False
    for found in elements(source, reached):
        reached = found.data if found.end is None else found.end
        clusters = clusters or found.id == CLUSTER
        cues = clusters and (cues or found.id == CUES)
    if cut and whole.end is not None and (reached > size or not cues):
        return Extent(size, whole.end)
    behind = element(source, reached)
    second = behind is not None and behind.id == EBML
    return Extent(reached if second else size, reached, readable=True, second=second)
