"""The job client of the API: record with the request, submit after its commit, cancel, retry, reconcile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database, DatabaseUnavailable
from playhead.db.unit import after_commit
from playhead.jobs import exclusion, parts, transitions
from playhead.jobs.engine import EndedPart, Engine, workflow_id
from playhead.jobs.errors import EngineUnavailable, JobNotFailed, JobNotFound, JobNotRunning, JobSuperseded
from playhead.jobs.failure import describe
from playhead.jobs.groups import find_group
from playhead.jobs.kinds import JobKinds, StepRecord
from playhead.jobs.priorities import next_priority
from playhead.jobs.reconcile import reconcile
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id

if TYPE_CHECKING:
    from dbos._sys_db import StepInfo  # the engine gives it no public home

log = structlog.get_logger(__name__)

HOLDS_KEY = ("queued", "running", "succeeded")

_LAST = datetime.max.replace(tzinfo=UTC)

_ENDED = {"succeeded": "has succeeded", "failed": "has failed", "canceled": "was canceled"}


@dataclass(frozen=True, slots=True)
class JobStep:
    """One recorded step of a job's current run, or a part of it.

    Args:
        name: As it was recorded; stable.
        title: What it did, in words for people.
    """

    name: str
    title: str
    state: Literal["succeeded", "failed"]
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


class Jobs:
    """The job client. No worker needs to be alive; ``close`` it at the end.

    Args:
        database: The catalog, with the jobs' rows.
        jobs_url: The engine's database: ``sqlite:////absolute/jobs.db`` or ``postgresql://...``.
        kinds: The same kinds as the workers'.
    """

    def __init__(self, database: Database, jobs_url: str, kinds: JobKinds, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._engine = Engine(jobs_url)
        self._kinds = kinds
        self._clock = clock

    async def record(
        self,
        session: AsyncSession,
        *,
        kind: str,
        owner_id: str,
        title: str,
        args: dict[str, Any],
        project_id: str | None = None,
        video_id: str | None = None,
        dedupe_key: str | None = None,
    ) -> JobRow:
        """Record a job in the caller's transaction; `submit` it after the commit.

        Returns the job that holds the *dedupe_key* instead, when one is queued, running or succeeded.
        """
        while True:
            if dedupe_key is not None and (held := await _holder(session, dedupe_key)) is not None:
                return held
            job = JobRow(
                id=new_id("job"),
                kind=kind,
                owner_id=owner_id,
                project_id=project_id,
                video_id=video_id,
                title=title,
                args=args,
                dedupe_key=dedupe_key,
                state="queued",
                progress=0.0,
                run=1,
                attempts=0,
                attempt_progress=0.0,
                created_at=self._clock(),
            )
            job.priority = await self._priority(session, job)
            job.group_id = await find_group(session, self._kinds.get(kind), job)
            try:
                async with session.begin_nested():
                    session.add(job)
            except IntegrityError:
                if dedupe_key is None:
                    raise
                continue  # another request won the key in the meantime
            return job

    async def release_key(self, session: AsyncSession, job_id: str) -> None:
        """Release the dedupe key of a job whose output is gone, so that it can be made again."""
        await session.execute(update(JobRow).where(JobRow.id == job_id).values(dedupe_key=None))

    async def get(self, job_id: str) -> JobRow:
        """Read a job's row.

        Raises:
            JobNotFound: no such job.
        """
        async with self._database.read() as session:
            return await _found(session, job_id)

    async def submit(self, job_id: str) -> None:
        """Enqueue a recorded job, after the commit of the caller's unit; idempotent. The reconciler repairs a failure.

        A job that must wait for another of its project or video (`exclusion`) is submitted when that has ended.
        """
        await after_commit(partial(self._submit, job_id))

    async def _submit(self, job_id: str) -> None:
        try:
            async with self._database.read() as session:
                job = await _found(session, job_id)
                if job.state != "queued" or await exclusion.must_wait(session, self._kinds, job):
                    return
            await self._engine.enqueue(job, self._kinds.get(job.kind).queue)
        except (EngineUnavailable, DatabaseUnavailable) as error:  # the row is there: the reconciler submits it
            log.warning("job_not_submitted", job_id=job_id, detail=error.detail, error=repr(error.__cause__))

    async def submit_next(self, ended: JobRow) -> None:
        """Submit the job that waited for one that has ended (`exclusion`)."""
        try:
            async with self._database.read() as session:
                waiting = await exclusion.next_of(session, self._kinds, ended)
        except DatabaseUnavailable as error:
            log.warning("next_job_not_submitted", after=ended.id, detail=error.detail)
            return
        if waiting is not None:
            await self.submit(waiting.id)

    async def cancel(self, job_id: str) -> JobRow:
        """Cancel a queued or running job; its child processes end about a second later.

        Raises:
            JobNotFound: no such job.
            JobNotRunning: it had already ended.
        """
        async with self._database.write(reserve=True) as session:
            job = await _found(session, job_id)
            canceled = await transitions.cancel(session, job_id, self._kinds.get(job.kind), now=self._clock())
            if canceled is None:
                raise JobNotRunning(f"Job {job_id} cannot be canceled: it {_ENDED[job.state]} already.")
        await after_commit(partial(self._stop, canceled))
        return canceled

    async def _stop(self, canceled: JobRow) -> None:
        """Cancel the run in the engine, and submit the job that waited for it."""
        try:
            await self._engine.cancel(workflow_id(canceled.id, canceled.run))
            await self._engine.cancel_parts(workflow_id(canceled.id, canceled.run))
        except EngineUnavailable as error:
            log.warning("engine_cancel_failed", job_id=canceled.id, detail=error.detail)
        await self.submit_next(canceled)

    async def retry(self, job_id: str) -> JobRow:
        """Run a failed or canceled job again, from its beginning.

        Raises:
            JobNotFound: no such job.
            JobNotFailed: it is queued or running, or has succeeded.
            JobSuperseded: another job with the same dedupe key is active or has succeeded.
        """
        async with self._database.write() as session:
            job = await _found(session, job_id)
            if job.state not in ("failed", "canceled"):
                raise JobNotFailed(f"Job {job_id} cannot be run again: it is {job.state}.")
            if job.dedupe_key is not None and (other := await _holder(session, job.dedupe_key)) is not None:
                raise JobSuperseded(f"Job {job_id} cannot be run again: job {other.id} does the same.")
            priority = await self._priority(session, job)
            again = await transitions.requeue(session, job_id, self._kinds.get(job.kind), priority=priority)
            if again is None:  # the row was read in this very transaction
                raise JobNotFailed(f"Job {job_id} changed while it was put back into the queue.")
        await self.submit(job_id)
        return again

    async def steps(self, job_id: str) -> list[JobStep]:
        """List the finished steps and parts of the current run, in order.

        Raises:
            JobNotFound: no such job.
            EngineUnavailable: the engine's database does not answer.
        """
        job = await self.get(job_id)
        run_id = workflow_id(job_id, job.run)
        steps = [_step(step) for step in await self._engine.steps(run_id)]
        ended = [_part(part) for part in await self._engine.ended_parts(run_id)]
        if ended:
            steps = sorted(steps + ended, key=lambda each: each[1].finished_at or _LAST)
        async with self._database.read() as session:
            titles = await self._kinds.get(job.kind).step_titles(session, job, [record for record, _ in steps])
        return [replace(step, title=title) for title, (_, step) in zip(titles, steps, strict=True)]

    async def reconcile(self, job_ids: Sequence[str] | None = None) -> int:
        """Make rows agree with the engine: submit what a crash left behind, end what ended unseen.

        Args:
            job_ids: Only these; all that are queued or running when None.

        Returns:
            How many jobs were submitted or ended.
        """
        return await reconcile(self._database, self._engine, self._kinds, job_ids, now=self._clock())

    async def counts(self) -> dict[tuple[str, str], int]:
        """Jobs by kind and state."""
        statement = select(JobRow.kind, JobRow.state, func.count()).group_by(JobRow.kind, JobRow.state)
        async with self._database.read() as session:
            return {(kind, state): number for kind, state, number in await session.execute(statement)}

    async def forget_before(self, end: datetime, *, limit: int = 500) -> int:
        """Delete the engine's records of runs that ended before *end*; the jobs' own rows stay."""
        return await self._engine.delete_finished(end.astimezone(UTC).isoformat(), limit)

    async def forget_parts(self) -> None:
        """Delete the progress of parts whose job has ended."""
        await parts.forget_ended(self._database)

    async def close(self) -> None:
        """Close the connections to the engine's database."""
        await self._engine.close()

    async def _priority(self, session: AsyncSession, job: JobRow) -> int:
        turn = await next_priority(session, self._kinds, self._kinds.get(job.kind), job.owner_id)
        return max(turn, await exclusion.priority_behind(session, self._kinds, job))


async def _found(session: AsyncSession, job_id: str) -> JobRow:
    job = await session.get(JobRow, job_id)
    if job is None:
        raise JobNotFound(f"There is no job {job_id}.")
    return job


async def _holder(session: AsyncSession, dedupe_key: str) -> JobRow | None:
    statement = select(JobRow).where(JobRow.dedupe_key == dedupe_key, JobRow.state.in_(HOLDS_KEY))
    found: JobRow | None = await session.scalar(statement)
    return found


def _step(info: "StepInfo") -> tuple[StepRecord, JobStep]:
    name, error = info["function_name"], info["error"]
    step = JobStep(
        name=name,
        title=name,
        state="succeeded" if error is None else "failed",
        started_at=_from_epoch(info["started_at_epoch_ms"]),
        finished_at=_from_epoch(info["completed_at_epoch_ms"]),
        error=None if error is None else describe(error).message,
    )
    return StepRecord(name, info["output"]), step


def _part(part: EndedPart) -> tuple[StepRecord, JobStep]:
    output = part.outcome.output if isinstance(part.outcome.output, dict) else {}
    error = output.get("error")
    step = JobStep(
        name=part.name,
        title=part.name,
        state="succeeded" if "result" in output else "failed",
        started_at=_from_epoch(part.started_ms),
        finished_at=_from_epoch(part.ended_ms),
        error=str(error["message"]) if isinstance(error, dict) else None,
    )
    return StepRecord(part.name, output.get("result"), is_part=True), step


def _from_epoch(epoch_ms: int | None) -> datetime | None:
    return None if epoch_ms is None else datetime.fromtimestamp(epoch_ms / 1000, UTC)
