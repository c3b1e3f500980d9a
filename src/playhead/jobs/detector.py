"""The failure detector: every worker watches the heartbeats of the others."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from playhead.errors import Unavailable

log = structlog.get_logger(__name__)

MonotonicClock = Callable[[], float]


class FailureDetector:
    """A failure detector over heartbeats and the owners of running jobs.

    Silence is measured with this process's monotonic clock: a time in a heartbeat is only compared with the one before.
    After a silence of its own (the database was away, the machine slept) nobody is declared dead until the
    others have had as long as anyone gets to be seen again.

    Args:
        beat: Sends the own heartbeat and returns the last one of each worker.
        busy: Returns the ids of the workers that own runs.
        recover: Requeues the runs of these workers.
        dead_after_s: Seconds of silence after which a worker is dead.
    """

    def __init__(
        self,
        beat: Callable[[], Awaitable[Mapping[str, float]]],
        busy: Callable[[], Awaitable[set[str]]],
        recover: Callable[[set[str]], Awaitable[None]],
        *,
        dead_after_s: float,
        clock: MonotonicClock = time.monotonic,
    ) -> None:
        self._beat = beat
        self._busy = busy
        self._recover = recover
        self._dead_after_s = dead_after_s
        self._clock = clock
        self._watching_since = self._last = clock()
        self._seen: dict[str, tuple[float, float]] = {}

    async def check(self) -> set[str]:
        """Beat once and recover the jobs of dead workers; returns their ids."""
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
            await self._recover(dead)
        return dead

    def _alive(self, beats: Mapping[str, float], now: float) -> set[str]:
        """Workers whose heartbeat has changed in time; each is kept with the moment of its last change."""
        known = self._seen
        self._seen = {
            worker: known[worker] if worker in known and known[worker][0] == beat else (beat, now)
            for worker, beat in beats.items()
        }
        return {worker for worker, (_, at) in self._seen.items() if now - at < self._dead_after_s}

    async def run(self, beat_s: float) -> None:
        """Check at every beat. An outage of the database is one line in the log, and one when it is over."""
        away_since: float | None = None
        while True:
            await asyncio.sleep(beat_s)
            try:
                await self.check()
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
    """The driver's message about an outage, without the statement; empty without a cause."""
    return "" if cause is None else next(iter(str(cause).splitlines()), "")
