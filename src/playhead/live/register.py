"""What live adds to a process."""

from playhead.catalog.seams import LiveStreams, VideoLinks
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.live.playback import RecordingPlayback
from playhead.live.recordings import Recordings
from playhead.live.stream import RecordingStreams
from playhead.services import Routes, Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add channels, detection and recordings."""
    get = services.get
    services.add(Recordings, lambda: Recordings(get(Database), get(Jobs)))
    services.add(
        LiveStreams,
        lambda: RecordingStreams(get(Database), settings.live, low_latency=settings.live_low_latency),
    )
    services.add(RecordingPlayback, lambda: RecordingPlayback(get(Recordings), get(Videos), get(VideoLinks)))
    services.routes.append(routes)


def routes() -> Routes:
    """Channels, broadcasts and recordings."""
    from playhead.live.endpoints import playback

    return Routes(api=(playback.router,))
