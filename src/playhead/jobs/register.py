"""What the job engine adds to a process; the kinds of job are added by the domains whose work they are."""

from playhead.api.server import Server
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.jobs.watch import JobWatcher
from playhead.jobs.workers import WorkerRegistry
from playhead.services import Check, Routes, Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add the job client, the list of kinds, and the view of the workers."""
    services.add(JobKinds, JobKinds)
    services.add(
        Jobs,
        lambda: Jobs(services.get(Database), settings.jobs_url, services.get(JobKinds)),
        close=Jobs.close,
    )
    services.add(JobWatcher, lambda: JobWatcher(services.get(Database)), close=JobWatcher.close)
    services.add(
        WorkerRegistry,
        lambda: WorkerRegistry(
            services.get(Database),
            dead_after_s=settings.worker_dead_after.total_seconds(),
            expected=services.get(Server).with_worker,
        ),
    )
    services.checks.append(Check("worker", lambda: services.get(WorkerRegistry).check()))
    services.routes.append(routes)


def routes() -> Routes:
    """Jobs and workers."""
    from playhead.jobs.endpoints import jobs, workers

    return Routes(api=(jobs.router, workers.router))
