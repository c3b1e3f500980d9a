"""The registry of workers, and the reason why jobs wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import defer

from playhead.db.database import Database
from playhead.errors import Unavailable
from playhead.jobs.heartbeat import DEAD_AFTER_S, age_of
from playhead.jobs.tables import JobRow, WorkerRow
from playhead.kit.text import without_places

WorkerSight = Literal["starting", "ready", "failed", "lost"]


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker as it was last seen; lost is one that went silent without a goodbye.

    Args:
        up_s: Since its process began.
        seen_s_ago: Below zero when the database's clock was set back in the meantime.
        reason: Why it failed, or failed the last time while it is starting again.
    """

    id: str
    host: str
    pid: int
    version: str | None
    state: WorkerSight
    up_s: float
    seen_s_ago: float
    reason: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why jobs wait.

    Args:
        code: ``worker_failed``, ``worker_starting``, ``worker_lost`` or ``no_worker``.
        reason: The failure in its own words; may name folders.
    """

    code: str
    message: str
    reason: str | None = None
    hint: str | None = None


STARTING = Problem("worker_starting", "The worker is starting; jobs wait until it is ready.")
NONE = Problem("no_worker", "No worker is running, so jobs wait.", hint="Start one: playhead worker.")


class NoWorker(Unavailable):
    """Nobody runs jobs."""

    code = "no_worker"
    title = "No worker available"


class WorkerRegistry:
    """The workers of this installation, on all hosts.

    Args:
        dead_after_s: Silence after which a worker is lost.
        expected: This server keeps a worker, so one is starting until it is seen.
    """

    def __init__(self, database: Database, *, dead_after_s: float, expected: bool) -> None:
        self._database = database
        self._dead_after_s = dead_after_s
        self._expected = expected

    async def seen(self) -> list[Worker]:
        """All workers of the last day, by id."""
        return await workers_of(self._database, dead_after_s=self._dead_after_s)

    async def running(self) -> dict[str, list[JobRow]]:
        """The jobs that each worker runs, by its id, without their arguments."""
        statement = select(JobRow).where(JobRow.state == "running").order_by(JobRow.id).options(defer(JobRow.args))
        found: dict[str, list[JobRow]] = {}
        async with self._database.read() as session:
            for job in await session.scalars(statement):
                found.setdefault(job.worker or "", []).append(job)
        return found

    def problem_of(self, workers: Sequence[Worker]) -> Problem | None:
        """Why jobs wait; None while any worker takes them."""
        problem = problem_of(workers)
        return STARTING if problem is NONE and self._expected else problem

    async def check(self) -> str:
        """Count the workers that take jobs.

        Without a worker of its own a server serves whether workers run elsewhere or not, so the check holds and its
        detail says that jobs wait.

        Raises:
            NoWorker: this server's own worker does not take jobs (yet).
        """
        workers = await self.seen()
        problem = problem_of(workers)
        if problem is None:
            return f"{sum(worker.state == 'ready' for worker in workers)} alive"
        if self._expected:  # and so it is being started, unless it failed
            raise NoWorker(said(problem if problem.reason else STARTING))
        return said(problem)


def said(problem: Problem) -> str:
    """A problem in one line, for strangers too."""
    return without_places(" ".join(filter(None, (problem.message, problem.reason, problem.hint))))


async def workers_of(database: Database, *, dead_after_s: float = DEAD_AFTER_S) -> list[Worker]:
    """List all workers of the last day, by id.

    Raises:
        DatabaseUnavailable: no answer.
    """
    statement = select(WorkerRow, age_of(database)).order_by(WorkerRow.id)
    async with database.read() as session:
        return [_worker(row, age, dead_after_s) for row, age in await session.execute(statement)]


def problem_of(workers: Sequence[Worker]) -> Problem | None:
    """Why jobs wait; None while any worker takes them."""
    if any(worker.state == "ready" for worker in workers):
        return None
    newest = sorted(workers, key=lambda worker: abs(worker.seen_s_ago))
    if failed := next((worker for worker in newest if worker.reason), None):
        return Problem("worker_failed", NONE.message, failed.reason, failed.hint or "See the worker's log.")
    if any(worker.state == "starting" for worker in workers):
        return STARTING
    if newest:
        ago = f"The last one was seen {abs(newest[0].seen_s_ago):.0f} s ago."
        return Problem("worker_lost", NONE.message, ago, NONE.hint)
    return NONE


def _worker(row: WorkerRow, age: float, dead_after_s: float) -> Worker:
    # An age far below zero was written before the clock was set back: a live worker has written again since.
    silent = abs(age) >= dead_after_s and row.state != "failed"
    return Worker(
        id=row.id,
        host=row.host,
        pid=row.pid,
        version=row.version,
        state="lost" if silent else row.state,
        up_s=max(0.0, row.seen - row.started + max(0.0, age)),
        seen_s_ago=age,
        reason=row.reason,
        hint=row.hint,
    )
