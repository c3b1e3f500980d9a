"""What live adds to a process."""

from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.live.holds import unfinished
from playhead.live.recordings import Recordings
from playhead.services import Hold, Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:  # noqa: ARG001
    """Add channels, detection and recordings."""
    get = services.get
    services.holds.append(Hold("recording", unfinished))
    services.add(Recordings, lambda: Recordings(get(Database), get(Jobs)))
