"""Fragments become a plain file: the same bytes in the same order, and one clock for all tracks."""

from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.mp4 import copying
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.defragment import defragment
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.source import FileBytes
from tests.fixtures.mp4_files import fragmented_file, header, plain_file, segment


def made(tmp_path: Path, *parts: bytes) -> Movie:
    """Defragment files with these contents and read what comes out."""
    paths = []
    for index, part in enumerate(parts):
        paths.append(tmp_path / f"{index}.m4s")
        paths[-1].write_bytes(part)
    defragment(paths if len(paths) > 1 else paths[0], tmp_path / "out.mp4")
    with FileBytes(tmp_path / "out.mp4") as source:
        return read_movie(source)


def media(tmp_path: Path, track: Track) -> list[bytes]:
    content = (tmp_path / "out.mp4").read_bytes()
    spans = zip(track.samples.offsets, track.samples.sizes, strict=True)
    return [content[offset : offset + size] for offset, size in spans]


@pytest.mark.parametrize("joined", [False, True])
def test_samples_keep_their_bytes(tmp_path: Path, joined: bool) -> None:
    parts = [header("video"), *(segment([10, 3, 4, 5], 2048 * index) for index in range(3))]
    movie = made(tmp_path, *(parts if joined else [fragmented_file()]))

    assert (movie.faststart, movie.fragmented) == (True, False)
    assert media(tmp_path, movie.tracks[0]) == [bytes([index % 4]) * (10, 3, 4, 5)[index % 4] for index in range(12)]
    assert list(movie.tracks[0].samples.sync or ()) == [0, 4, 8]
    assert movie.tracks[0].duration == Fraction(12, 30)


def test_nothing_but_samples_is_kept(tmp_path: Path) -> None:
    made(tmp_path, fragmented_file())

    head = (tmp_path / "out.mp4").read_bytes().index(b"mdat") + 4
    assert (tmp_path / "out.mp4").stat().st_size == head + 3 * 22


def test_a_recording_that_was_cut_off_ends_with_its_last_whole_sample(tmp_path: Path) -> None:
    assert len(made(tmp_path, fragmented_file()[:-7]).tracks[0].samples) == 10


def presented(movie: Movie) -> list[list[tuple[Fraction, int]]]:
    """Every track's edits, in seconds."""
    return [
        [(Fraction(edit.duration, movie.timescale), edit.media_time) for edit in track.edits] for track in movie.tracks
    ]


SCALE = 15360


@pytest.mark.parametrize(
    ("picture", "sound", "edits"),
    [
        (0, 0, [[(Fraction(1), 0)], [(Fraction(1), 0)]]),
        (90_000 * SCALE, 90_000 * 48_000, [[(Fraction(1), 0)], [(Fraction(1), 0)]]),
        (SCALE // 10, 0, [[(Fraction(1), 0)], [(Fraction(9, 10), 4800)]]),
        (0, 4800, [[(Fraction(1), 0)], [(Fraction(1, 10), -1), (Fraction(1), 0)]]),
        (SCALE, 0, [[(Fraction(1), -1), (Fraction(1), 0)], [(Fraction(1), 0)]]),
    ],
    ids=["together", "late on the clock", "sound a little early", "sound late", "sound much earlier"],
)
def test_tracks_stay_in_time_with_each_other(
    tmp_path: Path, picture: int, sound: int, edits: list[list[tuple[Fraction, int]]]
) -> None:
    """A short head of sound is cut, so that the picture begins at once; a long one is kept."""
    movie = made(
        tmp_path,
        header("video", "audio"),
        segment([5] * 30, picture),
        segment([6] * 50, sound, number=2, duration=960),
    )

    assert presented(movie) == edits


def test_a_plain_file_gets_its_index_in_front(tmp_path: Path) -> None:
    movie = made(tmp_path, plain_file())
    with FileBytes(tmp_path / "0.m4s") as source:
        original = read_movie(source)

    for before, after in zip(original.tracks, movie.tracks, strict=True):
        assert (after.samples.sizes, after.samples.dts, after.samples.cts, after.samples.sync) == (
            before.samples.sizes,
            before.samples.dts,
            before.samples.cts,
            before.samples.sync,
        )
        assert after.edits == before.edits


@pytest.mark.parametrize("content", [header("video"), b"", header("video") + segment([50], 0)[:-49]])
def test_no_whole_sample_is_no_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Mp4Unreadable):
        made(tmp_path, content)

    assert not (tmp_path / "out.mp4").exists()


def test_file_systems_that_cannot_copy_are_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*_: object) -> int:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.copy_file_range", unable, raising=False)

    assert media(tmp_path, made(tmp_path, fragmented_file()).tracks[0])[0] == bytes(10)


def test_a_source_that_shrinks_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"abc")
    with FileBytes(tmp_path / "short") as source, (tmp_path / "out").open("wb") as target, pytest.raises(EOFError):
        copying.copy_span(source.fd, target.fileno(), 1, 9)
