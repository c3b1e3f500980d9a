"""What reels add to a process."""

from playhead.catalog.deletions import Deletions
from playhead.catalog.indexes import Indexes
from playhead.catalog.seams import VideoLinks, VideoUses
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.reels.jobs import StitchJob, sweep_parts
from playhead.reels.plans import Plans
from playhead.reels.projects import Projects
from playhead.reels.rendering import MediaTools
from playhead.reels.renders import Renders
from playhead.reels.stitch import Stitch
from playhead.reels.stitching import Stitching
from playhead.reels.uses import ClipUses
from playhead.services import Routes, Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add projects, their stitch, and the cache of rendered pieces."""
    get = services.get
    services.add(VideoUses, ClipUses)
    services.add(Projects, lambda: Projects(get(Database), get(Jobs), get(VideoLinks)))
    services.add(Stitch, lambda: Stitch(get(Database), get(Jobs), get(Projects)))
    services.add(Renders, lambda: Renders(get(Database), get(Store)))
    services.add(Plans, lambda: Plans(get(Database), get(Projects), get(Indexes), get(Renders)))
    services.sweeps += (
        Sweep("parts", lambda: sweep_parts(get(Database), get(Store))),
        Sweep(
            "renders",
            lambda: get(Renders).sweep(max_bytes=settings.render_cache, max_age=settings.render_cache_age),
        ),
    )
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)


def _add_kinds(services: Services, settings: Settings) -> None:
    get = services.get
    tools = MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads)
    stitching = Stitching(get(Database), get(Store), get(Renders), get(Indexes), tools)
    get(JobKinds).register(StitchJob(get(Store), get(Videos), get(Deletions), stitching).kind())


def routes() -> Routes:
    """Projects."""
    from playhead.reels import endpoints

    return Routes(api=(endpoints.router,))
