"""What retention adds to a process."""

from playhead.catalog.renders import Renders
from playhead.catalog.seams import MakeRoom
from playhead.catalog.trash import Trash
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.delivery.holds import shared, watched
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.retention.holds import kept
from playhead.retention.library import Library
from playhead.retention.policies import Policies
from playhead.retention.runs import RetentionJob, Runs
from playhead.retention.space import SpaceKeeper
from playhead.services import Hold, Routes, Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add policies, holds, runs, and free space first."""
    get = services.get
    services.add(Library, lambda: Library(lambda: services.holds))
    services.add(Policies, lambda: Policies(get(Database)))
    services.add(Runs, lambda: Runs(get(Database), get(Jobs), get(Library), at=settings.retention_at))
    services.add(SpaceKeeper, lambda: _space_keeper(services, settings))
    services.add(MakeRoom, lambda: get(SpaceKeeper))
    services.holds += (
        Hold("kept", kept),
        Hold("shared", shared),  # a worker has no delivery, but its holds
        Hold("watched", watched),
    )
    services.sweeps += (
        Sweep("free space", lambda: get(SpaceKeeper).sweep()),
        Sweep("retention", lambda: get(Runs).sweep()),
    )
    services.complete.append(lambda: _add_kinds(services))
    services.routes.append(routes)


def _space_keeper(services: Services, settings: Settings) -> SpaceKeeper:
    get = services.get
    return SpaceKeeper(
        get(Database),
        get(Store),
        get(Videos),
        get(Trash),
        get(Renders),
        get(Library),
        min_free=settings.min_free,
        headroom=settings.recording_headroom,
        turns=settings.data / "retention.lock",
    )


def _add_kinds(services: Services) -> None:
    get = services.get
    job = RetentionJob(get(Database), get(Jobs), get(Videos), get(Trash), get(Library), get(Runs), get(MakeRoom))
    get(JobKinds).register(job.kind())


def routes() -> Routes:
    """Policies, plans, runs and their history."""
    from playhead.retention import endpoints

    return Routes(api=(endpoints.router,))
