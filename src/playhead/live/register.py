"""What live adds to a process."""

from pathlib import Path

import structlog

from playhead.catalog.seams import MakeRoom
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.live.capture.command import CaptureOptions
from playhead.live.captures import Captures
from playhead.live.channels import Channels
from playhead.live.deleting import RecordingDeletion
from playhead.live.detect import register as detection
from playhead.live.disk import Disk
from playhead.live.jobs import RecordJob, Waits
from playhead.live.listing import History
from playhead.live.recordings import Recordings
from playhead.live.starts import Starts
from playhead.live.status import StatusBoard
from playhead.live.testing import ChannelTests
from playhead.live.tools import SiteTools
from playhead.media.tools import MediaTools
from playhead.services import Routes, Services, Sweep
from playhead.settings import Settings

log = structlog.get_logger(__name__)


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
    services.add(ChannelTests, lambda: ChannelTests(get(Channels), get(SiteTools)))
    services.sweeps.append(Sweep("schedules", lambda: get(Starts).sweep()))
    services.add(StatusBoard, lambda: StatusBoard(get(Database)), close=StatusBoard.close)
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)
    detection.register(services, settings)


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
    from playhead.live.endpoints import broadcasts, channels, doctor, recordings, twitch

    return Routes(api=(channels.router, broadcasts.router, recordings.router, doctor.router, twitch.router))


def _add_kinds(services: Services, settings: Settings) -> None:
    services.get(JobKinds).register(_record_job(services, settings).kind())


def _record_job(services: Services, settings: Settings) -> RecordJob:
    get, stall_s = services.get, settings.live_stall.total_seconds()
    captures = Captures(
        MediaTools(binary=settings.ffmpeg),
        CaptureOptions(fragment_s=settings.live_fragment.total_seconds(), silence_s=stall_s + 5),
        allow_private=settings.allow_private_urls,
    )

    async def ask_for_room(wanted_bytes: int) -> bool:
        return await _ask_for_room(services, wanted_bytes)

    def disk(folder: Path) -> Disk:
        floors = {"ask_below": settings.disk_headroom, "stop_below": settings.live_disk_floor}
        return Disk(folder, **floors, ask=ask_for_room)

    return RecordJob(
        get(Database),
        get(Jobs),
        get(Recordings),
        get(StatusBoard),
        folder=settings.live,
        waits=Waits(
            stall_s=stall_s,
            window_s=settings.live_reconnect_window.total_seconds(),
            window_url_s=settings.live_reconnect_window_url.total_seconds(),
        ),
        open_source=captures.open,
        connect=captures.connect,
        disk=disk,
    )


async def _ask_for_room(services: Services, wanted_bytes: int) -> bool:
    """Ask retention; whatever it meets, a recording goes on as long as there is room."""
    try:
        return (await services.get(MakeRoom).make_room(wanted_bytes)).enough
    except LookupError:  # a process without retention
        return False
    except Exception as error:
        log.warning("recording_room_not_made", error=repr(error))
        return False
