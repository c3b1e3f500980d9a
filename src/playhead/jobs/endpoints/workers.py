"""``/workers``: who runs the jobs, and why they wait when nobody does."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from sqlalchemy import select

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.db.database import Database
from playhead.jobs.tables import JobRow
from playhead.jobs.workers import Problem, Worker, WorkerRegistry
from playhead.kit.clock import utc_now
from playhead.kit.text import without_places

router = APIRouter(prefix="/workers", tags=["workers"], route_class=GuardedRoute)

Anybody = Annotated[Principal, Depends(requires())]
State = Literal["starting", "ready", "failed", "lost"]


class WorkersProblem(Shape):
    """Why jobs wait."""

    code: Literal["no_worker", "worker_failed", "worker_lost", "worker_starting"]
    message: str
    reason: str | None = Field(description="Why the last worker failed; without folders and addresses but for admins.")
    hint: str | None


class RunningJob(Shape):
    """A job that a worker runs now."""

    id: str
    kind: str
    title: str


class WorkerShape(Shape):
    """One worker process."""

    id: str
    host: str
    pid: int
    version: str | None = Field(description="Of Playhead; null from a worker older than 0.2.")
    state: State = Field(
        description="`starting`: it takes no jobs yet; `failed`: it could not start, or died; `lost`: silent longer "
        "than `worker_dead_after`."
    )
    reason: str | None = Field(description="Why it failed, or failed the last time.")
    hint: str | None
    started_at: Timestamp
    seen_at: Timestamp
    jobs: list[RunningJob]


class WorkerCounts(Shape):
    """How many workers are in each state."""

    starting: int
    ready: int
    failed: int
    lost: int


class Workers(Shape):
    """The workers of this installation, on all hosts."""

    counts: WorkerCounts
    problem: WorkersProblem | None = Field(description="Null while a worker takes jobs.")
    items: list[WorkerShape] | None = Field(description="For admins alone, else null.")


@router.get("", response_model=Workers, responses=problem_responses(401, 503))
async def list_workers(principal: Anybody, workers: Needs[WorkerRegistry], database: Needs[Database]) -> Workers:
    """Tell whether jobs are taken, and if not, why. Admins see each worker and what it runs."""
    found = await workers.list()
    states = [worker.state for worker in found]
    problem = workers.problem_of(found)
    return Workers(
        counts=WorkerCounts(**{state: states.count(state) for state in ("starting", "ready", "failed", "lost")}),
        problem=_problem(problem, in_full=principal.is_admin) if problem else None,
        items=await _items(database, found) if principal.is_admin else None,
    )


def _problem(problem: Problem, *, in_full: bool) -> WorkersProblem:
    reason, hint = problem.reason, problem.hint
    if not in_full:
        reason, hint = (text and without_places(text) for text in (reason, hint))
    return WorkersProblem.model_validate(
        {"code": problem.code, "message": problem.message, "reason": reason, "hint": hint}
    )


async def _items(database: Database, workers: list[Worker]) -> list[WorkerShape]:
    statement = select(JobRow.worker, JobRow.id, JobRow.kind, JobRow.title).where(JobRow.state == "running")
    async with database.read() as session:
        running = (await session.execute(statement.order_by(JobRow.id))).all()
    now = utc_now()
    return [
        WorkerShape(
            id=worker.id,
            host=worker.host,
            pid=worker.pid,
            version=worker.version,
            state=worker.state,
            reason=worker.reason,
            hint=worker.hint,
            started_at=now - timedelta(seconds=worker.up_s),
            seen_at=now - timedelta(seconds=max(0.0, worker.seen_s_ago)),
            jobs=[RunningJob(id=job.id, kind=job.kind, title=job.title) for job in running if job.worker == worker.id],
        )
        for worker in workers
    ]
