"""Commands for files: what is typed, and what is refused."""

from pathlib import Path

import pytest

from playhead.cli.main import run
from playhead.cli.parsers import file_clip_of


@pytest.mark.parametrize(
    "words",
    [
        ["media"],
        ["media", "nope"],
        ["media", "stitch", "-o", "out.mp4"],
        ["media", "stitch", "a.mp4"],
        ["media", "stitch", "a.mp4:9-3", "-o", "out.mp4"],
        ["media", "plan", "a.mp4", "--size", "large"],
        ["media", "plan", "a.mp4", "--fps", "1/0"],
        ["media", "plan", "a.mp4", "--codec", "theora"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2

    out, err = capsys.readouterr()
    assert "Usage" in out + err


@pytest.mark.parametrize(
    ("text", "clip"),
    [
        ("a.mp4", ("a.mp4", 0.0, None)),
        ("a.mp4:1.5-6", ("a.mp4", 1.5, 6.0)),
        ("a.mp4:0:10-1:02:03", ("a.mp4", 10.0, 3723.0)),
        ("a.mp4:-4", ("a.mp4", 0.0, 4.0)),
        ("a.mp4:1:30-", ("a.mp4", 90.0, None)),
        ("./12:30.mp4:1-2", ("./12:30.mp4", 1.0, 2.0)),
        ("./12:30.mp4", ("./12:30.mp4", 0.0, None)),
    ],
)
def test_a_clip_is_a_file_and_perhaps_a_span(
    text: str, clip: tuple[str, float, float | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colon in the name of a file that is there belongs to the name."""
    monkeypatch.chdir(tmp_path)
    Path("12:30.mp4").touch()

    assert file_clip_of(text) == (Path(clip[0]), *clip[1:])


@pytest.mark.parametrize("text", ["a.mp4:", "a.mp4:-", "a.mp4:5", "a.mp4:5-1", "a.mp4:x-y", "a.mp4:1-1:99"])
def test_a_span_that_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        file_clip_of(text)


def test_global_options_count_here_too(capsys: pytest.CaptureFixture[str]) -> None:
    """They may stand before and after the group's name."""
    assert run(["-v", "media", "probe", "/no/such/file.mp4", "--url", "http://x"]) == 1

    assert "There is no file /no/such/file.mp4" in capsys.readouterr().err
