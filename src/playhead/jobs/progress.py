"""Progress and the fence of one attempt: progress is written once a second, and each write or read of the row shows
whether the attempt still owns it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select, update

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.errors import JobStopped
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now

log = structlog.get_logger(__name__)

BATCH = 500
"""Jobs in one query."""


class Fence(ABC):
    """The fence of an attempt, which ends when another one owns the row. Keeps progress until the next write.

    Args:
        interval_s: Seconds between two checks of the row, each of which writes progress.
    """

    def __init__(self, job_id: str, *, interval_s: float) -> None:
        self._job_id = job_id
        self._interval_s = interval_s
        self._pending: dict[str, Any] = {}
        self._reached = 0.0
        self.stopped = False

    async def report(self, fraction: float, step: str | None) -> None:
        """Take progress, clamped to 0..1 and never falling, and the current activity.

        Raises:
            JobStopped: the job was canceled or another attempt has begun.
        """
        if self.stopped:
            raise JobStopped(self._job_id)
        # An encoder with two outputs reports the time of either: a bar must not run backwards.
        self._reached = max(self._reached, min(1.0, fraction))
        self._pending["progress"] = round(self._reached, 4)
        if step is not None:
            self._pending["step"] = step

    async def until_stopped(self) -> None:
        """Write progress and check the row until another attempt owns it. An outage stops nothing."""
        while not self.stopped:
            await asyncio.sleep(self._interval_s)
            try:
                self.stopped = not await self.is_ours()
            except PlayheadError as error:
                # The failure detector reports an outage.
                log.debug("progress_not_written", job_id=self._job_id, detail=error.detail)

    @abstractmethod
    async def is_ours(self) -> bool:
        """Write pending progress; whether the row is still this attempt's."""

    def _take_pending(self) -> dict[str, Any]:
        pending, self._pending = self._pending, {}
        return pending


class AttemptFence(Fence):
    """The fence of an attempt at a job.

    Args:
        job: The row as this attempt began it; its ``run`` and ``attempts`` name the attempt.
    """

    def __init__(self, watch: "FenceWatch", job: JobRow) -> None:
        super().__init__(job.id, interval_s=watch.interval_s)
        self._watch = watch
        self.attempt = (job.id, job.run, job.attempts)

    def restart_pace(self) -> None:
        """Measure the pace, and so the estimated end, from the current progress on.

        Other workers go on with a job's parts while its own worker is dead.
        """
        self._pending |= {"attempt_progress": round(self._reached, 4), "attempt_started_at": utc_now()}

    async def until_stopped(self) -> None:
        """As `Fence.until_stopped`, in one query with the other attempts of this worker."""
        await self._watch.until_stopped(self)

    async def is_ours(self) -> bool:
        return not await self._watch.check([self])

    def take_pending(self) -> dict[str, Any]:
        """What is to be written of its progress."""
        return self._take_pending()


class FenceWatch:
    """A watch over the fences of all attempts of a worker: one transaction a tick, however many they are.

    Hundreds of jobs that wait for services outside would otherwise make hundreds of queries a second.

    Args:
        interval_s: Seconds between two ticks; nothing runs while there is no attempt.
    """

    def __init__(self, database: Database, *, interval_s: float) -> None:
        self._database = database
        self.interval_s = interval_s
        self._fences: dict[AttemptFence, asyncio.Event] = {}
        self._loop: asyncio.Task[None] | None = None

    async def until_stopped(self, fence: AttemptFence) -> None:
        """Write the progress of an attempt and check its row until another attempt owns it."""
        stopped = self._fences[fence] = asyncio.Event()
        try:
            if self._loop is None or self._loop.done():
                self._loop = asyncio.create_task(self._tick_while_watched(), name="fence watch")
            await stopped.wait()
        finally:
            del self._fences[fence]

    async def check(self, fences: Sequence[AttemptFence]) -> set[AttemptFence]:
        """Write pending progress; those whose row belongs to another attempt, or has ended."""
        pending = {fence: facts for fence in fences if (facts := fence.take_pending())}
        ours: set[tuple[str, int, int]] = set()
        async with self._database.write() if pending else self._database.read() as session:
            for fence, facts in pending.items():
                statement = update(JobRow).where(*_owned(fence.attempt)).values(facts).returning(JobRow.id)
                if await session.scalar(statement, execution_options={"synchronize_session": False}) is not None:
                    ours.add(fence.attempt)
            others = [fence.attempt[0] for fence in fences if fence not in pending]
            for start in range(0, len(others), BATCH):
                found = select(JobRow.id, JobRow.run, JobRow.attempts).where(
                    JobRow.id.in_(others[start : start + BATCH]), JobRow.state == "running"
                )
                ours.update((row.id, row.run, row.attempts) for row in await session.execute(found))
        return {fence for fence in fences if fence.attempt not in ours}

    async def _tick_while_watched(self) -> None:
        while self._fences:
            await asyncio.sleep(self.interval_s)
            watched = list(self._fences)
            try:
                for fence in await self.check(watched):
                    fence.stopped = True
                    if fence in self._fences:
                        self._fences[fence].set()
            except PlayheadError as error:
                # The failure detector reports an outage.
                log.debug("progress_not_written", job_id=f"{len(watched)} jobs", detail=error.detail)
            except Exception as error:  # all attempts of this worker depend on this one task
                log.warning("progress_not_written", job_id=f"{len(watched)} jobs", detail=repr(error))


def _owned(attempt: tuple[str, int, int]) -> tuple[ColumnElement[bool], ...]:
    job_id, run, number = attempt
    return (JobRow.id == job_id, JobRow.state == "running", JobRow.run == run, JobRow.attempts == number)
