"""One attempt at a job: begin, run, end; whatever happens, the row tells it and nothing is left behind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import stamina
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import PlayheadError
from playhead.jobs import flips
from playhead.jobs.context import JobContext
from playhead.jobs.failure import describe
from playhead.jobs.kinds import JobKind
from playhead.jobs.progress import AttemptWatch
from playhead.jobs.scratch import Scratch
from playhead.jobs.steps import engine_steps
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE_S = 600.0
"""How long the end of a job waits for a database that is away; after that the reconciler has to find it."""

LEFT: dict[str, Any] = {}
"""What the engine records of an attempt that found its job ended, or in other hands."""


class Attempts:
    """Runs the attempts of one worker. ``close`` stops them, so that other workers can begin them anew."""

    def __init__(
        self,
        database: Database,
        scratch: Scratch,
        worker: str,
        *,
        watch_s: float,
        retry_wait_s: float,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._scratch = scratch
        self._worker = worker
        self._watch_s = watch_s
        self._run_step = engine_steps(retry_wait_s)
        self._clock = clock
        self._runs: set[asyncio.Task[Any]] = set()
        self._bodies: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def run(self, kind: JobKind, job_id: str, run: int) -> dict[str, Any]:
        """Make one attempt; called by the engine, inside its workflow.

        Returns:
            ``{"result": ...}`` or ``{"error": ...}``, as it is in the row now; empty when the job had ended
            before, or another attempt has begun.

        Raises:
            CancelledError: this worker stops; the attempt is unfinished.
        """
        if self._closing:
            raise asyncio.CancelledError
        if (task := asyncio.current_task()) is not None:
            self._runs.add(task)
            task.add_done_callback(self._runs.discard)
        worker, now = self._worker, self._clock()
        job = await self._write(lambda session: flips.begin(session, job_id, run, worker=worker, now=now))
        if job is None:
            return LEFT
        with structlog.contextvars.bound_contextvars(job_id=job_id, kind=kind.name, attempt=job.attempts):
            log.info("job started", worker=worker)
            try:
                outcome = await self._supervise(kind, job)
            except OSError as error:  # no scratch folder could be made
                outcome = await self._fail(kind, job, error)
            if outcome is LEFT:
                log.info("job left: canceled, or in other hands")
            return outcome

    async def close(self, timeout_s: float) -> None:
        """Stop all attempts and wait until their children are gone, for so many seconds at most."""
        self._closing = True
        for body in set(self._bodies):
            body.cancel()
        if self._runs:
            _, late = await asyncio.wait(self._runs, timeout=timeout_s)
            for run in late:
                run.cancel()

    async def _supervise(self, kind: JobKind, job: JobRow) -> dict[str, Any]:
        watch = AttemptWatch(self._database, job, interval_s=self._watch_s)
        with self._scratch.folder(f"{job.id}.{job.run}.{job.attempts}") as work:
            context = JobContext(
                job_id=job.id,
                run=job.run,
                args=job.args,
                work=work,
                run_step=self._run_step,
                report=watch.report,
            )
            body = asyncio.create_task(_coroutine(kind.run(context, job.args)), name=f"run {job.id}")
            fence = asyncio.create_task(watch.until_stopped(), name=f"watch {job.id}")
            self._bodies.add(body)
            try:
                await asyncio.wait({body, fence}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _end(body)
                await _end(fence)
                self._bodies.discard(body)
        if watch.stopped:
            return LEFT
        return await self._settle(kind, job, body)

    async def _settle(self, kind: JobKind, job: JobRow, body: "asyncio.Task[dict[str, Any]]") -> dict[str, Any]:
        if body.cancelled():
            if self._closing:
                raise asyncio.CancelledError
            return await self._fail(kind, job, RuntimeError("the job canceled itself"))
        error = body.exception()
        if error is None:
            return await self._succeed(kind, job, body.result())
        if not isinstance(error, Exception):
            return LEFT  # the fence, or the engine: canceled, or owned by another worker
        return await self._fail(kind, job, error)

    async def _succeed(self, kind: JobKind, job: JobRow, result: dict[str, Any]) -> dict[str, Any]:
        now = self._clock()
        try:
            ended = await self._write(
                lambda session: flips.succeed(session, job.id, job.run, kind, result, now=now, attempt=job.attempts)
            )
        except Exception as error:  # the kind's hook
            return await self._fail(kind, job, error)
        if ended is None:
            return LEFT
        log.info("job succeeded")
        return {"result": result}

    async def _fail(self, kind: JobKind, job: JobRow, error: Exception) -> dict[str, Any]:
        facts, now = describe(error), self._clock()
        ended = await self._write(
            lambda session: flips.fail(session, job.id, job.run, kind, facts, now=now, attempt=job.attempts)
        )
        if ended is None:
            return LEFT
        expected = isinstance(error, PlayheadError)
        log.warning("job failed", code=facts.code, reason=str(error), exc_info=None if expected else error)
        return {"error": facts.to_dict()}

    async def _write(self, change: Callable[[AsyncSession], Awaitable[T]]) -> T:
        # Without the row nothing can be said or begun, so a database that is away is waited for.
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=PATIENCE_S, wait_initial=0.2, wait_max=5.0
        ):
            with attempt:
                async with self._database.write() as session:
                    return await change(session)
        raise AssertionError("the loop above ends by returning or raising")


async def _coroutine(work: Awaitable[T]) -> T:
    return await work


async def _end(task: "asyncio.Task[Any]") -> None:
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
