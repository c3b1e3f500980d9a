"""An index as a mapped file: what comes back is what went in, or a clear no."""

import io
import mmap
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.hls.stream import whole_stream
from playhead.media.mp4.movie import ClockJump, Colour, Edit, Movie
from playhead.media.mp4.packed import PackedUnreadable, map_file, pack
from tests.fixtures.tracks import audio_track, movie_of_tracks, video_track


def movie() -> Movie:
    """A movie that uses every field."""
    picture = video_track()
    picture.edits = [Edit(500, -1), *picture.edits]
    picture.matrix = bytes(range(36))
    sound = audio_track()
    sound.index, sound.enabled = 3, False
    picture.entries = [replace(picture.entry, colour=Colour(9, 16, 9, full_range=True), pixel_aspect=(4, 3))]
    jumps = [ClockJump(Fraction(2), Fraction(-1, 3))]
    return replace(movie_of_tracks(picture, sound), unread=(2,), jumps=jumps)


def packed(movie: Movie) -> bytes:
    """The file's bytes."""
    out = io.BytesIO()
    pack(movie, out)
    return out.getvalue()


def test_a_movie_comes_back_as_it_was(tmp_path: Path) -> None:
    original = movie()
    (tmp_path / "packed").write_bytes(packed(original))

    found = map_file(tmp_path / "packed")

    for mine, theirs in zip(original.tracks, found.tracks, strict=True):
        for name in ("sizes", "offsets", "dts", "cts", "sync", "runs"):
            before, after = getattr(mine.samples, name), getattr(theirs.samples, name)
            assert (before is None) == (after is None)
            assert before is None or list(before) == list(after)
        assert replace(theirs, samples=mine.samples) == mine
    assert replace(found, tracks=original.tracks) == original


def test_a_stream_of_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(packed(movie_of_tracks(video_track(), audio_track())))

    mapped, fresh = (
        whole_stream(each) for each in (map_file(tmp_path / "packed"), movie_of_tracks(video_track(), audio_track()))
    )

    assert mapped.video.segment(0) == fresh.video.segment(0)
    assert mapped.audio is not None
    assert fresh.audio is not None
    assert mapped.audio.segment(0) == fresh.audio.segment(0)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "another magic": lambda data: b"JUNK" + data[4:],
    "an older version": lambda data: data[:4] + b"\0\0" + data[6:],
    "another byte order": lambda data: data[:6] + b"\7\0" + data[8:],
    "cut short": lambda data: data[:-9],
    "longer": lambda data: data + b"\0",
    "one bit": lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:],
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "packed").write_bytes(BROKEN[name](packed(movie())))

    with pytest.raises(PackedUnreadable):
        map_file(tmp_path / "packed")


def test_tables_are_views_of_the_file(tmp_path: Path) -> None:
    """Nothing is copied: processes share what is mapped."""
    (tmp_path / "packed").write_bytes(packed(movie()))

    sizes: object = map_file(tmp_path / "packed").tracks[0].samples.sizes

    assert isinstance(sizes, memoryview)
    assert isinstance(sizes.obj, mmap.mmap)
