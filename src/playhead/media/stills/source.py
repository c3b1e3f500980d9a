"""Where pictures come from: a file as it is, or the few samples that are needed out of any store."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie, top_boxes
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.reader import look
from playhead.media.sniff import MP4, QUICKTIME
from playhead.media.stills.excerpt import header_of, plan_excerpt
from playhead.media.stills.moment import Moment

ReadBytes = Callable[[int, int], Awaitable[bytes]]
"""Reads a span of the original: offset and size, in bytes."""

_APART = 64 << 10
"""Samples no further apart are read at once: sound between pictures costs less than another request."""

_AT_ONCE = 8


class Opened(NamedTuple):
    """What the decoder is handed.

    Attributes:
        demuxer: libav's name of the format.
        from_zero: Its clock begins at 0 and runs on; otherwise that of the video counts.
    """

    descriptor: int
    demuxer: str
    from_zero: bool
    moments: Sequence[Moment]


class StillSource(Protocol):
    """A video that pictures can be made of."""

    def opened(self, moments: Sequence[Moment], *, budget: int) -> AbstractAsyncContextManager[Opened]:
        """Open what is needed for some moments.

        Raises:
            UnreadableVideo: it is no video.
            Mp4Unreadable: this way of reading does not do for it.
        """
        ...


class FileSource:
    """A file; the decoder finds its way in it by itself.

    Not in fragments: libav follows neither their edit list nor a clock that jumps.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def opened(self, moments: Sequence[Moment], *, budget: int) -> AsyncIterator[Opened]:
        """Open the whole file, or a file of the samples that are needed."""
        container = (await asyncio.to_thread(look, self._path)).container
        async with AsyncExitStack() as stack:
            opened: Opened | None = None
            with suppress(Mp4Unreadable):
                movie = await asyncio.to_thread(_fragmented, self._path) if container in (MP4, QUICKTIME) else None
                if movie is not None:
                    source = MovieSource(movie, self._read)
                    opened = await stack.enter_async_context(source.opened(moments, budget=budget))
            if opened is None:
                file = stack.enter_context(await asyncio.to_thread(self._path.open, "rb"))
                opened = Opened(file.fileno(), container.demuxer, from_zero=False, moments=moments)
            yield opened

    async def _read(self, offset: int, size: int) -> bytes:
        with FileBytes(self._path) as source:
            return await asyncio.to_thread(source.read_at, offset, size)


def _fragmented(path: Path) -> Movie | None:
    """The index of a file in fragments; None for another, whose index is not read."""
    with FileBytes(path) as source:
        return read_movie(source) if any(found.kind == b"moof" for found in top_boxes(source)) else None


class MovieSource:
    """An MP4 whose index is known: only the samples that are needed are read, as a tiny file in memory."""

    def __init__(self, movie: Movie, read: ReadBytes) -> None:
        self._movie = movie
        self._read = read

    @asynccontextmanager
    async def opened(self, moments: Sequence[Moment], *, budget: int) -> AsyncIterator[Opened]:
        """Read the samples and open a file of them."""
        excerpt = plan_excerpt(self._movie, moments, budget=budget)
        with closing(_in_memory()) as file:
            header = header_of(excerpt)
            os.pwrite(file.fileno(), header, 0)
            await _copy_spans(self._read, excerpt.spans, file.fileno(), len(header))
            yield Opened(file.fileno(), "mov", from_zero=True, moments=excerpt.moments)


async def _copy_spans(read: ReadBytes, spans: Sequence[tuple[int, int]], out: int, at: int) -> None:
    """Write the bytes of all spans one after the other into a file, from a place on; neighbours are read at once."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def copy(group: Sequence[tuple[int, int]], to: int) -> None:
        start = group[0][0]
        async with gate:
            block = await read(start, sum(group[-1]) - start)
            os.pwrite(out, b"".join(block[offset - start : offset - start + size] for offset, size in group), to)

    copies = []
    for group in _neighbours(spans):
        copies.append(asyncio.create_task(copy(group, at)))
        at += sum(size for _, size in group)
    try:
        await asyncio.gather(*copies)
    finally:  # none may write into a file that is closed, or another that has its number by then
        for each in copies:
            each.cancel()
        await asyncio.gather(*copies, return_exceptions=True)


def _neighbours(spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    groups: list[list[tuple[int, int]]] = []
    for offset, size in spans:
        end = sum(groups[-1][-1]) if groups else 0
        if groups and end <= offset <= end + _APART:
            groups[-1].append((offset, size))
        else:
            groups.append([(offset, size)])
    return groups


def _in_memory() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("still", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()
