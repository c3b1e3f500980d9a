"""Filling a file with others, as uploads in parts are joined."""

import errno
import os
from pathlib import Path

import pytest

from playhead.storage.files import copy_span


@pytest.mark.parametrize("by_kernel", [True, False])
@pytest.mark.parametrize("there", [0, 2, 5])
def test_it_goes_on_where_the_file_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_kernel: bool, there: int
) -> None:
    """After a crash in the midst of it no byte is doubled; without the kernel's help it reads and writes."""
    if not by_kernel:
        monkeypatch.setattr(os, "copy_file_range", _not_here)
    (tmp_path / "source").write_bytes(b"34567")
    (tmp_path / "target").write_bytes(b"01234567"[: 3 + there])
    with (tmp_path / "source").open("rb") as source, (tmp_path / "target").open("r+b") as target:
        while copy_span(source.fileno(), target.fileno(), 3, 8):
            pass

    assert (tmp_path / "target").read_bytes() == b"01234567"


def _not_here(*_: object) -> int:
    raise OSError(errno.EXDEV, "two file systems")
