"""State transitions of a job: the only statements that change its state, each guarded by the state it leaves.

Called inside a write transaction; the kind's hook runs in the same one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.outbox.outbox import record_event

_NO_ERROR: dict[str, Any] = {
    "error_code": None,
    "error_message": None,
    "error_hint": None,
    "error_retryable": None,
    "log_tail": None,
}


async def begin(session: AsyncSession, job_id: str, run: int, *, worker: str, now: datetime) -> JobRow | None:
    """Start an attempt; None when the job was canceled, has ended, or is on another run."""
    return await _transition(
        session,
        job_id,
        run,
        {
            "state": "running",
            "worker": worker,
            "attempts": JobRow.attempts + 1,
            "started_at": func.coalesce(JobRow.started_at, now),
            "attempt_started_at": now,
            "attempt_progress": JobRow.progress,
        },
    )


async def succeed(
    session: AsyncSession,
    job_id: str,
    run: int,
    kind: JobKind,
    result: dict[str, Any],
    *,
    now: datetime,
    attempt: int | None = None,
) -> JobRow | None:
    """Mark a job as succeeded; None when it had already ended, or *attempt* is no longer the current one."""
    values = {"state": "succeeded", "progress": 1.0, "step": None, "finished_at": now, **_NO_ERROR}
    job = await _transition(session, job_id, run, values, attempt)
    if job is not None:
        await kind.on_succeeded(session, job, result)
    return job


async def fail(
    session: AsyncSession,
    job_id: str,
    run: int,
    kind: JobKind,
    error: JobError,
    *,
    now: datetime,
    attempt: int | None = None,
) -> JobRow | None:
    """Mark a job as failed; None as in `succeed`."""
    values = {
        "state": "failed",
        "finished_at": now,
        "error_code": error.code,
        "error_message": error.message,
        "error_hint": error.hint,
        "error_retryable": error.retryable,
        "log_tail": error.log_tail,
    }
    job = await _transition(session, job_id, run, values, attempt)
    if job is not None:
        await kind.on_failed(session, job, error)
        if not kind.background:
            _record_failure(session, job, error)
    return job


def _record_failure(session: AsyncSession, job: JobRow, error: JobError) -> None:
    record_event(
        session,
        "job.failed",
        owner_id=job.owner_id,
        subject_id=job.id,
        data={
            "kind": job.kind,
            "title": job.title,
            "project_id": job.project_id,
            "video_id": job.video_id,
            "error": {"code": error.code, "message": error.message, "hint": error.hint},
        },
    )


async def cancel(
    session: AsyncSession, job_id: str, kind: JobKind, *, now: datetime, run: int | None = None
) -> JobRow | None:
    """Cancel a job on a person's request; None when it had already ended."""
    job = await _transition(session, job_id, run, {"state": "canceled", "step": None, "finished_at": now})
    if job is not None:
        await kind.on_canceled(session, job)
    return job


async def wait(session: AsyncSession, job: JobRow) -> JobRow | None:
    """Put a running job back to queued, unless another attempt has begun in the meantime."""
    statement = update(JobRow).where(
        JobRow.id == job.id,
        JobRow.state == "running",
        JobRow.run == job.run,
        JobRow.attempts == job.attempts,
    )
    waiting: JobRow | None = await session.scalar(
        statement.values(state="queued", worker=None).returning(JobRow),
        execution_options={"populate_existing": True},
    )
    return waiting


async def requeue(session: AsyncSession, job_id: str, kind: JobKind, *, priority: int) -> JobRow | None:
    """Queue a failed or canceled job again, as its next run with a new priority; None when it is neither."""
    statement = (
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state.in_(("failed", "canceled")))
        .values(
            state="queued",
            priority=priority,
            run=JobRow.run + 1,
            attempts=0,
            progress=0.0,
            attempt_progress=0.0,
            step=None,
            worker=None,
            started_at=None,
            attempt_started_at=None,
            finished_at=None,
            **_NO_ERROR,
        )
        .returning(JobRow)
    )
    job = await session.scalar(statement, execution_options={"populate_existing": True})
    if job is not None:
        await kind.on_retried(session, job)
    return job


async def _transition(
    session: AsyncSession, job_id: str, run: int | None, values: dict[str, Any], attempt: int | None = None
) -> JobRow | None:
    statement = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(ACTIVE)).values(values)
    if run is not None:
        statement = statement.where(JobRow.run == run)
    if attempt is not None:
        statement = statement.where(JobRow.attempts == attempt)
    job: JobRow | None = await session.scalar(
        statement.returning(JobRow), execution_options={"populate_existing": True}
    )
    return job
