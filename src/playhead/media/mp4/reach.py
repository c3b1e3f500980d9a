"""End of the samples that an index points to, without expanding its tables (ISO/IEC 14496-12 section 8.7)."""

from itertools import pairwise

from playhead.media.mp4.boxes import Box, children, fields, need, walk
from playhead.media.mp4.tables import numbers

_KINDS = (b"vide", b"soun")


def reach(moov: bytes) -> int:
    """Find where the last video or audio sample ends, in bytes from the start of the file.

    Of uncompressed audio, whose tables may leave the size of a sample at 1, it is where the last chunk begins.

    Args:
        moov: The content of the box.

    Raises:
        Mp4Unreadable: a table is missing or damaged.
    """
    return max((_track_reach(moov, found) for found in walk(moov) if found.kind == b"trak"), default=0)


def _track_reach(moov: bytes, trak: Box) -> int:
    mdia = children(moov, need(children(moov, trak), b"mdia"))
    if fields(">4s", moov, need(mdia, b"hdlr"), 8)[0] not in _KINDS:
        return 0
    boxes = children(moov, need(children(moov, need(mdia, b"minf")), b"stbl"))
    wide = b"co64" in boxes and b"stco" not in boxes
    table = boxes[b"co64"] if wide else need(boxes, b"stco")
    chunks = numbers("Q" if wide else "I", moov, table.start + 8, fields(">I", moov, table, 4)[0], table.end)
    if not chunks:
        return 0
    last = max(chunks)
    first, count = _samples_of(moov, need(boxes, b"stsc"), chunks.index(last))
    return last + _bytes_of(moov, boxes, first, count)


def _samples_of(moov: bytes, stsc: Box, chunk: int) -> tuple[int, int]:
    """The first sample of a chunk, and how many it holds; both count from 0."""
    rows = numbers("I", moov, stsc.start + 8, 3 * fields(">I", moov, stsc, 4)[0], stsc.end)
    starts = [*rows[::3], chunk + 2]
    before = 0
    for (start, end), held in zip(pairwise(starts), rows[1::3], strict=True):
        if end > chunk + 1:
            return before + held * max(0, chunk + 1 - start), held
        before += held * max(0, end - start)
    return 0, 0


def _bytes_of(moov: bytes, boxes: dict[bytes, Box], first: int, count: int) -> int:
    """Bytes of *count* samples from *first* on, as far as the table goes."""
    if b"stsz" not in boxes:
        return 0
    stsz = boxes[b"stsz"]
    fixed, samples = fields(">II", moov, stsz, 4)
    count = max(0, min(count, samples - first))
    if fixed:
        return int(fixed) * count
    return sum(numbers("I", moov, stsz.start + 12 + 4 * first, count, stsz.end))
