"""Warm decoder processes: started for a requested still, ended after a while without requests."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playhead.media.stills.errors import NoStill, StillsBusy
from playhead.media.stills.process import MAX_ANSWER_BYTES, DecoderProcess, ProcessGone


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Size and patience of a pool.

    Attributes:
        size: Most processes, thus most stills made at once.
        uses: Requests after which a process is replaced.
        idle_s: Time without a request after which a process ends; it holds 40 MiB.
        waiting: Most requests that wait for a process; one more is refused.
    """

    size: int = 2
    uses: int = 200
    idle_s: float = 30.0
    waiting: int = 64


class StillsPool:
    """A pool of processes that get videos as open descriptors and hold nothing else. ``close`` it at the end.

    Nothing is started before the first request. A process that takes too long, or ends without an answer, is killed
    with all that it started, and the next request gets a new one.
    """

    def __init__(self, settings: PoolSettings | None = None) -> None:
        self.settings = settings or PoolSettings()
        self._idle: list[DecoderProcess] = []
        self._turns = asyncio.Semaphore(2 * self.settings.size)
        self._processes = asyncio.Semaphore(self.settings.size)
        self._waiting = 0
        self._sweeper: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn to make a still, awaited before anything is read for it: two per process.

        Raises:
            StillsBusy: too many requests wait already.
        """
        if self._turns.locked() and self._waiting >= self.settings.waiting:
            raise StillsBusy(f"{self._waiting} stills are waited for already.", hint="Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()

    async def run(
        self,
        video: int,
        request: dict[str, Any],
        *,
        timeout_s: float = 40.0,
        most_bytes: int = MAX_ANSWER_BYTES,
    ) -> tuple[dict[str, Any], bytes]:
        """Run an operation (`child.operations`) in a decoder process, within a turn.

        Args:
            video: Descriptor of a regular file; it stays the caller's.
            most_bytes: Of the answer.

        Returns:
            Facts, and the image.

        Raises:
            NoStill: no frame could be decoded, or not in time.
        """
        async with self._processes:
            try:
                facts, image = await self._answer(video, request, timeout_s, most_bytes)
            except ProcessGone:
                facts, image = await self._once_more(video, request, timeout_s, most_bytes)
        if "problem" in facts:
            raise NoStill(f"No still could be made of this video: {facts['reason']}.")
        return facts, image

    async def close(self) -> None:
        """End all idle processes."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
        while self._idle:
            await self._idle.pop().close()

    async def _answer(
        self, video: int, request: dict[str, Any], timeout_s: float, most_bytes: int
    ) -> tuple[dict[str, Any], bytes]:
        process = await self._one()
        try:
            async with asyncio.timeout(timeout_s):
                return await process.run(video, request, most_bytes=most_bytes)
        except TimeoutError:
            raise NoStill(f"No still came out of this video within {timeout_s:.0f} s.") from None
        finally:
            await asyncio.shield(self._give_back(process))

    async def _once_more(
        self, video: int, request: dict[str, Any], timeout_s: float, most_bytes: int
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return await self._answer(video, request, timeout_s, most_bytes)
        except ProcessGone as error:  # once may be the kernel, out of memory; twice is this video
            raise NoStill("This video is damaged in a way that stops the decoder.") from error

    async def _give_back(self, process: DecoderProcess) -> None:
        if process.uses >= self.settings.uses or not process.is_well:
            await process.close()
            return
        process.idle_since = time.monotonic()
        self._idle.append(process)
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep(), name="idle stills")

    async def _one(self) -> "DecoderProcess":
        while self._idle:
            process = self._idle.pop()
            if process.is_alive:
                return process
            await process.close()
        return await DecoderProcess.start()

    async def _sweep(self) -> None:
        while self._idle:
            oldest = min(process.idle_since for process in self._idle)
            await asyncio.sleep(max(0.0, oldest + self.settings.idle_s - time.monotonic()))
            overdue = time.monotonic() - self.settings.idle_s
            gone = [process for process in self._idle if process.idle_since <= overdue]
            self._idle = [process for process in self._idle if process.idle_since > overdue]
            for process in gone:
                await process.close()


@asynccontextmanager
async def one_process() -> AsyncIterator[StillsPool]:
    """A pool of one for a job or a command; its process is gone at the end."""
    pool = StillsPool(PoolSettings(size=1))
    try:
        yield pool
    finally:
        await pool.close()
