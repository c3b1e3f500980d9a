import os
from pathlib import Path

import pytest

from playhead.cli.unfinished import Source, Unfinished, file_name

SERVER = "http://127.0.0.1:8000"
UPLOAD = "/api/v1/uploads/upl_1"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(b"video")
    return path


def test_a_file_name_is_utf_8_in_every_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale C knows no such letters: Python then hands over each byte as it is."""
    monkeypatch.setattr("os.fsencode", lambda name: name.encode("ascii", "surrogateescape"))

    assert file_name(Path("/videos/s\udcc3\udcbc\udcc3\udc9f.mp4")) == "süß.mp4"


def test_an_upload_is_found_again_by_another_run(tmp_path: Path, video: Path) -> None:
    Unfinished(tmp_path / "state").keep(SERVER, Source.of(video), UPLOAD)

    assert Unfinished(tmp_path / "state").find(SERVER, Source.of(video)) == UPLOAD


def test_a_changed_file_another_file_and_another_server_begin_anew(tmp_path: Path, video: Path) -> None:
    kept = Unfinished(tmp_path / "state")
    source = Source.of(video)
    kept.keep(SERVER, source, UPLOAD)

    other = tmp_path / "other.mp4"
    other.write_bytes(b"video")
    assert kept.find("https://elsewhere", source) is None
    assert kept.find(SERVER, Source.of(other)) is None
    os.utime(video, ns=(1, 1))
    assert kept.find(SERVER, Source.of(video)) is None


def test_a_complete_upload_is_forgotten(tmp_path: Path, video: Path) -> None:
    kept = Unfinished(tmp_path / "state")
    kept.keep(SERVER, Source.of(video), UPLOAD)

    kept.forget(SERVER, Source.of(video))

    assert kept.find(SERVER, Source.of(video)) is None
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"upload"', "{}"])
def test_a_damaged_note_counts_as_none(tmp_path: Path, video: Path, text: str) -> None:
    kept = Unfinished(tmp_path / "state")
    kept.keep(SERVER, Source.of(video), UPLOAD)
    (note,) = (tmp_path / "state").iterdir()
    note.write_text(text)

    assert kept.find(SERVER, Source.of(video)) is None


def test_a_state_folder_that_cannot_be_written_costs_only_the_resuming(tmp_path: Path, video: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    kept = Unfinished(tmp_path / "state")

    kept.keep(SERVER, Source.of(video), UPLOAD)
    kept.forget(SERVER, Source.of(video))

    assert kept.find(SERVER, Source.of(video)) is None
