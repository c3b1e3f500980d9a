"""The extent of an MP4 or MOV: its index says where the media ends, whatever follows the last box."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from playhead.media.extents.extent import Extent
from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields
from playhead.media.mp4.index import TopBox, read_content, read_movie, top_boxes
from playhead.media.mp4.reach import reach
from playhead.media.mp4.source import ReadAt
from playhead.media.mp4.tables import numbers

_MEDIA = (b"mdat", b"moof")
_HEADS = (b"ftyp", b"moov")
_NEEDED = frozenset((*_MEDIA, *_HEADS, b"sidx"))


def mp4_extent(source: ReadAt) -> Extent | None:
    """Find the extent of the first movie in a file; None: there is no index, and no box that ends beyond the file."""
    size = source.size
    boxes = [found for found in _boxes(source) if found.kind in _NEEDED]
    index = next((found for found in boxes if found.kind == b"moov"), None)
    if index is None or index.end > size:
        needed = boxes[-1].end if boxes else 0
        return Extent(size, needed) if needed > size else None
    claimed = max((found.end for found in boxes if found.kind == b"mdat"), default=0)
    try:
        moov = read_content(source, index)
        if b"mvex" in children(moov, Box(b"moov", 0, len(moov))):
            return _fragmented(source, boxes, index, moov)
        return _plain(size, boxes, index, reach(moov) or claimed)
    except Mp4Unreadable:  # libav may know more; here the size of the media box has to do
        return Extent(size, claimed)


def _boxes(source: ReadAt) -> Iterator[TopBox]:
    """The boxes up to the end, or up to something else: text, padding, vendor data, garbage."""
    with suppress(Mp4Unreadable):
        yield from top_boxes(source)


def _plain(size: int, boxes: Sequence[TopBox], index: TopBox, media_end: int) -> Extent:
    """What begins behind the index and the media it points to is a second movie if it has a head and media."""
    behind = [found for found in boxes if found.start >= max(index.end, media_end)]
    second = {found.kind for found in behind}
    if second.intersection(_HEADS) and second.intersection(_MEDIA):
        return Extent(behind[0].start, media_end, second=True)
    return Extent(size, media_end)


def _fragmented(source: ReadAt, boxes: Sequence[TopBox], index: TopBox, moov: bytes) -> Extent:
    end = _second_head(source, [found for found in boxes if found.start >= index.end], moov)
    own = [found for found in boxes if index.start <= found.start < end]
    needed = max((found.end for found in _fragment_boxes(own)), default=0)
    needed = max([needed, *(_indexed(source, found) for found in own if found.kind == b"sidx")])
    if own[-1].kind == b"moof":
        needed = max(needed, own[-1].end + 8)  # its media box has at least a header
    if needed <= source.size:
        return Extent(end, needed, second=end < source.size)
    whole = _whole_samples(source)
    return Extent(whole or source.size, needed, readable=whole > 0)


def _fragment_boxes(own: Sequence[TopBox]) -> Iterator[TopBox]:
    """Each ``moof`` and the ``mdat`` behind it; an ``mdat`` alone at the end is not part of a fragment."""
    before = b""
    for found in own:
        if found.kind == b"moof" or (found.kind == b"mdat" and before == b"moof"):
            yield found
        before = found.kind


def _indexed(source: ReadAt, sidx: TopBox) -> int:
    """Where the last segment that a ``sidx`` lists ends (ISO/IEC 14496-12 section 8.16.3)."""
    content = read_content(source, sidx)
    whole, wide = Box(sidx.kind, 0, len(content)), fields(">B", content, Box(sidx.kind, 0, len(content)))[0] > 0
    first, count = fields(">Q2xH" if wide else ">I2xH", content, whole, 20 if wide else 16)
    rows = numbers("I", content, 32 if wide else 24, 3 * count, len(content))
    return int(sidx.end + first + sum(size & 0x7FFFFFFF for size in rows[::3]))


def _second_head(source: ReadAt, boxes: Sequence[TopBox], moov: bytes) -> int:
    """Where a second movie begins; the size of the file if there is none. The same head again, as between segments
    that were put together, does not begin one."""
    head: int | None = None
    for found in boxes:
        if found.kind == b"ftyp" and head is None:
            head = found.start
        elif found.kind == b"moov" and found.end <= source.size:
            if read_content(source, found) != moov:
                return found.start if head is None else head
            head = None
    return source.size if head is None or boxes[-1].start == head else head


def _whole_samples(source: ReadAt) -> int:
    """End of the last whole sample; 0 without video."""
    movie = read_movie(source)
    if movie.video is None or not len(movie.video.samples):
        return 0
    lasts = (track.samples for track in movie.tracks if len(track.samples))
    return max(samples.offsets[-1] + samples.sizes[-1] for samples in lasts)
