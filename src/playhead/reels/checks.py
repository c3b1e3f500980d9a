"""Whether a project can be stitched as it stands: its clips, the music, the watermark."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.errors import Conflict
from playhead.reels.clips import first_of, is_still
from playhead.reels.edits import edit_of, effects_of
from playhead.reels.errors import ProjectEmpty
from playhead.reels.problems import Around, clip_problems, reel_problems
from playhead.reels.prompt_shapes import TakeState
from playhead.reels.seams import Takes
from playhead.reels.shapes import ReelProblem
from playhead.reels.snapshots import known_tracks, tracks_named
from playhead.reels.sources import images_by_id, probes_of
from playhead.reels.tables import ProjectRow

_HINTS = {
    "transition_too_long": "Make these transitions shorter, or their clips longer.",
    "image_deleted": "Remove or replace these clips.",
    "captions_deleted": "Choose another caption track for these clips, or none.",
    "audio_track_missing": "Choose another audio track for these clips.",
}


async def check_clips(session: AsyncSession, project: ProjectRow, takes: Takes) -> Mapping[str, VideoRow]:
    """See that a project can be stitched as it stands; gives the videos of its clips and its music.

    Raises:
        ProjectEmpty
        Conflict: some clips cannot be stitched, or the music or the watermark; the error names all of them.
    """
    if not project.clips:
        raise ProjectEmpty(f"Project {project.id} has no clips to stitch.", hint="Add at least one clip.")
    around = await around_of(session, project, takes)
    found = clip_problems(project.clips, around)
    wrong = [
        {"id": clip.id, "position": clip.position + 1, "code": problem.code, "message": problem.message}
        for clip in project.clips
        if (problem := found.get(clip.id)) is not None
    ]
    if wrong:
        raise Conflict(
            first_of(wrong),
            hint=_hint(wrong),
            code="clips_not_ready",
            title="Some clips cannot be stitched",
            extra={"clips": wrong},
        )
    if others := reel_problems(project, around):
        raise _reel_not_ready(others)
    return around.videos


async def around_of(session: AsyncSession, project: ProjectRow, takes: Takes) -> Around:
    """What the clips, the music and the watermark of a project refer to."""
    edit = edit_of(project)
    videos = {clip.video_id for clip in project.clips if clip.video_id}
    images = {clip.image_id for clip in project.clips if clip.image_id}
    states: Mapping[str, TakeState] = {}
    if any(clip.video_id is None and not is_still(clip) for clip in project.clips):
        states = await takes.states(session, [project.id])
    return Around(
        videos=await videos_by_id(session, videos | ({edit.music.video_id} if edit.music else set()), probes=False),
        images=await images_of(session, images | ({edit.watermark.image_id} if edit.watermark else set())),
        tracks=await known_tracks(session, tracks_named(project)),
        takes=states,
        probes=await probes_of(session, sorted(filter(None, _with_tracks(project)))),
    )


async def images_of(session: AsyncSession, ids: set[str]) -> Mapping[str, ImageRow]:
    """Images by id; no query where there are none."""
    return await images_by_id(session, ids) if ids else {}


def _with_tracks(project: ProjectRow) -> set[str | None]:
    """Videos of clips that name an audio track."""
    return {clip.video_id for clip in project.clips if effects_of(clip).get("audio_track") is not None}


def _hint(wrong: Sequence[Mapping[str, Any]]) -> str:
    codes = {clip["code"] for clip in wrong}
    if codes <= {"not_generated", "generating"}:
        return "Generate these clips, or wait until their takes are there."
    if len(codes) == 1 and (hint := _HINTS.get(codes.pop())):
        return hint
    return "Remove or replace these clips, or wait until their videos are ready."


def _reel_not_ready(problems: Sequence[ReelProblem]) -> Conflict:
    first = problems[0].message
    return Conflict(
        f"{first[:1].upper()}{first[1:]}.",
        hint="Choose another, or remove it from the reel.",
        code="reel_not_ready",
        title="The reel cannot be stitched",
        extra={"problems": [problem.model_dump() for problem in problems]},
    )
