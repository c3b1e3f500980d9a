"""A cache of open files: a thousand viewers of one video cause one ``open``."""

import asyncio
import os
import stat
import time
from collections import OrderedDict
from typing import NamedTuple

from playhead.delivery.connections.disk import threads

CAPACITY = 256
"""Limit of files kept open; files in use beyond it are closed by their last user."""

FRESH_S = 2.0
"""Time for which a path is assumed to lead to the same file."""

IDLE_S = 4.0
"""Time after which unused files are closed: a deleted file must not take up space for long."""


class _Identity(NamedTuple):
    device: int
    inode: int
    modified_ns: int
    size: int


class OpenFile:
    """A regular file, open for reading while it is held. For the loop's thread alone.

    Attributes:
        size: Size in bytes when it was opened.
    """

    __slots__ = ("_holders", "checked_s", "fd", "identity", "size", "used_s")

    def __init__(self, fd: int, identity: _Identity) -> None:
        self.fd = fd
        self.identity = identity
        self.size = identity.size
        self.checked_s = self.used_s = time.monotonic()
        self._holders = 1

    @classmethod
    def borrow(cls, fd: int) -> "OpenFile":
        """Open a file by a duplicate of another descriptor; `release` it.

        Raises:
            OSError: it is not open.
        """
        own = os.dup(fd)
        return cls(own, _identity(os.fstat(own)))

    def fileno(self) -> int:
        """The descriptor, for ASGI's zero-copy extension."""
        return self.fd

    def hold(self) -> "OpenFile":
        """Keep it open until `release`."""
        self._holders += 1
        return self

    def release(self) -> None:
        """Stop holding it; the last release closes it."""
        self._holders -= 1
        self.used_s = time.monotonic()
        if not self._holders:
            os.close(self.fd)
            self.fd = -1

    @property
    def is_used(self) -> bool:
        """Whether anybody but the cache holds it."""
        return self._holders > 1


class OpenFiles:
    """A cache of open files by path, of one loop."""

    def __init__(self, *, capacity: int = CAPACITY, fresh_s: float = FRESH_S, idle_s: float = IDLE_S) -> None:
        self._files: OrderedDict[str, OpenFile] = OrderedDict()
        self._opening: dict[str, asyncio.Future[OpenFile]] = {}
        self._capacity, self._fresh_s, self._idle_s = capacity, fresh_s, idle_s
        self._timer: asyncio.TimerHandle | None = None

    def peek(self, path: str) -> OpenFile | None:
        """A file that is open and was checked recently; no system call. Hold it before anything else runs."""
        file = self._files.get(path)
        if file is None or time.monotonic() - file.checked_s > self._fresh_s:
            return None
        self._files.move_to_end(path)
        return file

    async def open(self, path: str) -> OpenFile:
        """Open a file, or hold the one that is open; `release` it.

        Raises:
            FileNotFoundError: it is not there, or no regular file.
            OSError: it cannot be opened.
        """
        file = self.peek(path)
        while file is None or file.fd < 0:  # it may be pushed out of a full cache before its opener's turn
            opening = self._opening.get(path)
            if opening is None:
                opening = self._opening[path] = asyncio.ensure_future(self._open(path))
                opening.add_done_callback(lambda done: self._opened(path, done))
            file = await asyncio.shield(opening)
        return file.hold()

    def close(self) -> None:
        """Empty the cache; files in use stay open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._files:
            self._files.popitem()[1].release()

    def _opened(self, path: str, opening: "asyncio.Future[OpenFile]") -> None:
        self._opening.pop(path, None)
        if not opening.cancelled():
            opening.exception()  # the caller may have left

    async def _open(self, path: str) -> OpenFile:
        known = self._files.get(path)
        identity = known.identity if known is not None else None
        found = await asyncio.get_running_loop().run_in_executor(threads, _reopen, path, identity)
        if known is not None and found is None and self._files.get(path) is known:
            known.checked_s = time.monotonic()
            return known
        if found is None:  # it was closed meanwhile
            found = await asyncio.get_running_loop().run_in_executor(threads, _reopen, path, None)
            assert found is not None
        file = OpenFile(*found)
        if (old := self._files.pop(path, None)) is not None:
            old.release()
        self._files[path] = file
        while len(self._files) > self._capacity:
            self._files.popitem(last=False)[1].release()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._idle_s / 2, self._close_idle)
        return file

    def _close_idle(self) -> None:
        now = time.monotonic()
        for path, file in list(self._files.items()):
            if not file.is_used and now - file.used_s >= self._idle_s:
                self._files.pop(path).release()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._idle_s / 2, self._close_idle) if self._files else None


def _reopen(path: str, known: _Identity | None) -> tuple[int, _Identity] | None:
    """Open a file; None when it is still the known one."""
    if known is not None and _identity(os.stat(path)) == known:  # noqa: PTH116 - in the way of every viewer
        return None
    # O_NONBLOCK: a FIFO in the store must not hang the thread.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        raise FileNotFoundError(path)
    return fd, _identity(facts)


def _identity(facts: os.stat_result) -> _Identity:
    return _Identity(facts.st_dev, facts.st_ino, facts.st_mtime_ns, facts.st_size)
