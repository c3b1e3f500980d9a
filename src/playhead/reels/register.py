"""What reels add to a process."""

from playhead.catalog.deletions import Deletions
from playhead.catalog.indexes import Indexes
from playhead.catalog.pipeline import Pipeline
from playhead.catalog.renders import Renders
from playhead.catalog.seams import VideoLinks, VideoUses
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.reels.jobs import StitchJob, sweep_parts
from playhead.reels.plans import Plans
from playhead.reels.preview_renders import PreviewJob, PreviewRenders
from playhead.reels.projects import Projects
from playhead.reels.seams import NoTakes, Takes
from playhead.reels.stitch import Stitch
from playhead.reels.uses import ClipUses, in_project
from playhead.reels.views import VARIANT
from playhead.services import Hold, Routes, Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add projects and their stitch."""
    get = services.get
    services.add(VideoUses, ClipUses)
    services.add(Takes, NoTakes)
    services.add(Projects, lambda: Projects(get(Database), get(Jobs), get(VideoLinks), get(Takes)))
    services.add(Stitch, lambda: Stitch(get(Database), get(Jobs), get(Projects)))
    services.add(Plans, lambda: Plans(get(Database), get(Projects), get(Indexes), get(Renders), settings.fonts))
    services.add(PreviewRenders, lambda: PreviewRenders(get(Database), get(Store), get(Jobs), get(Projects)))
    services.sweeps += (
        Sweep("parts", lambda: sweep_parts(get(Database), get(Store))),
        Sweep("previews", lambda: get(PreviewRenders).sweep()),
    )
    services.holds.append(Hold("in_project", in_project))
    services.complete.append(lambda: _add_kinds(services))
    services.routes.append(routes)


def _add_kinds(services: Services) -> None:
    get = services.get
    stitch = StitchJob(get(Database), get(Videos), get(Deletions), get(Indexes), get(Pipeline))
    get(JobKinds).register(stitch.kind())
    get(JobKinds).register(PreviewJob(get(Database), get(Indexes), get(Pipeline)).kind())
    get(JobKinds).register(stitch.kind(VARIANT, "Reel in another shape"))


def routes() -> Routes:
    """Projects."""
    from playhead.reels import endpoints

    return Routes(api=(endpoints.router,))
