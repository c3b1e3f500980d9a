from pathlib import Path

import pytest

from playhead.cli.server import read_key
from playhead.errors import InvalidInput, NotFound


def test_the_key_comes_from_a_file_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAYHEAD_API_KEY", "ph_environment")
    (tmp_path / "key").write_text("ph_file\n")

    assert read_key(str(tmp_path / "key")) == "ph_file"
    assert read_key(None) == "ph_environment"


def test_a_key_file_that_gives_no_key_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InvalidInput, match="is empty"):
        read_key(str(tmp_path / "empty"))
    with pytest.raises(NotFound, match="cannot be read"):
        read_key(str(tmp_path / "binary"))
    with pytest.raises(NotFound, match="cannot be read"):
        read_key(str(tmp_path / "missing"))
