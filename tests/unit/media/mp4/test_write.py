"""What is written is read again: any tables, any edit, any colour."""

from array import array
from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, need, walk
from playhead.media.mp4.entries import read_entry, with_colour
from playhead.media.mp4.index import movie_of, read_movie
from playhead.media.mp4.movie import BT709, Colour, Edit, Movie
from playhead.media.mp4.presentation import shown
from playhead.media.mp4.source import MemoryBytes
from playhead.media.mp4.write import (
    TrackTables,
    faststart_header,
    init_segment,
    joined,
    mdat_header,
    movie_box,
    runs_of,
    tables_of,
)
from playhead.media.orientation import UPRIGHT
from tests.fixtures.examples import examples
from tests.fixtures.mp4_files import AVC_ENTRY, picture_tables, plain_file, sound_tables


@st.composite
def tables(draw: st.DrawFn) -> TrackTables:
    """A track of any shape: chunks lie anywhere, with or without gaps between them."""
    sizes = draw(st.lists(st.integers(0, 300), min_size=1, max_size=40))
    counts: list[int] = []
    while sum(counts) < len(sizes):
        counts.append(draw(st.integers(1, min(5, len(sizes) - sum(counts)))))
    firsts = [0, *accumulate(counts)]
    lengths = [sum(sizes[start:end]) for start, end in pairwise(firsts)]
    gaps = draw(st.lists(st.sampled_from([0, 0, 1, 99]), min_size=len(counts), max_size=len(counts)))
    offsets = [sum(lengths[:index]) + sum(gaps[: index + 1]) for index in range(len(counts))]
    durations = draw(st.lists(st.integers(0, 90_000), min_size=len(sizes), max_size=len(sizes)))
    shifts = draw(st.lists(st.integers(-90_000, 90_000), min_size=len(sizes), max_size=len(sizes)))
    return TrackTables(
        kind="video",
        timescale=draw(st.sampled_from([1, 600, 15360, 90_000, 1_000_000])),
        entry=AVC_ENTRY,
        durations=runs_of(durations),
        sizes=array("I", sizes),
        chunk_offsets=array("Q", offsets),
        chunk_counts=array("I", counts),
        shifts=draw(st.sampled_from([runs_of(shifts), []])),
        sync=draw(st.sampled_from([None, array("I", range(0, len(sizes), 3))])),
        media_time=draw(st.integers(0, 1 << 40)),
        duration=draw(st.integers(0, 1 << 40)),
        delay=draw(st.integers(0, 1 << 33)),
        width=draw(st.integers(0, 8192)),
        height=draw(st.integers(0, 8192)),
        language=draw(st.sampled_from(["und", "deu", "eng"])),
    )


@examples(60)
@given(st.lists(tables(), min_size=1, max_size=3))
def test_tables_come_back_as_they_were(tracks: list[TrackTables]) -> None:
    media = 60_000
    head = faststart_header(tracks, media)

    movie = read_movie(MemoryBytes(head + bytes(media)))

    assert movie.faststart
    for told, found in zip(tracks, movie.tracks, strict=True):
        samples = found.samples
        durations = [delta for count, delta in told.durations for _ in range(count)]
        assert list(samples.sizes) == list(told.sizes)
        assert list(samples.dts) == list(accumulate(durations, initial=0))
        shifts = [shift for count, shift in told.shifts for _ in range(count)]
        assert list(samples.cts or [0] * len(samples)) == (shifts or [0] * len(samples))
        sync = list(range(len(samples))) if told.sync is None else list(told.sync)
        assert (list(range(len(samples))) if samples.sync is None else list(samples.sync)) == sync
        assert [samples.offsets[first] - len(head) for first in accumulate(told.chunk_counts[:-1], initial=0)] == list(
            told.chunk_offsets
        )
        assert (found.timescale, found.language, found.media_time) == (told.timescale, told.language, told.media_time)
        assert (found.entry.raw, found.orientation) == (AVC_ENTRY, UPRIGHT)


def written(*tracks: TrackTables) -> Movie:
    media = 10_000
    return read_movie(MemoryBytes(faststart_header(tracks, media) + bytes(media)))


def test_edits_are_exact_in_the_movies_time() -> None:
    """30000/1001 frames a second and sound at 44.1 kHz have one timescale in which both are whole."""
    picture, sound = picture_tables(), sound_tables()
    picture.timescale, picture.duration = 30_000, 12 * 1001
    sound.timescale, sound.delay = 44_100, 441

    movie = written(picture, sound)

    first, second = movie.tracks
    assert [(Fraction(edit.duration, movie.timescale), edit.media_time) for edit in first.edits] == [
        (Fraction(12 * 1001, 30_000), 1024)
    ]
    assert [(Fraction(edit.duration, movie.timescale), edit.media_time) for edit in second.edits] == [
        (Fraction(441, 44_100), -1),
        (Fraction(1024 * 17, 44_100), 1024),
    ]
    assert Fraction(movie.header_duration, movie.timescale) == max(
        Fraction(12 * 1001, 30_000), Fraction(441 + 1024 * 17, 44_100)
    )


def test_offsets_above_4_gib_take_64_bits() -> None:
    far = picture_tables()
    far.chunk_offsets[-1] = 5 << 30
    size = 6 << 30

    head = faststart_header([far], size)

    top = list(walk(head[:-16]))
    movie = movie_of(head[top[1].start : top[1].end], size_bytes=size + len(head), moov_offset=len(head))
    assert movie.tracks[0].samples.offsets[8] == len(head) + (5 << 30)
    assert head[-16:] == mdat_header(size)


@pytest.mark.parametrize(("size", "length"), [(0, 8), ((1 << 32) - 9, 8), ((1 << 32) - 8, 16)])
def test_the_header_of_the_media_grows_at_4_gib(size: int, length: int) -> None:
    assert len(mdat_header(size)) == length


def test_the_length_of_an_index_does_not_depend_on_where_the_media_lies() -> None:
    tracks = [picture_tables(), sound_tables()]

    assert len({len(movie_box(tracks, media_start=start, wide=True)) for start in (0, 99, 1 << 40)}) == 1


def test_a_file_that_was_read_is_written_again_byte_for_byte() -> None:
    original = plain_file()
    movie = read_movie(MemoryBytes(original))
    tracks = [tables_of(track, shown(movie, track)) for track in movie.tracks]
    media = 600
    start = len(original) - media
    for track in tracks:
        track.chunk_offsets = array("Q", (offset - start for offset in track.chunk_offsets))

    again = read_movie(MemoryBytes(faststart_header(tracks, media) + bytes(media)))

    assert [track.samples for track in again.tracks] == [track.samples for track in movie.tracks]
    assert [track.edits for track in again.tracks] == [track.edits for track in movie.tracks]
    assert [track.entries for track in again.tracks] == [track.entries for track in movie.tracks]


def test_an_init_segment_has_tracks_and_no_samples() -> None:
    movie = read_movie(MemoryBytes(init_segment([picture_tables(), sound_tables()])))

    assert movie.fragmented
    assert [(track.kind, len(track.samples), track.entry.fourcc) for track in movie.tracks] == [
        ("video", 0, "avc1"),
        ("audio", 0, "mp4a"),
    ]


@pytest.mark.parametrize("colour", [BT709, Colour(9, 16, 9, full_range=True)])
def test_a_colour_replaces_the_one_before(colour: Colour) -> None:
    once = with_colour(AVC_ENTRY, colour)

    entry = read_entry(with_colour(with_colour(AVC_ENTRY, Colour(5, 6, 5)), colour), "video")

    assert entry.raw == once
    assert (entry.colour, entry.config) == (colour, read_entry(AVC_ENTRY, "video").config)


def test_a_colour_needs_a_whole_entry() -> None:
    with pytest.raises(Mp4Unreadable):
        with_colour(AVC_ENTRY[:60], BT709)


def test_the_same_tables_give_the_same_bytes() -> None:
    assert plain_file() == plain_file()


@pytest.mark.parametrize(
    ("values", "runs"), [([], []), ([5], [(1, 5)]), ([0, 0, 1, 0], [(2, 0), (1, 1), (1, 0)]), ([-1, -1], [(2, -1)])]
)
def test_runs_of_equal_values(values: list[int], runs: list[tuple[int, int]]) -> None:
    assert runs_of(values) == runs


def test_runs_are_joined() -> None:
    assert joined([(1, 5), (2, 5), (0, 7), (3, 5), (1, 6)]) == [(6, 5), (1, 6)]


def test_sound_is_marked_as_sound() -> None:
    """Volume and a header of its own: some players go by these."""
    index = movie_box([sound_tables()])
    moov = children(index, Box(b"", 0, len(index)))[b"moov"]
    minf = need(children(index, need(children(index, need(children(index, moov), b"trak")), b"mdia")), b"minf")

    assert b"smhd" in children(index, minf)


def test_edits_are_read_in_order() -> None:
    late = picture_tables()
    late.delay = 7680

    assert written(late).tracks[0].edits == [Edit(7680, -1), Edit(12 * 512, 1024)]
