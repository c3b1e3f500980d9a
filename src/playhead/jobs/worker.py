"""A worker process: takes jobs from the queues, runs them, and looks out for workers that died."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from playhead.db.database import Database, DatabaseUnavailable
from playhead.jobs.attempt import Attempts
from playhead.jobs.client import Jobs
from playhead.jobs.detector import FailureDetector, first_line
from playhead.jobs.engine import APPLICATION, PARTS, VERSION, Engine, part_workflow, use_write_ahead_log
from playhead.jobs.engine_clock import provide_the_clock
from playhead.jobs.engine_log import share_the_log
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.heartbeat import DEAD_AFTER_S, Heartbeat
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.patience import patiently
from playhead.jobs.queues import wake_queues_by_work
from playhead.jobs.scratch import Scratch
from playhead.jobs.takeover import requeue, stop_queues, take_over
from playhead.kit.clock import utc_now

log = structlog.get_logger(__name__)

BEAT_S = 2.0

MAX_RECOVERIES = 3
"""A run that has cost four workers their life is given up."""

KEEP_RUNS = timedelta(days=30)
"""How long the engine's records are kept; the jobs' own rows stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How often a worker does what, in seconds. The defaults suit every installation; tests go faster.

    Args:
        beat_s: Between two heartbeats; less than half of *dead_after_s*, or else a worker takes the time between two
            beats of its own for a silence of the database and never calls anyone dead.
        dead_after_s: Unseen for so long, a worker is taken for dead.
        poll_s: Between two looks into a queue.
        watch_s: Between two looks at a running job's row: how long a cancel may go unnoticed.
        retry_wait_s: Before a failed step's second try.
        reconcile_s: Between two passes over all rows.
        stop_s: How long children get to end when the worker stops.
    """

    beat_s: float = BEAT_S
    dead_after_s: float = DEAD_AFTER_S
    poll_s: float = 0.5
    watch_s: float = 1.0
    retry_wait_s: float = 2.0
    reconcile_s: float = 60.0
    stop_s: float = 5.0

    def __post_init__(self) -> None:
        if self.beat_s >= self.dead_after_s / 2:
            raise ValueError(
                f"a heartbeat each {self.beat_s:g} s cannot show who is dead after {self.dead_after_s:g} s"
            )

    @classmethod
    def for_dead_after(cls, dead_after_s: float) -> "Timing":
        """The timing in which a worker is dead after so many seconds: five beats, or more."""
        return cls(dead_after_s=dead_after_s, beat_s=min(BEAT_S, dead_after_s / 5))


async def run_worker(
    database: Database,
    jobs_url: str,
    kinds: JobKinds,
    *,
    work: Path,
    executor_id: str | None = None,
    media_slots: int = 2,
    quick_slots: int = 4,
    timing: Timing = Timing(),
    stop: asyncio.Event | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Run jobs until told to stop, then hand over what is running; other workers go on within two seconds.

    Any number of workers may share the same databases. Must be the only thing on its event loop that uses the
    engine, in the main thread.

    Args:
        database: The catalog, where the jobs' rows are.
        jobs_url: The engine's database; made and migrated here.
        kinds: What this worker can run; all workers have the same.
        work: Scratch space on local disk, shared by the workers of this machine.
        executor_id: Its name among all live workers; by default that of its slot in *work*.
        media_slots: How many ``media`` jobs run at once in this process, and how many parts of jobs beside them.
        quick_slots: The same for ``ingest`` and for ``system``.
        stop: Set it to stop; by default SIGTERM and SIGINT do.
        on_ready: Called with the worker's name once it takes jobs.

    Raises:
        DatabaseUnavailable: the catalog did not answer at the start.
    """
    stop = stop or _on_signals()
    scratch = Scratch(work)
    worker = executor_id or scratch.worker
    use_write_ahead_log(jobs_url)
    heartbeat = Heartbeat(database, worker)
    engine_database = Database(jobs_url, pool_size=1)
    engine = Engine(jobs_url)
    jobs = Jobs(database, jobs_url, kinds)
    attempts = Attempts(
        database,
        engine,
        kinds,
        scratch,
        worker,
        watch_s=timing.watch_s,
        poll_s=timing.poll_s,
        retry_wait_s=timing.retry_wait_s,
        on_ended=jobs.submit_next,
    )
    background: list[asyncio.Task[None]] = []
    try:
        scratch.sweep_own()
        scratch.sweep()
        await heartbeat.beat()
        await _launch(jobs_url, worker, kinds, attempts, media_slots, quick_slots, timing)
        detector = _detector(heartbeat, jobs, engine, engine_database, scratch, timing)
        background += [
            asyncio.create_task(detector.run(timing.beat_s), name="failure detector"),
            asyncio.create_task(_minutely(jobs, heartbeat, timing.reconcile_s), name="reconciler"),
        ]
        await patiently(heartbeat.ready, on=DatabaseUnavailable)
        log.info("worker_started", worker=worker, media_slots=media_slots)
        if on_ready is not None:
            on_ready(worker)
        await stop.wait()
        log.info("worker_stop_requested", worker=worker)
    finally:
        for task in background:
            task.cancel()
        await _hand_over(attempts, engine_database, worker, timing.stop_s)
        await _as_far_as_possible(heartbeat.stop())
        await jobs.close()
        await engine.close()
        await engine_database.close()
        scratch.release()


async def _launch(
    jobs_url: str,
    worker: str,
    kinds: JobKinds,
    attempts: Attempts,
    media_slots: int,
    quick_slots: int,
    timing: Timing,
) -> None:
    from dbos import DBOS, DBOSPortableJSONSerializer

    share_the_log()
    provide_the_clock()
    # Beside the loop: the engine makes indexes CONCURRENTLY, which waits for the end of every transaction in the
    # database, those of this very process included, and they end only if the loop runs.
    try:
        await asyncio.to_thread(DBOS.migrate, jobs_url)
    except SQLAlchemyError as error:
        raise EngineUnavailable(
            f"The job engine's database could not be prepared: {getattr(error, 'orig', error)}",
            hint="The worker has to be able to make a schema and tables in it.",
        ) from error
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": jobs_url,
            "serializer": DBOSPortableJSONSerializer(),
            "executor_id": worker,
            "application_version": VERSION,
            "log_level": "WARNING",
        }
    )
    for kind in kinds:
        DBOS.workflow(name=kind.name, max_recovery_attempts=MAX_RECOVERIES)(_workflow(attempts, kind))
        for function in kind.parts:
            name = part_workflow(kind.name, function)
            DBOS.workflow(name=name, max_recovery_attempts=MAX_RECOVERIES)(_part_workflow(attempts, kind, function))
    all_slots = {"media": media_slots, "ingest": quick_slots, "system": quick_slots, PARTS: media_slots}
    used = {PARTS, *(kind.queue for kind in kinds)}
    DBOS.listen_queues(sorted(used))  # each costs its looks, also one that an older version registered
    wake_queues_by_work(timing.poll_s)
    DBOS.launch()  # on this thread: the engine runs workflows on the loop that it finds here
    # Without partitions: of those the engine takes any, and only within one does it go by priority.
    for queue in used:
        await DBOS.register_queue_async(queue, worker_concurrency=all_slots[queue], polling_interval_sec=timing.poll_s)


def _workflow(attempts: Attempts, kind: JobKind) -> Any:
    async def run_job(job_id: str, run: int) -> dict[str, Any]:
        return await attempts.run(kind, job_id, run)

    return run_job


def _part_workflow(attempts: Attempts, kind: JobKind, function: str) -> Any:
    async def run_part(job_id: str, run: int, name: str, facts: dict[str, Any]) -> dict[str, Any]:
        return await attempts.run_part(kind, function, job_id, run, name, facts)

    return run_part


def _detector(
    heartbeat: Heartbeat,
    jobs: Jobs,
    engine: Engine,
    engine_database: Database,
    scratch: Scratch,
    timing: Timing,
) -> FailureDetector:
    async def clean_up_after(dead: set[str]) -> None:
        await take_over(engine_database, dead)
        await asyncio.to_thread(scratch.sweep)
        await jobs.reconcile()

    async def busy_workers() -> set[str]:
        heartbeat.trouble = None
        try:
            return await engine.busy_workers()
        except EngineUnavailable as error:  # no job can be taken either
            heartbeat.trouble = f"{error.detail} {first_line(error.__cause__)}".strip()
            raise

    return FailureDetector(
        heartbeat.beat,
        busy_workers,
        clean_up_after,
        dead_after_s=timing.dead_after_s,
    )


async def _minutely(jobs: Jobs, heartbeat: Heartbeat, interval_s: float) -> None:
    # Every worker does this: each pass is idempotent, so they need not agree who does.
    while True:
        try:
            await jobs.reconcile()
            await jobs.forget_parts()
            await jobs.forget_before(utc_now() - KEEP_RUNS)
            await heartbeat.forget_dead()
        except Exception as error:
            log.warning("reconciliation_failed", error=repr(error))
        await asyncio.sleep(interval_s)


async def _hand_over(attempts: Attempts, engine_database: Database, worker: str, stop_s: float) -> None:
    from dbos import DBOS

    stop_queues()
    await attempts.close(stop_s)
    await _as_far_as_possible(requeue(engine_database, worker, counts=False))
    await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
    # The engine's threads are gone with their pool; what follows needs one of its own.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    # Again, for what a queue was just about to start.
    await _as_far_as_possible(requeue(engine_database, worker, counts=False))


async def _as_far_as_possible(goodbye: Coroutine[Any, Any, Any]) -> None:
    try:
        await goodbye
    except Exception as error:  # the others find out by themselves, a few seconds later
        log.warning("worker_exit_not_recorded", error=repr(error))


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
