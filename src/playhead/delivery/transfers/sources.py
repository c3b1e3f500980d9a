"""Sources of bodies: a local file that is opened once, or a remote store that streams."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from playhead.catalog.files import MediaFile
from playhead.catalog.seams import ShippedSpan
from playhead.delivery.connections.disk import threads
from playhead.delivery.connections.open_files import OpenFile, OpenFiles
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.ranges import Span
from playhead.delivery.transfers.shipped import ShippedSource
from playhead.delivery.transfers.upstream import UpstreamSource
from playhead.errors import Unavailable
from playhead.kit.units import KIB
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import LocalFiles, Remote, Store

CHUNK_BYTES = 256 * KIB
"""Memory that one viewer takes, apart from the server's own write buffer."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GrowingMedia:
    """A file outside the store that a capture still writes; only spans that are complete are read.

    Attributes:
        objects: What is read instead if another host writes it.
    """

    path: Path
    objects: tuple[ShippedSpan, ...] = ()

    @property
    def key(self) -> str:
        """Its name, for errors and the log."""
        return self.path.name


class Source(Protocol):
    """An open file."""

    def chunks(self, span: Span) -> AsyncIterator[bytes]:
        """Give the bytes of a span; ends early when the file has become shorter."""
        ...

    def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        """Give the bytes of spans one after the other, in as few reads as it takes; ends early as `chunks` does."""
        ...

    def close(self) -> None:
        """Let go of it. More than once is fine."""
        ...


class Sources:
    """Opens the bytes of files of one store."""

    def __init__(self, store: Store, files: OpenFiles | None = None) -> None:
        self.store = store
        self.files = files or OpenFiles()

    async def open(self, media: MediaFile | GrowingMedia, parts: Sequence[Span | bytes] = ()) -> Source:
        """Open the bytes of a file; one of the store must be as long as the catalog says.

        Args:
            parts: Of the body that is wanted; a remote store is asked for the first at once, and for nothing without.

        Raises:
            MediaNotFound: they are gone, or others.
            Unavailable: this host cannot read them now.
            StoreUnavailable: the store does not answer.
            StoreWrong: it gives other bytes than those.
        """
        if isinstance(media, GrowingMedia):
            return await self._growing(media, parts)
        source: Source
        try:
            path = self.path(media)
            if path is not None:
                file = await self.files.open(path)
                source, size = FileSource(file), file.size
            elif isinstance(self.store, Remote):
                source = await UpstreamSource.open(self.store, media.key, media.size_bytes, parts)
                size = source.found_bytes
            else:
                raise TypeError(f"{type(self.store).__name__} gives neither files nor reads")
        except (ObjectNotFound, FileNotFoundError, NotADirectoryError) as error:
            raise _missing(media, "The bytes of this video are gone.", found_bytes=None) from error
        except OSError as error:
            raise _unreadable(error) from error
        if size != media.size_bytes:
            source.close()
            raise _missing(media, "The bytes of this video are not those that were verified.", found_bytes=size)
        return source

    async def _growing(self, media: GrowingMedia, parts: Sequence[Span | bytes]) -> Source:
        try:
            if media.objects and isinstance(self.store, Remote):
                return await ShippedSource.open(self.store, media.objects, parts)
            return FileSource(await self.files.open(str(media.path)))
        except (ObjectNotFound, FileNotFoundError, NotADirectoryError) as error:
            raise MediaNotFound("This part of the recording is gone.", hint="Ask for a new playback URL.") from error
        except OSError as error:
            raise _unreadable(error) from error

    def path(self, media: MediaFile) -> str | None:
        """Path of a file in a local store; None in a remote one."""
        return str(self.store.path(media.key)) if isinstance(self.store, LocalFiles) else None

    def peek(self, path: str, media: MediaFile) -> OpenFile | None:
        """The file at *path* if it is already open; makes no system call."""
        file = self.files.peek(path)
        return file if file is not None and file.size == media.size_bytes else None

    def close(self) -> None:
        """Close the files that are not in use."""
        self.files.close()


class FileSource:
    """A local file, read by position in threads, never closed under a thread that still reads it."""

    def __init__(self, file: OpenFile) -> None:
        self.file = file
        self._is_closed = False

    async def chunks(self, span: Span) -> AsyncIterator[bytes]:
        at = span.start
        while at < span.end:
            data = await self._read([Span(at, min(at + CHUNK_BYTES, span.end))])
            if not data:
                return
            at += len(data)
            yield data

    async def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        for batch in batches(spans):
            data = await self._read(batch)
            yield data
            if len(data) < sum(span.length for span in batch):
                return

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.file.release()

    async def _read(self, spans: Sequence[Span]) -> bytes:
        loop, file = asyncio.get_running_loop(), self.file.hold()
        reading = threads.submit(_read_all, file.fd, spans)
        reading.add_done_callback(lambda _: loop.call_soon_threadsafe(file.release))
        return await asyncio.wrap_future(reading)


def batches(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in groups of at most ``CHUNK_BYTES``; longer ones are divided."""
    groups: list[list[Span]] = [[]]
    room = CHUNK_BYTES
    for span in spans:
        start = span.start
        while start < span.end:
            if not room:
                groups.append([])
                room = CHUNK_BYTES
            end = min(span.end, start + room)
            groups[-1].append(Span(start, end))
            room -= end - start
            start = end
    return [group for group in groups if group]


def _read_all(fd: int, spans: Sequence[Span]) -> bytes:
    """Bytes of spans, up to the first that the file is too short for."""
    found: list[bytes] = []
    for span in spans:
        at = span.start
        while at < span.end:
            data = os.pread(fd, span.end - at, at)
            if not data:
                return b"".join(found)
            found.append(data)
            at += len(data)
    return b"".join(found)


def _unreadable(error: OSError) -> Unavailable:
    return Unavailable(
        f"The file could not be opened: {error.strerror}.",
        code="media_unreadable",
        title="Media cannot be read right now",
    )


def _missing(media: MediaFile, detail: str, *, found_bytes: int | None) -> MediaNotFound:
    """An error that looks to viewers like a video that never existed, and a log entry of the loss for the operator."""
    log.error("media_bytes_not_found", key=media.key, size_bytes=media.size_bytes, found_bytes=found_bytes)
    return MediaNotFound(detail)
