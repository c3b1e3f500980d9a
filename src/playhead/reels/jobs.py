"""The stitch job: how the engine knows it, and what else is true in the moment it ends.

The reel's bytes are stored under the id of a video that has no row yet: nobody sees it before the last transaction.
"""

from collections.abc import AsyncIterator
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.deletions import Deletions
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.errors import StitchProjectGone
from playhead.reels.step_titles import stitch_step_titles
from playhead.reels.stitching import Stitching
from playhead.reels.tables import ProjectRow
from playhead.reels.views import STITCH
from playhead.storage import keys
from playhead.storage.store import Store

log = structlog.get_logger(__name__)


class StitchJob:
    """A stitch as a durable job."""

    def __init__(self, store: Store, videos: Videos, deletions: Deletions, stitching: Stitching) -> None:
        self._store = store
        self._videos = videos
        self._deletions = deletions
        self._stitching = stitching

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=STITCH,
            title="Stitch",
            doing="Stitching",
            done="Stitched",
            queue="media",
            run=self.run,
            step_titles=stitch_step_titles,
            parts={"render": self._stitching.rendering.part},
            on_succeeded=self._mark,
            on_failed=self._abandon,
            on_canceled=self._abandon,
            on_retried=_begin_anew,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make the reel; whatever the end, nothing of the job stays behind but pieces for the next stitch."""
        try:
            result = await self._stitching.run(context, args)
        except Exception:
            # Stopped attempts (canceled, taken over) pass by: another may still need it all; the sweep has the rest.
            await self._clean(context, str(args["video_id"]))
            raise
        await self._clean(context)
        return result

    async def _mark(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """The reel becomes a video, and the project's reel unless a later version was quicker; one transaction."""
        if job.attempts == 1:  # a later attempt finds done what it would measure
            job.args = job.args | {"measured": result.get("measured", {})}
        await self._videos.admit(
            session,
            Admitted(
                video_id=job.args["video_id"],
                owner_id=job.owner_id,
                title=job.args["title"],
                origin="reel",
                written=Stored.read(result["written"]),
                probe=result["probe"],
                poster=Stored.read(result["poster"]) if result["poster"] else None,
                project_id=job.args["project_id"],
            ),
        )
        await _give_reel(session, job)

    async def _abandon(self, session: AsyncSession, job: JobRow, *_: object) -> None:
        """Have the reel's bytes removed a minute from now, when also a stopped attempt has written its last."""
        await self._deletions.intend(session, keys.video_prefix(str(job.args["video_id"])))

    async def _clean(self, context: JobContext, unannounced: str | None = None) -> None:
        prefixes = [keys.job_prefix(context.job_id)] + ([keys.video_prefix(unannounced)] if unannounced else [])
        for prefix in prefixes:
            try:
                await self._store.delete_prefix(prefix)
            except PlayheadError as error:
                log.warning("parts_left_for_the_sweep", prefix=prefix, code=error.code, detail=error.detail)


async def sweep_parts(database: Database, store: Store) -> int:
    """Remove what stopped stitches left: parts, and bytes of reels that never came to be; of how many jobs."""
    found = {key.split("/")[1] async for key in _keys(store, "jobs/")}
    jobs = [job_id for job_id in found if is_id("job", job_id)]
    swept = 0
    for job_id in jobs:
        async with database.read() as session:
            job = await session.get(JobRow, job_id)
            video_id = str(job.args.get("video_id", "")) if job is not None else ""
            kept = bool(video_id) and await session.get(VideoRow, video_id) is not None
        if job is not None and job.is_active:
            continue
        await store.delete_prefix(keys.job_prefix(job_id))
        if job is not None and job.kind == STITCH and is_id("vid", video_id) and not kept:
            await store.delete_prefix(keys.video_prefix(video_id))
        swept += 1
    return swept


async def _keys(store: Store, prefix: str) -> AsyncIterator[str]:
    async for found in store.list(prefix):
        yield found.key


async def _begin_anew(session: AsyncSession, job: JobRow) -> None:
    """Another run stores its reel under another id: what is still to be removed of the last one cannot reach it."""
    if await session.get(ProjectRow, str(job.args["project_id"])) is None:
        raise StitchProjectGone(f"The project of job {job.id} was deleted.")
    job.args = job.args | {"video_id": new_id("vid")}


async def _give_reel(session: AsyncSession, job: JobRow) -> None:
    """Make the video the reel of its project, unless a later version has one."""
    args = job.args
    project = await session.get(ProjectRow, args["project_id"])
    if project is not None and (project.reel_version or 0) <= args["version"]:
        project.reel_video_id, project.reel_job_id = args["video_id"], job.id
        project.reel_version, project.reel_fingerprint = args["version"], args["fingerprint"]
        project.reel_made_at = utc_now()
