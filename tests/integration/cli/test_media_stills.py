"""``playhead media`` makes pictures of files, without a server."""

from pathlib import Path

import pytest
from PIL import Image

from playhead.cli.main import run
from tests.fixtures import clips
from tests.fixtures.sync import read_number


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return clips.make_clip(tmp_path, seconds=3, mark=7, gop=90)


def test_a_poster_and_the_picture_at_a_time(clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jpg"

    assert run(["media", "poster", str(clip), "-o", str(out), "--width", "160"]) == 0
    with Image.open(out) as image:
        assert (image.format, image.size) == ("JPEG", (160, 90))
    assert run(["media", "poster", str(clip), "-o", str(out), "--at", "0:02.5", "--force"]) == 0
    with Image.open(out) as image:
        assert read_number(image, 7) == 75


@pytest.mark.parametrize("into_a_folder", [True, False])
def test_a_storyboard_is_a_sheet_and_its_cues(clip: Path, tmp_path: Path, into_a_folder: bool) -> None:
    """The cues name the sheet that lies beside them."""
    out = tmp_path if into_a_folder else tmp_path / "board.of.clip"
    name = "storyboard" if into_a_folder else "board.of.clip"

    assert run(["media", "storyboard", str(clip), "-o", str(out)]) == 0

    with Image.open(tmp_path / f"{name}.jpg") as image:
        assert image.size == (960, 90)
    assert f"{name}.jpg#xywh=800,0,160,90" in (tmp_path / f"{name}.vtt").read_text()


@pytest.mark.parametrize("verb", ["poster", "preview"])
def test_the_video_itself_is_never_replaced(clip: Path, verb: str) -> None:
    """Not with --force either."""
    before = clip.read_bytes()

    assert run(["media", verb, str(clip), "-o", str(clip)]) == 1
    assert run(["media", verb, str(clip), "-o", str(clip), "--force"]) == 1
    assert clip.read_bytes() == before


@pytest.mark.parametrize(("verb", "name"), [("poster", "x"), ("preview", "x"), ("storyboard", "x.vtt")])
def test_another_file_is_only_replaced_by_force(clip: Path, tmp_path: Path, verb: str, name: str) -> None:
    """And then nothing else is written either."""
    (tmp_path / name).write_bytes(b"kept")

    assert run(["media", verb, str(clip), "-o", str(tmp_path / "x")]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([clip.name, name])
    assert (tmp_path / name).read_bytes() == b"kept"
    assert run(["media", verb, str(clip), "-o", str(tmp_path / "x"), "--force"]) == 0
    assert (tmp_path / name).read_bytes() != b"kept"


def test_the_time_at_which_a_video_ends_is_its_last_picture(clip: Path, tmp_path: Path) -> None:
    assert run(["media", "poster", str(clip), "-o", str(tmp_path / "out.jpg"), "--at", "3"]) == 0

    with Image.open(tmp_path / "out.jpg") as image:
        assert read_number(image, 7) == 89


def test_a_preview_moves(clip: Path, tmp_path: Path) -> None:
    assert run(["media", "preview", str(clip), "-o", str(tmp_path / "moving.webp")]) == 0

    with Image.open(tmp_path / "moving.webp") as image:
        assert image.n_frames > 30  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["missing.mp4", "-o", "x.jpg"], 1, "There is no file missing.mp4."),
        (["notes.mp4", "-o", "x.jpg"], 1, "notes.mp4: This is not a video"),
        (["clip.mp4", "-o", "x.jpg", "--at", "99"], 1, "clip.mp4 has no frame at 99 s: it is 1.000 s long."),
        (["clip.mp4", "-o", "no/such/x.jpg"], 1, "There is no folder no/such"),
        (["clip.mp4"], 2, "-o"),
        (["clip.mp4", "-o", "x.jpg", "--at", "1:99"], 2, "not a time in a video"),
        (["clip.mp4", "-o", "x.jpg", "--width", "0"], 2, "not a width"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    says: str,
) -> None:
    clips.make_clip(tmp_path, seconds=1, name="clip.mp4")
    clips.text_as_mp4(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert run(["media", "poster", *words]) == code

    assert says in capsys.readouterr().err
