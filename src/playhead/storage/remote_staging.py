"""Resumable uploads in object storage: pieces of at most 8 MiB, named by their offset, joined at the end.

Object storage cannot append. A piece is there or it is not, so a process that dies loses at most one. What counts
is the unbroken row of pieces from offset 0; an append with a checksum writes its first piece last, so that one
request makes all of it count.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.checksum import Checksum
from playhead.storage.errors import ChecksumMismatch, OffsetConflict, UploadLocked
from playhead.storage.store import StoredObject, Written
from playhead.storage.verify import finished_before

if TYPE_CHECKING:
    from playhead.storage.remote import RemoteStore

PIECE = 8 * MIB


class RemoteStaging:
    """A ``Staging`` under ``uploads/`` of a remote store.

    Two requests in one process are kept apart by a set, in two processes by the conditional put of each piece,
    which the server has to support (``If-None-Match: *``).
    """

    def __init__(self, store: "RemoteStore") -> None:
        self._store = store
        self._held: set[str] = set()

    async def offset(self, upload_id: str) -> int:
        row, _ = await self._survey(upload_id)
        return _end(row)

    async def append(
        self, upload_id: str, offset: int, chunks: AsyncIterable[bytes], *, checksum: Checksum | None = None
    ) -> int:
        with self._locked(upload_id):
            row, stray = await self._survey(upload_id)
            if _end(row) != offset:
                raise OffsetConflict(upload_id, offset=_end(row), given=offset)
            for piece in stray:  # of an append whose checksum was never proved
                await self._store.delete(piece.key)
            if checksum is None:
                return await self._append(upload_id, offset, chunks)
            return await self._append_proved(upload_id, offset, chunks, checksum)

    async def finish(self, upload_id: str, key: str) -> Written:
        return await self._finish([upload_id], key)

    async def finish_parts(self, parts: Sequence[tuple[str, int]], key: str) -> Written:
        return await self._finish([upload_id for upload_id, _ in parts], key)

    async def discard(self, upload_id: str) -> None:
        with self._locked(upload_id):
            await self._store.delete_prefix(_folder(upload_id))

    async def _finish(self, upload_ids: Sequence[str], key: str) -> Written:
        with ExitStack() as locks:
            for upload_id in upload_ids:
                locks.enter_context(self._locked(upload_id))
            rows = [(await self._survey(upload_id))[0] for upload_id in upload_ids]
            if not rows[0]:
                written = await finished_before(self._store, key)
            else:
                written = await self._store.write_reliable(key, self._joined([piece for row in rows for piece in row]))
                # The first piece goes first: after a crash here nothing counts any more, and the object answers.
                await self._store.delete(rows[0][0].key)
            for upload_id in upload_ids:
                await self._store.delete_prefix(_folder(upload_id))
        return written

    @contextmanager
    def _locked(self, upload_id: str) -> Iterator[None]:
        keys.upload(upload_id)
        if upload_id in self._held:
            raise UploadLocked(upload_id)
        self._held.add(upload_id)
        try:
            yield
        finally:
            self._held.discard(upload_id)

    async def _survey(self, upload_id: str) -> tuple[list[StoredObject], list[StoredObject]]:
        """The pieces that count, in order, and those behind a gap."""
        found = [piece async for piece in self._store.list(_folder(upload_id))]
        found.sort(key=_start)
        end = 0
        for count, piece in enumerate(found):
            if _start(piece) != end:
                return found[:count], found[count:]
            end += piece.size_bytes
        return found, []

    async def _append(self, upload_id: str, offset: int, chunks: AsyncIterable[bytes]) -> int:
        async def write(start: int, piece: bytes) -> None:
            await self._put(upload_id, start, piece)

        cutter = _Cutter(offset, write)
        try:
            async for chunk in chunks:
                await cutter.feed(chunk)
        finally:
            await cutter.flush()  # what came before a broken connection counts
        return cutter.end

    async def _append_proved(
        self, upload_id: str, offset: int, chunks: AsyncIterable[bytes], checksum: Checksum
    ) -> int:
        first = b""
        written: list[int] = []

        async def write(start: int, piece: bytes) -> None:
            nonlocal first
            if start == offset:
                first = piece
                return
            await self._put(upload_id, start, piece)
            written.append(start)

        hashed = checksum.new_hash()
        cutter = _Cutter(offset, write)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(hashed.update, chunk)
                await cutter.feed(chunk)
            await cutter.flush()
            if not checksum.matches(hashed):
                raise ChecksumMismatch(upload_id, algorithm=checksum.algorithm, start=offset, end=cutter.end)
            if first:
                await self._put(upload_id, offset, first)
        except BaseException:
            for start in written:
                await self._store.delete(_key(upload_id, start))
            raise
        if await self.offset(upload_id) != cutter.end:  # another host took our later pieces for strays
            raise UploadLocked(upload_id)
        return cutter.end

    async def _put(self, upload_id: str, start: int, piece: bytes) -> None:
        if not await self._store.create(_key(upload_id, start), piece):
            raise UploadLocked(upload_id)

    async def _joined(self, row: list[StoredObject]) -> AsyncIterator[bytes]:
        for piece in row:
            async for chunk in self._store.read_patient(piece.key):
                yield chunk


class _Cutter:
    """Cuts a stream into pieces and hands each on with its offset."""

    def __init__(self, offset: int, write: Callable[[int, bytes], Awaitable[None]]) -> None:
        self.end = offset
        self._held = bytearray()
        self._write = write

    async def feed(self, chunk: bytes) -> None:
        self._held += chunk
        while len(self._held) >= PIECE:
            await self._hand_on(PIECE)

    async def flush(self) -> None:
        if self._held:
            await self._hand_on(len(self._held))

    async def _hand_on(self, size: int) -> None:
        piece, rest = bytes(self._held[:size]), self._held[size:]
        self._held = bytearray()  # if the write fails, what comes after it must not take its place
        await self._write(self.end, piece)
        self._held = rest
        self.end += size


def _folder(upload_id: str) -> str:
    return f"{keys.upload(upload_id)}/"


def _key(upload_id: str, start: int) -> str:
    return f"{_folder(upload_id)}{start:016}"


def _start(piece: StoredObject) -> int:
    return int(piece.key.rpartition("/")[2])


def _end(row: list[StoredObject]) -> int:
    return sum(piece.size_bytes for piece in row)
