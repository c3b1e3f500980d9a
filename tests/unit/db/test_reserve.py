"""Room for deletions: given up when a transaction does not fit, taken back when there is room."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from playhead.db import reserve as module
from playhead.db.database import Database
from playhead.db.reserve import PIECES, Reserve


class Disk:
    """A disk of so many bytes in all, of which the pieces of a reserve take their part."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, size: int) -> None:
        self.folder, self.size, self.others, self.quota = folder, size, 0, False
        self.files = 1000
        monkeypatch.setattr("os.statvfs", lambda _: self.figures())
        monkeypatch.setattr("tempfile.TemporaryFile", self.temporary)

    @property
    def pieces(self) -> int:
        return len(list(self.folder.glob("*")))

    def figures(self) -> SimpleNamespace:
        free = self.size - self.others - self.pieces * module.PIECE
        return SimpleNamespace(f_bavail=free, f_frsize=1, f_blocks=self.size, f_files=1000, f_favail=self.files)

    def temporary(self, **_: object) -> object:
        if self.quota and self.pieces > 5:
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
        return open(os.devnull, "wb", buffering=0)  # noqa: PTH123 - closed by its user


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(module, "PIECE", 4096)
    monkeypatch.setattr(module, "NEEDED", 4096)
    return Disk(tmp_path / "reserve", monkeypatch, size=1 << 30)


def test_a_full_disk_gives_up_a_piece_and_takes_it_back(tmp_path: Path, disk: Disk) -> None:
    reserve = Reserve(tmp_path / "reserve")
    reserve.restore()
    reserve.make_way()
    assert disk.pieces == PIECES

    disk.others = disk.size - PIECES * module.PIECE
    reserve.make_way()
    reserve.restore()
    assert disk.pieces == PIECES - 1

    disk.others -= module.NEEDED
    reserve.restore()
    assert disk.pieces == PIECES


def test_it_is_given_up_to_the_last_piece_and_no_further(disk: Disk) -> None:
    """Somebody else may take each piece at once; without any left, the write has to fail."""
    reserve = Reserve(disk.folder)
    reserve.restore()
    disk.others = 2 * disk.size

    reserve.make_way()

    assert disk.pieces == 0


def test_a_quota_and_a_lack_of_inodes_show_in_a_trial_alone(disk: Disk) -> None:
    reserve = Reserve(disk.folder)
    reserve.restore()
    disk.quota = True
    reserve.make_way()
    assert disk.pieces == 5

    disk.files = 0
    reserve.make_way()
    assert disk.pieces == 0


def test_a_small_disk_has_a_small_reserve(disk: Disk) -> None:
    disk.size = 4096 * 4 * 8
    Reserve(disk.folder).restore()

    assert disk.pieces == 4


def test_a_piece_that_was_cut_short_is_made_again(disk: Disk) -> None:
    disk.folder.mkdir()
    (disk.folder / "0").write_bytes(b"half")

    Reserve(disk.folder).restore()

    assert {piece.stat().st_size for piece in disk.folder.iterdir()} == {4096}


async def test_a_write_that_frees_room_makes_way_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others do not touch the reserve."""
    made_way: list[str] = []
    monkeypatch.setattr(Reserve, "make_way", lambda _: made_way.append("way"))
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    await database.ping()
    assert made_way == ["way"]  # it opened the files

    async with database.write():
        assert made_way == ["way"]
    async with database.write(reserve=True):
        assert made_way == ["way", "way"]
    await database.close()
