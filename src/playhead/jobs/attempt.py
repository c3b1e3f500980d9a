"""One attempt at a job, or at a part of one: begin, run, end; whatever happens, nothing is left behind, and of a job
the row tells it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import PlayheadError
from playhead.jobs import flips, parts
from playhead.jobs.context import JobContext
from playhead.jobs.engine import Engine
from playhead.jobs.errors import PartFailed
from playhead.jobs.failure import describe
from playhead.jobs.kinds import JobKind, JobKinds, nothing_more
from playhead.jobs.part_places import PartPlaces
from playhead.jobs.parts import PartFence
from playhead.jobs.patience import patiently
from playhead.jobs.progress import AttemptWatch, Fence
from playhead.jobs.scratch import Scratch
from playhead.jobs.spread import Spread
from playhead.jobs.steps import engine_steps
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

LEFT: dict[str, Any] = {}
"""What the engine records of an attempt that found its job ended, or in other hands."""


class Attempts:
    """Runs the attempts of one worker. ``close`` stops them, so that other workers can begin them anew.

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
        watch_s: float,
        poll_s: float,
        retry_wait_s: float,
        on_ended: Callable[[JobRow], Awaitable[None]] = nothing_more,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._engine = engine
        self._kinds = kinds
        self._scratch = scratch
        self._worker = worker
        self._watch_s = watch_s
        self._poll_s = poll_s
        self._run_step = engine_steps(retry_wait_s)
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
        job = await self._write(lambda session: flips.begin(session, job_id, run, worker=worker, now=now))
        if job is None:
            return LEFT
        with structlog.contextvars.bound_contextvars(job_id=job_id, kind=kind.name, attempt=job.attempts):
            log.info("job_started", worker=worker)
            outcome = await self._attempt(kind, job)
            if outcome is LEFT:
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
            return LEFT
        job, attempt = begun
        with structlog.contextvars.bound_contextvars(job_id=job_id, kind=kind.name, part=name, attempt=attempt):
            fence = PartFence(self._database, key, attempt, interval_s=self._watch_s)

            async def do(work: Path) -> dict[str, Any]:
                context = JobContext(
                    job_id=job_id, run=run, args=job.args, work=work, run_step=self._run_step, report=fence.report
                )
                return await kind.parts[function](context, job.args, facts)

            folder = f"{job_id}.{run}.{name.replace(' ', '-')}.{attempt}"
            try:
                ended = await self._supervise(fence, folder, do)
            except OSError as error:
                ended = error
            if ended is None:
                log.info("part_abandoned")
                return LEFT
            if not isinstance(ended, Exception):
                return {"result": ended}
            expected = isinstance(ended, PlayheadError)
            log.warning("part_failed", detail=str(ended), exc_info=None if expected else ended)
            return {"error": describe(ended).to_dict()}

    async def close(self, timeout_s: float) -> None:
        """Stop all attempts and wait until their children are gone, for so many seconds at most."""
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
        watch = AttemptWatch(self._database, job, interval_s=self._watch_s)
        places = PartPlaces(self._database, self._engine, self._kinds, kind, job)
        send = Spread(self._database, self._engine, job, places, poll_s=self._poll_s, resumed=watch.judge_from_here)

        async def do(work: Path) -> dict[str, Any]:
            context = JobContext(
                job_id=job.id,
                run=job.run,
                args=job.args,
                work=work,
                run_step=self._run_step,
                report=watch.report,
                parts=kind.parts,
                send=send,
            )
            return await kind.run(context, job.args)

        try:
            ended = await self._supervise(watch, f"{job.id}.{job.run}.{job.attempts}", do)
        except OSError as error:  # no scratch folder could be made
            ended = error
        if ended is None:
            return LEFT
        if isinstance(ended, Exception):
            return await self._fail(kind, job, ended)
        return await self._succeed(kind, job, ended)

    async def _supervise(
        self, fence: Fence, folder: str, do: Callable[[Path], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any] | Exception | None:
        """Do something until it ends or its fence says stop; None then, and when the engine took it away.

        Raises:
            CancelledError: this worker stops.
        """
        with self._scratch.folder(folder) as work:
            body = asyncio.create_task(_coroutine(do(work)), name=f"run {folder}")
            look = asyncio.create_task(fence.until_stopped(), name=f"watch {folder}")
            self._bodies.add(body)
            try:
                await asyncio.wait({body, look}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _end(body)
                await _end(look)
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
                lambda session: flips.succeed(session, job.id, job.run, kind, result, now=now, attempt=job.attempts)
            )
        except Exception as error:  # the kind's hook
            return await self._fail(kind, job, error)
        if ended is None:
            return LEFT
        log.info("job_succeeded")
        await self._on_ended(ended)
        return {"result": result}

    async def _fail(self, kind: JobKind, job: JobRow, error: Exception) -> dict[str, Any]:
        facts, now = describe(error), self._clock()
        ended = await self._write(
            lambda session: flips.fail(session, job.id, job.run, kind, facts, now=now, attempt=job.attempts),
            reserve=True,
        )
        if ended is None:
            return LEFT
        expected = isinstance(error, PlayheadError | PartFailed)
        log.warning("job_failed", code=facts.code, detail=str(error), exc_info=None if expected else error)
        await self._on_ended(ended)
        return {"error": facts.to_dict()}

    async def _write(self, change: Callable[[AsyncSession], Awaitable[T]], *, reserve: bool = False) -> T:
        async def write() -> T:
            async with self._database.write(reserve=reserve) as session:
                return await change(session)

        # Without the row nothing can be said or begun.
        return await patiently(write, on=DatabaseUnavailable)


async def _coroutine(work: Awaitable[T]) -> T:
    return await work


async def _end(task: "asyncio.Task[Any]") -> None:
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
