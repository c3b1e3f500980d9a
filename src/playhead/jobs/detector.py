"""The failure detector: every worker looks out for the others."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

MonotonicClock = Callable[[], float]


class FailureDetector:
    """Decides who is dead, from who is seen alive and who is said to be running something.

    After a silence of its own (the database was away, the machine slept) nobody is declared dead until the
    others have had as long as anyone gets to be seen again.

    Args:
        beat: Sends the own heartbeat and gives the ids alive.
        busy: Gives the ids of the workers that runs belong to.
        take_over: Requeues the runs of these workers.
        dead_after_s: How long a worker may stay unseen.
    """

    def __init__(
        self,
        beat: Callable[[], Awaitable[set[str]]],
        busy: Callable[[], Awaitable[set[str]]],
        take_over: Callable[[set[str]], Awaitable[None]],
        *,
        dead_after_s: float,
        clock: MonotonicClock = time.monotonic,
    ) -> None:
        self._beat = beat
        self._busy = busy
        self._take_over = take_over
        self._dead_after_s = dead_after_s
        self._clock = clock
        self._watching_since = self._last = clock()

    async def look(self) -> set[str]:
        """Beat once and take over from the dead; gives who they were."""
        alive = await self._beat()
        now = self._clock()
        if now - self._last > self._dead_after_s / 2:
            self._watching_since = now
        self._last = now
        if now - self._watching_since < self._dead_after_s:
            return set()
        dead = await self._busy() - alive
        if dead:
            await self._take_over(dead)
        return dead

    async def run(self, beat_s: float) -> None:
        """Look for ever. A look that failed is logged and done again at the next beat."""
        while True:
            await asyncio.sleep(beat_s)
            try:
                await self.look()
            except Exception as error:
                log.warning("failure detector could not look", cause=repr(error))
