"""Fragments: the same tables as of a plain file, as far as samples are whole, and no further than is true."""

import struct
import tracemalloc
from fractions import Fraction

import pytest

from playhead.media.mp4.boxes import Mp4Unreadable, box, full_box
from playhead.media.mp4.index import read_joined, read_movie
from playhead.media.mp4.movie import Movie, Samples
from playhead.media.mp4.source import JoinedBytes, MemoryBytes
from tests.fixtures.mp4_files import fragmented_file, header, segment, track_fragment

U = 0xFFFFFFFF


def read(content: bytes) -> Movie:
    return read_movie(MemoryBytes(content))


def pictures(content: bytes) -> Samples:
    return read(content).tracks[0].samples


def test_fragments_become_tables() -> None:
    content = fragmented_file()
    samples = pictures(content)

    assert list(samples.sizes) == [10, 3, 4, 5] * 3
    assert list(samples.dts) == list(range(0, 13 * 512, 512))
    assert samples.sync is not None
    assert list(samples.sync) == [0, 4, 8]
    assert list(samples.runs) == [0, 4, 8]
    assert samples.cts is None
    for index in range(12):
        start = samples.offsets[index]
        assert content[start : start + samples.sizes[index]] == bytes([index % 4]) * samples.sizes[index]


def test_a_cut_leaves_the_samples_that_are_whole() -> None:
    whole = fragmented_file()
    lengths = {len(pictures(whole[: len(whole) - lost]).sizes) for lost in range(30)}

    assert len(pictures(whole)) == 12
    assert [len(pictures(whole[: len(whole) - lost])) for lost in (0, 1, 5, 6, 9, 10, 12, 13, 22, 30)] == [
        12, 11, 11, 10, 10, 9, 9, 8, 8, 8,
    ]  # fmt: skip
    assert lengths == {8, 9, 10, 11, 12}


def test_what_was_torn_at_the_end_is_ignored() -> None:
    assert len(pictures(fragmented_file() + b"\0\0\0\3junk" + bytes(99))) == 12
    assert len(pictures(fragmented_file() + bytes(4096))) == 12


def test_a_gap_lets_the_sample_before_it_last() -> None:
    samples = pictures(header("video") + segment([1, 1], 0) + segment([1, 1], 5000))

    assert list(samples.dts) == [0, 512, 5000, 5512, 6024]


def test_a_clock_that_goes_back_a_little_runs_on() -> None:
    """By less than 0.1 s: the next fragment begins where the last sample ends."""
    content = header("video") + segment([1, 1, 1], 9000) + segment([1, 1], 9000)

    assert list(pictures(content).dts) == [9000, 9512, 10_024, 10_536, 11_048, 11_560]
    assert read(content).jumps == []


JUMPS = [
    # name, decode time of the second part, of the third, jumps in seconds
    ("back to the start", 0, 4608, [Fraction(-3, 10)]),
    ("on by 5000 s", 5000 * 15_360, 5000 * 15_360 + 4608, [5000 - Fraction(3, 10)]),
    ("back twice", 0, 0, [Fraction(-3, 10), Fraction(-3, 10)]),
    ("on and back", 5000 * 15_360, 4608 * 2, [5000 - Fraction(3, 10), Fraction(3, 10) - 5000]),
]


@pytest.mark.parametrize(("second", "third", "jumps"), [row[1:] for row in JUMPS], ids=[row[0] for row in JUMPS])
def test_a_clock_that_jumps_is_read_on_without_a_gap(second: int, third: int, jumps: list[Fraction]) -> None:
    parts = [segment([1] * 9, time) for time in (0, second, third)]

    movie = read(header("video") + b"".join(parts))

    assert list(movie.tracks[0].samples.dts[:19]) == list(range(0, 19 * 512, 512))
    assert [jump.by_s for jump in movie.jumps] == jumps
    assert movie.jumps[0].at_s == Fraction(9 * 512, 15_360)


def test_a_gap_of_less_than_ten_seconds_stays() -> None:
    movie = read(header("video") + segment([1], 0) + segment([1], 9 * 15_360))

    assert list(movie.tracks[0].samples.dts) == [0, 9 * 15_360, 9 * 15_360 + 512]
    assert movie.jumps == []


def test_a_track_that_waits_for_another_has_not_jumped() -> None:
    """Its next fragment is 20 s away, but sound has been there all along."""
    sounds = [segment([1] * 100, 102_400 * place, number=2, duration=1024) for place in range(10)]

    movie = read(header("video", "audio") + segment([1], 0) + b"".join(sounds) + segment([1], 20 * 15_360))

    assert list(movie.tracks[0].samples.dts) == [0, 20 * 15_360, 20 * 15_360 + 512]
    assert movie.jumps == []


LATE = [
    # name, seconds by which the second part's pictures and sound begin late, sound first
    ("both at once", 0, 0, False),
    ("pictures late", 1, 0, False),
    ("sound late", 0, 1, False),
    ("pictures late, sound first", 1, 0, True),
    ("sound late, sound first", 0, 1, True),
]


@pytest.mark.parametrize(("seen", "heard", "first"), [row[1:] for row in LATE], ids=[row[0] for row in LATE])
@pytest.mark.parametrize("far", [0, 5000])
def test_all_tracks_move_by_the_same_time(seen: int, heard: int, *, first: bool, far: int) -> None:
    """Behind the longer of the two, and as far from each other as they are in their part."""
    start = header("video", "audio") + segment([1] * 60, 0) + segment([1] * 94, 0, number=2, duration=1024)
    more = [
        segment([1] * 60, (far + seen) * 15_360),
        segment([1] * 94, (far + heard) * 48_000, number=2, duration=1024),
    ]

    movie = read(start + b"".join(reversed(more) if first else more))

    video, audio = movie.tracks
    end_s = Fraction(94 * 1024, 48_000)  # of the sound, the longer track
    assert Fraction(video.samples.dts[60], 15_360) == pytest.approx(end_s + seen, abs=1 / 15_360)
    assert Fraction(audio.samples.dts[94], 48_000) == pytest.approx(end_s + heard, abs=1 / 48_000)
    assert len(movie.jumps) == 1
    assert movie.jumps[0].at_s == pytest.approx(end_s, abs=1 / 15_360)


def test_a_track_that_begins_after_a_jump_moves_with_the_others() -> None:
    content = header("video", "audio") + segment([1] * 30, 0) + segment([1] * 30, 0)

    movie = read(content + segment([1], 0, number=2, duration=1024))

    assert list(movie.tracks[1].samples.dts) == [48_000, 49_024]


@pytest.mark.parametrize(("behind", "frames"), [(header("video"), 60), (header("audio", "video"), 30)])
def test_a_second_recording_is_read_on_with_if_its_header_is_the_same(behind: bytes, frames: int) -> None:
    movie = read(header("video") + segment([1] * 30, 0) + behind + segment([1] * 30, 0))

    assert len(movie.tracks[0].samples) == frames
    assert len(movie.jumps) == (frames == 60)


def test_a_clock_that_jumps_all_the_time_is_refused() -> None:
    content = header("video") + b"".join(segment([1] * 9, 20 * 15_360 * (place % 2)) for place in range(1002))

    with pytest.raises(Mp4Unreadable, match="jump"):
        read(content)


def fragment(tfhd: bytes, *runs: bytes) -> bytes:
    return box(b"moof", box(b"traf", tfhd, *runs)) + box(b"mdat", bytes(100))


def test_defaults_stand_in_for_columns() -> None:
    tfhd = full_box(b"tfhd", 0, 0x20038, struct.pack(">IIII", 1, 700, 9, 0x1010000))
    run = full_box(b"trun", 0, 5, struct.pack(">IiI", 3, 92, 0x2000000))

    samples = pictures(header("video") + fragment(tfhd, run))

    assert (list(samples.sizes), list(samples.dts)) == ([9, 9, 9], [0, 700, 1400, 2100])
    assert samples.sync is not None
    assert list(samples.sync) == [0]


def test_offsets_count_from_where_the_header_says() -> None:
    start = len(header("video"))
    absolute = full_box(b"tfhd", 0, 0x11, struct.pack(">IQI", 1, start + 8, 4))
    run = full_box(b"trun", 0, 1, struct.pack(">Ii", 2, 3))
    following = full_box(b"trun", 0, 0, struct.pack(">I", 2))

    samples = pictures(header("video") + fragment(absolute, run, following))

    assert list(samples.offsets) == [start + 11, start + 15, start + 19, start + 23]


def test_without_a_base_a_track_follows_the_one_before() -> None:
    first = box(
        b"traf",
        full_box(b"tfhd", 0, 0x10, struct.pack(">II", 1, 4)),
        full_box(b"trun", 0, 1, struct.pack(">Ii", 2, 0)),
    )
    second = box(
        b"traf",
        full_box(b"tfhd", 0, 0x10, struct.pack(">II", 2, 5)),
        full_box(b"trun", 0, 0, struct.pack(">I", 2)),
    )
    head = header("video", "audio")

    movie = read(head + box(b"moof", first, second) + box(b"mdat", bytes(99)))

    assert list(movie.tracks[0].samples.offsets) == [len(head), len(head) + 4]
    assert list(movie.tracks[1].samples.offsets) == [len(head) + 8, len(head) + 13]


def test_segments_in_files_of_their_own_are_one_movie() -> None:
    """A segment that was cut short ends its track; nothing behind it would follow on."""
    parts = [header("video"), segment([10, 10], 0), segment([10, 10], 1024), segment([10, 10], 2048)]
    whole = read_joined(JoinedBytes([MemoryBytes(part) for part in parts]))
    parts[2] = parts[2][:-5]
    cut = read_joined(JoinedBytes([MemoryBytes(part) for part in parts]))

    assert len(whole.tracks[0].samples) == 6
    assert len(cut.tracks[0].samples) == 3


PLAIN = full_box(b"tfhd", 0, 0x20000, struct.pack(">I", 1))
SIZED = full_box(b"tfhd", 0, 0x20010, struct.pack(">II", 1, 1))

LIES = {
    "samples without a byte": fragment(PLAIN, full_box(b"trun", 0, 0, struct.pack(">I", 5))),
    "2^32 - 1 samples of 1 byte": fragment(SIZED, full_box(b"trun", 0, 0, struct.pack(">I", U))),
    "more rows than bytes": fragment(PLAIN, full_box(b"trun", 0, 0x200, struct.pack(">II", 5000, 1))),
    "media before the file": fragment(PLAIN, full_box(b"trun", 0, 0x201, struct.pack(">IiI", 1, -9999, 1))),
    "a time beyond any clock": fragment(PLAIN, full_box(b"tfdt", 1, 0, struct.pack(">Q", 1 << 63))),
    "no header": box(b"moof", box(b"traf", full_box(b"trun", 0, 0, bytes(4)))),
    "a run that is cut short": fragment(PLAIN, full_box(b"trun", 0, 5, struct.pack(">I", 1))),
    "two months": fragment(PLAIN, full_box(b"trun", 0, 0x300, struct.pack(">5I", 2, U, 1, U, 1)) * 40),
    "the same bytes again and again": fragment(SIZED, full_box(b"trun", 0, 1, struct.pack(">Ii", 90, 0)) * 40),
}


@pytest.mark.parametrize("name", LIES)
def test_a_fragment_that_lies_is_refused_at_once(name: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Mp4Unreadable):
            read(header("video") + LIES[name])
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_fragments_of_unknown_tracks_are_left_out() -> None:
    stranger = box(b"moof", track_fragment(9, 0, full_box(b"trun", 0, 0x200, struct.pack(">II", 1, 4))))

    assert len(pictures(fragmented_file() + stranger)) == 12
