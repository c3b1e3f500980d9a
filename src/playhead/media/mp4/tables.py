"""The sample tables of a track, expanded (ISO/IEC 14496-12 sections 8.6 and 8.7).

An hour of 30 frames and 47 audio packets a second has 280,000 samples, so nothing here loops over samples in Python:
iterators written in C run over whole tables, at about 0.1 µs a sample. Every table is measured against the bytes that
hold it, and every sample against the file, before memory is given to it.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, chain, compress, islice, pairwise, repeat
from operator import add, ge, mul, ne, sub

from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields, need
from playhead.media.mp4.movie import Samples

MAX_SAMPLES = 6_000_000
"""Samples of all tracks of a file, at up to 36 bytes each: 216 MB. 24 hours of 30 frames and audio at 44.1 kHz
have 6.3 million; half a day fits at any usual rate."""

MAX_DELTA = 1 << 31
"""Ticks of one sample; writers that store a negative duration mean something we do not know."""

MAX_TICKS = 1 << 61
"""Of a track: decode times and composition times stay well inside 64 bits."""


class TooManySamples(Mp4Unreadable):
    """More than the caller wants to hold in memory."""


def numbers(code: str, buffer: bytes | memoryview, start: int, count: int, end: int) -> "array[int]":
    """Read big-endian numbers.

    Args:
        code: As `array` has it: ``H``, ``I``, ``i``, ``Q``.

    Raises:
        Mp4Unreadable: ``[start, end)`` has no room for them.
    """
    table = array(code)
    stop = start + count * table.itemsize
    if stop > end:
        raise Mp4Unreadable(f"A table claims {count} entries where {end - start} bytes are left.")
    table.frombytes(memoryview(buffer)[start:stop])
    if sys.byteorder == "little":
        table.byteswap()
    return table


def read_samples(
    buffer: bytes | memoryview, stbl: Box, *, size_bytes: int, budget: int
) -> tuple[Samples, frozenset[int]]:
    """Expand the tables of one track.

    Args:
        size_bytes: Of the file; every sample lies inside.
        budget: How many samples may be read.

    Returns:
        The samples, and the numbers (from 1) of the sample entries they use.

    Raises:
        Mp4Unreadable: a table is missing, lies about its length, or points out of the file.
    """
    boxes = children(buffer, stbl)
    sizes = _sizes(buffer, boxes, size_bytes, budget)
    count = len(sizes)
    offsets, runs, used = _offsets(buffer, boxes, sizes, size_bytes)
    samples = Samples(
        sizes=sizes,
        offsets=offsets,
        dts=_decode_times(buffer, need(boxes, b"stts"), count),
        cts=_composition(buffer, boxes[b"ctts"], count) if b"ctts" in boxes else None,
        sync=_sync(buffer, boxes[b"stss"], count) if b"stss" in boxes else None,
        runs=runs,
    )
    return samples, used


def read_blocks(
    buffer: bytes | memoryview, stbl: Box, *, frame_bytes: int, size_bytes: int, budget: int
) -> tuple[Samples, frozenset[int]] | None:
    """Expand the tables of uncompressed audio, where a "sample" is 1/48000 s: here each chunk becomes one sample.

    QuickTime leaves the size of such a sample at 1, whatever it is (QuickTime File Format, "Sound Media").

    Args:
        frame_bytes: Of one sample of all channels.

    Returns:
        As `read_samples`; None when the tables are not those of uncompressed audio.

    Raises:
        Mp4Unreadable: as `read_samples`.
    """
    boxes = children(buffer, stbl)
    fixed, count = fields(">II", buffer, need(boxes, b"stsz"), 4)
    entries, declared, delta = fields(">III", buffer, need(boxes, b"stts"), 4) if count else (0, 0, 0)
    if not fixed or entries != 1 or declared < count:
        return None
    chunks = _chunks(buffer, boxes, size_bytes)
    counts, used = _chunk_counts(buffer, need(boxes, b"stsc"), len(chunks), count)
    _affordable(len(counts), budget)
    del chunks[len(counts) :]
    if max(counts) * frame_bytes >= 1 << 32 or count * delta >= MAX_TICKS:
        raise Mp4Unreadable(f"A chunk of {max(counts)} samples is beyond any audio.")
    sizes = array("I", map(frame_bytes.__mul__, counts))
    ends = array("Q", map(add, chunks, sizes))
    if max(ends) > size_bytes:
        raise Mp4Unreadable(f"Samples reach to byte {max(ends)} of a file of {size_bytes} bytes.")
    dts = array("q", accumulate(map(delta.__mul__, counts), initial=0))
    runs = array("I", compress(range(len(chunks)), map(ne, chunks, chain((-1,), ends))))
    return Samples(sizes=sizes, offsets=chunks, dts=dts, runs=runs), used


def _sizes(buffer: bytes | memoryview, boxes: dict[bytes, Box], size_bytes: int, budget: int) -> "array[int]":
    """``stsz`` and ``stz2`` (section 8.7.3)."""
    if b"stz2" in boxes and b"stsz" not in boxes:
        return _compact_sizes(buffer, boxes[b"stz2"], budget)
    stsz = need(boxes, b"stsz")
    fixed: int
    count: int
    fixed, count = fields(">II", buffer, stsz, 4)
    _affordable(count, budget)
    if not fixed:
        return numbers("I", buffer, stsz.start + 12, count, stsz.end)
    if fixed * count > size_bytes:
        raise Mp4Unreadable(f"{count} samples of {fixed} bytes are claimed in a file of {size_bytes} bytes.")
    return array("I", [fixed]) * count


def _compact_sizes(buffer: bytes | memoryview, stz2: Box, budget: int) -> "array[int]":
    width: int
    count: int
    width, count = fields(">BI", buffer, stz2, 7)
    _affordable(count, budget)
    start = stz2.start + 12
    if width == 16:
        return array("I", numbers("H", buffer, start, count, stz2.end))
    if width == 8:
        return array("I", numbers("B", buffer, start, count, stz2.end))
    if width != 4:
        raise Mp4Unreadable(f"Sample sizes of {width} bits are not known.")
    pairs = numbers("B", buffer, start, (count + 1) // 2, stz2.end)
    return array("I", islice(chain.from_iterable((pair >> 4, pair & 15) for pair in pairs), count))


def _affordable(count: int, budget: int) -> None:
    if count > budget:
        raise TooManySamples(f"{count} samples are more than the {budget} that are read.")


def _decode_times(buffer: bytes | memoryview, stts: Box, count: int) -> "array[int]":
    """``stts`` (section 8.6.1.2): the n + 1 ends of the durations."""
    (entries,) = fields(">I", buffer, stts, 4)
    table = numbers("I", buffer, stts.start + 8, 2 * entries, stts.end)
    counts, deltas = table[::2], table[1::2]
    _enough(sum(counts), count, "durations")
    if max(deltas, default=0) >= MAX_DELTA or sum(map(mul, counts, deltas)) >= MAX_TICKS:
        raise Mp4Unreadable("The durations of the samples are beyond any video.")
    return array("q", accumulate(islice(_repeated(deltas, counts), count), initial=0))


def _composition(buffer: bytes | memoryview, ctts: Box, count: int) -> "array[int] | None":
    """``ctts`` (section 8.6.1.3); signed in both versions, as writers use it. Samples past its end have 0."""
    (entries,) = fields(">I", buffer, ctts, 4)
    counts = numbers("I", buffer, ctts.start + 8, 2 * entries, ctts.end)[::2]
    shifts = numbers("i", buffer, ctts.start + 8, 2 * entries, ctts.end)[1::2]
    if not any(shifts):
        return None
    if entries == count == sum(counts):
        return shifts
    cts = array("i", islice(_repeated(shifts, counts), count))
    cts.extend(repeat(0, count - len(cts)))
    return cts


def _sync(buffer: bytes | memoryview, stss: Box, count: int) -> "array[int] | None":
    """``stss`` (section 8.6.2), counted from 0."""
    (entries,) = fields(">I", buffer, stss, 4)
    table = numbers("I", buffer, stss.start + 8, entries, stss.end)
    if not entries:
        return table
    if table[0] < 1 or table[-1] > count or any(map(ge, table, islice(table, 1, None))):
        raise Mp4Unreadable(f"The list of sync samples is not in order within {count} samples.")
    return None if entries == count else array("I", map((-1).__add__, table))


def _offsets(
    buffer: bytes | memoryview, boxes: dict[bytes, Box], sizes: "array[int]", size_bytes: int
) -> "tuple[array[int], array[int], frozenset[int]]":
    """``stsc`` with ``stco`` or ``co64`` (sections 8.7.4 and 8.7.5): offsets, runs, the entries in use."""
    chunks = _chunks(buffer, boxes, size_bytes)
    counts, used = _chunk_counts(buffer, need(boxes, b"stsc"), len(chunks), len(sizes))
    firsts = array("I", accumulate(counts, initial=0))
    ends_before = array("Q", accumulate(sizes, initial=0))
    del chunks[len(counts) :]
    # A sample lies as far behind its chunk's start as the sizes before it say; `shift` is the same for a whole chunk.
    shifts = array("q", map(sub, chunks, map(ends_before.__getitem__, firsts)))
    ends = array("q", map(add, shifts, map(ends_before.__getitem__, islice(firsts, 1, None))))
    if max(ends, default=0) > size_bytes:
        raise Mp4Unreadable(f"Samples reach to byte {max(ends)} of a file of {size_bytes} bytes.")
    offsets = array("Q", map(add, islice(ends_before, len(sizes)), _repeated(shifts, counts)))
    runs = array("I", compress(firsts, map(ne, chunks, chain((-1,), ends))))
    return offsets, runs, used


def _chunks(buffer: bytes | memoryview, boxes: dict[bytes, Box], size_bytes: int) -> "array[int]":
    wide = b"co64" in boxes and b"stco" not in boxes
    table = boxes[b"co64"] if wide else need(boxes, b"stco")
    (entries,) = fields(">I", buffer, table, 4)
    chunks = numbers("Q" if wide else "I", buffer, table.start + 8, entries, table.end)
    if max(chunks, default=0) > size_bytes:
        raise Mp4Unreadable(f"A chunk begins at byte {max(chunks)} of a file of {size_bytes} bytes.")
    return chunks


def _chunk_counts(
    buffer: bytes | memoryview, stsc: Box, chunks: int, samples: int
) -> "tuple[array[int], frozenset[int]]":
    """How many samples each chunk holds, for as many chunks as have any; and the entries in use."""
    (entries,) = fields(">I", buffer, stsc, 4)
    table = numbers("I", buffer, stsc.start + 8, 3 * entries, stsc.end)
    firsts, per_chunk, used = table[::3], table[1::3], table[2::3]
    if not samples:
        return array("I"), frozenset()
    spans = array("q", (end - start for start, end in pairwise(chain(firsts, (chunks + 1,)))))
    if not entries or firsts[0] != 1 or min(spans) < 1 or not min(per_chunk):
        raise Mp4Unreadable("The list of chunks is not in order.")
    _enough(sum(map(mul, spans, per_chunk)), samples, "places")
    ends = list(islice(accumulate(_repeated(per_chunk, spans)), samples))
    held = bisect_left(ends, samples) + 1
    counts = array("I", islice(_repeated(per_chunk, spans), held))
    counts[-1] -= ends[held - 1] - samples
    return counts, frozenset(used)


def _enough(declared: int, samples: int, what: str) -> None:
    if declared < samples:
        raise Mp4Unreadable(f"{samples} samples have only {declared} {what}.")


def _repeated(values: Iterable[int], counts: Iterable[int]) -> Iterable[int]:
    """Each value as often as its count says, lazily: a lying count costs nothing until it is read."""
    return chain.from_iterable(map(repeat, values, counts))
