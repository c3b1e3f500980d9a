"""The hand that feeds a multipart write, and can stop it without leaving parts behind."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from contextlib import suppress

_STOP_S = 30.0  # a write that has not stopped by then is left to the store's lifecycle rule


class Abandoned(Exception):
    """Tells the write that its source failed; never seen outside this module."""


class Feed:
    """An async iterator for the writer, filled from the other side one chunk at a time.

    The writer runs in a task of its own, because it does not end its multipart write when it is canceled: when
    the source fails or the caller is canceled, the iterator raises, which does end it.
    """

    def __init__(self) -> None:
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._abandoned = False

    def __aiter__(self) -> "Feed":
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._chunks.get()
        if chunk is not None:
            return chunk
        if self._abandoned:
            raise Abandoned
        raise StopAsyncIteration

    async def pour(self, chunks: AsyncIterable[bytes], write: Callable[["Feed"], Awaitable[None]]) -> None:
        """Give all chunks to the writer and wait for it; whatever fails first passes on."""
        writing = asyncio.ensure_future(write(self))
        try:
            async for chunk in chunks:
                await self._give(chunk, writing)
            await self._give(None, writing)
            await asyncio.shield(writing)
        except BaseException:
            await self._abandon(writing)
            raise

    async def _give(self, chunk: bytes | None, writing: "asyncio.Future[None]") -> None:
        giving = asyncio.ensure_future(self._chunks.put(chunk))
        try:
            await asyncio.wait([giving, writing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            giving.cancel()
        if writing.done():
            await writing  # it ended before its source did: with an error

    async def _abandon(self, writing: "asyncio.Future[None]") -> None:
        self._abandoned = True
        ending = asyncio.ensure_future(self._end())
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _STOP_S
        while not writing.done() and loop.time() < deadline:
            with suppress(asyncio.CancelledError):
                await asyncio.wait({writing}, timeout=deadline - loop.time())
        ending.cancel()
        writing.cancel()
        if writing.done() and not writing.cancelled():
            writing.exception()  # seen: what the source raised is what the caller hears

    async def _end(self) -> None:
        # The empty chunk first: to take it, a writer with one part at a time waits for the part on its way, and
        # so the end of the multipart write finds nothing that could land after it.
        await self._chunks.put(b"")
        await self._chunks.put(None)
