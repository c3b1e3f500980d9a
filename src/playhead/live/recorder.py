"""What recording adds to a process: captures, and the job that keeps them going."""

from pathlib import Path

import structlog

from playhead.api.outgoing import Outgoing
from playhead.catalog.seams import MakeRoom
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.live.capture.command import CaptureOptions
from playhead.live.captures import Captures
from playhead.live.disk import Disk
from playhead.live.jobs import RecordJob, Waits
from playhead.live.recordings import Recordings
from playhead.live.shipping import Shipping
from playhead.live.status import StatusBoard
from playhead.live.tools import SiteTools
from playhead.media.tools import MediaTools
from playhead.services import Services
from playhead.settings import Settings
from playhead.storage.store import Store

log = structlog.get_logger(__name__)


def register_recorder(services: Services, settings: Settings) -> None:
    """Add the tools that open sources, captures, and the job of a recording."""
    get = services.get
    services.add(SiteTools, lambda: _site_tools(settings))
    services.add(StatusBoard, lambda: StatusBoard(get(Database)), close=StatusBoard.close)
    services.add(Captures, lambda: _captures(services, settings))
    services.add(
        Shipping,
        lambda: Shipping(get(Store), settings.live, interval_s=settings.live_ship_interval.total_seconds()),
    )
    services.complete.append(lambda: get(JobKinds).register(_record_job(services, settings).kind()))


def _site_tools(settings: Settings) -> SiteTools:
    token = settings.twitch_user_token
    return SiteTools(
        streamlink=settings.streamlink,
        yt_dlp=settings.yt_dlp,
        twitch_token=token.get_secret_value() if token else None,
        twitch_source_url=settings.twitch_source_url,
        allow_private=settings.allow_private_urls,
    )


def _captures(services: Services, settings: Settings) -> Captures:
    silence_s = settings.live_stall.total_seconds() + 5
    return Captures(
        services.get(SiteTools),
        services.get(Outgoing),
        MediaTools(binary=settings.ffmpeg),
        CaptureOptions(fragment_s=settings.live_fragment.total_seconds(), silence_s=silence_s),
    )


def _record_job(services: Services, settings: Settings) -> RecordJob:
    get = services.get

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
            stall_s=settings.live_stall.total_seconds(),
            window_s=settings.live_reconnect_window.total_seconds(),
            window_url_s=settings.live_reconnect_window_url.total_seconds(),
        ),
        open_source=get(Captures).open,
        connect=get(Captures).connect,
        disk=disk,
        shipping=get(Shipping),
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
