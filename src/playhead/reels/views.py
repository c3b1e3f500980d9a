"""API resources of projects: the row, the videos of its clips and its jobs, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.seams import VideoLinks
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.jobs.shapes import job_resource
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import Clock
from playhead.reels.changes import changes_since
from playhead.reels.clips import duration_of, fingerprint, problem_of, total_duration
from playhead.reels.settings import settings_of
from playhead.reels.shapes import (
    ActiveJob,
    Clip,
    ClipProblem,
    ClipVideo,
    Project,
    ProjectStatus,
    ProjectSummary,
    Reel,
    ReelFormat,
)
from playhead.reels.surveys import reel_settings
from playhead.reels.tables import ClipRow, ProjectRow

if TYPE_CHECKING:
    from playhead.media.probe import Probe

STITCH: Final = "stitch"


@dataclass(frozen=True, slots=True)
class ProjectContext:
    """What a project's resource needs beside its row."""

    videos: Mapping[str, VideoRow]
    jobs: Mapping[str, Sequence[JobRow]]
    probes: "Mapping[str, Probe]"

    def jobs_of(self, project_id: str) -> Sequence[JobRow]:
        """Stitches of a project, newest first."""
        return self.jobs.get(project_id, ())


async def context_of(session: AsyncSession, projects: Sequence[ProjectRow], *, probes: bool = True) -> ProjectContext:
    """Read the videos and the latest stitches of some projects.

    Args:
        probes: With what the probe found of each video, as one project needs it, and a list does not.
    """
    wanted = {clip.video_id for project in projects for clip in project.clips if clip.video_id}
    wanted |= {project.reel_video_id for project in projects if project.reel_video_id}
    videos = await videos_by_id(session, wanted, probes=False)
    found = await _probes(session, sorted(videos)) if probes else {}
    return ProjectContext(videos, await _latest_jobs(session, projects), found)


async def _probes(session: AsyncSession, ids: Sequence[str]) -> "dict[str, Probe]":
    """What the probe found of videos; as rows hold it, it would take three times the memory."""
    from playhead.media.probe import Probe

    found = {}
    for start in range(0, len(ids), 100):
        statement = select(VideoRow.id, VideoRow.probe).where(VideoRow.id.in_(ids[start : start + 100]))
        for video_id, facts in await session.execute(statement):
            if facts:
                found[video_id] = Probe.from_dict(facts)
    return found


async def _latest_jobs(session: AsyncSession, projects: Sequence[ProjectRow]) -> dict[str, list[JobRow]]:
    ids = [project.id for project in projects]
    newest = (
        select(JobRow.project_id, func.max(JobRow.created_at).label("newest"))
        .where(JobRow.kind == STITCH, JobRow.project_id.in_(ids))
        .group_by(JobRow.project_id)
        .subquery()
    )
    statement = (
        select(JobRow)
        .join(newest, JobRow.project_id == newest.c.project_id)
        .where(JobRow.kind == STITCH, (JobRow.created_at == newest.c.newest) | JobRow.state.in_(ACTIVE))
        .order_by(JobRow.created_at.desc(), JobRow.id.desc())
    )
    found: dict[str, list[JobRow]] = {}
    for job in await session.scalars(statement):
        found.setdefault(job.project_id or "", []).append(job)
    return found


def project_resource(
    row: ProjectRow,
    around: ProjectContext,
    links: VideoLinks,
    clock: Clock,
    made_from: Mapping[str, Any] | None = None,
) -> Project:
    """One project, whole.

    Args:
        made_from: The arguments of the stitch that made its reel.
    """
    reel = _reel(row, around.videos)
    if reel is not None and reel.stale and made_from is not None:
        reel.changes = changes_since(made_from, row)
    jobs = around.jobs_of(row.id)
    active = _active(jobs)
    now = clock()
    return Project(
        id=row.id,
        title=row.title,
        version=row.version,
        status=_status(row, around),
        settings=settings_of(row),
        format=_format(row, around),
        clips=[_clip(clip, around, links) for clip in row.clips],
        duration_s=total_duration(row.clips, around.videos),
        active_job=job_resource(active, now) if active else None,
        last_job=job_resource(jobs[0], now) if jobs else None,
        reel=reel,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def project_summary(row: ProjectRow, around: ProjectContext, links: VideoLinks) -> ProjectSummary:
    """One project of a list."""
    active = _active(around.jobs_of(row.id))
    videos = (around.videos.get(clip.video_id or "") for clip in row.clips)
    poster = next((url for video in videos if video is not None and (url := links.poster(video))), None)
    return ProjectSummary(
        id=row.id,
        title=row.title,
        version=row.version,
        status=_status(row, around),
        clip_count=len(row.clips),
        duration_s=total_duration(row.clips, around.videos),
        poster_url=poster,
        reel=_reel(row, around.videos),
        active_job=ActiveJob(id=active.id, state=active.state, progress=active.progress) if active else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _active(jobs: Sequence[JobRow]) -> JobRow | None:
    return next((job for job in jobs if job.is_active), None)


def _status(row: ProjectRow, around: ProjectContext) -> ProjectStatus:
    jobs = around.jobs_of(row.id)
    if _active(jobs):
        return "stitching"
    if not row.clips:
        return "empty"
    content = fingerprint(row)
    reel = _reel(row, around.videos)
    if reel and not reel.stale:
        return "current"
    if jobs and jobs[0].state == "failed" and jobs[0].args.get("fingerprint") == content:
        return "failed"
    return "stale" if reel else "draft"


def _reel(row: ProjectRow, videos: Mapping[str, VideoRow]) -> Reel | None:
    video = videos.get(row.reel_video_id or "")
    if video is None or row.reel_made_at is None:
        return None
    return Reel(
        video_id=video.id,
        job_id=row.reel_job_id or "",
        version=row.reel_version or 0,
        stale=row.reel_fingerprint != fingerprint(row),
        changes=[],
        made_at=row.reel_made_at,
        duration_s=video.duration_s,
    )


def _clip(clip: ClipRow, around: ProjectContext, links: VideoLinks) -> Clip:
    video = around.videos.get(clip.video_id or "")
    problem = problem_of(clip, video)
    return Clip(
        id=clip.id,
        video_id=clip.video_id or "",
        start_s=clip.start_s,
        end_s=clip.end_s,
        duration_s=duration_of(clip, video),
        problem=ClipProblem(code=problem.code, message=problem.message) if problem else None,
        video=None
        if video is None
        else ClipVideo(
            id=video.id,
            title=video.title,
            state=video.state,
            duration_s=video.duration_s,
            width=video.width,
            height=video.height,
            fps=video.fps,
            video_codec=video.video_codec,
            audio_codec=video.audio_codec,
            streamed_track=_streamed_track(around.probes.get(video.id)),
            poster_url=links.poster(video),
            thumbnail_url=links.thumbnail(video),
        ),
    )


def _streamed_track(probe: "Probe | None") -> int | None:
    from playhead.media.audio_tracks import streamed_track

    return None if probe is None else streamed_track(probe)


def _format(row: ProjectRow, around: ProjectContext) -> ReelFormat | None:
    from playhead.media.errors import InvalidSpan
    from playhead.media.render.format import resolve
    from playhead.media.render.survey import survey_probe

    surveys = []
    for clip in row.clips:
        video = around.videos.get(clip.video_id or "")
        probe = around.probes.get(clip.video_id or "") if video is not None and video.state == "ready" else None
        if probe is not None:
            with suppress(InvalidSpan):  # reported as the clip's problem
                surveys.append(survey_probe(probe, start_s=clip.start_s, end_s=clip.end_s))
    if not surveys:
        return None
    found = resolve(surveys, reel_settings(settings_of(row).model_dump()))
    return ReelFormat(width=found.width, height=found.height, fps=round(float(found.fps), 3))
