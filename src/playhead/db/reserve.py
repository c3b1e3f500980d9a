"""Room on the disk of a SQLite database that only deletions may use, so that a full disk can be emptied.

A deletion is a transaction, and SQLite needs room to write one down. Files beside the database hold that room: they are
removed one by one when a deletion does not fit, and made again when there is room.
"""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from playhead.kit.units import KIB, MIB

PIECE = 2 * MIB
PIECES = 8
"""16 MiB: the logs of both databases grow to 4 MiB each before SQLite writes over them."""

SHARE = 8
"""The reserve takes no more than an eighth of a small disk."""

NEEDED = 512 * KIB
"""Room with which a transaction begins; the deletion of a video writes 55 KiB (November 2026)."""

FILES = 4
"""A log and its index for each of two databases: made when they are opened."""

SPARE = 4 * MIB
"""Left free by everybody else who writes here, so that what a deletion is given is not taken by an upload."""

FULL = frozenset((errno.ENOSPC, errno.EDQUOT))


class Reserve:
    """The reserve of one database; processes that share the database share it.

    Args:
        folder: Of the files; its parent is the database's folder. Made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make_way(self) -> None:
        """Give up as many files as it takes for a transaction to fit."""
        while not _fits(self._folder.parent) and self._drop():
            pass

    def restore(self) -> None:
        """Make missing files again, as far as there is room for them."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for number in range(_affordable(self._folder)):
                piece = self._folder / str(number)
                if _is_whole(piece):
                    continue
                if _free(self._folder) < PIECE + NEEDED:
                    return
                _write(piece)

    def _drop(self) -> bool:
        with suppress(OSError):
            for piece in sorted(self._folder.iterdir(), reverse=True):
                piece.unlink(missing_ok=True)
                return True
        return False


def _fits(folder: Path) -> bool:
    """Whether a transaction finds room: tried, as a quota or a lack of inodes shows in no figure."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            return _free(folder) >= NEEDED and _files_left(folder) and probe.write(bytes(NEEDED)) == NEEDED
    except OSError as error:
        return error.errno not in FULL


def _free(folder: Path) -> int:
    figures = os.statvfs(folder)
    return figures.f_bavail * figures.f_frsize


def _files_left(folder: Path) -> bool:
    figures = os.statvfs(folder)
    return not figures.f_files or figures.f_favail >= FILES


def _affordable(folder: Path) -> int:
    figures = os.statvfs(folder)
    return min(PIECES, figures.f_blocks * figures.f_frsize // SHARE // PIECE)


def _is_whole(piece: Path) -> bool:
    try:
        return piece.stat().st_size == PIECE
    except FileNotFoundError:
        return False


def _write(piece: Path) -> None:
    """Random bytes: a file system that compresses would keep no room for zeros."""
    try:
        with piece.open("wb", buffering=0) as file:
            rest = memoryview(os.urandom(PIECE))
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
    except OSError:
        piece.unlink(missing_ok=True)
        raise
