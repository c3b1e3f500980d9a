"""Requests for a reel: the job is recorded with a snapshot of the edit, so that later edits cannot reach it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs.client import Jobs
from playhead.jobs.tables import JobRow
from playhead.kit.ids import new_id
from playhead.reels.clips import fingerprint, first_of, is_still, problem_of
from playhead.reels.edits import decisive_edit
from playhead.reels.errors import ProjectEmpty
from playhead.reels.projects import Projects, active_jobs, cancel_jobs
from playhead.reels.prompt_shapes import TakeState
from playhead.reels.seams import Takes
from playhead.reels.settings import settings_of
from playhead.reels.tables import ClipRow, ProjectRow
from playhead.reels.views import STITCH


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

    async def request(self, principal: Principal, project_id: str, version: int | None) -> StitchRequest:
        """Ask for the reel of a project.

        Stitches of older versions that still run are canceled as obsolete.

        Raises:
            ProjectEmpty, Conflict: nothing was started.
            ProjectVersionMismatch: the project is no longer at *version*.
        """
        async with self._database.write() as session:
            project = await self._projects.find(session, principal, project_id, lock=True)
            is_meant = version in (None, project.version)
            if is_meant:
                await check_clips(session, project, self._projects.takes, probes=False)
                before = await active_jobs(session, project_id)
                job, fresh = await self._record(session, project)
        if version is not None and not is_meant:
            raise await self._projects.mismatch(project, version)
        await cancel_jobs(self._jobs, [job_id for job_id in before if job_id != job.id])
        await self._jobs.submit(job.id)
        return StitchRequest(job, fresh)

    async def _record(self, session: AsyncSession, project: ProjectRow) -> tuple[JobRow, bool]:
        wanted = new_id("vid")
        arguments = _snapshot(project) | {"video_id": wanted}
        key = f"{STITCH}:{project.id}:{project.version}"
        while True:
            job = await self._jobs.record(
                session,
                kind=STITCH,
                owner_id=project.owner_id,
                title=project.title,
                args=arguments,
                project_id=project.id,
                dedupe_key=key,
            )
            if job.args["video_id"] == wanted:
                return job, True
            made = await visible_video(session, str(job.args["video_id"]))
            if job.state != "succeeded" or made is not None:
                return job, False
            # The reel that it made was deleted: this version may be stitched again.
            await self._jobs.release_key(session, job.id)


def _snapshot(project: ProjectRow) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "title": project.title,
        "version": project.version,
        "fingerprint": fingerprint(project),
        "settings": settings_of(project).model_dump(),
        "clips": clips_of(project),
        "edit": decisive_edit(project),
    }


def clips_of(project: ProjectRow) -> list[dict[str, Any]]:
    """The clips as a stitch keeps them."""
    return [
        {"clip_id": clip.id, "video_id": clip.video_id, "start_s": clip.start_s, "end_s": clip.end_s, **_shown(clip)}
        for clip in project.clips
    ]


def _shown(clip: ClipRow) -> dict[str, Any]:
    facts = {"image_id": clip.image_id, "card": clip.card, "effects": clip.effects}
    return {name: value for name, value in facts.items() if value}


async def check_clips(
    session: AsyncSession, project: ProjectRow, takes: Takes, *, probes: bool = True
) -> Mapping[str, VideoRow]:
    """See that a project can be stitched as it stands; gives the videos of its clips.

    Args:
        probes: With what the probe found of them.

    Raises:
        ProjectEmpty
        Conflict: some clips cannot be stitched; the error names all of them.
    """
    if not project.clips:
        raise ProjectEmpty(f"Project {project.id} has no clips to stitch.", hint="Add at least one clip.")
    videos = await videos_by_id(session, {clip.video_id for clip in project.clips if clip.video_id}, probes=probes)
    states: Mapping[str, TakeState] = {}
    if any(clip.video_id is None and not is_still(clip) for clip in project.clips):
        states = await takes.states(session, [project.id])
    wrong = [
        {"id": clip.id, "position": clip.position + 1, "code": problem.code, "message": problem.message}
        for clip in project.clips
        if (problem := problem_of(clip, videos.get(clip.video_id or ""), states.get(clip.id))) is not None
    ]
    if wrong:
        raise Conflict(
            first_of(wrong),
            hint=_hint(wrong),
            code="clips_not_ready",
            title="Some clips cannot be stitched",
            extra={"clips": wrong},
        )
    return videos


def _hint(wrong: Sequence[Mapping[str, Any]]) -> str:
    if all(clip["code"] in ("not_generated", "generating") for clip in wrong):
        return "Generate these clips, or wait until their takes are there."
    return "Remove or replace these clips, or wait until their videos are ready."
