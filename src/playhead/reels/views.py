"""API resources of projects: the row, the videos and takes of its clips, its jobs, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.images.shapes import image_resource
from playhead.catalog.images.tables import ImageRow
from playhead.catalog.playbacks import playbacks_of
from playhead.catalog.seams import VideoLinks
from playhead.catalog.shapes import Playback
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.jobs.shapes import job_resource
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import Clock
from playhead.reels.changes import changes_since
from playhead.reels.clips import Problem, duration_of, fingerprint, total_duration
from playhead.reels.edit_shapes import Card, Effects
from playhead.reels.edits import edit_of, effects_of
from playhead.reels.problems import Around, clip_problems, reel_problems
from playhead.reels.prompt_shapes import MOST_TAKES, Prompt, Take, TakeState, TotalCost
from playhead.reels.seams import Takes
from playhead.reels.settings import settings_of
from playhead.reels.shapes import (
    ActiveJob,
    Clip,
    ClipImage,
    ClipProblem,
    ClipVideo,
    Project,
    ProjectSummary,
    Reel,
    ReelFormat,
    Variant,
)
from playhead.reels.snapshots import known_tracks, shown_tracks, tracks_named
from playhead.reels.sources import images_by_id, probes_of
from playhead.reels.status import ready_count, status_of
from playhead.reels.surveys import reel_settings
from playhead.reels.tables import ClipRow, ProjectRow, VariantRow

if TYPE_CHECKING:
    from playhead.media.probe import Probe

STITCH: Final = "stitch"
VARIANT: Final = "variant"
PREVIEW: Final = "preview"

LISTED_TAKES: Final = 4_000
"""Takes in one project's resource, about 4 MB."""


@dataclass(frozen=True, slots=True)
class ProjectContext:
    """What a project's resource needs beside its row.

    Attributes:
        jobs: Stitches, newest first: the newest, and those that are active.
        take_states: Of each clip: of its active take, else of the newest.
        takes: Of each clip, newest first.
        tracks: Versions of the caption tracks that clips name and that exist, by id.
        variants: Reels in other shapes.
        variant_jobs: By id: the latest job of each of them.
    """

    videos: Mapping[str, VideoRow]
    jobs: Sequence[JobRow]
    probes: "Mapping[str, Probe]"
    take_states: Mapping[str, TakeState]
    takes: Mapping[str, Sequence[Take]] = field(default_factory=dict)
    cost: TotalCost | None = None
    images: Mapping[str, ImageRow] = field(default_factory=dict)
    playbacks: Mapping[str, Playback] = field(default_factory=dict)
    tracks: Mapping[str, int] = field(default_factory=dict)
    variants: Sequence[VariantRow] = ()
    variant_jobs: Mapping[str, JobRow] = field(default_factory=dict)


async def context_of(session: AsyncSession, project: ProjectRow, takes: Takes) -> ProjectContext:
    """Read all that the resource of one project needs."""
    most = min(MOST_TAKES, max(1, LISTED_TAKES // max(1, len(project.clips))))
    by_clip = await takes.of_project(session, project.id, most)
    variants = await _variants_of(session, project.id)
    shown = {row.video_id for row in variants if row.video_id}
    shown |= {take.video_id for clip in project.clips for take in by_clip.get(clip.id, ()) if take.video_id}
    videos = await videos_by_id(session, _videos_of(project) | shown, probes=False)
    probes = await probes_of(session, sorted(_videos_of(project) & videos.keys()))
    return ProjectContext(
        videos=videos,
        jobs=await _latest_jobs(session, project.id),
        probes=probes,
        take_states=await takes.states(session, [project.id]),
        takes=by_clip,
        cost=await takes.cost_of(session, project.id),
        images=await _images_of(session, project),
        playbacks=await playbacks_of(session, probes),
        tracks=await known_tracks(session, tracks_named(project)),
        variants=variants,
        variant_jobs=await _jobs_by_id(session, [row.job_id for row in variants if row.job_id]),
    )


async def summary_context(
    session: AsyncSession, project: ProjectRow, take_states: Mapping[str, TakeState]
) -> ProjectContext:
    """Read what a project in a list needs beside the states of its takes."""
    videos = await videos_by_id(session, _videos_of(project), probes=False)
    return ProjectContext(videos, await _latest_jobs(session, project.id), {}, take_states)


async def _images_of(session: AsyncSession, project: ProjectRow) -> dict[str, ImageRow]:
    watermark = edit_of(project).watermark
    named = (watermark and watermark.image_id, *(clip.image_id for clip in project.clips))
    wanted = {found for found in named if found}
    return await images_by_id(session, wanted) if wanted else {}


async def _variants_of(session: AsyncSession, project_id: str) -> list[VariantRow]:
    statement = select(VariantRow).where(VariantRow.project_id == project_id).order_by(VariantRow.aspect)
    return list(await session.scalars(statement))


async def _jobs_by_id(session: AsyncSession, ids: Sequence[str]) -> dict[str, JobRow]:
    if not ids:
        return {}
    return {row.id: row for row in await session.scalars(select(JobRow).where(JobRow.id.in_(ids)))}


def _videos_of(project: ProjectRow) -> set[str]:
    music = edit_of(project).music
    named = (project.reel_video_id, music and music.video_id, *(clip.video_id for clip in project.clips))
    return {found for found in named if found}


async def _latest_jobs(session: AsyncSession, project_id: str) -> list[JobRow]:
    """Its newest stitch and those that are active, newest first."""
    stitches = (JobRow.project_id == project_id, JobRow.kind == STITCH)
    newest = select(func.max(JobRow.created_at)).where(*stitches).scalar_subquery()
    statement = (
        select(JobRow)
        .where(*stitches, (JobRow.created_at == newest) | JobRow.state.in_(ACTIVE))
        .order_by(JobRow.created_at.desc(), JobRow.id.desc())
    )
    return list(await session.scalars(statement))


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
    status = status_of(row, around.videos, around.jobs, around.take_states)
    if reel is not None and made_from is not None:
        captions = _changed_captions(row, around.tracks, made_from)
        reel.changes = [*(changes_since(made_from, row) if reel.stale else ()), *captions]
        reel.stale = reel.stale or bool(captions)
        status = "stale" if status == "complete" and captions else status
    jobs = around.jobs
    active = _active(jobs)
    now = clock()
    refers = _refers(around)
    problems = clip_problems(row.clips, refers)
    return Project(
        id=row.id,
        title=row.title,
        version=row.version,
        status=status,
        campaign_id=row.campaign_id,
        settings=settings_of(row),
        **dict(edit_of(row)),
        format=_format(row, around),
        clips=[_clip(clip, around, links, problems.get(clip.id)) for clip in row.clips],
        problems=reel_problems(row, refers),
        variants=[_variant(one, row, around) for one in around.variants],
        duration_s=total_duration(row.clips, around.videos),
        cost=around.cost,
        active_job=job_resource(active, now) if active else None,
        last_job=job_resource(jobs[0], now) if jobs else None,
        reel=reel,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def project_summary(row: ProjectRow, around: ProjectContext, links: VideoLinks) -> ProjectSummary:
    """One project of a list."""
    active = _active(around.jobs)
    videos = (around.videos.get(clip.video_id or "") for clip in row.clips)
    poster = next((url for video in videos if video is not None and (url := links.poster(video))), None)
    return ProjectSummary(
        id=row.id,
        title=row.title,
        version=row.version,
        status=status_of(row, around.videos, around.jobs, around.take_states),
        clip_count=len(row.clips),
        ready_count=ready_count(row, around.videos),
        campaign_id=row.campaign_id,
        duration_s=total_duration(row.clips, around.videos),
        poster_url=poster,
        reel=_reel(row, around.videos),
        active_job=ActiveJob(id=active.id, state=active.state, progress=active.progress) if active else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _active(jobs: Sequence[JobRow]) -> JobRow | None:
    return next((job for job in jobs if job.is_active), None)


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


def _changed_captions(project: ProjectRow, versions: Mapping[str, int], made_from: Mapping[str, Any]) -> list[str]:
    """A phrase where the text of caption tracks has changed since the reel was made of the same tracks."""
    then = made_from.get("tracks", {})
    tracks = shown_tracks(project)
    changed = any(track in then and versions.get(track, then[track]) != then[track] for track in tracks)
    return ["the text of captions"] if changed else []


def _refers(around: ProjectContext) -> Around:
    return Around(around.videos, around.images, around.tracks, around.take_states, around.probes)


def _variant(variant: VariantRow, project: ProjectRow, around: ProjectContext) -> Variant:
    video = around.videos.get(variant.video_id or "")
    job = around.variant_jobs.get(variant.job_id or "")
    made = video is not None and variant.made_at is not None
    return Variant(
        aspect=variant.aspect,  # type: ignore[arg-type]
        video_id=video.id if video is not None and made else None,
        version=variant.version if made else None,
        stale=made and variant.fingerprint != fingerprint(project),
        made_at=variant.made_at if made else None,
        duration_s=video.duration_s if video is not None and made else None,
        job_id=variant.job_id,
        job_state=job.state if job else None,
        progress=job.progress if job and job.is_active else None,
        error=job.error_message if job and job.state == "failed" else None,
    )


def _clip(clip: ClipRow, around: ProjectContext, links: VideoLinks, problem: Problem | None) -> Clip:
    video = around.videos.get(clip.video_id or "")
    image = around.images.get(clip.image_id or "")
    return Clip(
        id=clip.id,
        **dict(Effects.model_validate(effects_of(clip))),
        image_id=clip.image_id,
        image=None if image is None else _image(image),
        card=None if clip.card is None else Card.model_validate(clip.card),
        video_id=clip.video_id,
        start_s=clip.start_s,
        end_s=clip.end_s,
        duration_s=duration_of(clip, video),
        problem=ClipProblem(code=problem.code, message=problem.message) if problem else None,
        prompt=Prompt.model_validate(clip.prompt) if clip.prompt else None,
        takes=[_take(take, around.videos, links) for take in around.takes.get(clip.id, ())],
        video=None
        if video is None
        else ClipVideo(
            **_playback(around.playbacks.get(video.id)),
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
            storyboard_url=links.storyboard(video) if video.state == "ready" else None,
        ),
    )


def _playback(found: Playback | None) -> dict[str, Any]:
    return {"playable": found and found.state, "playable_rendition": found and found.rendition}


def _image(row: ImageRow) -> ClipImage:
    found = image_resource(row)
    return ClipImage(id=row.id, title=row.title, width=row.width, height=row.height, url=found.thumbnail_url)


def _take(take: Take, videos: Mapping[str, VideoRow], links: VideoLinks) -> Take:
    """A take with its poster; without a video where that was deleted."""
    video = videos.get(take.video_id or "")
    if video is None:
        return take.model_copy(update={"video_id": None})
    return take.model_copy(update={"poster_url": links.poster(video), "duration_s": video.duration_s})


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
