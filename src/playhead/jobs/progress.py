"""Progress and the fence of one attempt: what it reports is written once a second, and each look at the row says
whether the attempt may go on."""

import asyncio
from abc import ABC, abstractmethod
from typing import Any

import structlog
from sqlalchemy import select, update

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.errors import JobStopped
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now

log = structlog.get_logger(__name__)


class Fence(ABC):
    """Keeps the newest progress until the next write. The attempt is over when its row is no longer its own.

    Args:
        interval_s: Seconds between two looks at the row; also the most often that progress is written.
    """

    def __init__(self, job_id: str, *, interval_s: float) -> None:
        self._job_id = job_id
        self._interval_s = interval_s
        self._news: dict[str, Any] = {}
        self._reached = 0.0
        self.stopped = False

    async def report(self, fraction: float, step: str | None) -> None:
        """Take progress, 0 to 1 (what lies outside is clamped, what steps back is held), and what the job does now.

        Raises:
            JobStopped: the job was canceled or another attempt has begun.
        """
        if self.stopped:
            raise JobStopped(self._job_id)
        # An encoder with two outputs tells the time of either: a bar that runs backwards is worth nothing.
        self._reached = max(self._reached, min(1.0, fraction))
        self._news["progress"] = round(self._reached, 4)
        if step is not None:
            self._news["step"] = step

    async def until_stopped(self) -> None:
        """Write and look, until the attempt may not go on. A database that does not answer stops nothing."""
        while not self.stopped:
            await asyncio.sleep(self._interval_s)
            try:
                self.stopped = not await self.is_ours()
            except PlayheadError as error:
                # The failure detector has the word on an outage.
                log.debug("progress_not_written", job_id=self._job_id, detail=error.detail)

    @abstractmethod
    async def is_ours(self) -> bool:
        """Write what is new; tell whether the row is still this attempt's."""

    def _take_news(self) -> dict[str, Any]:
        news, self._news = self._news, {}
        return news


class AttemptWatch(Fence):
    """The fence of an attempt at a job.

    Args:
        job: The row as this attempt began it; its ``run`` and ``attempts`` name the attempt.
    """

    def __init__(self, database: Database, job: JobRow, *, interval_s: float) -> None:
        super().__init__(job.id, interval_s=interval_s)
        self._database = database
        self._ours = (
            JobRow.id == job.id,
            JobRow.state == "running",
            JobRow.run == job.run,
            JobRow.attempts == job.attempts,
        )

    def judge_from_here(self) -> None:
        """Say that what is reached by now was not this attempt's doing: its pace, and so the end, is judged from here.

        Other workers go on with a job's parts while its own worker is dead.
        """
        self._news |= {"attempt_progress": round(self._reached, 4), "attempt_started_at": utc_now()}

    async def is_ours(self) -> bool:
        news = self._take_news()
        if not news:
            async with self._database.read() as session:
                return await session.scalar(select(JobRow.id).where(*self._ours)) is not None
        statement = update(JobRow).where(*self._ours).values(news).returning(JobRow.id)
        async with self._database.write() as session:
            return await session.scalar(statement) is not None
