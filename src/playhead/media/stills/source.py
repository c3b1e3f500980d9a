"""Where pictures come from: a file as it is, or the few samples that are needed out of any store."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from playhead.media.mp4.movie import Movie
from playhead.media.reader import look
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
    """A file; the decoder finds its way in it by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @asynccontextmanager
    async def opened(self, moments: Sequence[Moment], *, budget: int) -> AsyncIterator[Opened]:  # noqa: ARG002
        """Open the whole file."""
        container, _ = await asyncio.to_thread(look, self._path)
        with await asyncio.to_thread(self._path.open, "rb") as file:
            yield Opened(file.fileno(), container.demuxer, from_zero=False, moments=moments)


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
