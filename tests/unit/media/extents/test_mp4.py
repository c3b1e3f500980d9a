"""An MP4 is whole when its index and all the media that this points to are there, whatever follows."""

import random
import struct

import pytest

from playhead.media.extents.extent import Extent, remarks_on
from playhead.media.extents.mp4 import mp4_extent
from playhead.media.mp4.boxes import box, full_box
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.reach import reach
from playhead.media.mp4.source import MemoryBytes
from tests.fixtures.mp4_files import fragmented_file, header, plain_file, segment
from tests.fixtures.mp4_surgery import poke, spans, take

TAILS = {
    "text": b"Recorded by a camera app, model 12, firmware 3.4.5",
    "three letters": b"abc",
    "a zero": bytes(1),
    "eight zeros": bytes(8),
    "many zeros": bytes(5000),
    "an APE tag": b"APETAGEX" + struct.pack("<4I", 2000, 64, 1, 0xA0000000) + bytes(40),
    "an ID3v1 tag": b"TAG" + b"Title".ljust(125, b"\0"),
    "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + random.Random(1).randbytes(900) + b"\xff\xd9",
    "a large free box": struct.pack(">I4s", 5_000_000, b"free"),
    "a vendor's box of 2 GB": struct.pack(">I4s", 0x7FFFFFFF, b"Abcd") + bytes(20),
    "a box of 2^63": struct.pack(">I4sQ", 1, b"skip", 2**63 - 1) + bytes(9),
    "an open box": struct.pack(">I4s", 0, b"vndr") + b"to the end",
    "half a 64-bit size": struct.pack(">I4s", 1, b"free"),
    "boxes of 3 bytes": struct.pack(">I4s", 3, b"free") * 3,
    "an mdat of 90 MB": struct.pack(">I4s", 90_000_000, b"mdat") + bytes(20),
    "a moov of 90 kB": struct.pack(">I4s", 90_000, b"moov") + bytes(20),
    "noise": random.Random(3).randbytes(4000),
}


def index_last() -> bytes:
    """The same file with its media first; its offsets are moved along."""
    data = plain_file()
    moov, mdat = take(data, "moov"), take(data, "mdat")
    moved = take(data, "ftyp") + mdat + moov
    for track in range(2):
        path = f"moov/trak:{track}/mdia/minf/stbl/stco"
        table = take(moved, path)
        offsets = struct.unpack_from(f">{(len(table) - 16) // 4}I", table, 16)
        moved = poke(moved, path, 8, *(offset - len(moov) for offset in offsets))
    return moved


WHOLE = {"index first": plain_file(), "index last": index_last(), "in fragments": fragmented_file()}


def extent(data: bytes) -> Extent | None:
    return mp4_extent(MemoryBytes(data))


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("kind", WHOLE)
def test_nothing_behind_the_last_box_makes_a_file_less_whole(kind: str, tail: str) -> None:
    data = WHOLE[kind] + TAILS[tail]

    found = extent(data)

    assert found is not None
    assert found.needed <= len(WHOLE[kind])
    assert (found.end, found.second) == (len(data), False)
    assert [len(track.samples) for track in read_movie(MemoryBytes(data)).tracks] == [
        len(track.samples) for track in read_movie(MemoryBytes(WHOLE[kind])).tracks
    ]


@pytest.mark.parametrize("size", [0, 90_000_000])
def test_the_size_of_the_media_box_is_not_believed(size: int) -> None:
    """Open to the end of the file, or far beyond: the index knows better."""
    data = bytearray(plain_file())
    at = spans(bytes(data), "mdat")[0][0]
    data[at : at + 4] = size.to_bytes(4, "big")

    found, cut = extent(bytes(data)), extent(bytes(data[:-300]))

    assert found is not None
    assert cut is not None
    assert found.needed <= len(data)
    assert cut.needed > len(data) - 300
    assert not cut.readable


def test_the_reach_is_where_the_last_sample_ends() -> None:
    data = plain_file()
    movie = read_movie(MemoryBytes(data))
    ends = [track.samples.offsets[-1] + track.samples.sizes[-1] for track in movie.tracks]

    assert reach(take(data, "moov")[8:]) == max(ends)


@pytest.mark.parametrize("keep", ["in the index", "in the media"])
def test_a_file_without_its_end_is_cut(keep: str) -> None:
    """And says how long it was; without index or size it cannot."""
    data = index_last()
    at = spans(data, "moov")[0][0]
    found = extent(data[: at + 20] if keep == "in the index" else data[: at - 100])

    assert found is not None
    assert (found.needed, found.readable) == (len(data) if keep == "in the index" else at, False)
    assert extent(take(data, "ftyp") + struct.pack(">I4s", 0, b"mdat") + bytes(40)) is None


@pytest.mark.parametrize("lost", [1, 21, 30, 100])
def test_a_torn_fragment_leaves_the_whole_ones(lost: int) -> None:
    """Torn in its media or in its index: what is read ends with the last sample that is whole."""
    data = fragmented_file()[:-lost]

    found = extent(data)
    samples = read_movie(MemoryBytes(data)).tracks[0].samples

    assert found is not None
    assert found.needed > len(data)
    assert found.readable
    assert found.end == samples.offsets[-1] + samples.sizes[-1]
    assert "is cut off" in remarks_on(found, len(data), 1.0)[0]


@pytest.mark.parametrize("wide", [False, True])
def test_a_segment_index_tells_of_fragments_that_are_missing(wide: bool) -> None:
    """A download that ended between two fragments; nothing else in the file says so."""
    parts = [segment([10, 3, 4, 5], 2048 * index) for index in range(3)]
    rows = b"".join(struct.pack(">III", len(part), 2048, 0x90000000) for part in parts)
    head = struct.pack(">IIQQHH" if wide else ">IIIIHH", 1, 15360, 0, 0, 0, len(parts))
    start = header("video") + full_box(b"sidx", int(wide), 0, head, rows)

    whole, cut = extent(start + b"".join(parts)), extent(start + b"".join(parts[:2]))

    assert whole is not None
    assert cut is not None
    assert whole.needed == len(start) + sum(map(len, parts))
    assert (cut.needed, cut.readable) == (whole.needed, True)


def test_a_recording_without_one_whole_frame_is_cut() -> None:
    found = extent(header("video") + segment([10, 3], 0)[:-13])

    assert found is not None
    assert not found.readable


@pytest.mark.parametrize("first", WHOLE)
@pytest.mark.parametrize("second", WHOLE)
@pytest.mark.parametrize("lost", [0, 30])
def test_a_second_movie_is_found_and_left_alone(first: str, second: str, lost: int) -> None:
    """Whole or cut off: the first is read as if it was alone."""
    other = {**WHOLE, "in fragments": header("video", "audio") + segment([1, 2, 3, 40], 0)}[second]
    data = WHOLE[first] + other[: len(other) - lost]

    found = extent(data)

    assert found is not None
    assert (found.end, found.second) == (len(WHOLE[first]), True)
    assert found.needed <= len(WHOLE[first])
    assert read_movie(MemoryBytes(data)).duration_s == read_movie(MemoryBytes(WHOLE[first])).duration_s
    assert remarks_on(found, len(data), 2.0) == (
        f"Behind the first recording (2.0 s, {len(WHOLE[first]) / 1000:.1f} kB) there is a second one of "
        f"{_size(len(data) - found.end)}, which is not read; split the file to use it.",
    )


def _size(size: int) -> str:
    return f"{size / 1000:.1f} kB" if size >= 1000 else f"{size} bytes"


def test_segments_that_each_bring_the_same_head_are_one_movie() -> None:
    """As after a download of HLS with an init before every segment."""
    data = b"".join(header("video") + segment([10, 3, 4, 5], 2048 * index) for index in range(3))

    found = extent(data)

    assert found is not None
    assert not found.second
    assert len(read_movie(MemoryBytes(data)).tracks[0].samples) == 12


def test_media_that_the_index_does_not_use_is_not_a_second_movie() -> None:
    found = extent(plain_file() + box(b"mdat", bytes(50)) + box(b"free"))

    assert found is not None
    assert not found.second
