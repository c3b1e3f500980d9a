"""Sample tables: what they expand to, and what is refused before memory is given to it."""

import struct
import tracemalloc

import pytest

from playhead.media.mp4.boxes import Box, Mp4Unreadable, box, full_box
from playhead.media.mp4.movie import Samples
from playhead.media.mp4.tables import read_blocks, read_samples

U = 0xFFFFFFFF


def stts(*pairs: int) -> bytes:
    return full_box(b"stts", 0, 0, struct.pack(f">I{len(pairs)}I", len(pairs) // 2, *pairs))


def ctts(*pairs: int, version: int = 0) -> bytes:
    return full_box(b"ctts", version, 0, struct.pack(f">I{len(pairs)}i", len(pairs) // 2, *pairs))


def stsc(*rows: int) -> bytes:
    return full_box(b"stsc", 0, 0, struct.pack(f">I{len(rows)}I", len(rows) // 3, *rows))


def stss(*numbers: int) -> bytes:
    return full_box(b"stss", 0, 0, struct.pack(f">I{len(numbers)}I", len(numbers), *numbers))


def stsz(*sizes: int) -> bytes:
    return full_box(b"stsz", 0, 0, struct.pack(f">II{len(sizes)}I", 0, len(sizes), *sizes))


def fixed(size: int, count: int) -> bytes:
    return full_box(b"stsz", 0, 0, struct.pack(">II", size, count))


def compact(width: int, count: int, packed: bytes) -> bytes:
    return full_box(b"stz2", 0, 0, struct.pack(">II", width, count), packed)


def stco(*offsets: int) -> bytes:
    return full_box(b"stco", 0, 0, struct.pack(f">I{len(offsets)}I", len(offsets), *offsets))


def co64(*offsets: int) -> bytes:
    return full_box(b"co64", 0, 0, struct.pack(f">I{len(offsets)}Q", len(offsets), *offsets))


def read(*tables: bytes, size_bytes: int = 1000, budget: int = 100) -> tuple[Samples, frozenset[int]]:
    content = box(b"stbl", *tables)
    return read_samples(content, Box(b"stbl", 8, len(content)), size_bytes=size_bytes, budget=budget)


FIVE = (stsz(1, 2, 3, 4, 5), stts(5, 10))
ONE_CHUNK = (stsc(1, 5, 1), stco(100))


def test_samples_of_one_chunk_lie_side_by_side() -> None:
    samples, used = read(*FIVE, *ONE_CHUNK)

    assert list(samples.sizes) == [1, 2, 3, 4, 5]
    assert list(samples.offsets) == [100, 101, 103, 106, 110]
    assert list(samples.dts) == [0, 10, 20, 30, 40, 50]
    assert (samples.cts, samples.sync, list(samples.runs), used) == (None, None, [0], frozenset({1}))


CHUNKS = [
    ("a chunk for each sample", stsc(1, 1, 1), stco(10, 20, 30, 40, 50), [10, 20, 30, 40, 50], [0, 1, 2, 3, 4]),
    ("counts that change", stsc(1, 2, 1, 2, 1, 1, 3, 2, 1), stco(500, 100, 300), [500, 501, 100, 300, 304], [0, 2, 3]),
    ("chunks that touch are one run", stsc(1, 2, 1, 3, 1, 1), stco(10, 13, 500), [10, 11, 13, 16, 500], [0, 4]),
    ("64-bit offsets", stsc(1, 5, 1), co64(800), [800, 801, 803, 806, 810], [0]),
    ("a last chunk with room for more", stsc(1, 3, 1), stco(100, 200), [100, 101, 103, 200, 204], [0, 3]),
    ("chunks without samples", stsc(1, 5, 1), stco(100, 200, 300), [100, 101, 103, 106, 110], [0]),
]


@pytest.mark.parametrize(
    ("places", "chunks", "offsets", "runs"), [case[1:] for case in CHUNKS], ids=[c[0] for c in CHUNKS]
)
def test_where_samples_lie(places: bytes, chunks: bytes, offsets: list[int], runs: list[int]) -> None:
    samples, _ = read(*FIVE, places, chunks)

    assert list(samples.offsets) == offsets
    assert list(samples.runs) == runs


def test_all_entries_in_use_are_told() -> None:
    assert read(*FIVE, stsc(1, 4, 1, 2, 1, 2), stco(100, 200))[1] == {1, 2}


@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [
        (fixed(7, 5), [7, 7, 7, 7, 7]),
        (compact(4, 5, b"\x12\x34\x50"), [1, 2, 3, 4, 5]),
        (compact(8, 5, b"\x01\x02\x03\x04\xff"), [1, 2, 3, 4, 255]),
        (compact(16, 5, b"\0\x01\0\x02\0\x03\0\x04\x01\0"), [1, 2, 3, 4, 256]),
    ],
)
def test_sizes_in_every_form(sizes: bytes, wanted: list[int]) -> None:
    assert list(read(sizes, stts(5, 1), *ONE_CHUNK)[0].sizes) == wanted


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (ctts(1, 20, 2, 0, 2, 10), [20, 0, 0, 10, 10]),
        (ctts(1, 20, 1, -5, 3, 0, version=1), [20, -5, 0, 0, 0]),
        (ctts(5, -1), [-1] * 5),
        (ctts(2, 3), [3, 3, 0, 0, 0]),
        (ctts(9, 3), [3] * 5),
        (ctts(5, 0), None),
        (ctts(), None),
    ],
)
def test_composition_offsets(table: bytes, wanted: list[int] | None) -> None:
    """They are signed in both versions; what the table leaves out has none."""
    cts = read(*FIVE, *ONE_CHUNK, table)[0].cts

    assert (None if cts is None else list(cts)) == wanted


@pytest.mark.parametrize(("table", "wanted"), [(stss(1, 4), [0, 3]), (stss(1, 2, 3, 4, 5), None), (stss(), [])])
def test_sync_samples(table: bytes, wanted: list[int] | None) -> None:
    sync = read(*FIVE, *ONE_CHUNK, table)[0].sync

    assert (None if sync is None else list(sync)) == wanted


def test_a_track_without_samples_is_none_the_worse() -> None:
    samples, used = read(stsz(), stts(), stsc(), stco())

    assert (len(samples), list(samples.dts), list(samples.runs), used) == (0, [0], [], frozenset())


LIES = {
    "more samples than are read": (fixed(1, 101), stts(101, 1), stsc(1, 101, 1), stco(0)),
    "2^32 - 1 samples of no size": (fixed(0, U), stts(U, 1), stsc(1, U, 1), stco(0)),
    "more samples than bytes": (fixed(100, 99), stts(99, 1), stsc(1, 99, 1), stco(0)),
    "sizes that are not there": (full_box(b"stsz", 0, 0, struct.pack(">II", 0, 90)), stts(90, 1), *ONE_CHUNK),
    "sizes of 5 bits": (compact(5, 5, bytes(9)), stts(5, 1), *ONE_CHUNK),
    "no sizes": (stts(5, 1), *ONE_CHUNK),
    "a table shorter than its head": (box(b"stsz", bytes(6)), stts(5, 1), *ONE_CHUNK),
    "too few durations": (stsz(1, 2), stts(1, 5), *ONE_CHUNK),
    "a negative duration": (stsz(1, 2), stts(1, 5, 1, U), *ONE_CHUNK),
    "durations beyond any clock": (*FIVE[:1], stts(U, 1 << 30, U, 1 << 30), *ONE_CHUNK),
    "more durations than bytes": (FIVE[0], full_box(b"stts", 0, 0, struct.pack(">III", 1 << 30, 5, 5)), *ONE_CHUNK),
    "too few places": (*FIVE, stsc(1, 2, 1), stco(1, 2)),
    "no chunk at all": (*FIVE, stsc(), stco()),
    "chunks out of order": (*FIVE, stsc(1, 1, 1, 3, 1, 1, 2, 1, 1), stco(1, 2, 3, 4, 5)),
    "chunks from the second on": (*FIVE, stsc(2, 5, 1), stco(1, 2)),
    "chunks past the last": (*FIVE, stsc(1, 5, 1, 9, 5, 1), stco(1, 2)),
    "empty chunks": (*FIVE, stsc(1, 0, 1, 2, 5, 1), stco(1, 2)),
    "a chunk past the end": (*FIVE, stsc(1, 5, 1), stco(1001)),
    "a chunk beyond 63 bits": (*FIVE, stsc(1, 5, 1), co64((1 << 64) - 1)),
    "a sample that reaches over the end": (*FIVE, stsc(1, 5, 1), stco(986)),
    "a sync sample 0": (*FIVE, *ONE_CHUNK, stss(0, 1)),
    "a sync sample past the last": (*FIVE, *ONE_CHUNK, stss(1, 6)),
    "sync samples out of order": (*FIVE, *ONE_CHUNK, stss(1, 4, 3, 5)),
    "sync samples twice": (*FIVE, *ONE_CHUNK, stss(1, 1)),
}


@pytest.mark.parametrize("name", LIES)
def test_a_table_that_lies_is_refused_at_once(name: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Mp4Unreadable):
            read(*LIES[name])
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_the_last_byte_of_the_file_may_be_a_sample() -> None:
    assert read(*FIVE, stsc(1, 5, 1), stco(985))[0].offsets[-1] == 995


def blocks(*tables: bytes, frame_bytes: int = 4, budget: int = 100) -> Samples | None:
    content = box(b"stbl", *tables)
    stbl = Box(b"stbl", 8, len(content))
    found = read_blocks(content, stbl, frame_bytes=frame_bytes, size_bytes=1000, budget=budget)
    return found and found[0]


@pytest.mark.parametrize("told", [1, 4])
def test_chunks_of_uncompressed_sound_are_samples(told: int) -> None:
    """The size of a sample is QuickTime's 1 or the truth."""
    samples = blocks(fixed(told, 50), stts(50, 1), stsc(1, 20, 1), stco(100, 180, 500))

    assert samples is not None
    assert (list(samples.sizes), list(samples.offsets)) == ([80, 80, 40], [100, 180, 500])
    assert (list(samples.dts), list(samples.runs)) == ([0, 20, 40, 50], [0, 2])


@pytest.mark.parametrize(
    "tables",
    [
        (stsz(1, 2), stts(2, 1), stsc(1, 2, 1), stco(0)),
        (fixed(1, 2), stts(1, 1, 1, 2), stsc(1, 2, 1), stco(0)),
        (fixed(1, 0), stts(), stsc(), stco()),
    ],
)
def test_other_tables_are_read_sample_by_sample(tables: tuple[bytes, ...]) -> None:
    assert blocks(*tables) is None


@pytest.mark.parametrize(
    "tables",
    [
        (fixed(1, 500), stts(500, 1), stsc(1, 500, 1), stco(0)),
        (fixed(1, U), stts(U, 1), stsc(1, U, 1), stco(0)),
        (fixed(1, 50), stts(50, 1), stsc(1, 20, 1), stco(0, 80, 961)),
        (fixed(1, 101), stts(101, 1), stsc(1, 1, 1), stco(*[0] * 101)),
    ],
    ids=["past the end", "far past the end", "the last past the end", "too many chunks"],
)
def test_uncompressed_sound_that_lies_is_refused(tables: tuple[bytes, ...]) -> None:
    with pytest.raises(Mp4Unreadable):
        blocks(*tables)
