"""The job that makes what a library shows of a video besides its poster: storyboard and animated preview.

A video without them is still a video. What could not be made is written into the log and not tried again: the job
has succeeded, and a job that has succeeded is not recorded twice.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import event, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from playhead.catalog.artifacts import find_artifact, record_artifact
from playhead.catalog.deletions import Deletions
from playhead.catalog.still_sources import StillSources, shape_of
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE, visible_video
from playhead.db.database import Database
from playhead.db.unit import current_unit
from playhead.errors import PlayheadError
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stills.make import Shape
    from playhead.media.stills.pool import StillsPool
    from playhead.media.stills.source import StillSource

    Make = Callable[[StillsPool, StillSource, Shape], Awaitable[tuple[dict[str, Any], bytes]]]

STILLS: Final = "stills"
STORYBOARD: Final = "storyboard.jpg"
PREVIEW: Final = "preview.webp"
KINDS: Final = {STORYBOARD: "storyboard", PREVIEW: "preview"}

MAKING = 1
"""Counted up when stills are made in another way: every video is then worth another job."""

MAX_FAILURES = 3
"""Failed jobs of one video, by an unavailable store or a worker that died, after which no more are recorded."""

_NEWEST = 200
_AT_ONCE = 20
"""Videos that a sweep asks for, once a minute."""

log = structlog.get_logger(__name__)


async def request_stills(session: AsyncSession, jobs: Jobs, video: VideoRow) -> JobRow | None:
    """Record the job in the transaction that makes a video ready; it is submitted when that commits.

    Harmless to call again: a job that waits, runs or has succeeded is given back. None when it failed too often.
    """
    failed = await session.scalar(
        select(func.count()).where(JobRow.video_id == video.id, JobRow.kind == STILLS, JobRow.state == "failed")
    )
    if (failed or 0) >= MAX_FAILURES:
        return None
    job = await jobs.record(
        session,
        kind=STILLS,
        owner_id=video.owner_id,
        title=video.title,
        args={"video_id": video.id},
        video_id=video.id,
        dedupe_key=f"{STILLS}:{MAKING}:{video.id}",
    )
    if job.state == "queued":
        submit_after(session, jobs, job.id)
    return job


_submitting: set["asyncio.Task[None]"] = set()


def submit_after(session: AsyncSession, jobs: Jobs, job_id: str) -> None:
    """Give it to the engine right after the commit; should that fail, the reconciler does within a minute."""

    async def submit() -> None:
        with contextlib.suppress(PlayheadError):
            await jobs.submit(job_id)

    def committed(_: Session) -> None:
        task = asyncio.get_running_loop().create_task(submit(), name=f"submit {job_id}")
        _submitting.add(task)
        task.add_done_callback(_submitting.discard)

    if (unit := current_unit()) is not None:  # the session's own event comes with each savepoint, too
        unit.after(submit)
    else:
        event.listen(session.sync_session, "after_commit", committed, once=True)


class StillsJob:
    """Makes the stills of one video: its poster if it has none, its storyboard, its animated preview."""

    def __init__(self, database: Database, store: Store, deletions: Deletions, sources: StillSources) -> None:
        self._database = database
        self._store = store
        self._deletions = deletions
        self._sources = sources

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=STILLS,
            title="Thumbnails",
            doing="Making storyboard and preview",
            done="Made storyboard and preview",
            of="of",
            folds="owner",
            things="videos",
            background=True,
            queue="ingest",
            goes_last=True,
            run=self.run,
            on_succeeded=self._keep,
            step_titles=step_titles(
                poster="Make the poster", storyboard="Make the storyboard", preview="Make the animated preview"
            ),
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """One step for each; gives what was stored by name, None for what could not be made."""
        from playhead.media.stills.pool import one_process

        row = await self._video(str(args["video_id"]))
        if row is None:
            return {}
        found: dict[str, Any] = {}
        async with one_process() as pool, self._sources.of(row, context.work) as source:

            async def step(name: str, make: "Make") -> dict[str, Any] | None:
                return await self._store_one(context, row, name, lambda: make(pool, source, shape_of(row)))

            await context.progress(0.0, "Making the poster")
            found["poster"] = await context.step("poster", step, "poster", _poster)
            await context.progress(0.2, "Making the storyboard")
            found[STORYBOARD] = await context.step("storyboard", step, STORYBOARD, _storyboard)
            await context.progress(0.7, "Making the animated preview")
            found[PREVIEW] = await context.step("preview", step, PREVIEW, _animation)
        return found

    async def _store_one(
        self,
        context: JobContext,
        row: VideoRow,
        name: str,
        make: Callable[[], Awaitable[tuple[dict[str, Any], bytes]]],
    ) -> dict[str, Any] | None:
        from playhead.media.stills.poster import write_image

        if name == "poster" and row.poster_sha256 is not None:
            return None
        key = keys.poster(row.id) if name == "poster" else keys.artifact(row.id, name)
        path = context.work / name
        try:
            facts, image = await make()
            await write_image(path, image)
            written = await self._store.write_file(key, path)
        except ObjectNotFound:
            return None  # deleted in the meantime
        except PlayheadError as error:
            if error.retry == "backoff" or error.status == 507:
                raise
            log.warning("still_failed", video_id=row.id, name=name, code=error.code, detail=error.detail)
            return None
        return {"sha256": written.sha256, "size_bytes": written.size_bytes, "facts": facts}

    async def _video(self, video_id: str) -> VideoRow | None:
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
        return row if row is not None and row.state == "ready" else None

    async def _keep(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """Record what was made; of a video that was deleted meanwhile, have it removed."""
        video_id = str(job.args["video_id"])
        row = await session.get(VideoRow, video_id, with_for_update=True)
        if row is None:
            await self._deletions.intend(session, keys.video_prefix(video_id))
            return
        for name, made in result.items():
            if made is None:
                continue
            if name == "poster":
                row.poster_sha256, row.poster_size_bytes = made["sha256"], made["size_bytes"]
            else:
                await record_artifact(session, video_id, kind=KINDS[name], name=name, **made)


class Stills:
    """Requests stills of videos whose job was never recorded."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs
        self._look_again = float("-inf")

    async def request(self, video_id: str) -> None:
        """Request the stills of a ready video, if it has none and no job has tried."""
        async with self._database.write() as session:
            row = await visible_video(session, video_id)
            if row is not None and row.state == "ready":
                await request_stills(session, self._jobs, row)

    async def sweep(self) -> int:
        """Request missing stills: of the newest videos each time, of all once an hour; returns their number."""
        everywhere = time.monotonic() >= self._look_again
        key = literal(f"{STILLS}:{MAKING}:").concat(VideoRow.id)
        tried = exists().where(JobRow.video_id == VideoRow.id, JobRow.kind == STILLS, JobRow.dedupe_key == key)
        without = select(VideoRow.id).where(VideoRow.state == "ready", VISIBLE, ~tried).order_by(VideoRow.id.desc())
        if not everywhere:
            newest = select(VideoRow.id).order_by(VideoRow.id.desc()).limit(_NEWEST).subquery()
            without = without.where(VideoRow.id.in_(select(newest.c.id)))
        async with self._database.read() as session:
            waiting = list(await session.scalars(without.limit(_AT_ONCE)))
        for video_id in waiting:
            await self.request(video_id)
        if everywhere and len(waiting) < _AT_ONCE:
            self._look_again = time.monotonic() + 3600
        return len(waiting)

    async def web_vtt(self, video_id: str, sheet_url: str) -> tuple[str, datetime] | None:
        """The cues of a video's storyboard, and when it was made; None when there is none."""
        from playhead.media.stills.storyboard import Storyboard

        async with self._database.read() as session:
            video = await visible_video(session, video_id)
            row = await find_artifact(session, video_id, STORYBOARD) if video is not None else None
        return (Storyboard.from_dict(row.facts).web_vtt(sheet_url), row.created_at) if row is not None else None


async def _poster(pool: "StillsPool", source: "StillSource", shape: "Shape") -> tuple[dict[str, Any], bytes]:
    from playhead.media.stills.make import poster

    return {}, await poster(pool, source, shape)


async def _storyboard(pool: "StillsPool", source: "StillSource", shape: "Shape") -> tuple[dict[str, Any], bytes]:
    from playhead.media.stills.make import storyboard

    facts, sheet = await storyboard(pool, source, shape)
    return facts.to_dict(), sheet


async def _animation(pool: "StillsPool", source: "StillSource", shape: "Shape") -> tuple[dict[str, Any], bytes]:
    from playhead.media.stills.make import animation

    return {}, await animation(pool, source, shape)
