"""What ``/readyz`` asks: database, store, a worker's heartbeat, room on the disk."""

from pathlib import Path

from playhead.app.wiring import Parts
from playhead.db.reserve import SPARE
from playhead.errors import Unavailable
from playhead.jobs.heartbeat import workers_alive
from playhead.observe.checks import Check, Readiness, disk_headroom
from playhead.storage.local import LocalStore
from playhead.storage.store import Guarded


class NoWorker(Unavailable):
    """Nobody runs jobs."""

    code = "no_worker"
    title = "No worker is alive"


def readiness_of(parts: Parts) -> Readiness:
    """The checks of this installation."""
    settings = parts.settings
    dead_after = settings.worker_dead_after.total_seconds()

    async def database() -> str | None:
        await parts.database.ping()
        return None

    async def store() -> str | None:
        await parts.store.check()
        return str(parts.store.guard.state) if isinstance(parts.store, Guarded) else None

    async def worker() -> str:
        alive = await workers_alive(parts.database, within_s=dead_after)
        if not alive:
            raise NoWorker(
                f"No worker has sent a heartbeat within {dead_after:g} s, so jobs wait.",
                hint="Start one with playhead worker.",
            )
        return f"{len(alive)} alive"

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
