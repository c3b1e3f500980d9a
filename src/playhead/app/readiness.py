"""What ``/readyz`` asks: database, store, a worker that takes jobs, room on the disk."""

from pathlib import Path

from playhead.app.wiring import Parts
from playhead.db.reserve import SPARE
from playhead.errors import Unavailable
from playhead.jobs.workers import STARTING, Problem, problem_of, workers_of
from playhead.kit.text import without_places
from playhead.observe.checks import Check, Readiness, disk_headroom
from playhead.storage.local import LocalStore
from playhead.storage.store import Guarded


class NoWorker(Unavailable):
    """Nobody runs jobs."""

    code = "no_worker"
    title = "No worker takes jobs"


def readiness_of(parts: Parts, *, with_worker: bool) -> Readiness:
    """The checks of this installation.

    Args:
        with_worker: This server keeps a worker. Without one of its own it serves whether workers run elsewhere or
            not, so the check holds and its detail says that jobs wait.
    """
    settings = parts.settings
    dead_after = settings.worker_dead_after.total_seconds()

    async def database() -> str | None:
        await parts.database.ping()
        return None

    async def store() -> str | None:
        await parts.store.check()
        return str(parts.store.guard.state) if isinstance(parts.store, Guarded) else None

    async def worker() -> str:
        workers = await workers_of(parts.database, dead_after_s=dead_after)
        problem = problem_of(workers)
        if problem is None:
            return f"{sum(worker.state == 'ready' for worker in workers)} alive"
        if with_worker:  # and so it is being started, unless it failed
            raise NoWorker(said(problem if problem.reason else STARTING))
        return said(problem)

    return Readiness(
        [
            Check("database", database),
            Check("store", store),
            Check("worker", worker),
            disk_headroom(*_folders(parts), min_free_bytes=max(settings.disk_headroom, SPARE)),
        ]
    )


def _folders(parts: Parts) -> list[Path]:
    """Everything that is written on this host."""
    store = [parts.store.root] if isinstance(parts.store, LocalStore) else []
    return [parts.settings.data, *store, parts.settings.work]


def said(problem: Problem) -> str:
    """A problem in one line, for strangers too."""
    return without_places(" ".join(filter(None, (problem.message, problem.reason, problem.hint))))
