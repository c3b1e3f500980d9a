"""``playhead media hls`` writes a stream for any host that serves files."""

from pathlib import Path

import av
import pytest

from playhead.cli.main import run
from tests.fixtures.clips import make_clip


def test_a_file_becomes_a_folder_that_plays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = make_clip(tmp_path, seconds=7, size=(160, 90), gop=30)

    assert run(["media", "hls", str(clip), "-o", str(tmp_path / "made/hls")]) == 0

    assert f"play {tmp_path}/made/hls/index.m3u8" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "made/hls").iterdir()) == [
        *("audio-0.m4s", "audio-1.m4s", "audio-init.mp4", "audio.m3u8", "index.m3u8"),
        *("video-0.m4s", "video-1.m4s", "video-init.mp4", "video.m3u8"),
    ]
    with av.open(str(tmp_path / "made/hls/index.m3u8")) as container:
        assert sum(1 for _ in container.decode(container.streams.video[0])) == 210


@pytest.mark.parametrize(
    ("codec", "says"),
    [("vp9", "it is no MP4"), ("mpeg4", "it is no MP4"), (None, "No such file")],
)
def test_what_cannot_be_written_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], codec: str | None, says: str
) -> None:
    clip = make_clip(tmp_path, seconds=1, size=(160, 90), codec=codec) if codec else tmp_path / "none.mp4"

    assert run(["media", "hls", str(clip), "-o", str(tmp_path / "hls")]) == 1

    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
    assert says in line
    assert not (tmp_path / "hls").exists()
