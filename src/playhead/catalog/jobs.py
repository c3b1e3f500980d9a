"""Ingest: the durable job between an original in the store and a video that is ready."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Stored, make_ready
from playhead.catalog.captions.embedded import import_embedded
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.events import record_errored, record_ready
from playhead.catalog.originals import verify_stored
from playhead.catalog.rendition_requests import AutoRenditions
from playhead.catalog.songs import Songs
from playhead.catalog.stills import request_stills
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import INGEST
from playhead.db.database import Database
from playhead.errors import Conflict, PlayheadError
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.text import shorten
from playhead.media.tools import MediaTools
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.probe import Probe

log = structlog.get_logger(__name__)


class Ingest:
    """Probes an original, makes its poster, and proves that the store holds what was received."""

    def __init__(
        self, database: Database, store: Store, jobs: Jobs, renditions: AutoRenditions, tools: MediaTools
    ) -> None:
        self._database = database
        self._tools = tools
        self._store = store
        self._jobs = jobs
        self._renditions = renditions
        self._songs = Songs(database, store, tools)

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=INGEST,
            title="Ingest",
            doing="Preparing",
            done="Prepared",
            folds="owner",
            things="videos",
            step_titles=step_titles(
                verify="Check the bytes",
                probe="Read the video",
                captions="Read the captions",
                poster="Make the poster",
            ),
            queue="ingest",
            run=self.run,
            on_succeeded=self._mark_ready,
            on_failed=_mark_errored,
            on_canceled=_mark_canceled,
            on_retried=_mark_preparing,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """The steps; each is recorded, so a crash repeats at most one."""
        video_id = str(args["video_id"])

        async def verify() -> dict[str, Any]:
            return await self._verify(video_id)

        async def probe() -> dict[str, Any]:
            return await self._probe(context, video_id)

        await context.progress(0.05, "Checking the bytes")
        await context.step("verify", verify)
        await context.progress(0.4, "Reading the video")
        found = await context.step("probe", probe)
        if found.get("text_tracks"):
            await context.progress(0.6, "Reading the captions")
            await context.step(
                "captions", import_embedded, self._database, self._store, context, video_id, found, self._tools.binary
            )
        await context.progress(0.7, "Making the poster")

        async def poster() -> dict[str, Any] | None:
            return await make_poster_of(self._store, context, video_id, found)

        made = await context.step("poster", poster)
        await self._songs.forget(video_id)
        return {"probe": found, "poster": made}

    async def _verify(self, video_id: str) -> dict[str, Any]:
        """Read the stored bytes back and compare their hash with the one taken while they came in."""
        await self._songs.settle(video_id)
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
        if row is None:
            raise VideoNotFound(video_id)
        await verify_stored(self._store, keys.original(video_id), row.size_bytes, row.sha256)
        return {"size_bytes": row.size_bytes}

    async def _probe(self, context: JobContext, video_id: str) -> dict[str, Any]:
        from playhead.media.errors import NoVideoTrack
        from playhead.media.probe import probe

        was_song = await self._songs.settle(video_id)
        async with self._store.local_copy(keys.original(video_id), context.work) as path:
            try:
                found = await probe(path)
                return (_remarked(found) if was_song else found).to_dict()
            except NoVideoTrack as error:
                if was_song or not error.audio:
                    raise
            await self._songs.exchange(video_id, path, context.work)
        return await self._probe(context, video_id)

    async def _mark_ready(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        row = await _video_of(session, job)
        if row is None:
            return
        poster = Stored.read(result["poster"]) if result["poster"] else None
        make_ready(row, result["probe"], poster, utc_now())
        record_ready(session, row)
        await request_stills(session, self._jobs, row)
        await self._renditions.request(session, row)


def _remarked(found: "Probe") -> "Probe":
    from playhead.media.songs import REMARK

    return replace(found, remarks=(REMARK, *found.remarks))


async def make_poster_of(
    store: Store, context: JobContext, video_id: str, probe: dict[str, Any]
) -> dict[str, Any] | None:
    """Make and keep the still of a stored video; a video without one is still a video, so a failure is only logged."""
    from playhead.media.probe import Probe
    from playhead.media.stills.make import Shape
    from playhead.media.stills.poster import make_poster

    poster = context.work / "poster.jpg"
    try:
        async with store.local_copy(keys.original(video_id), context.work) as path:
            await make_poster(path, poster, Shape.of(Probe.from_dict(probe)))
        written = await store.write_file(keys.poster(video_id), poster)
    except PlayheadError as error:
        if error.retry == "backoff" or error.code == "store_full":
            raise
        log.warning("poster_failed", video_id=video_id, code=error.code, detail=error.detail)
        return None
    return {"sha256": written.sha256, "size_bytes": written.size_bytes}


async def _mark_errored(session: AsyncSession, job: JobRow, error: JobError) -> None:
    row = await _give_up(session, job, error.code, error.message, error.hint)
    if row is not None:
        record_errored(session, row)


async def _mark_canceled(session: AsyncSession, job: JobRow) -> None:
    await _give_up(session, job, "canceled", "Preparing this video was canceled.", "Try again when you want it.")


async def _mark_preparing(session: AsyncSession, job: JobRow) -> None:
    row = await session.get(VideoRow, job.video_id, with_for_update=True) if job.video_id else None
    if row is None or row.state != "errored":
        found = "was deleted" if row is None else f"is {row.state}"
        raise Conflict(
            f"Video {job.video_id} {found}; only an errored one can be prepared again.",
            code="video_not_errored",
            title="Nothing to retry",
        )
    row.state, row.job_id, row.updated_at = "preparing", job.id, utc_now()
    row.error_code = row.error_message = row.error_hint = None


async def _give_up(session: AsyncSession, job: JobRow, code: str, message: str, hint: str | None) -> VideoRow | None:
    row = await _video_of(session, job)
    if row is None:
        return None
    row.state, row.job_id, row.updated_at = "errored", None, utc_now()
    row.error_code, row.error_message = code, shorten(message, 1000)
    row.error_hint = shorten(hint, 500) if hint else None
    return row


async def _video_of(session: AsyncSession, job: JobRow) -> VideoRow | None:
    """The video that this job, and no later one, prepares."""
    row = await session.get(VideoRow, job.video_id) if job.video_id else None
    return row if row is not None and row.job_id == job.id else None
