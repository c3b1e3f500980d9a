"""Progress and the fence of one attempt: progress is written once a second, and each write or read of the row shows
whether the attempt still owns it."""

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

    def __init__(self, database: Database, job: JobRow, *, interval_s: float) -> None:
        super().__init__(job.id, interval_s=interval_s)
        self._database = database
        self._ours = (
            JobRow.id == job.id,
            JobRow.state == "running",
            JobRow.run == job.run,
            JobRow.attempts == job.attempts,
        )

    def restart_pace(self) -> None:
        """Measure the pace, and so the estimated end, from the current progress on.

        Other workers go on with a job's parts while its own worker is dead.
        """
        self._pending |= {"attempt_progress": round(self._reached, 4), "attempt_started_at": utc_now()}

    async def is_ours(self) -> bool:
        pending = self._take_pending()
        if not pending:
            async with self._database.read() as session:
                return await session.scalar(select(JobRow.id).where(*self._ours)) is not None
        statement = update(JobRow).where(*self._ours).values(pending).returning(JobRow.id)
        async with self._database.write() as session:
            return await session.scalar(statement) is not None
