"""Blocking file work: in threads of its own, with the operating system's errors turned into ours.

The default executor is not used: a slow disk must not delay name resolution or password hashing.
"""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from playhead.kit.units import KIB, MIB
from playhead.storage.checksum import Hash
from playhead.storage.errors import StoreFull, StoreUnavailable
from playhead.storage.files import close, hash_span, lock_file, open_new, remove_file, write_at

T = TypeVar("T")

CHUNK = MIB
"""Written at once: big enough that the hop to a thread (about 0.1 ms) does not count, small for memory."""

READ_CHUNK = 256 * KIB
"""Bytes per read: one read waits in memory for every slow reader."""

_THREADS = 8
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Disk:
    """Runs the file work of one folder.

    Args:
        threads: Shared with the work of another folder; new ones by default.
        spare: Bytes of its disk that writing leaves free.
    """

    def __init__(self, folder: Path, threads: ThreadPoolExecutor | None = None, *, spare: int = 0) -> None:
        self._folder = folder
        self._spare = spare
        self._threads = threads or new_threads()

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Call a function in a thread.

        A cancellation waits for the call to return: a file must not be closed, and its number reused, while a
        thread still writes to it. Each call is short, so the wait is too.

        Raises:
            StoreFull: ENOSPC, EDQUOT or EFBIG.
            StoreUnavailable: any other OSError, but ``FileNotFoundError``, which callers give a meaning.
        """
        future = asyncio.get_running_loop().run_in_executor(self._threads, function, *args)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([future])
            if not future.cancelled():
                future.exception()  # seen: the cancellation is what the caller hears
            raise
        except FileNotFoundError as error:
            if self._folder.is_dir():
                raise
            raise self._translated(error) from error
        except OSError as error:
            raise self._translated(error) from error

    @asynccontextmanager
    async def new_file(self, path: Path) -> AsyncIterator[int]:
        """Create a file of mode 0600 for writing; closed at the end, and removed unless it was moved.

        It is locked meanwhile: one that is not was left by a process that died.
        """
        opened: list[int] = []  # filled in the thread, so that a cancellation cannot lose the number
        try:
            await self.run(lambda: opened.append(open_new(path)))
            await self.run(lock_file, opened[0])
            yield opened[0]
        finally:
            await self.run(close, opened)
            await self.run(remove_file, path)

    async def pour(self, chunks: AsyncIterable[bytes], fd: int, offset: int, hashed: Hash | None) -> int:
        """Write chunks to an open file from an offset on; where they ended.

        What came before ``chunks`` raised is written all the same. An error of the disk is translated, one of
        ``chunks`` passes as it is, even if it is an OSError, such as a lost connection.
        """
        held: list[bytes] = []
        size = 0
        try:
            async for chunk in chunks:
                held.append(chunk)
                size += len(chunk)
                if size >= CHUNK:
                    full, held, size = held, [], 0
                    offset = await self.run(self._write, fd, offset, full, hashed)
        finally:
            if held:
                offset = await self.run(self._write, fd, offset, held, hashed)
        return offset

    async def chunks(self, fd: int, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Read ``[start, end)`` of an open file in chunks of 256 KiB; it stays open."""
        while end is None or start < end:
            size = READ_CHUNK if end is None else min(READ_CHUNK, end - start)
            data = await self.run(os.pread, fd, size, start)
            if not data:
                return
            yield data
            start += len(data)

    async def hash_file(self, fd: int) -> tuple[int, str]:
        """Read an open file from its start: its size in bytes and its SHA-256 in hex."""
        hashed = hashlib.sha256()
        size = 0
        while done := await self.run(hash_span, fd, size, hashed):
            size += done
        return size, hashed.hexdigest()

    def _write(self, fd: int, offset: int, chunks: Sequence[bytes], hashed: Hash | None) -> int:
        if self._spare:
            figures = os.fstatvfs(fd)
            if figures.f_bavail * figures.f_frsize < self._spare + sum(map(len, chunks)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_at(fd, offset, chunks, hashed)

    def _translated(self, error: OSError) -> StoreFull | StoreUnavailable:
        reason = error.strerror or str(error)
        if error.errno in _FULL:
            return StoreFull(
                f"No room is left on the disk of the folder {self._folder.name!r}: {reason}.",
                hint="Free some space or raise the quota, then try again.",
            )
        # Only its name: clients see this, and need not know the path.
        return StoreUnavailable(f"The folder {self._folder.name!r} cannot be used: {reason}.")


def new_threads() -> ThreadPoolExecutor:
    """Threads for the disks of one store."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="storage")
