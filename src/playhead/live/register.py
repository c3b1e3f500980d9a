"""What live adds to a process."""

from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.live.channels import Channels
from playhead.live.deleting import RecordingDeletion
from playhead.live.finished import register_finished
from playhead.live.listing import History
from playhead.live.recordings import Recordings
from playhead.live.starts import Starts
from playhead.live.tools import SiteTools
from playhead.services import Routes, Services, Sweep
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add channels, detection and recordings."""
    get = services.get
    private = settings.allow_private_urls
    services.add(Recordings, lambda: Recordings(get(Database), get(Jobs)))
    services.add(Channels, lambda: Channels(get(Database), get(Recordings), allow_private=private))
    services.add(History, lambda: History(get(Database), get(Channels)))
    services.add(Starts, lambda: Starts(get(Database), get(Channels), get(Recordings), allow_private=private))
    services.add(
        RecordingDeletion,
        lambda: RecordingDeletion(get(Database), get(Recordings), get(Videos), settings.live),
    )
    services.add(SiteTools, lambda: _site_tools(settings))
    services.sweeps.append(Sweep("schedules", lambda: get(Starts).sweep()))
    register_finished(services, settings)
    services.routes.append(routes)


def _site_tools(settings: Settings) -> SiteTools:
    token = settings.twitch_user_token
    return SiteTools(
        streamlink=settings.streamlink,
        yt_dlp=settings.yt_dlp,
        twitch_token=token.get_secret_value() if token else None,
        allow_private=settings.allow_private_urls,
    )


def routes() -> Routes:
    """Channels, broadcasts and recordings."""
    from playhead.live.endpoints import broadcasts, channels, finished, recordings

    return Routes(api=(channels.router, broadcasts.router, recordings.router, finished.router))
