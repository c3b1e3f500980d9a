"""The seam: what every store and every staging area does, and two capabilities that only some have."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from playhead.storage.checksum import Checksum
from playhead.storage.guard import Guard


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store knows of an object without reading it.

    Args:
        etag: A strong validator without its quotes; changes with the bytes. Says nothing of their hash.
    """

    key: str
    size_bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a write returns: counted and hashed while the bytes passed.

    Args:
        sha256: Lower-case hex, 64 characters.
    """

    key: str
    size_bytes: int
    sha256: str


class Store(Protocol):
    """Objects under keys. Errors of every method: ``StoreUnavailable``; writes also ``StoreFull``."""

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> Written:
        """Store what the chunks give, over whatever was there.

        Nothing is visible before the end and nothing is left when ``chunks`` raises, the caller is canceled
        or the disk is full; an older object under this key then stays as it was.
        """
        ...

    async def write_file(self, key: str, source: Path) -> Written:
        """Store a file and take it away: moved within one file system, else copied and deleted."""
        ...

    async def stat(self, key: str) -> StoredObject:
        """Look an object up.

        Raises:
            ObjectNotFound: nothing has this key.
        """
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Stream the half-open span ``[start, end)`` in chunks of at most 1 MiB.

        ``end`` past the object or None means its end; a span that is empty or begins past the end gives
        nothing.

        Raises:
            ObjectNotFound: nothing has this key; on the first chunk.
            ValueError: ``start`` is negative or after ``end``.
        """
        ...

    async def delete(self, key: str) -> None:
        """Take an object away; one that is not there is fine."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Take away all objects under a prefix of whole segments (``videos/vid_.../``); how many there were.

        Raises:
            ValueError: an empty prefix, which would be the whole store.
        """
        ...

    def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """Walk the objects under a prefix of whole segments, all under ``""``; in no order to rely on."""
        ...

    def local_copy(self, key: str, folder: Path) -> AbstractAsyncContextManager[Path]:
        """A path to read the object from, as ffmpeg needs it; read only, valid inside the context.

        A local store gives the file in place. A remote one downloads into ``folder`` and removes it after.

        Raises:
            ObjectNotFound: nothing has this key.
            StoreFull: ``folder`` has no room for it.
        """
        ...

    async def check(self) -> None:
        """Prove that the store answers and lets us in, for the readiness check.

        Raises:
            StoreUnavailable: it cannot; the detail says why.
        """
        ...

    def free_bytes(self) -> int | None:
        """Free space of the local disk; None where that has no meaning."""
        ...

    async def sweep_partial(self, older_than: datetime) -> int:
        """Remove leftovers of writes that died before this time; their number.

        Zero for a remote store: its own lifecycle rule ends unfinished multipart uploads.
        """
        ...


@runtime_checkable
class LocalFiles(Protocol):
    """Capability: objects are files, so delivery can hand them to the kernel."""

    def path(self, key: str) -> Path:
        """Where the object is or would be; never outside the store's folder."""
        ...


@runtime_checkable
class Presigning(Protocol):
    """Capability: the store serves viewers itself."""

    async def presign(self, key: str, *, expires_s: int) -> str:
        """A URL that lets its bearer GET this object, ranges included, for *expires_s* seconds."""
        ...


class Reading(Protocol):
    """A span of an object whose first bytes are here."""

    @property
    def size_bytes(self) -> int:
        """Of the whole object."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Give the span's bytes, at most 1 MiB at a time, neither fewer nor more. Once.

        Raises:
            StoreUnavailable: the store broke off and could not go on.
            StoreWrong: what it gives is not what it promised.
        """
        ...


@runtime_checkable
class Remote(Protocol):
    """Capability: objects come over a network, so that whether they do is known before the first byte."""

    async def open_read(self, key: str, start: int, end: int) -> Reading:
        """Begin to read the half-open span ``[start, end)``, which is not empty.

        Raises:
            ObjectNotFound: nothing has this key.
            StoreUnavailable: the store does not answer; ``CircuitOpen`` and ``StoreBusy`` when it was not asked.
            StoreWrong: it gives other bytes than those.
        """
        ...


@runtime_checkable
class Guarded(Protocol):
    """Capability: something stands before reads that people wait for, and can be looked at."""

    @property
    def guard(self) -> Guard:
        """It."""
        ...


class Staging(Protocol):
    """Resumable uploads: bytes arrive in order, over many connections, and become one object at the end."""

    async def offset(self, upload_id: str) -> int:
        """How many bytes are safely here; 0 when nothing came yet."""
        ...

    async def append(
        self, upload_id: str, offset: int, chunks: AsyncIterable[bytes], *, checksum: Checksum | None = None
    ) -> int:
        """Add bytes at the end; the new offset, durable before it is returned.

        When ``chunks`` raises midway, what came is kept and the exception passes on. With a checksum it is
        all or nothing: broken or wrong bytes leave the old offset, after a crash of this process too.

        Raises:
            OffsetConflict: the upload ends elsewhere.
            UploadLocked: another request is writing it.
            ChecksumMismatch: the bytes hash to something else.
            StoreFull: no space; the old offset stands, so that the disk has room again for others.
        """
        ...

    async def finish(self, upload_id: str, key: str) -> Written:
        """Turn the staged bytes into an object. An upload without a byte becomes an empty object.

        Asked again after a crash between the move and its record, it finds the object and answers the same.

        Raises:
            UploadLocked: it is still being written.
        """
        ...

    async def finish_parts(self, parts: Sequence[tuple[str, int]], key: str) -> Written:
        """As ``finish``, of several uploads whose bytes follow each other.

        Not more than one of them is held twice at a time in a folder; in object storage all are until the object is
        written, as with ``finish``.

        Args:
            parts: Their ids and sizes in bytes; none is empty.

        Raises:
            UploadLocked: one is still being written.
        """
        ...

    async def discard(self, upload_id: str) -> None:
        """Forget the staged bytes; none is fine.

        Raises:
            UploadLocked: it is still being written.
        """
        ...
