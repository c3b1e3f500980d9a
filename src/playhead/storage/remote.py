"""The store in S3, Google Cloud Storage or Azure, through obstore 0.12.

Of its traps (``clients`` and ``feed`` hold the others): a range that is empty or begins past the end is an error
like any other, so the size decides; suffix ranges are answered wrongly by some servers, so none are sent; it
must not be used after a fork, so processes are spawned.
"""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore

from playhead.kit.units import KIB, MIB
from playhead.storage.checksum import Hash
from playhead.storage.clients import Client, patient_client, serving_client, store_errors
from playhead.storage.disk import Disk, new_threads
from playhead.storage.download import Begin, Begun, Download
from playhead.storage.errors import ObjectNotFound, StoreWrong
from playhead.storage.feed import Feed
from playhead.storage.files import close, open_regular, remove_file
from playhead.storage.guard import Guard
from playhead.storage.keys import check_delete_prefix, check_key, check_prefix, check_span
from playhead.storage.store import StoredObject, Written
from playhead.storage.urls import RemoteUrl

if TYPE_CHECKING:
    from obstore import BytesStream, GetOptions, ObjectMeta

PART = 16 * MIB
"""One part of a multipart write; S3 allows 10,000 of them, so an object may have 156 GiB."""

_SINGLE = 8 * MIB  # up to here an object is put in one request
_READ_CHUNK = 256 * KIB
_PARALLEL_PARTS = 4  # 64 MiB in memory
_MAX_PRESIGN_S = 7 * 24 * 3600  # AWS Signature Version 4 allows no more


class RemoteStore:
    """A ``Store`` with the capabilities ``Presigning``, ``Remote`` and ``Guarded``: reads for viewers fail fast,
    everything else is patient."""

    def __init__(self, url: RemoteUrl, *, guard: Guard | None = None) -> None:
        self.url = url
        self.guard = guard or Guard(str(url))
        self._serving = serving_client(url)
        self._patient = patient_client(url)
        self._threads = new_threads()

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> Written:
        # one part at a time: the source is a client that may go away, and then no part may stay behind
        return await self._write(key, chunks, parallel_parts=1)

    async def write_reliable(self, key: str, chunks: AsyncIterable[bytes]) -> Written:
        """As ``write``, with parts side by side; for a source of ours.

        When it fails all the same, up to 64 MiB may stay hidden in the bucket until its lifecycle rule ends
        unfinished multipart uploads.
        """
        return await self._write(key, chunks, parallel_parts=_PARALLEL_PARTS)

    async def write_file(self, key: str, source: Path) -> Written:
        disk = Disk(source.parent, self._threads)
        opened: list[int] = []
        try:
            await disk.run(lambda: opened.append(open_regular(source)))
            written = await self.write_reliable(key, disk.chunks(opened[0]))
        finally:
            await disk.run(close, opened)
        await disk.run(remove_file, source)
        return written

    async def create(self, key: str, data: bytes) -> bool:
        """Put a small object unless the key exists; False if it does. Some servers do not enforce this."""
        with store_errors(self.url):
            try:
                await obstore.put_async(self._patient, self._path(key), data, mode="create", use_multipart=False)
            except obstore.exceptions.AlreadyExistsError:
                return False
        return True

    async def stat(self, key: str) -> StoredObject:
        path = self._path(key)

        async def head() -> StoredObject:
            with store_errors(self.url, key):
                return self._described(await obstore.head_async(self._serving, path))

        return await self.guard.call(head)

    def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return self._read(self._guarded(key), key, start, end)

    def read_patient(self, key: str) -> AsyncIterator[bytes]:
        """The whole object as ``read`` gives it, for background work."""
        return self._read(self._begin(self._patient, key), key, 0, None)

    async def open_read(self, key: str, start: int, end: int) -> Download:
        check_span(start, end)
        return await Download.open(key, self._guarded(key), start, end)

    async def delete(self, key: str) -> None:
        path = self._path(key)
        try:
            with store_errors(self.url, key):
                await obstore.delete_async(self._patient, path)
        except ObjectNotFound:
            return

    async def delete_prefix(self, prefix: str) -> int:
        check_delete_prefix(prefix)
        count = 0
        async for page in self._pages(prefix):
            try:
                with store_errors(self.url, prefix):
                    await obstore.delete_async(self._patient, [stored["path"] for stored in page])
            except ObjectNotFound:  # one is gone already: Google and Azure then leave others
                for stored in page:
                    await self.delete(self._described(stored).key)
            count += len(page)
        return count

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        async for page in self._pages(prefix):
            for stored in page:
                yield self._described(stored)

    @asynccontextmanager
    async def local_copy(self, key: str, folder: Path) -> AsyncIterator[Path]:
        path = folder / f"{secrets.token_hex(8)}-{check_key(key).rpartition('/')[2]}"
        disk = Disk(folder, self._threads)
        async with disk.new_file(path) as fd:
            await disk.pour(self.read_patient(key), fd, 0, None)
            yield path

    async def check(self) -> None:
        with store_errors(self.url):
            # a listing of nothing: unlike a HEAD it distinguishes a missing bucket from a missing object
            await obstore.list_with_delimiter_async(self._serving, f"{self.url.prefix}check")

    def free_bytes(self) -> int | None:
        return None

    async def sweep_partial(self, older_than: datetime) -> int:  # noqa: ARG002
        return 0

    async def presign(self, key: str, *, expires_s: int) -> str:
        if not 1 <= expires_s <= _MAX_PRESIGN_S:
            raise ValueError(f"a URL can be presigned for 1 to {_MAX_PRESIGN_S} seconds, not {expires_s}")
        path = self._path(key)
        with store_errors(self.url):
            return await obstore.sign_async(self._serving, "GET", path, timedelta(seconds=expires_s))

    def _path(self, key: str) -> str:
        return f"{self.url.prefix}{check_key(key)}"

    async def _write(self, key: str, chunks: AsyncIterable[bytes], *, parallel_parts: int) -> Written:
        path = self._path(key)
        counted = _Counted(chunks)
        grouped = counted.grouped(MIB)
        head: list[bytes] = []
        async for group in grouped:
            head.append(group)
            if counted.size_bytes > _SINGLE:
                break
        if counted.size_bytes <= _SINGLE:
            with store_errors(self.url):
                await obstore.put_async(self._patient, path, b"".join(head), use_multipart=False)
        else:
            await self._write_parts(path, _chained(head, grouped), parallel_parts)
        return Written(key, counted.size_bytes, counted.hashed.hexdigest())

    async def _write_parts(self, path: str, chunks: AsyncIterable[bytes], parallel_parts: int) -> None:
        async def write(feed: Feed) -> None:
            with store_errors(self.url):
                await obstore.put_async(
                    self._patient,
                    path,
                    feed,
                    use_multipart=True,
                    chunk_size=PART,
                    max_concurrency=parallel_parts,
                )

        await Feed().pour(chunks, write)

    async def _read(self, begin: Begin, key: str, start: int, end: int | None) -> AsyncIterator[bytes]:
        check_key(key)
        check_span(start, end)
        if start == end:
            await self.stat(key)
            return
        try:
            download = await Download.open(key, begin, start, end)
        except StoreWrong:
            if (start or end is not None) and (await self.stat(key)).size_bytes <= start:
                return  # nothing of the span is there, for which servers have many answers
            raise
        async for chunk in download.chunks():
            yield chunk

    def _guarded(self, key: str) -> Begin:
        begin = self._begin(self._serving, key)
        return lambda start, end: self.guard.call(lambda: begin(start, end))

    def _begin(self, client: Client, key: str) -> Begin:
        path = self._path(key)

        async def begin(start: int, end: int | None) -> Begun:
            options: GetOptions = {}
            if end is not None:
                options["range"] = (start, end)
            elif start:
                options["range"] = {"offset": start}
            with store_errors(self.url, key):
                result = await obstore.get_async(client, path, options=options)
            rest = _Chunks(self.url, key, result.stream(_READ_CHUNK))
            described = self._described(result.meta)
            return Begun(*result.range, described.size_bytes, described.etag, await anext(rest, b""), rest)

        return begin

    async def _pages(self, prefix: str) -> "AsyncIterator[Sequence[ObjectMeta]]":
        listing = obstore.list(self._patient, f"{self.url.prefix}{check_prefix(prefix)}", chunk_size=1000)
        while True:
            with store_errors(self.url):
                page = await anext(listing, None)
            if page is None:
                return
            yield page

    def _described(self, found: "ObjectMeta") -> StoredObject:
        etag = (found["e_tag"] or "").removeprefix("W/").strip('"')
        if not etag:
            etag = f"{found['size']:x}-{found['last_modified'].timestamp() * 1e6:.0f}"
        return StoredObject(found["path"].removeprefix(self.url.prefix), found["size"], etag)


class _Chunks:
    """What follows of an answer. No generator: dropping it is enough to hang up."""

    def __init__(self, url: RemoteUrl, key: str, stream: "BytesStream") -> None:
        self._url, self._key, self._stream = url, key, stream

    def __aiter__(self) -> "_Chunks":
        return self

    async def __anext__(self) -> bytes:
        with store_errors(self._url, self._key):
            # obstore's buffers are not bytes, whatever its types say
            return bytes(await anext(self._stream))


class _Counted:
    """Counts and hashes a source, and groups its chunks so that each hop to a thread is worth it."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks
        self.hashed: Hash = hashlib.sha256()
        self.size_bytes = 0

    async def grouped(self, size: int) -> AsyncIterator[bytes]:
        held: list[bytes] = []
        held_size = 0
        async for chunk in self._chunks:
            held.append(chunk)
            held_size += len(chunk)
            if held_size >= size:
                yield await self._counted(held)
                held, held_size = [], 0
        if held_size:
            yield await self._counted(held)

    async def _counted(self, held: list[bytes]) -> bytes:
        group = held[0] if len(held) == 1 else b"".join(held)
        await asyncio.to_thread(self.hashed.update, group)
        self.size_bytes += len(group)
        return group


async def _chained(head: list[bytes], rest: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    while head:
        yield head.pop(0)
    async for chunk in rest:
        yield chunk
