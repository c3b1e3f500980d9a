"""The job that detects who is live: one for all workers, so that one process holds the WebSocket and polls.

It ends when no channel is enabled and is recorded again by `Detection.ensure`. A worker that dies hands it over like
any job.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.errors import PlayheadError, Unavailable
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.live.channels import looked_after
from playhead.live.detect.broadcasts import Broadcasts
from playhead.live.detect.eventsub import Events
from playhead.live.detect.notes import Notes
from playhead.live.detect.watched import Watched
from playhead.live.tables import ChannelRow

log = structlog.get_logger(__name__)

DETECT: Final = "detect"

TICK_S: Final = 3.0
SETTLE_S: Final = 5.0
FORGET_S: Final = 600.0

STARTED_WELL_S: Final = 60.0
"""A loop that ran so long before it failed is started again at once."""

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 120.0

LINGER_S: Final = 20.0
"""How long the job goes on without a channel, so that the subscriptions of the last one are deleted."""

MANY_RECOVERIES: Final = 1_000_000
"""Lost workers say nothing about this job: it runs for months."""

Loop = Callable[[Watched], Awaitable[None]]
"""Runs until it fails."""


class Detection:
    """Sees to it that the job exists while there is something to detect."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database, self._jobs = database, jobs

    async def ensure(self) -> None:
        """Record the job if a channel is enabled and none is active; a sweep, and called where a channel is added."""
        async with self._database.read() as session:
            active = select(JobRow.id).where(JobRow.kind == DETECT, JobRow.state.in_(ACTIVE)).limit(1)
            owner_id = await session.scalar(looked_after(ChannelRow.owner_id).limit(1))
            if owner_id is None or await session.scalar(active):
                return
        async with self._database.write() as session:
            job = await self._jobs.record(
                session, kind=DETECT, owner_id=owner_id, title="Channels", args={}, dedupe_key=DETECT
            )
        await self._jobs.submit(job.id)


class DetectJob:
    """Runs the loops of detection while channels are enabled.

    Args:
        loops: The feed of events and the pollers, by name.
    """

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        broadcasts: Broadcasts,
        events: Events,
        notes: Notes,
        loops: Callable[[], Mapping[str, Loop]],
        *,
        tick_s: float = TICK_S,
        linger_s: float = LINGER_S,
    ) -> None:
        self._database, self._jobs, self._broadcasts = database, jobs, broadcasts
        self._events, self._notes, self._loops = events, notes, loops
        self._tick_s, self._linger_s = tick_s, linger_s
        self._fingerprint: object = None
        self._revoked_at: str | None = None

    def kind(self) -> JobKind:
        """The kind."""
        return JobKind(
            name=DETECT,
            queue="live",
            run=self.run,
            title="Detection",
            doing="Detecting who is live",
            done="Detected who is live",
            of=None,
            background=True,
            recoveries=MANY_RECOVERIES,
            on_succeeded=self._release,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Detect until no channel is enabled."""
        watched = Watched()
        self._fingerprint = None
        await self._load(watched)
        tasks = [
            asyncio.create_task(self._keep_up(name, loop, watched), name=f"detect {name}")
            for name, loop in self._loops().items()
        ]
        tasks.append(asyncio.create_task(self._keep_up("housekeeping", self._keep_house, watched)))
        needed = time.monotonic()
        try:
            while time.monotonic() - needed <= self._linger_s:
                await asyncio.sleep(self._tick_s)
                await self._tick(watched)
                needed = time.monotonic() if watched.channels else needed
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return {}

    async def _release(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:  # noqa: ARG002
        await self._jobs.release_key(session, job.id)

    async def _tick(self, watched: Watched) -> None:
        try:
            await self._load(watched)
        except Unavailable as error:  # the failure detector says so
            log.debug("detection_failed", loop="channels", code=error.code, detail=error.detail)

    async def _load(self, watched: Watched) -> None:
        """Read the channels if any was added, removed or edited."""
        async with self._database.read() as session:
            count, newest = (await session.execute(looked_after(func.count(), func.max(ChannelRow.updated_at)))).one()
            if (count, newest) == self._fingerprint:
                return
            channels = (await session.scalars(looked_after(ChannelRow).order_by(ChannelRow.id))).all()
        self._fingerprint = count, newest
        watched.replace(channels)

    async def _keep_house(self, watched: Watched) -> None:
        forgotten = 0.0
        while True:
            await self._broadcasts.settle()
            noted = (await self._notes.read()).get("revoked", {}).get("at")
            if noted is not None and noted != self._revoked_at:  # an API process was notified of it
                self._revoked_at = noted
                watched.changed()
            if time.monotonic() - forgotten > FORGET_S:
                await self._events.forget_old()
                forgotten = time.monotonic()
            await asyncio.sleep(min(SETTLE_S, 5 * self._tick_s))

    async def _keep_up(self, name: str, loop: Loop, watched: Watched) -> None:
        """Run a loop, and start it again when it fails: at once, then later and later."""
        pause_s = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            try:
                await loop(watched)
            except Exception as error:
                if time.monotonic() - began > STARTED_WELL_S:
                    pause_s = FIRST_PAUSE_S
                await self._report(name, error, pause_s)
            await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))  # noqa: S311
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _report(self, name: str, error: Exception, again_in_s: float) -> None:
        expected = isinstance(error, PlayheadError)
        code = error.code if isinstance(error, PlayheadError) else type(error).__name__
        hint = error.hint if isinstance(error, PlayheadError) else None
        log.warning(
            "detection_failed",
            loop=name,
            code=code,
            detail=str(error)[:500],
            again_in_s=again_in_s,
            exc_info=None if expected else error,
        )
        try:
            await self._notes.write(f"problem:{name}", {"code": code, "detail": str(error)[:500], "hint": hint})
        except PlayheadError as silent:
            log.debug("detection_failed", loop="notes", code=silent.code, detail=silent.detail)
