"""What the catalog adds to a process."""

from playhead.access.signed import Signer
from playhead.catalog.asset_urls import AssetUrls
from playhead.catalog.captions.tracks import CaptionTracks
from playhead.catalog.captions.transcription import Transcriptions
from playhead.catalog.captions.transcription_job import TranscriptionConfig, TranscriptionJob
from playhead.catalog.chapters import Chapters
from playhead.catalog.comments.comments import Comments
from playhead.catalog.deletions import Deletions
from playhead.catalog.holds import busy
from playhead.catalog.images.images import Images
from playhead.catalog.images.intake import ImageIntake
from playhead.catalog.indexes import Indexes
from playhead.catalog.jobs import Ingest
from playhead.catalog.ladders import Ladders
from playhead.catalog.library.bulk import BulkEdits
from playhead.catalog.library.collections import Collections
from playhead.catalog.library.searches import SavedSearches
from playhead.catalog.library.storage_report import StorageReports
from playhead.catalog.library.tags import Tags
from playhead.catalog.library.watching import WatchMarks
from playhead.catalog.pipeline import Pipeline
from playhead.catalog.posters import Posters
from playhead.catalog.renders import Renders
from playhead.catalog.rendition_requests import AutoRenditions
from playhead.catalog.renditions import RenditionsJob
from playhead.catalog.resources import VideoResources
from playhead.catalog.samples import Samples, SamplesJob
from playhead.catalog.seams import NoLinks, NoListener, VideoLinks, VideoListener, VideoUses
from playhead.catalog.selections import Selections
from playhead.catalog.still_sources import StillSources
from playhead.catalog.stills import Stills, StillsJob
from playhead.catalog.thumbnails import Thumbnails
from playhead.catalog.trash import Trash
from playhead.catalog.uploads.orphans import sweep_orphans
from playhead.catalog.uploads.uploads import Uploads
from playhead.catalog.videos import Videos
from playhead.catalog.watch_folders.folders import WatchFolders
from playhead.catalog.watch_folders.importing import FileImport
from playhead.catalog.watch_folders.scanning import WatchScans
from playhead.catalog.waveforms import WaveformJob, Waveforms
from playhead.db.database import Database
from playhead.db.reserve import SPARE
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.media.tools import MediaTools
from playhead.services import Hold, Routes, Services, Sweep
from playhead.settings import Settings
from playhead.storage.store import Staging, Store


def register(services: Services, settings: Settings) -> None:
    """Add videos, uploads, stills, renditions, and the render pipeline with its cache."""
    get = services.get
    services.add(VideoListener, NoListener)
    services.add(VideoLinks, NoLinks)
    services.add(AutoRenditions, lambda: AutoRenditions(get(Database), get(Jobs), settings.renditions))
    services.add(Deletions, lambda: Deletions(get(Database), get(Store)))
    services.add(
        Videos,
        lambda: Videos(
            get(Database),
            get(Store),
            get(Jobs),
            get(Deletions),
            get(VideoUses),
            get(VideoListener),
            get(AutoRenditions),
            upload_max=settings.upload_max,
            headroom=max(settings.disk_headroom, SPARE),
            received=lambda size_bytes: _count_received(services, size_bytes),
        ),
    )
    services.add(
        Uploads,
        lambda: Uploads(
            get(Database),
            get(Store),
            get(Staging),
            get(Videos),
            get(Deletions),
            lifetime=settings.upload_lifetime,
            most=settings.upload_unfinished,
        ),
        close=Uploads.close,
    )
    services.add(Chapters, lambda: Chapters(get(Database), get(Videos)))
    services.add(Comments, lambda: Comments(get(Database), get(Videos)))
    services.add(CaptionTracks, lambda: CaptionTracks(get(Database), get(Videos)))
    services.add(
        Transcriptions,
        lambda: Transcriptions(
            get(Database), get(Jobs), get(Videos), engine=settings.transcription, model=settings.whisper_model
        ),
    )
    services.add(Trash, lambda: Trash(get(Database), get(Videos), window=settings.trash_window))
    services.add(Selections, lambda: Selections(get(Database), get(VideoUses)))
    services.add(Samples, lambda: Samples(get(Database), get(Jobs), get(Videos)))
    services.add(Ladders, lambda: Ladders(get(Database), get(Store), get(Jobs), get(Videos)))
    services.add(Indexes, lambda: Indexes(get(Store), settings.indexes, settings.index_cache), close=Indexes.close)
    services.add(VideoResources, lambda: VideoResources(get(Database), get(VideoLinks)))
    services.add(Renders, lambda: Renders(get(Database), get(Store)))
    tools = MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads, fonts=settings.fonts)
    services.add(Pipeline, lambda: Pipeline(get(Store), get(Renders), tools))
    services.add(Stills, lambda: Stills(get(Database), get(Jobs)))
    services.add(Waveforms, lambda: Waveforms(get(Database), get(Store), get(Jobs), get(Videos)))
    services.add(StillSources, lambda: StillSources(get(Store), get(Indexes)))
    services.add(Thumbnails, lambda: Thumbnails(get(Database), get(Store), get(StillSources)), close=Thumbnails.close)
    services.add(
        ImageIntake,
        lambda: ImageIntake(get(Database), get(Store), get(Deletions), settings.work),
        close=ImageIntake.close,
    )
    services.add(
        Images,
        lambda: Images(
            get(Database),
            get(ImageIntake),
            get(Deletions),
            get(StillSources),
            room=get(Videos).check_free,
            work=settings.work,
        ),
    )
    services.add(
        Posters,
        lambda: Posters(get(Database), get(Store), get(Videos), get(Images), get(StillSources), work=settings.work),
        close=Posters.close,
    )
    _add_library(services)
    _add_watch_folders(services, settings)
    services.add(AssetUrls, lambda: AssetUrls(get(Database), get(Signer), public_url=settings.public_url))
    services.sweeps += (
        Sweep("deletions", lambda: get(Deletions).sweep()),
        Sweep("trash", lambda: get(Trash).sweep()),
        Sweep("uploads", lambda: get(Uploads).sweep()),
        Sweep("ownerless uploads", lambda: sweep_orphans(get(Database), get(Store), get(Staging))),
        Sweep("stills", lambda: get(Stills).sweep()),
        Sweep("renditions", lambda: get(AutoRenditions).sweep()),
        Sweep("copies for frames", lambda: get(Images).sweep()),
        Sweep(
            "renders",
            lambda: get(Renders).sweep(max_bytes=settings.render_cache, max_age=settings.render_cache_age),
        ),
    )
    services.holds.append(Hold("busy", busy))
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)


def _add_library(services: Services) -> None:
    get = services.get
    services.add(Collections, lambda: Collections(get(Database)))
    services.add(Tags, lambda: Tags(get(Database)))
    services.add(SavedSearches, lambda: SavedSearches(get(Database)))
    services.add(WatchMarks, lambda: WatchMarks(get(Database), get(Videos)))
    services.add(
        BulkEdits,
        lambda: BulkEdits(get(Database), get(Videos), get(Collections), get(WatchMarks), get(Trash)),
    )
    services.add(StorageReports, lambda: StorageReports(get(Database)))


def _add_watch_folders(services: Services, settings: Settings) -> None:
    get = services.get
    services.add(
        WatchFolders,
        lambda: WatchFolders(get(Database), get(Jobs), settings.watch_folders),
        close=WatchFolders.close,
    )
    services.add(WatchScans, lambda: WatchScans(get(Database), get(Jobs), get(WatchFolders)))
    if settings.watch_folders:
        services.sweeps.append(Sweep("watch folders", lambda: get(WatchFolders).sweep()))


def _count_received(services: Services, size_bytes: int) -> None:
    from playhead.observe.metrics import Metrics  # only a server receives, and a worker does without Prometheus

    services.get(Metrics).uploaded(size_bytes)


def _add_kinds(services: Services, settings: Settings) -> None:
    get = services.get
    database, store, jobs, deletions, indexes = get(Database), get(Store), get(Jobs), get(Deletions), get(Indexes)
    tools = MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads)
    for work in (
        Ingest(database, store, jobs, get(AutoRenditions), tools),
        RenditionsJob(database, store, indexes, get(Pipeline)),
        StillsJob(database, store, deletions, get(StillSources)),
        WaveformJob(database, store, deletions, tools),
        TranscriptionJob(
            database,
            store,
            jobs,
            TranscriptionConfig(
                engine=settings.transcription,
                model=settings.whisper_model,
                models=settings.data / "models",
                ffmpeg=settings.ffmpeg,
                threads=settings.ffmpeg_threads,
            ),
        ),
        SamplesJob(database, store, jobs, deletions, get(Videos), ffmpeg=settings.ffmpeg),
        get(WatchScans),
        FileImport(database, store, get(Videos), deletions, get(Collections), settings.watch_folders),
    ):
        get(JobKinds).register(work.kind())


def routes() -> Routes:
    """Videos, their trash, renditions, comments and uploads; images, captions, collections."""
    from playhead.catalog.captions import endpoints as captions
    from playhead.catalog.comments import endpoints as comments
    from playhead.catalog.endpoints import (
        chapters,
        renditions,
        selections,
        technical,
        trash,
        uploads,
        videos,
        waveforms,
    )
    from playhead.catalog.images import endpoints as images
    from playhead.catalog.library.endpoints import collections, searches, storage, tags
    from playhead.catalog.library.endpoints import videos as library_videos
    from playhead.catalog.watch_folders import endpoints as watch_folders

    return Routes(
        api=(
            selections.router,  # before /videos/{video_id}
            library_videos.router,
            videos.router,
            renditions.router,
            uploads.router,
            technical.router,
            waveforms.router,
            chapters.router,
            comments.router,
            captions.router,
            trash.router,
            images.router,
            collections.router,
            tags.router,
            searches.router,
            storage.router,
            watch_folders.router,
        )
    )
