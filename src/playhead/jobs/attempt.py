"""Attempts at jobs and their parts: begin, run, record the outcome, clean up."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import PlayheadError
from playhead.jobs import parts, transitions
from playhead.jobs.context import JobContext
from playhead.jobs.engine import Engine
from playhead.jobs.errors import PartFailed
from playhead.jobs.failure import describe
from playhead.jobs.fan_out import FanOut
from playhead.jobs.kinds import JobKind, JobKinds, no_hook
from playhead.jobs.outages import retry_through_outage
from playhead.jobs.part_priorities import PartPriorities
from playhead.jobs.parts import PartFence
from playhead.jobs.progress import AttemptFence, Fence, FenceWatch
from playhead.jobs.scratch import Scratch
from playhead.jobs.steps import engine_steps
from playhead.jobs.tables import JobRow
from playhead.jobs.timing import Timing
from playhead.kit.clock import Clock, utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

ABANDONED: dict[str, Any] = {}
"""The engine's record of an attempt whose job had ended or belongs to another attempt."""


class Attempts:
    """The attempts of one worker. ``close`` stops them, so that other workers can begin them again.

    Args:
        on_ended: Called after the transaction that ended a job.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        kinds: JobKinds,
        scratch: Scratch,
        worker: str,
        *,
        timing: Timing,
        on_ended: Callable[[JobRow], Awaitable[None]] = no_hook,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._engine = engine
        self._kinds = kinds
        self._scratch = scratch
        self._worker = worker
        self._timing = timing
        self._watch = FenceWatch(database, interval_s=timing.watch_s)
        self._run_step = engine_steps(timing.retry_wait_s)
        self._on_ended = on_ended
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
        self._enter()
        worker, now = self._worker, self._clock()
        job = await self._write(lambda session: transitions.begin(session, job_id, run, worker=worker, now=now))
        if job is None:
            return ABANDONED
        with structlog.contextvars.bound_contextvars(job_id=job_id, kind=kind.name, attempt=job.attempts):
            log.info("job_started", worker=worker)
            outcome = await self._attempt(kind, job)
            if outcome is ABANDONED:
                log.info("job_abandoned")
            return outcome

    async def run_part(
        self, kind: JobKind, function: str, job_id: str, run: int, name: str, facts: dict[str, Any]
    ) -> dict[str, Any]:
        """Make one attempt at a part; called by the engine, inside the part's own workflow.

        Returns:
            ``{"result": ...}`` or ``{"error": ...}``; empty when its job has ended or another attempt has begun.

        Raises:
            CancelledError: this worker stops; the attempt is unfinished.
        """
        self._enter()
        key = (job_id, run, name)
        begun = await self._write(lambda session: parts.begin(session, key, worker=self._worker))
        if begun is None:
            return ABANDONED
        job, attempt = begun
        with structlog.contextvars.bound_contextvars(job_id=job_id, kind=kind.name, part=name, attempt=attempt):
            fence = PartFence(self._database, key, attempt, interval_s=self._timing.watch_s)

            async def body(work: Path) -> dict[str, Any]:
                context = JobContext(
                    job_id=job_id, run=run, args=job.args, work=work, run_step=self._run_step, report=fence.report
                )
                return await kind.parts[function](context, job.args, facts)

            folder = f"{job_id}.{run}.{name.replace(' ', '-')}.{attempt}"
            try:
                ended = await self._supervise(fence, folder, body)
            except OSError as error:
                ended = error
            if ended is None:
                log.info("part_abandoned")
                return ABANDONED
            if not isinstance(ended, Exception):
                return {"result": ended}
            expected = isinstance(ended, PlayheadError)
            log.warning("part_failed", detail=str(ended), exc_info=None if expected else ended)
            return {"error": describe(ended).to_dict()}

    async def close(self, timeout_s: float) -> None:
        """Stop all attempts and wait up to *timeout_s* until their children are gone."""
        self._closing = True
        for body in set(self._bodies):
            body.cancel()
        if self._runs:
            _, late = await asyncio.wait(self._runs, timeout=timeout_s)
            for run in late:
                run.cancel()

    def _enter(self) -> None:
        if self._closing:
            raise asyncio.CancelledError
        if (task := asyncio.current_task()) is not None:
            self._runs.add(task)
            task.add_done_callback(self._runs.discard)

    async def _attempt(self, kind: JobKind, job: JobRow) -> dict[str, Any]:
        fence = AttemptFence(self._watch, job)
        priorities = PartPriorities(self._database, self._engine, self._kinds, kind, job)
        fan_out = FanOut(
            self._database, self._engine, job, priorities, poll_s=self._timing.poll_s, resumed=fence.restart_pace
        )

        async def body(work: Path) -> dict[str, Any]:
            context = JobContext(
                job_id=job.id,
                run=job.run,
                args=job.args,
                work=work,
                run_step=self._run_step,
                report=fence.report,
                parts=kind.parts,
                run_parts=fan_out,
            )
            return await kind.run(context, job.args)

        try:
            ended = await self._supervise(fence, f"{job.id}.{job.run}.{job.attempts}", body)
        except OSError as error:  # no scratch folder could be made
            ended = error
        if ended is None:
            return ABANDONED
        if isinstance(ended, Exception):
            return await self._fail(kind, job, ended)
        return await self._succeed(kind, job, ended)

    async def _supervise(
        self, fence: Fence, folder: str, run: Callable[[Path], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any] | Exception | None:
        """Run the body until it ends or its fence closes; None then, and when the engine canceled it.

        Raises:
            CancelledError: this worker stops.
        """
        with self._scratch.folder(folder) as work:
            body = asyncio.create_task(_coroutine(run(work)), name=f"run {folder}")
            watch = asyncio.create_task(fence.until_stopped(), name=f"watch {folder}")
            self._bodies.add(body)
            try:
                await asyncio.wait({body, watch}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _end(body)
                await _end(watch)
                self._bodies.discard(body)
        if fence.stopped:
            return None
        if body.cancelled():
            if self._closing:
                raise asyncio.CancelledError
            return RuntimeError("the job canceled itself")
        error = body.exception()
        if error is None:
            return body.result()
        return error if isinstance(error, Exception) else None

    async def _succeed(self, kind: JobKind, job: JobRow, result: dict[str, Any]) -> dict[str, Any]:
        now = self._clock()
        try:
            ended = await self._write(
                lambda session: transitions.succeed(
                    session, job.id, job.run, kind, result, now=now, attempt=job.attempts
                )
            )
        except Exception as error:  # the kind's hook
            return await self._fail(kind, job, error)
        if ended is None:
            return ABANDONED
        log.info("job_succeeded")
        await self._on_ended(ended)
        return {"result": result}

    async def _fail(self, kind: JobKind, job: JobRow, error: Exception) -> dict[str, Any]:
        facts, now = describe(error), self._clock()
        ended = await self._write(
            lambda session: transitions.fail(session, job.id, job.run, kind, facts, now=now, attempt=job.attempts),
            reserve=True,
        )
        if ended is None:
            return ABANDONED
        expected = isinstance(error, PlayheadError | PartFailed)
        log.warning("job_failed", code=facts.code, detail=str(error), exc_info=None if expected else error)
        await self._on_ended(ended)
        return {"error": facts.to_dict()}

    async def _write(self, change: Callable[[AsyncSession], Awaitable[T]], *, reserve: bool = False) -> T:
        async def write() -> T:
            async with self._database.write(reserve=reserve) as session:
                return await change(session)

        return await retry_through_outage(write, on=DatabaseUnavailable)


async def _coroutine(work: Awaitable[T]) -> T:
    return await work


async def _end(task: "asyncio.Task[Any]") -> None:
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
