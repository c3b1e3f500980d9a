"""What live adds to a process."""

from playhead.catalog.deletions import Deletions
from playhead.catalog.seams import LiveStreams, VideoLinks
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.live.captures import Captures
from playhead.live.channels import Channels
from playhead.live.deleting import RecordingDeletion
from playhead.live.detect import register as detection
from playhead.live.finished import register_finished
from playhead.live.holds import unfinished
from playhead.live.listing import History
from playhead.live.playback import RecordingPlayback
from playhead.live.recorder import register_recorder
from playhead.live.recordings import Recordings
from playhead.live.shipping import Shipping
from playhead.live.starts import Starts
from playhead.live.stream import RecordingStreams
from playhead.live.testing import ChannelTests
from playhead.live.tools import SiteTools
from playhead.services import Hold, Routes, Services, Sweep
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add channels, detection and recordings."""
    get = services.get
    private = settings.allow_private_urls
    services.holds.append(Hold("recording", unfinished))
    services.add(Recordings, lambda: Recordings(get(Database), get(Jobs)))
    services.add(Channels, lambda: Channels(get(Database), get(Recordings), allow_private=private))
    services.add(History, lambda: History(get(Database), get(Channels)))
    services.add(Starts, lambda: Starts(get(Database), get(Channels), get(Recordings), allow_private=private))
    services.add(ChannelTests, lambda: ChannelTests(get(Channels), get(SiteTools), get(Captures)))
    services.add(
        RecordingDeletion,
        lambda: RecordingDeletion(get(Database), get(Recordings), get(Videos), get(Deletions), settings.live),
    )
    services.add(
        LiveStreams,
        lambda: RecordingStreams(get(Database), settings.live, get(Shipping), low_latency=settings.live_low_latency),
    )
    services.add(RecordingPlayback, lambda: RecordingPlayback(get(Recordings), get(Videos), get(VideoLinks)))
    services.sweeps.append(Sweep("schedules", lambda: get(Starts).sweep()))
    register_recorder(services, settings)
    detection.register(services, settings)
    register_finished(services, settings)
    services.routes.append(routes)


def routes() -> Routes:
    """Channels, broadcasts and recordings, and what Twitch calls."""
    from playhead.live.endpoints import broadcasts, channels, doctor, finished, playback, recordings, twitch

    resources = (channels, broadcasts, recordings, playback, finished, doctor, twitch)
    return Routes(api=tuple(each.router for each in resources))
