"""Requests for a reel: the job is recorded with a snapshot of the edit, so that later edits cannot reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.tables import JobRow
from playhead.kit.ids import new_id
from playhead.reels.checks import check_clips
from playhead.reels.projects import Projects, active_stitches, cancel_jobs
from playhead.reels.shapes import Aspect
from playhead.reels.snapshots import digest_of, snapshot_of, tracks_named
from playhead.reels.tables import ProjectRow, VariantRow
from playhead.reels.views import STITCH, VARIANT


@dataclass(frozen=True, slots=True)
class StitchRequest:
    """Job that makes the reel; ``fresh`` is False when it was requested before."""

    job: JobRow
    fresh: bool


class Stitch:
    """Requests of stitches: one job for each version of a project, however often it is requested."""

    def __init__(self, database: Database, jobs: Jobs, projects: Projects) -> None:
        self._database = database
        self._jobs = jobs
        self._projects = projects

    async def request(
        self, principal: Principal, project_id: str, version: int | None, aspect: Aspect | None = None
    ) -> StitchRequest:
        """Ask for the reel of a project.

        Stitches of older versions in the same shape that still run are canceled as obsolete.

        Args:
            aspect: Another shape than the project's own.

        Raises:
            ProjectEmpty, Conflict: nothing was started.
            ProjectVersionMismatch: the project is no longer at *version*.
        """
        async with self._database.write() as session:
            project = await self._projects.find(session, principal, project_id, lock=True)
            is_meant = version in (None, project.version)
            if is_meant:
                videos = await check_clips(session, project, self._projects.takes)
                before = await active_stitches(session, project_id, aspect)
                job, fresh = await self._record(session, project, videos, aspect)
        if version is not None and not is_meant:
            raise await self._projects.mismatch(project, version)
        await cancel_jobs(self._jobs, [job_id for job_id in before if job_id != job.id])
        await self._jobs.submit(job.id)
        return StitchRequest(job, fresh)

    async def _record(
        self, session: AsyncSession, project: ProjectRow, videos: Mapping[str, VideoRow], aspect: Aspect | None
    ) -> tuple[JobRow, bool]:
        wanted = new_id("vid")
        snapshot = await snapshot_of(session, project, videos, aspect)
        while True:
            job = await self._jobs.record(
                session,
                kind=STITCH if aspect is None else VARIANT,
                owner_id=project.owner_id,
                title=snapshot["title"],
                args=snapshot | {"video_id": wanted},
                project_id=project.id,
                dedupe_key=_key(project, snapshot),
            )
            if job.args["video_id"] == wanted:
                await _begin_variant(session, project, job, aspect)
                return job, True
            made = await visible_video(session, str(job.args["video_id"]))
            if job.state != "succeeded" or made is not None:
                return job, False
            # The reel that it made was deleted: this version may be stitched again.
            await self._jobs.release_key(session, job.id)


def _key(project: ProjectRow, snapshot: Mapping[str, Any]) -> str:
    """One stitch for each version and shape; for each text of its caption tracks, which change without a version."""
    key = f"{STITCH}:{project.id}:{project.version}"
    if snapshot.get("aspect"):
        key += f":{snapshot['aspect']}"
    return f"{key}:{digest_of(snapshot)[:16]}" if tracks_named(project) else key


async def _begin_variant(session: AsyncSession, project: ProjectRow, job: JobRow, aspect: Aspect | None) -> None:
    """List a reel of another shape from its first stitch on."""
    if aspect is None:
        return
    row = await session.get(VariantRow, (project.id, aspect))
    if row is None:
        row = VariantRow(project_id=project.id, aspect=aspect)
        session.add(row)
    row.job_id = job.id
