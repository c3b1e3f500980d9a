"""What becomes of recordings that have ended: its services, sweeps and kinds of job, for `live.register`."""

from functools import partial
from typing import Any

from playhead.api.outgoing import Outgoing
from playhead.catalog.chapters import Chapters
from playhead.catalog.deletions import Deletions
from playhead.catalog.seams import MakeRoom
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.live.fillings import fetch_from
from playhead.live.finalise import FinaliseJob
from playhead.live.jobless import sweep_jobless
from playhead.live.recordings import Recordings
from playhead.live.repairs import RepairJob, Repairs
from playhead.live.shipping import Shipping
from playhead.live.sidecars import Sidecars
from playhead.live.tools import SiteTools
from playhead.live.vod import FetchedSpan
from playhead.media.tools import MediaTools
from playhead.services import Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Store


def register_finished(services: Services, settings: Settings) -> None:
    """Add finalise, repairs and sidecars."""
    get = services.get
    services.add(FinaliseJob, lambda: _finalise(services, settings))
    services.add(Repairs, lambda: _repairs(services, settings))
    services.add(Sidecars, lambda: Sidecars(get(Database), get(Store), get(Recordings), get(Chapters)))
    services.sweeps += (
        Sweep("recordings without a job", lambda: sweep_jobless(get(Database), get(Recordings))),
        Sweep("parts of finished recordings", lambda: get(FinaliseJob).sweep()),
    )
    services.complete.append(lambda: _add_kinds(services, settings))


def _add_kinds(services: Services, settings: Settings) -> None:
    get = services.get
    tools = _tools(settings)
    fetch = partial(_fetch, services, tools)
    repair = RepairJob(get(Database), get(Store), get(Videos), get(Deletions), tools, fetch)
    for work in (get(FinaliseJob), repair):
        get(JobKinds).register(work.kind())


def _repairs(services: Services, settings: Settings) -> Repairs:
    get, private = services.get, settings.allow_private_urls
    return Repairs(get(Database), get(Jobs), get(Recordings), get(Videos), allow_private=private)


async def _fetch(services: Services, tools: MediaTools, *wanted: Any) -> FetchedSpan:
    get = services.get
    return await fetch_from(*wanted, outgoing=get(Outgoing), tools=tools, sites=get(SiteTools))


def _finalise(services: Services, settings: Settings) -> FinaliseJob:
    get = services.get
    return FinaliseJob(
        get(Database),
        get(Store),
        get(Jobs),
        get(Videos),
        get(Deletions),
        _tools(settings),
        settings.live,
        restore=lambda recording_id: get(Shipping).restore(recording_id),
        ask_for_room=lambda wanted_bytes: get(MakeRoom).make_room(wanted_bytes),
        cut_ads=settings.live_cut_ads,
    )


def _tools(settings: Settings) -> MediaTools:
    return MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads)
