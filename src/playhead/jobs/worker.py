"""A worker process: takes jobs from the queues, runs them, and recovers those of workers that died."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import structlog

from playhead.db.database import Database, DatabaseUnavailable
from playhead.jobs.attempt import Attempts
from playhead.jobs.client import Jobs
from playhead.jobs.detector import FailureDetector, first_line
from playhead.jobs.engine import PARTS, Engine, use_write_ahead_log
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.heartbeat import Heartbeat
from playhead.jobs.kinds import JobKinds
from playhead.jobs.launch import launch
from playhead.jobs.outages import retry_through_outage
from playhead.jobs.recovery import recover, requeue, stop_queues
from playhead.jobs.scratch import Scratch
from playhead.jobs.timing import Timing
from playhead.kit.clock import utc_now

log = structlog.get_logger(__name__)

LIVE_SLOTS = 100
"""Recordings that one worker runs at once: they wait for bytes, and their work is done by processes of their own."""

REMOTE_SLOTS = 500
"""Requests to services outside that one worker waits for at once."""

KEEP_RUNS = timedelta(days=30)
"""How long the engine's records are kept; the jobs' own rows stay."""


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
    """Run jobs until a stop is requested, then hand over what is running; other workers go on within two seconds.

    Any number of workers may share the same databases. Must be the only thing on its event loop that uses the
    engine, in the main thread.

    Args:
        database: The catalog, with the jobs' rows.
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
    slots = {
        "media": media_slots,
        "ingest": quick_slots,
        "system": quick_slots,
        "live": LIVE_SLOTS,
        "remote": REMOTE_SLOTS,
        PARTS: media_slots,
    }
    async with AsyncExitStack() as closing:
        scratch = Scratch(work)
        closing.callback(scratch.release)
        worker = executor_id or scratch.worker
        use_write_ahead_log(jobs_url)
        engine_database = Database(jobs_url, pool_size=1)
        closing.push_async_callback(engine_database.close)
        engine = Engine(jobs_url)
        closing.push_async_callback(engine.close)
        jobs = Jobs(database, jobs_url, kinds)
        closing.push_async_callback(jobs.close)
        heartbeat = Heartbeat(database, worker)
        closing.push_async_callback(_as_far_as_possible, heartbeat.stop)
        attempts = Attempts(database, engine, kinds, scratch, worker, timing=timing, on_ended=jobs.submit_next)
        closing.push_async_callback(_hand_over, attempts, engine_database, worker, timing.stop_s)

        scratch.sweep_own()
        scratch.sweep()
        await heartbeat.beat()
        await launch(jobs_url, worker, kinds, attempts, slots, poll_s=timing.poll_s)
        detector = _detector(heartbeat, jobs, engine, engine_database, scratch, timing)
        for name, loop in (
            ("failure detector", detector.run(timing.beat_s)),
            ("reconciler", _reconcile_periodically(jobs, heartbeat, timing.reconcile_s)),
        ):
            closing.callback(asyncio.create_task(loop, name=name).cancel)
        await retry_through_outage(heartbeat.ready, on=DatabaseUnavailable)
        log.info("worker_started", worker=worker, media_slots=media_slots)
        if on_ready is not None:
            on_ready(worker)
        await stop.wait()
        log.info("worker_stop_requested", worker=worker)


def _detector(
    heartbeat: Heartbeat,
    jobs: Jobs,
    engine: Engine,
    engine_database: Database,
    scratch: Scratch,
    timing: Timing,
) -> FailureDetector:
    async def clean_up_after(dead: set[str]) -> None:
        await recover(engine_database, dead)
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


async def _reconcile_periodically(jobs: Jobs, heartbeat: Heartbeat, interval_s: float) -> None:
    # On every worker: each pass is idempotent.
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
    await _as_far_as_possible(lambda: requeue(engine_database, worker, counts=False))
    await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
    # The engine's threads are gone with their pool; what follows needs one of its own.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    # Again, for what a queue was just about to start.
    await _as_far_as_possible(lambda: requeue(engine_database, worker, counts=False))


async def _as_far_as_possible(farewell: Callable[[], Awaitable[object]]) -> None:
    try:
        await farewell()
    except Exception as error:  # the others find out by themselves, a few seconds later
        log.warning("worker_exit_not_recorded", error=repr(error))


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
