"""One place where the parts meet: the same for the API, a worker and the commands that work on the data folder."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from playhead.access.access import Access
from playhead.app.access import open_access, open_database
from playhead.app.settings import Settings, SettingsInvalid
from playhead.catalog.deletions import Deletions
from playhead.catalog.files import VideoFiles
from playhead.catalog.indexes import Indexes
from playhead.catalog.jobs import Ingest
from playhead.catalog.ladders import Ladders
from playhead.catalog.ownerless import sweep_ownerless
from playhead.catalog.pictures import VideoPictures
from playhead.catalog.renditions import RenditionsJob
from playhead.catalog.samples import Samples, SamplesJob
from playhead.catalog.selections import Selections
from playhead.catalog.still_sources import StillSources
from playhead.catalog.stills import Stills, StillsJob
from playhead.catalog.tables import VideoRow
from playhead.catalog.thumbnails import Thumbnails
from playhead.catalog.uploads import Uploads
from playhead.catalog.videos import PosterUrl, Videos
from playhead.db.database import Database
from playhead.db.reserve import SPARE
from playhead.delivery.links.grant import Grant
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.links.target import Kind, Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.password import SharePassword
from playhead.delivery.shares.shares import Shares
from playhead.delivery.shares.state import read_share
from playhead.delivery.shares.views import ViewCounter
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.kit.clock import utc_now
from playhead.kit.marker import Marker
from playhead.reels.jobs import StitchJob, sweep_parts
from playhead.reels.plans import Plans
from playhead.reels.projects import Projects, projects_with, uses_of
from playhead.reels.rendering import MediaTools
from playhead.reels.renders import Renders
from playhead.reels.stitch import Stitch
from playhead.reels.stitching import Stitching
from playhead.storage.open import open_staging, open_store
from playhead.storage.store import Store

Sweep = Callable[[], Awaitable[object]]

LEFTOVER_AGE = timedelta(minutes=5)
"""An unfinished write that nobody holds is swept at this age; only where locks do not work must it be long."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything of one process. ``close`` it at the end."""

    settings: Settings
    database: Database
    store: Store
    access: Access
    kinds: JobKinds
    jobs: Jobs
    deletions: Deletions
    videos: Videos
    uploads: Uploads
    selections: Selections
    samples: Samples
    ladders: Ladders
    projects: Projects
    stitch: Stitch
    renders: Renders
    indexes: Indexes
    plans: Plans
    media: MediaCache
    links: SignedLinks
    shares: Shares
    share_password: SharePassword
    views: ViewCounter
    poster_url: PosterUrl
    pictures: VideoPictures
    stills: Stills
    thumbnails: Thumbnails

    def sweeps(self) -> list[tuple[str, Sweep]]:
        """What a worker clears away once a minute; each may run on several workers at once."""

        async def parts() -> object:
            return await sweep_parts(self.database, self.store)

        async def renders() -> object:
            room, age = self.settings.render_cache, self.settings.render_cache_age
            return await self.renders.sweep(max_bytes=room, max_age=age)

        async def ownerless() -> object:
            return await sweep_ownerless(self.database, self.store, open_staging(self.store))

        async def partial() -> object:
            return await self.store.sweep_partial(utc_now() - LEFTOVER_AGE)

        return [
            ("partial writes", partial),
            ("deletions", self.deletions.sweep),
            ("uploads", self.uploads.sweep),
            ("ownerless uploads", ownerless),
            ("parts", parts),
            ("renders", renders),
            ("stills", self.stills.sweep),
            ("access", self.access.sweep),
            ("reserve", self.database.restore_reserve),
        ]

    async def close(self) -> None:
        """Close what is open, the database last."""
        await self.thumbnails.close()
        self.indexes.close()
        await self.views.settle()
        await self.uploads.close()
        await self.access.close()
        await self.jobs.close()
        await self.database.close()


def open_parts(settings: Settings, *, prompt: bool = False) -> Parts:
    """Build all parts; nothing is started and nothing is read but the secrets.

    Args:
        prompt: Somebody waits for the answers of the database (`Database`).

    Raises:
        SettingsInvalid: a URL that does not read, or a folder that cannot be written.
    """
    database = open_database(settings, prompt=prompt)
    access = open_access(settings, database)
    try:
        store = open_store(settings.store_url, spare=SPARE)
    except ValueError as error:
        raise SettingsInvalid(f"PLAYHEAD_STORE cannot be used: {error}") from error
    kinds, deletions = JobKinds(), Deletions(database, store)
    jobs = Jobs(database, settings.jobs_url, kinds)
    marker = Marker(settings.data / "media.changed")
    media = MediaCache(VideoFiles(database), partial(read_share, database), marker=marker)
    links = SignedLinks(
        access.signer, utc_now, media, default_ttl=settings.playback_ttl, shared_cache=settings.shared_cache
    )
    poster_url = _poster_url(links)
    indexes = Indexes(store, settings.indexes, settings.index_cache)
    videos = Videos(
        database, store, jobs, deletions, upload_max=settings.upload_max, headroom=max(settings.disk_headroom, SPARE)
    )
    videos.used_by, videos.deleted = projects_with, media.forget
    projects = Projects(database, jobs, poster_url, _thumbnail_url(links))
    renders = Renders(database, store)
    parts = Parts(
        settings=settings,
        database=database,
        store=store,
        access=access,
        kinds=kinds,
        jobs=jobs,
        deletions=deletions,
        videos=videos,
        uploads=Uploads(
            database,
            store,
            open_staging(store),
            videos,
            deletions,
            lifetime=settings.upload_lifetime,
            most=settings.upload_unfinished,
        ),
        selections=Selections(database, uses_of),
        samples=Samples(database, jobs, videos),
        ladders=Ladders(database, store, jobs, videos),
        projects=projects,
        stitch=Stitch(database, jobs, projects),
        renders=renders,
        indexes=indexes,
        plans=Plans(database, projects, indexes, renders),
        media=media,
        links=links,
        shares=Shares(database, videos, access.signer, access.passwords, forget=media.forget, clock=utc_now),
        share_password=SharePassword(access.signer, access.passwords, utc_now),
        views=ViewCounter(database),
        poster_url=poster_url,
        pictures=_pictures(database, links),
        stills=Stills(database, jobs),
        thumbnails=Thumbnails(database, store, StillSources(store, indexes)),
    )
    _register_kinds(parts)
    return parts


def _register_kinds(parts: Parts) -> None:
    """Tell what each kind of job does."""
    settings, database, store, indexes = parts.settings, parts.database, parts.store, parts.indexes
    tools = MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads)
    stitching = Stitching(database, store, parts.renders, indexes, tools)
    for work in (
        Ingest(database, store, parts.jobs, ladder=settings.ladder == "auto"),
        RenditionsJob(database, store, indexes, ffmpeg=settings.ffmpeg, threads=settings.ffmpeg_threads),
        StillsJob(database, store, parts.deletions, StillSources(store, indexes)),
        SamplesJob(database, store, parts.jobs, parts.deletions, parts.videos, ffmpeg=settings.ffmpeg),
        StitchJob(store, parts.jobs, parts.deletions, stitching),
    ):
        parts.kinds.register(work.kind())


def _path(links: SignedLinks, kind: Kind, video: VideoRow) -> str:
    return links.sign(Target.opening(kind, video.id), grant=Grant(video.link_generation)).path


def _poster_url(links: SignedLinks) -> PosterUrl:
    return lambda video: _path(links, "poster", video) if video.poster_sha256 else None


def _thumbnail_url(links: SignedLinks) -> PosterUrl:
    return lambda video: _path(links, "thumbnail", video) if video.state == "ready" else None


def _pictures(database: Database, links: SignedLinks) -> VideoPictures:
    return VideoPictures(
        database,
        _poster_url(links),
        storyboard=lambda video: _path(links, "storyboard", video),
        preview=lambda video: _path(links, "preview", video),
    )
