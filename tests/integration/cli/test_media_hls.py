"""``playhead media hls`` writes a stream for any host that serves files."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from playhead.cli.main import run
from tests.fixtures import clips
from tests.fixtures.clips import make_clip


def test_a_file_becomes_a_folder_that_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = make_clip(tmp_path, seconds=7, size=(160, 90), gop=30)

    assert run(["media", "hls", str(clip), "-o", str(tmp_path / "made/hls")]) == 0

    assert f"Wrote 2 video segments and 2 of audio; open {tmp_path}/made/hls/index.m3u8" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "made/hls").iterdir()) == [
        *("audio-0.m4s", "audio-1.m4s", "audio-init.mp4", "audio.m3u8", "index.m3u8"),
        *("video-0.m4s", "video-1.m4s", "video-init.mp4", "video.m3u8"),
    ]
    with av.open(str(tmp_path / "made/hls/index.m3u8")) as container:
        assert sum(1 for _ in container.decode(container.streams.video[0])) == 210


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "none.mp4", "There is no file {}."),
        (lambda folder: folder, "{} is a folder."),
        (clips.zero_bytes, "{}: This file is empty (0 bytes). Copy or download it again."),
        (clips.truncated, "{}: Couldn't read this file: it ends in the middle"),
        (clips.text_as_mp4, "{}: This is not a video: it reads like text."),
        (clips.playlist_as_mp4, "{}: This is not a video: it is an HLS playlist."),
        (clips.audio_only, "{}: This file holds audio, but no video."),
        (
            lambda folder: _clip(folder, "vp9"),
            "{} cannot be streamed as it is: its format is webm. HLS takes MP4 and MOV",
        ),
        (
            lambda folder: _clip(folder, "mpeg4"),
            "{} cannot be streamed as it is: its format is avi. HLS takes MP4 and MOV",
        ),
        (lambda folder: _clip(folder, "mpeg4", "x.mp4"), "{} cannot be streamed as it is: its video is MPEG-4,"),
    ],
    ids=["missing", "folder", "empty", "cut", "text", "playlist", "sound", "webm", "avi", "MPEG-4"],
)
def test_what_cannot_be_streamed_is_told_in_one_line_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], Path], says: str
) -> None:
    """As other commands tell it; where encoding would help, with the command that does it."""
    file = make(tmp_path)

    assert run(["media", "hls", str(file), "-o", str(tmp_path / "hls")]) == 1

    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
    assert line.startswith("Error: " + says.format(file))
    assert ("as it is" in line) == line.endswith(f"playhead media stitch {file} -o reel.mp4")
    assert not (tmp_path / "hls").exists()


def test_what_the_hint_says_helps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reel = str(tmp_path / "reel.mp4")

    assert run(["media", "stitch", str(_clip(tmp_path, "vp9")), "-o", reel]) == 0
    assert run(["media", "hls", reel, "-o", str(tmp_path / "hls")]) == 0
    assert "Wrote 1 video segment and 1 of audio" in capsys.readouterr().err


def test_a_folder_that_is_in_use_asks_for_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A video without sound says so."""
    clip = str(make_clip(tmp_path, seconds=1, size=(160, 90), audio=False))
    words = ["media", "hls", clip, "-o", str(tmp_path / "hls")]
    (tmp_path / "notes").touch()

    assert run(words) == 0
    assert "Wrote 1 video segment without audio" in capsys.readouterr().err
    assert run(words) == 1
    assert "holds a stream already. Say --force" in capsys.readouterr().err
    assert run([*words, "--force"]) == 0
    assert run([*words[:-1], str(tmp_path / "notes")]) == 1
    assert f"{tmp_path}/notes is a file. Name a folder" in capsys.readouterr().err
    assert run([*words[:-1], str(tmp_path / "notes/hls")]) == 1
    assert f"{tmp_path}/notes/hls cannot be written" in capsys.readouterr().err


def _clip(folder: Path, codec: str, name: str | None = None) -> Path:
    return make_clip(folder, seconds=1, size=(160, 90), codec=codec, name=name)
