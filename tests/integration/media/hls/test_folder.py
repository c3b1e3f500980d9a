"""Where a stream is written: no other stream is mixed in, nothing else is touched, the index comes last."""

from pathlib import Path

import pytest

from playhead.errors import Conflict, InvalidInput
from playhead.media.hls.folder import Segments, write_folder
from tests.fixtures.clips import make_clip

LONG = [
    *("audio-0.m4s", "audio-1.m4s", "audio-init.mp4", "audio.m3u8", "index.m3u8"),
    *("video-0.m4s", "video-1.m4s", "video-init.mp4", "video.m3u8"),
]
SILENT = ["index.m3u8", "video-0.m4s", "video-init.mp4", "video.m3u8"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """It holds a stream of two segments."""
    clip = make_clip(tmp_path, seconds=7, size=(160, 90), gop=30, name="long.mp4")
    assert write_folder(clip, tmp_path / "hls") == Segments(2, 2)
    return tmp_path / "hls"


@pytest.fixture
def silent(tmp_path: Path) -> Path:
    return make_clip(tmp_path, seconds=1, size=(160, 90), audio=False, name="silent.mp4")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_stream_is_only_replaced_by_force_and_then_altogether(folder: Path, silent: Path) -> None:
    """A shorter one, without sound, leaves no segment of the longer one behind."""
    before = (folder / "index.m3u8").read_bytes()

    with pytest.raises(Conflict, match="holds a stream already"):
        write_folder(silent, folder)
    assert (names(folder), (folder / "index.m3u8").read_bytes()) == (LONG, before)

    assert write_folder(silent, folder, force=True) == Segments(1, 0)
    assert names(folder) == SILENT


@pytest.mark.parametrize("other", ["notes.txt", "video-0.m4s.bak", "my-video-0.m4s", "video-a.m4s", ".hidden"])
def test_other_files_are_not_joined_without_force_and_stay_with_it(tmp_path: Path, silent: Path, other: str) -> None:
    folder = tmp_path / "hls"
    folder.mkdir()
    (folder / other).write_text("mine")

    with pytest.raises(Conflict, match="is not empty"):
        write_folder(silent, folder)
    assert names(folder) == [other]

    write_folder(silent, folder, force=True)
    assert names(folder) == sorted([*SILENT, other])
    assert (folder / other).read_text() == "mine"


def test_an_empty_folder_will_do(tmp_path: Path, silent: Path) -> None:
    (tmp_path / "hls").mkdir()

    write_folder(silent, tmp_path / "hls")

    assert names(tmp_path / "hls") == SILENT


def test_what_is_read_is_never_removed(tmp_path: Path, silent: Path) -> None:
    """Though it has the name of a part of a stream."""
    inside = tmp_path / "hls" / "video-init.mp4"
    inside.parent.mkdir()
    silent.rename(inside)

    with pytest.raises(Conflict, match="would be removed"):
        write_folder(inside, inside.parent, force=True)

    assert names(inside.parent) == ["video-init.mp4"]


def test_a_file_is_no_folder(tmp_path: Path, silent: Path) -> None:
    with pytest.raises(InvalidInput, match="is a file") as caught:
        write_folder(silent, silent, force=True)

    assert caught.value.hint is not None


def test_the_index_is_there_when_all_else_is(tmp_path: Path, silent: Path) -> None:
    """While segments are written, nobody finds a stream to play."""
    seen: list[bool] = []

    write_folder(silent, tmp_path / "hls", lambda _: seen.append((tmp_path / "hls/index.m3u8").exists()))

    assert seen == [False]


def test_nothing_stays_of_a_stream_that_could_not_be_written(folder: Path, silent: Path) -> None:
    """Neither of the new one nor of the old one, which it was to replace; other files do."""
    (folder / "notes.txt").touch()

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(silent, folder, stop, force=True)

    assert names(folder) == ["notes.txt"]
