"""The store in a local folder: one file per object, moved into place when it is whole and on the disk."""

import errno
import hashlib
import os
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from playhead.storage.disk import Disk
from playhead.storage.errors import ObjectNotFound, StoreUnavailable
from playhead.storage.files import close, open_regular, place, prune, remove_file, remove_unlocked
from playhead.storage.keys import check_delete_prefix, check_key, check_prefix, check_span
from playhead.storage.store import StoredObject, Written

_PARTIAL = ".partial"  # no key begins with a dot, so it never meets an object


class LocalStore:
    """A ``Store`` with the capability ``LocalFiles``.

    Args:
        root: The folder; made with mode 0700 if it is missing. Objects are files of mode 0600 below it.
        spare: Bytes of the disk that are left free, for a database that has to note what is deleted.

    Raises:
        StoreUnavailable: the folder cannot be made.
    """

    def __init__(self, root: Path, *, spare: int = 0) -> None:
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"The folder {root} cannot be made: {error.strerror}.") from error
        self.root = root.resolve()
        self.disk = Disk(self.root, spare=spare)

    def path(self, key: str) -> Path:
        """Where the object is or would be.

        Raises:
            ValueError: not a key.
            StoreUnavailable: a link in the folder leads outside it.
        """
        return self._inside(check_key(key))

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> Written:
        target = self.path(key)
        hashed = hashlib.sha256()
        partial = self._partial()
        async with self.disk.new_file(partial) as fd:
            size = await self.disk.pour(chunks, fd, 0, hashed)
            await self.disk.run(os.fsync, fd)
            await self.disk.run(place, partial, target, self.root)
        return Written(key, size, hashed.hexdigest())

    async def write_file(self, key: str, source: Path) -> Written:
        target = self.path(key)
        opened: list[int] = []
        try:
            await self.disk.run(lambda: opened.append(open_regular(source)))
            size, sha256 = await self.disk.hash_file(opened[0])
            await self.disk.run(os.fchmod, opened[0], 0o600)
            await self.disk.run(os.fsync, opened[0])
            if await self.disk.run(_moved, source, target, self.root):
                return Written(key, size, sha256)
            written = await self.write(key, self.disk.chunks(opened[0]))
        finally:
            await self.disk.run(close, opened)
        await self.disk.run(remove_file, source)
        return written

    async def stat(self, key: str) -> StoredObject:
        try:
            return await self.disk.run(_stat, key, self.path(key))
        except FileNotFoundError as error:
            raise ObjectNotFound(key) from error

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        path = self.path(key)
        check_span(start, end)
        opened: list[int] = []
        try:
            await self.disk.run(lambda: opened.append(open_regular(path)))
            async for chunk in self.disk.chunks(opened[0], start, end):
                yield chunk
        except FileNotFoundError as error:
            raise ObjectNotFound(key) from error
        finally:
            close(opened)  # at once, not awaited: this also runs when the reader went away

    async def delete(self, key: str) -> None:
        await self.disk.run(_delete, self.path(key), self.root)

    async def delete_prefix(self, prefix: str) -> int:
        check_delete_prefix(prefix)
        count = 0
        async for stored in self.list(prefix):
            await self.delete(stored.key)
            count += 1
        return count

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        folders = [check_prefix(prefix)]
        while folders:
            below, objects = await self.disk.run(_scan, folders.pop(), self.root)
            folders += below
            for stored in objects:
                yield stored

    @asynccontextmanager
    async def local_copy(self, key: str, folder: Path) -> AsyncIterator[Path]:  # noqa: ARG002
        await self.stat(key)
        yield self.path(key)

    async def check(self) -> None:
        partial = self._partial()
        async with self.disk.new_file(partial) as fd:
            await self.disk.run(os.pwrite, fd, b"\0", 0)  # a spent quota shows with the first byte

    def free_bytes(self) -> int | None:
        figures = os.statvfs(self.root)
        return figures.f_bavail * figures.f_frsize

    async def sweep_partial(self, older_than: datetime) -> int:
        return await self.disk.run(_sweep, self.root / _PARTIAL, older_than.timestamp())

    def _partial(self) -> Path:
        return self.root / _PARTIAL / secrets.token_hex(16)

    def _inside(self, relative: str) -> Path:
        path = self.root / relative
        if not Path(os.path.realpath(path)).is_relative_to(self.root):
            raise StoreUnavailable(f"A link in the folder {self.root.name!r} leads outside the store, at {relative}.")
        return path


def _stat(key: str, path: Path) -> StoredObject:
    fd = open_regular(path)
    try:
        return _described(key, os.fstat(fd))
    finally:
        os.close(fd)


def _described(key: str, found: os.stat_result) -> StoredObject:
    # Objects are only ever replaced as whole files, so inode, size and time change whenever bytes do.
    return StoredObject(key, found.st_size, f"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}")


def _moved(source: Path, target: Path, root: Path) -> bool:
    try:
        place(source, target, root)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _delete(path: Path, root: Path) -> None:
    if remove_file(path):
        prune(path.parent, root)


def _scan(prefix: str, root: Path) -> tuple[list[str], list[StoredObject]]:
    folders: list[str] = []
    objects: list[StoredObject] = []
    try:
        entries = sorted(os.scandir(root / prefix), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        root.stat()  # the folder is empty, unless the store itself is gone
        return folders, objects
    for entry in entries:
        try:
            key = check_key(prefix + entry.name)
            if entry.is_dir(follow_symlinks=False):
                folders.append(check_prefix(f"{key}/"))
            elif entry.is_file(follow_symlinks=False):
                objects.append(_described(key, entry.stat(follow_symlinks=False)))
        except (ValueError, FileNotFoundError):  # not ours, or gone since
            continue
    return folders, objects


def _sweep(folder: Path, before: float) -> int:
    count = 0
    for entry in os.scandir(folder) if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if entry.stat(follow_symlinks=False).st_mtime < before:
                count += remove_unlocked(Path(entry.path))
    return count
