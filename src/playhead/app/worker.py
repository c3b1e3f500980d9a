"""A worker process: the job engine's loop, and once a minute the clearing away."""

import asyncio
import os

import structlog

from playhead.app.access import open_database
from playhead.app.settings import Settings
from playhead.app.signals import stop_signals
from playhead.app.wiring import Parts, open_parts
from playhead.db.database import DatabaseUnavailable
from playhead.db.migrate import migrate
from playhead.errors import PlayheadError
from playhead.jobs.heartbeat import report_failure
from playhead.kit.text import one_line, shorten
from playhead.media.ffmpeg import find_ffmpeg
from playhead.observe.redact import redact_text

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
    from playhead.jobs.worker import Timing, run_worker

    parts = open_parts(settings)
    await migrate(parts.database)
    await asyncio.to_thread(find_ffmpeg, settings.ffmpeg)
    stop = asyncio.Event()
    _stop_on_signals(stop)
    background: list[asyncio.Task[None]] = []

    def sweep_once_ready(_worker: str) -> None:
        background.append(asyncio.create_task(_sweep_for_ever(parts), name="sweeps"))

    if parent is not None:
        background.append(asyncio.create_task(_leave_with(parent, stop), name="parent watch"))
    try:
        await run_worker(
            parts.database,
            settings.jobs_url,
            parts.kinds,
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
        await parts.close()


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


async def _sweep_for_ever(parts: Parts) -> None:
    while True:
        for name, sweep in parts.sweeps():
            try:
                await sweep()
            except DatabaseUnavailable:  # the failure detector says so
                break
            except Exception as error:
                log.warning("sweep_failed", sweep=name, error=repr(error))
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
