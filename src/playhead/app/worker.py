"""A worker process: the job engine's loop, and once a minute the clearing away."""

import asyncio
import os

import structlog

from playhead.app.database import open_database
from playhead.app.domains import open_services
from playhead.app.signals import stop_signals
from playhead.db.database import Database, DatabaseUnavailable
from playhead.db.migrate import migrate
from playhead.errors import PlayheadError
from playhead.jobs.heartbeat import report_failure
from playhead.jobs.kinds import JobKinds
from playhead.kit.text import one_line, shorten
from playhead.media.ffmpeg import find_ffmpeg
from playhead.observe.redact import redact_text
from playhead.services import Services
from playhead.settings import Settings

log = structlog.get_logger(__name__)

SWEEP_S = 60.0
REASON_LENGTH = 500

PARENT_S = 1.0
"""Between two looks whether the process that started this worker is still there."""


async def work(settings: Settings, *, parent: int | None = None) -> None:
    """Run jobs until SIGTERM, SIGINT or SIGHUP, or until *parent* is gone; then hand over what runs.

    Why it cannot is written down for those whose jobs wait.

    Args:
        parent: Process id of the server that this worker belongs to; None for one that stands alone.
    """
    try:
        await _work(settings, parent)
    except Exception as error:
        await _report(settings, error)
        raise


async def _work(settings: Settings, parent: int | None) -> None:
    from playhead.jobs.timing import Timing
    from playhead.jobs.worker import run_worker

    services = open_services(settings, server=False)
    database = services.get(Database)
    await migrate(database)
    await asyncio.to_thread(find_ffmpeg, settings.ffmpeg)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    background: list[asyncio.Task[None]] = []

    def sweep_once_ready(_worker: str) -> None:
        background.append(asyncio.create_task(_sweep_for_ever(services), name="sweeps"))

    if parent is not None:
        background.append(asyncio.create_task(_leave_with(parent, stop), name="parent watch"))
    try:
        await run_worker(
            database,
            settings.jobs_url,
            services.get(JobKinds),
            work=settings.work,
            media_slots=settings.media_slots,
            timing=Timing.for_dead_after(settings.worker_dead_after.total_seconds()),
            stop=stop,
            on_ready=sweep_once_ready,
        )
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await services.close()


async def _report(settings: Settings, error: Exception) -> None:
    if isinstance(error, PlayheadError):
        reason, hint = error.detail, error.hint
    else:
        reason, hint = f"{type(error).__name__}: {error}", None
    database = open_database(settings, pool_size=1, prompt=True)
    try:
        reason = shorten(one_line(redact_text(reason)), REASON_LENGTH)
        await report_failure(database, pid=os.getpid(), reason=reason, hint=hint)
    except Exception as silent:  # what failed first counts; /readyz names the database
        log.warning("worker_failure_not_reported", error=repr(silent))
    finally:
        await database.close()


async def _sweep_for_ever(services: Services) -> None:
    while True:
        for sweep in services.sweeps:
            try:
                await sweep.run()
            except DatabaseUnavailable:  # the failure detector says so
                break
            except Exception as error:
                log.warning("sweep_failed", sweep=sweep.name, error=repr(error))
        await asyncio.sleep(SWEEP_S)


async def _leave_with(parent: int, stop: asyncio.Event) -> None:
    """A worker whose server was killed would run on unseen: the next server starts its own."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel sends no event
        await asyncio.sleep(PARENT_S)
    log.warning("worker_stopped_with_parent", parent=parent)
    stop.set()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in stop_signals():
        loop.add_signal_handler(number, stop.set)
