"""Reconciliation of job rows with the engine, which has the record of what ran and is right where they disagree."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select

from playhead.db.database import Database
from playhead.jobs import exclusion, transitions
from playhead.jobs.engine import Engine, Outcome, workflow_id
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import ACTIVE, JobRow

log = structlog.get_logger(__name__)

BATCH = 500
"""Rows per pass: one query to each database."""

WAITING = ("ENQUEUED", "DELAYED")
"""States in the engine of a run that no worker has: before its first attempt, or after its worker was lost."""

LOST = JobError(
    "job_lost",
    "The job engine ended this job without saying how.",
    hint="Run it again.",
    retryable=True,
)
KEEPS_DYING = JobError(
    "worker_keeps_dying",
    "The worker that ran this job was lost four times, so it was given up.",
    hint="The machine may run out of memory on it. Look at the worker's log before you run it again.",
    retryable=False,
)


async def reconcile(
    database: Database, engine: Engine, kinds: JobKinds, job_ids: Sequence[str] | None, *, now: datetime
) -> int:
    """Submit jobs that are unknown to the engine; end those that it has ended. See `Jobs.reconcile`."""
    changed, last = 0, ""
    while jobs := await _active(database, job_ids, after=last):
        changed += await _compare(database, engine, kinds, jobs, now=now)
        last = jobs[-1].id
    return changed


async def _compare(
    database: Database, engine: Engine, kinds: JobKinds, jobs: Sequence[JobRow], *, now: datetime
) -> int:
    try:
        outcomes = await engine.outcomes([workflow_id(job.id, job.run) for job in jobs])
    except EngineUnavailable as error:
        log.warning("reconciliation_failed", detail=error.detail, error=repr(error.__cause__))
        return 0
    changed = 0
    for job in jobs:
        outcome = outcomes.get(workflow_id(job.id, job.run))
        try:
            changed += await _settle(database, engine, kinds, job, outcome, now=now)
        except Exception:
            log.exception("job_not_reconciled", job_id=job.id, kind=job.kind)
    return changed


async def _active(database: Database, job_ids: Sequence[str] | None, *, after: str) -> Sequence[JobRow]:
    statement = select(JobRow).where(JobRow.state.in_(ACTIVE), JobRow.id > after).order_by(JobRow.id).limit(BATCH)
    if job_ids is not None:
        statement = statement.where(JobRow.id.in_(job_ids))
    async with database.read() as session:
        return (await session.scalars(statement)).all()


async def _settle(
    database: Database,
    engine: Engine,
    kinds: JobKinds,
    job: JobRow,
    outcome: Outcome | None,
    *,
    now: datetime,
) -> bool:
    kind = kinds.get(job.kind)
    if outcome is None:  # perhaps its request is about to submit it: idempotent
        return await _submit(database, engine, kinds, job)
    if outcome.status == "PENDING" or (outcome.status in WAITING and job.state == "queued"):
        return False
    async with database.write() as session:
        if outcome.status in WAITING:
            settled = await transitions.wait(session, job)
        elif outcome.status == "CANCELLED":
            settled = await transitions.cancel(session, job.id, kind, run=job.run, now=now)
        elif (result := _result(outcome)) is not None:
            settled = await transitions.succeed(session, job.id, job.run, kind, result, now=now)
        else:
            settled = await transitions.fail(session, job.id, job.run, kind, _error(outcome), now=now)
    if settled is None:
        return False
    log.info("job_reconciled", job_id=job.id, kind=job.kind, state=settled.state, engine=outcome.status)
    if not settled.is_active:
        await _submit_next(database, engine, kinds, settled)
    return True


async def _submit(database: Database, engine: Engine, kinds: JobKinds, job: JobRow) -> bool:
    async with database.read() as session:
        if await exclusion.must_wait(session, kinds, job):
            return False
    await engine.enqueue(job, kinds.get(job.kind).queue)
    return True


async def _submit_next(database: Database, engine: Engine, kinds: JobKinds, ended: JobRow) -> None:
    async with database.read() as session:
        waiting = await exclusion.next_of(session, kinds, ended)
    if waiting is not None:
        await _submit(database, engine, kinds, waiting)


def _result(outcome: Outcome) -> dict[str, Any] | None:
    output = outcome.output
    if outcome.status == "SUCCESS" and isinstance(output, dict) and isinstance(output.get("result"), dict):
        found: dict[str, Any] = output["result"]
        return found
    return None


def _error(outcome: Outcome) -> JobError:
    if outcome.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return KEEPS_DYING
    output = outcome.output
    if isinstance(output, dict) and isinstance(output.get("error"), dict):
        return JobError.from_dict(output["error"])
    return LOST
