"""Where a body's bytes come from: one descriptor that is opened once, or a store that streams."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import structlog

from playhead.delivery.errors import MediaNotFound, MediaUnreadable
from playhead.delivery.media import Media
from playhead.delivery.ranges import Span
from playhead.kit.units import KIB
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import LocalFiles, Store

CHUNK_BYTES = 256 * KIB
"""What one viewer holds in memory at a time, apart from the server's own write buffer."""

GAP_BYTES = 1024 * KIB
"""Bytes that are read in vain rather than asking a remote store once more: some 10 ms against some 30."""

_disk = ThreadPoolExecutor(8, thread_name_prefix="media-disk")
"""Its own threads: a slow disk must not hold up password hashing, nor the other way round."""

log = structlog.get_logger(__name__)


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


async def open_source(store: Store, media: Media) -> Source:
    """Open the bytes of a file, which must be as long as the catalog says.

    Raises:
        MediaNotFound: they are gone, or others.
        MediaUnreadable: this host cannot read them now.
        StoreUnavailable: the store does not answer.
    """
    try:
        if isinstance(store, LocalFiles):
            source, size = await _open_file(store, media.key)
        else:
            source, size = StoreSource(store, media.key), (await store.stat(media.key)).size_bytes
    except (ObjectNotFound, FileNotFoundError, NotADirectoryError) as error:
        raise _missing(media, "The bytes of this video are gone.", found_bytes=None) from error
    except OSError as error:
        raise MediaUnreadable(f"The file could not be opened: {error.strerror}.") from error
    if size != media.size_bytes:
        source.close()
        raise _missing(media, "The bytes of this video are not those that were verified.", found_bytes=size)
    return source


class FileSource:
    """A regular file, read by position in threads, never closed under a thread that still reads it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._reading: Future[bytes] | None = None
        self._closed = False

    async def chunks(self, span: Span) -> AsyncIterator[bytes]:
        at = span.start
        while at < span.end:
            self._reading = _disk.submit(os.pread, self._fd, min(CHUNK_BYTES, span.end - at), at)
            data = await asyncio.wrap_future(self._reading)
            if not data:
                return
            at += len(data)
            yield data

    async def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        for batch in batches(spans):
            self._reading = _disk.submit(_read_all, self._fd, batch)
            data = await asyncio.wrap_future(self._reading)
            yield data
            if len(data) < sum(span.length for span in batch):
                return

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._reading is None:
            os.close(self._fd)
        else:  # at once when it has ended
            self._reading.add_done_callback(lambda _: os.close(self._fd))


class StoreSource:
    """An object of a store that gives neither files nor URLs."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key

    def chunks(self, span: Span) -> AsyncIterator[bytes]:
        return self._store.read(self._key, span.start, span.end)

    async def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        for window in windows(spans):
            async for chunk in self._window(window):
                yield chunk

    async def _window(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        """Ascending spans out of one read."""
        at = spans[0].start
        wanted = iter(spans)
        span = next(wanted)
        async for chunk in self._store.read(self._key, at, spans[-1].end):
            end = at + len(chunk)
            while span.start < end:
                yield chunk[max(span.start, at) - at : span.end - at]
                if span.end > end:
                    break
                following = next(wanted, None)
                if following is None:
                    return
                span = following
            at = end

    def close(self) -> None:
        """Nothing is held between spans."""


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


def windows(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in groups that are each worth one read: ascending, with gaps of at most ``GAP_BYTES``."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and 0 <= span.start - groups[-1][-1].end <= GAP_BYTES:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _read_all(fd: int, spans: Sequence[Span]) -> bytes:
    """Bytes of some spans; those after one that was cut short are left out."""
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


async def _open_file(files: LocalFiles, key: str) -> tuple[Source, int]:
    opening = _disk.submit(lambda: _open_regular(files.path(key)))
    try:
        fd, size = await asyncio.wrap_future(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_opened)
        raise
    return FileSource(fd), size


def _missing(media: Media, detail: str, *, found_bytes: int | None) -> MediaNotFound:
    """For a viewer the same as a video that never was; for the operator a loss."""
    log.error("media bytes missing", key=media.key, size_bytes=media.size_bytes, found_bytes=found_bytes)
    return MediaNotFound(detail)


def _open_regular(path: Path) -> tuple[int, int]:
    # O_NONBLOCK: a FIFO in the store must not hang the thread.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        raise FileNotFoundError(path)
    return fd, facts.st_size


def _close_opened(opening: Future[tuple[int, int]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result()[0])
