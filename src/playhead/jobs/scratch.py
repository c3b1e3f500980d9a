"""Scratch folders of attempts, and the slots of the workers on one machine.

A worker holds a lock on its slot as long as it lives, so a slot that can be locked belongs to a dead worker, and its
folder can be emptied. The slot's number also names the worker: after a restart it takes the same slot again and finds
its own jobs at once.

    work/.slots/machine     eight random characters: two machines may have the same host name
    work/.slots/0.lock
    work/0/<attempt>/       one attempt's files
"""

import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


class Scratch:
    """One worker's slot in a work folder; ``release`` it at the end.

    Args:
        work: Local disk, shared by the workers of this machine only.
    """

    def __init__(self, work: Path) -> None:
        self._work = work
        self._locks = work / ".slots"
        self._locks.mkdir(parents=True, exist_ok=True)
        self.slot, self._lock = self._claim()
        self.worker = f"{socket.gethostname()}-{_machine(self._locks)}-{self.slot}"
        """The name of this worker, the same after a restart."""

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        """An empty folder for one attempt, removed with its content at the end."""
        folder = self._work / str(self.slot) / name
        _remove(folder)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            _remove(folder)

    def sweep(self) -> int:
        """Remove the folders that dead workers left in other slots; returns their number."""
        removed = 0
        for folder in self._work.iterdir():
            if not folder.name.isdigit() or int(folder.name) == self.slot:
                continue
            with _locked(self._locks / f"{folder.name}.lock") as ours:
                if ours:
                    removed += _empty(folder)
        return removed

    def sweep_own(self) -> int:
        """Remove the folders of this slot's earlier holder; only before the first attempt."""
        return _empty(self._work / str(self.slot))

    def release(self) -> None:
        """Give the slot back."""
        with suppress(OSError):
            (self._work / str(self.slot)).rmdir()
        os.close(self._lock)

    def _claim(self) -> tuple[int, int]:
        slot = 0
        while (lock := _try_lock(self._locks / f"{slot}.lock")) is None:
            slot += 1
        return slot, lock


def _try_lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    descriptor = _try_lock(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _machine(folder: Path) -> str:
    path = folder / "machine"
    draft = folder / f"machine.{secrets.token_hex(4)}"
    if not path.exists():
        draft.write_text(secrets.token_hex(4))
        with suppress(FileExistsError):  # another worker was first: its name counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def _empty(folder: Path) -> int:
    attempts = list(folder.iterdir()) if folder.is_dir() else []
    for attempt in attempts:
        _remove(attempt)
    with suppress(OSError):
        folder.rmdir()
    return len(attempts)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("scratch_not_removed", folder=str(folder), error=str(error))
