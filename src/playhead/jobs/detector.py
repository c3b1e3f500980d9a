"""The failure detector: every worker looks out for the others."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from playhead.errors import Unavailable

log = structlog.get_logger(__name__)

MonotonicClock = Callable[[], float]


class FailureDetector:
    """Decides who is dead, from whose heartbeat changes and who is said to be running something.

    Time is taken here, by a clock that nobody sets: what the heartbeats say of the time is only compared with itself.
    After a silence of its own (the database was away, the machine slept) nobody is declared dead until the
    others have had as long as anyone gets to be seen again.

    Args:
        beat: Sends the own heartbeat and gives the last one of each worker.
        busy: Gives the ids of the workers that runs belong to.
        take_over: Requeues the runs of these workers.
        dead_after_s: How long a worker may stay unseen.
    """

    def __init__(
        self,
        beat: Callable[[], Awaitable[Mapping[str, float]]],
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
        self._seen: dict[str, tuple[float, float]] = {}

    async def look(self) -> set[str]:
        """Beat once and take over from the dead; gives who they were."""
        beats = await self._beat()
        now = self._clock()
        if now - self._last > self._dead_after_s / 2:
            self._watching_since = now
            self._seen = {}
        self._last = now
        alive = self._alive(beats, now)
        if now - self._watching_since < self._dead_after_s:
            return set()
        dead = await self._busy() - alive
        if dead:
            await self._take_over(dead)
        return dead

    def _alive(self, beats: Mapping[str, float], now: float) -> set[str]:
        """Those whose heartbeat has changed in time; each is kept with the moment of its last change."""
        known = self._seen
        self._seen = {
            worker: known[worker] if worker in known and known[worker][0] == beat else (beat, now)
            for worker, beat in beats.items()
        }
        return {worker for worker, (_, at) in self._seen.items() if now - at < self._dead_after_s}

    async def run(self, beat_s: float) -> None:
        """Look again and again. An outage of the database is one line in the log, and one when it is over."""
        away_since: float | None = None
        while True:
            await asyncio.sleep(beat_s)
            try:
                await self.look()
            except Unavailable as error:
                if away_since is None:
                    away_since = self._clock()
                    log.warning("database_lost", detail=error.detail, error=first_line(error.__cause__))
                continue
            except Exception as error:
                log.warning("failure_detector_failed", error=repr(error))
            if away_since is not None:
                log.warning("database_recovered", away_s=round(self._clock() - away_since, 1))
                away_since = None


def first_line(cause: BaseException | None) -> str:
    """What a driver says of an outage, without the statement; empty where it says nothing."""
    return "" if cause is None else next(iter(str(cause).splitlines()), "")
