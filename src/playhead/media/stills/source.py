"""Sources of stills: a whole file, or the few samples that are needed from any store."""

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
from playhead.media.reader import inspect
from playhead.media.sniff import MP4, QUICKTIME
from playhead.media.stills.excerpt import header_of, plan_excerpt
from playhead.media.stills.times import StillTime

ReadBytes = Callable[[int, int], Awaitable[bytes]]
"""Reader of a span of the original: offset and size, in bytes."""

_APART = 64 << 10
"""Most bytes between samples that are read at once: audio between frames costs less than another request."""

_AT_ONCE = 8


class Opened(NamedTuple):
    """An open source, as handed to the decoder.

    Attributes:
        demuxer: libav's name of the format.
        from_zero: Whether its clock begins at 0 and runs on; otherwise the clock of the video counts.
    """

    descriptor: int
    demuxer: str
    from_zero: bool
    times: Sequence[StillTime]


class StillSource(Protocol):
    """A video that stills can be made of."""

    def opened(
        self, times: Sequence[StillTime], *, budget: int, exact: bool = False
    ) -> AbstractAsyncContextManager[Opened]:
        """Open what is needed for stills at some times.

        Args:
            exact: No frame before the requested one will do.

        Raises:
            UnreadableVideo: the file is not a video.
            Mp4Unreadable: its index cannot be followed here.
        """
        ...


class FileSource:
    """A local file, in which the decoder seeks by itself.

    A fragmented MP4 is read by its samples: libav follows neither its edit list nor a clock that jumps.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def opened(self, times: Sequence[StillTime], *, budget: int, exact: bool = False) -> AsyncIterator[Opened]:
        """Open the whole file, or a file of the samples that are needed."""
        container = (await asyncio.to_thread(inspect, self._path)).container
        async with AsyncExitStack() as stack:
            opened: Opened | None = None
            with suppress(Mp4Unreadable):
                movie = await asyncio.to_thread(_fragmented, self._path) if container in (MP4, QUICKTIME) else None
                if movie is not None:
                    source = MovieSource(movie, self._read)
                    opened = await stack.enter_async_context(source.opened(times, budget=budget, exact=exact))
            if opened is None:
                file = stack.enter_context(await asyncio.to_thread(self._path.open, "rb"))
                opened = Opened(file.fileno(), container.demuxer, from_zero=False, times=times)
            yield opened

    async def _read(self, offset: int, size: int) -> bytes:
        with FileBytes(self._path) as source:
            return await asyncio.to_thread(source.read_at, offset, size)


def _fragmented(path: Path) -> Movie | None:
    """The index of a fragmented MP4; None for any other file, whose index is not read."""
    with FileBytes(path) as source:
        return read_movie(source) if any(found.kind == b"moof" for found in top_boxes(source)) else None


class MovieSource:
    """An MP4 with a known index: only the samples that are needed are read, into a tiny file in memory."""

    def __init__(self, movie: Movie, read: ReadBytes) -> None:
        self._movie = movie
        self._read = read

    @asynccontextmanager
    async def opened(self, times: Sequence[StillTime], *, budget: int, exact: bool = False) -> AsyncIterator[Opened]:
        """Open a file in memory of the samples that are needed."""
        excerpt = plan_excerpt(self._movie, times, budget=budget, exact=exact)
        with closing(_in_memory()) as file:
            header = header_of(excerpt)
            os.pwrite(file.fileno(), header, 0)
            await _copy_spans(self._read, excerpt.spans, file.fileno(), len(header))
            yield Opened(file.fileno(), "mov", from_zero=True, times=excerpt.times)


async def _copy_spans(read: ReadBytes, spans: Sequence[tuple[int, int]], out: int, at: int) -> None:
    """Copy all spans into a file one after the other, from an offset on; neighbours are read at once."""
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
