"""Jobs of generations: one that brings a prompt to its video, and one that settles what a canceled one cost."""

from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.stills import submit_after
from playhead.errors import Conflict, PlayheadError
from playhead.generate.downloading import Downloading
from playhead.generate.endings import Endings
from playhead.generate.errors import GenerationFailed, GenerationNotFound, ProviderError, RequestUnknown
from playhead.generate.provider import Status
from playhead.generate.records import Records, locked
from playhead.generate.submitting import Submitting
from playhead.generate.tables import GenerationRow
from playhead.generate.waiting import Waiting
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.text import one_line, shorten
from playhead.reels.project_titles import project_titles

log = structlog.get_logger(__name__)

GENERATE: Final = "generate"
SETTLE: Final = "settle_generation"

RECOVERIES: Final = 10_000
"""What is paid outlives any number of workers."""

SUBMITTED: Final = 0.05
FINISHED: Final = 0.85
"""Progress of the job when its request is submitted, and when it has ended at the provider."""


class GenerateJob:
    """Submits one request, waits for its end, and keeps its result.

    It has no recorded steps: the row says what has happened, and each attempt goes on from there.
    """

    def __init__(
        self,
        records: Records,
        jobs: Jobs,
        submitting: Submitting,
        waiting: Waiting,
        downloading: Downloading,
        endings: Endings,
    ) -> None:
        self._records = records
        self._jobs = jobs
        self._submitting = submitting
        self._waiting = waiting
        self._downloading = downloading
        self._endings = endings

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=GENERATE,
            title="Generate",
            doing="Generating",
            done="Generated",
            folds="project",
            things="takes",
            subjects=project_titles,
            queue="remote",
            run=self.run,
            recoveries=RECOVERIES,
            on_failed=self._failed,
            on_canceled=self._canceled,
            on_retried=_refuse_retry,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Go on from wherever the row is.

        Raises:
            PlayheadError: why there is no video; the row says the same.
        """
        row = await self._records.get(str(args["generation_id"]))
        with structlog.contextvars.bound_contextvars(generation_id=row.id):
            if not row.is_active:
                return _result_of(row)
            row = await self._submitted(context, row)
            status = await self._ended(context, row)
            await self._keep(context, row, status)
            return _result_of(await self._records.get(row.id))

    async def _submitted(self, context: JobContext, row: GenerationRow) -> GenerationRow:
        async def words(text: str) -> None:
            await context.progress(0.0, text)

        try:
            return await self._submitting.confirmed(row.id, words)
        except GenerationNotFound:
            raise
        except PlayheadError as error:
            await self._endings.not_submitted(row.id, error)
            raise

    async def _ended(self, context: JobContext, row: GenerationRow) -> Status:
        async def show(fraction: float, words: str) -> None:
            said = f"{row.provider}: {words}" if words else f"Running at {row.provider}"
            await context.progress(SUBMITTED + (FINISHED - SUBMITTED) * fraction, said)

        await context.progress(SUBMITTED, f"Running at {row.provider}")
        try:
            return await self._waiting.until_final(row, show)
        except RequestUnknown as error:
            await self._endings.failed(row.id, error, Status(state="running"))
            raise
        except PlayheadError as error:
            await self._endings.not_submitted(row.id, error)
            raise

    async def _keep(self, context: JobContext, row: GenerationRow, status: Status) -> None:
        if status.state != "succeeded":
            error = status.error or _why(row, status)
            await self._endings.failed(row.id, error, status)
            raise error
        await context.progress(FINISHED, "Fetching the result")
        try:
            kept = await self._downloading.keep(context, row, status)
        except ProviderError as error:
            await self._endings.failed(row.id, error, status)
            raise
        await self._endings.succeeded(row.id, kept, status)

    async def _failed(self, session: AsyncSession, job: JobRow, error: JobError) -> None:
        """The job was lost, or something unexpected ended it, while the row was still open."""
        row = await _row_of(session, job)
        if row is not None:
            ended = PlayheadError(error.message, hint=error.hint, code=error.code)
            await self._endings.end_without_result(session, row, ended)

    async def _canceled(self, session: AsyncSession, job: JobRow) -> None:
        row = await _row_of(session, job)
        if row is not None and await self._endings.cancel(session, row):
            await request_settling(session, self._jobs, row)


class SettleJob:
    """Asks the provider to stop a canceled request, and records what it cost; a result that was paid is kept."""

    def __init__(
        self,
        records: Records,
        submitting: Submitting,
        waiting: Waiting,
        downloading: Downloading,
        endings: Endings,
    ) -> None:
        self._records = records
        self._submitting = submitting
        self._waiting = waiting
        self._downloading = downloading
        self._endings = endings

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=SETTLE,
            title="Cancel a generation",
            doing="Canceling",
            done="Canceled",
            folds="project",
            things="takes",
            subjects=project_titles,
            queue="remote",
            background=True,
            run=self.run,
            recoveries=RECOVERIES,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Find it, stop it, learn its cost."""
        row = await self._records.get(str(args["generation_id"]))
        if row.state != "canceled" or row.actual_micros is not None:
            return {}
        found = True if row.reference is not None else await self._find(row)
        if found:
            row = await self._records.get(row.id)
            await self._stop(context, row)
        else:
            await self._endings.settled(row.id, None, arrived=found is None)
        return {}

    async def _find(self, row: GenerationRow) -> bool | None:
        """Whether it arrived; None where nobody can tell."""
        try:
            found = await self._submitting.find(row)
        except PlayheadError as error:
            log.warning("generation_not_looked_for", generation_id=row.id, code=error.code, detail=error.detail)
            found = None
        if found is not None:
            return found
        if await self._submitting.answered(row):
            return True
        made_nothing = (await self._records.get(row.id)).submit_state == "intent"  # it was refused meanwhile
        return False if made_nothing else None

    async def _stop(self, context: JobContext, row: GenerationRow) -> None:
        status = await self._waiting.after_cancel(row)
        if status is not None and status.state == "succeeded":
            try:
                kept = await self._downloading.keep(context, row, status)
            except ProviderError as error:
                log.warning("result_of_canceled_not_kept", generation_id=row.id, detail=error.detail)
            else:
                await self._endings.succeeded(row.id, kept, status)
                return
        await self._endings.settled(row.id, status)


async def request_generating(session: AsyncSession, jobs: Jobs, row: GenerationRow) -> JobRow:
    """Record the job of a row, in the caller's transaction; it is submitted when that commits."""
    job = await jobs.record(
        session,
        kind=GENERATE,
        owner_id=row.owner_id,
        title=shorten(one_line(row.prompt), 80),
        args={"generation_id": row.id},
        project_id=row.project_id,
    )
    row.job_id = job.id
    submit_after(session, jobs, job.id)
    return job


async def request_settling(session: AsyncSession, jobs: Jobs, row: GenerationRow, *, found: bool = False) -> None:
    """Record the job that settles a canceled row; once succeeded, it is not recorded again.

    Args:
        found: The provider has named the request that was looked for in vain: once more.
    """
    job = await jobs.record(
        session,
        kind=SETTLE,
        owner_id=row.owner_id,
        title=shorten(one_line(row.prompt), 80),
        args={"generation_id": row.id},
        dedupe_key=settling_key(row.id) + (":found" if found else ""),
    )
    submit_after(session, jobs, job.id)


def settling_key(generation_id: str) -> str:
    """The key that makes its settling one job."""
    return f"{SETTLE}:{generation_id}"


async def _row_of(session: AsyncSession, job: JobRow) -> GenerationRow | None:
    """The open row that this job, and no later one, brings to its end."""
    row = await locked(session, str(job.args["generation_id"]))
    return row if row is not None and row.is_active and row.job_id in (None, job.id) else None


async def _refuse_retry(session: AsyncSession, job: JobRow) -> None:  # noqa: ARG001
    raise Conflict(
        f"Generation {job.args['generation_id']} has ended; another try is a take of its own.",
        hint="Generate it again: POST /generations/{id}/retry.",
        code="generation_ended",
        title="This generation has ended",
    )


def _result_of(row: GenerationRow) -> dict[str, Any]:
    """What the job of a row that has ended says: the same as the row."""
    if row.state in ("failed", "refused", "unknown"):
        raise PlayheadError(row.error_message or row.state, hint=row.error_hint, code=row.error_code)
    return {"generation_id": row.id, "state": row.state, "video_id": row.video_id}


def _why(row: GenerationRow, status: Status) -> PlayheadError:
    if status.state == "canceled":
        return GenerationFailed(f"{row.provider} stopped it: {status.words or 'canceled'}.", hint="Generate it again.")
    return GenerationFailed(f"{row.provider} failed: {status.words or 'it did not say why'}.")
