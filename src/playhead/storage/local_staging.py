"""Resumable uploads in the folder of a local store: one growing file each, whose size is the offset.

An append with a checksum must not count before it is proved, not even after a crash. A small file beside the
upload holds the last proved offset while such an append runs; the next writer truncates the upload to it.
"""

import os
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playhead.storage import keys
from playhead.storage.checksum import Checksum
from playhead.storage.errors import ChecksumMismatch, OffsetConflict, StoreFull, UploadLocked
from playhead.storage.files import close, copy_span, fsync_folder, open_locked, open_new, place, remove_file
from playhead.storage.local import LocalStore
from playhead.storage.store import Written
from playhead.storage.verify import finished_before


class LocalStaging:
    """A ``Staging`` beside the objects, so that finishing an upload is a rename."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._disk = store.disk
        # flock would do on a local disk; over NFS it belongs to the process, not to the open file
        self._held: set[str] = set()

    async def offset(self, upload_id: str) -> int:
        return await self._disk.run(_durable_size, self._path(upload_id))

    async def append(
        self, upload_id: str, offset: int, chunks: AsyncIterable[bytes], *, checksum: Checksum | None = None
    ) -> int:
        path = self._path(upload_id)
        async with self._locked(upload_id, create=offset == 0) as fd:
            end = 0 if fd is None else await self._disk.run(_recover, fd, path)
            if fd is None or end != offset:
                raise OffsetConflict(upload_id, offset=end, given=offset)
            if checksum is not None:
                await self._disk.run(_mark, path, offset)
            try:
                end = await self._pour(upload_id, offset, chunks, fd, checksum)
            except BaseException as error:
                if checksum is not None or isinstance(error, StoreFull):
                    await self._disk.run(os.ftruncate, fd, offset)
                await self._disk.run(_settle, fd, path)
                raise
            await self._disk.run(_settle, fd, path)
        return end

    async def finish(self, upload_id: str, key: str) -> Written:
        path = self._path(upload_id)
        target = self._store.path(key)
        async with self._locked(upload_id, create=False) as fd:
            if fd is None:
                return await finished_before(self._store, key)
            await self._disk.run(_recover, fd, path)
            size, sha256 = await self._disk.hash_file(fd)
            await self._disk.run(os.fsync, fd)
            await self._disk.run(place, path, target, self._store.root)
        return Written(key, size, sha256)

    async def finish_parts(self, parts: Sequence[tuple[str, int]], key: str) -> Written:
        (first, end), *others = parts
        path = self._path(first)
        async with self._locked(first, create=False) as fd:
            if fd is None:
                return await finished_before(self._store, key)
            await self._disk.run(_recover, fd, path)
            for upload_id, size in others:
                await self._take_in(upload_id, fd, end, size)
                end += size
            written = await self._disk.hash_file(fd)
            await self._disk.run(place, path, self._store.path(key), self._store.root)
        return Written(key, *written)

    async def discard(self, upload_id: str) -> None:
        path = self._path(upload_id)
        async with self._locked(upload_id, create=False):
            await self._disk.run(_forget, path)

    async def _take_in(self, upload_id: str, fd: int, start: int, size: int) -> None:
        """Move an upload behind what is in an open file, going on where a crash ended it."""
        path = self._path(upload_id)
        async with self._locked(upload_id, create=False) as source:
            if source is None:  # taken in before the crash
                return
            while await self._disk.run(copy_span, source, fd, start, start + size):
                pass
            await self._disk.run(os.fsync, fd)
            await self._disk.run(_forget, path)

    def _path(self, upload_id: str) -> Path:
        return self._store.path(keys.upload(upload_id))

    @asynccontextmanager
    async def _locked(self, upload_id: str, *, create: bool) -> AsyncIterator[int | None]:
        if upload_id in self._held:
            raise UploadLocked(upload_id)
        self._held.add(upload_id)
        opened: list[int] = []
        try:
            await self._disk.run(_open_into, opened, upload_id, self._path(upload_id), create)
            yield opened[0] if opened else None
        finally:
            self._held.discard(upload_id)
            await self._disk.run(close, opened)

    async def _pour(
        self, upload_id: str, offset: int, chunks: AsyncIterable[bytes], fd: int, checksum: Checksum | None
    ) -> int:
        hashed = None if checksum is None else checksum.new_hash()
        end = await self._disk.pour(chunks, fd, offset, hashed)
        if checksum is not None and hashed is not None and not checksum.matches(hashed):
            raise ChecksumMismatch(upload_id, algorithm=checksum.algorithm, start=offset, end=end)
        return end


def _open_into(opened: list[int], upload_id: str, path: Path, create: bool) -> None:
    try:
        fd = open_locked(path, create=create)
    except BlockingIOError as error:
        raise UploadLocked(upload_id) from error
    if fd is not None:
        opened.append(fd)


def _marker(path: Path) -> Path:
    return path.with_name(f".{path.name}.proved")


def _mark(path: Path, offset: int) -> None:
    fd = open_new(_marker(path))
    try:
        os.write(fd, f"{offset}\n".encode())
        os.fsync(fd)
    finally:
        os.close(fd)
    fsync_folder(path.parent)


def _proved(path: Path) -> int | None:
    """The offset up to which the bytes count while an append is unproved; None when all do."""
    try:
        text = _marker(path).read_text()
    except FileNotFoundError:
        return None
    # without its line end the marker itself was cut short, and then nothing had been written after it
    return int(text) if text.endswith("\n") else None


def _recover(fd: int, path: Path) -> int:
    proved = _proved(path)
    if proved is not None and proved < os.fstat(fd).st_size:
        os.ftruncate(fd, proved)
    _settle(fd, path)
    return os.fstat(fd).st_size


def _settle(fd: int, path: Path) -> None:
    os.fsync(fd)
    if remove_file(_marker(path)):
        fsync_folder(path.parent)


def _durable_size(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return 0
    try:
        os.fsync(fd)
        before = _proved(path)
        size = os.fstat(fd).st_size
        after = _proved(path)  # an append may begin or end between the two looks
        return min(known for known in (before, size, after) if known is not None)
    finally:
        os.close(fd)


def _forget(path: Path) -> None:
    remove_file(path)
    remove_file(_marker(path))
