"""Prompts that become clips, and takes that become the video of their clip."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.kit.ids import new_id
from playhead.reels.clip_inputs import MAX_CLIPS
from playhead.reels.clips import SLACK_S
from playhead.reels.errors import ClipsInvalid
from playhead.reels.prompt_shapes import Prompt
from playhead.reels.tables import ClipRow, ProjectRow


async def take_arrived(session: AsyncSession, clip_id: str, video_id: str, now: datetime) -> bool:
    """Give a clip its first video, in the transaction that ends the take; the project gets its next version.

    Returns:
        Whether the clip took it. One that has a video keeps it, and one that was deleted takes nothing.
    """
    found = await locked_clip(session, clip_id)
    if found is None:
        return False
    project, clip = found
    if clip.video_id is not None and await _duration_of(session, clip.video_id) is not None:
        return False
    await set_video(session, clip, video_id)
    if project.edited_version is None:
        project.edited_version = project.version
    project.version += 1
    project.updated_at = now
    return True


def append_prompts(project: ProjectRow, prompts: Sequence[Prompt], now: datetime) -> list[ClipRow]:
    """Append prompts as clips to a project that is locked; it gets its next version.

    Raises:
        ClipsInvalid: it would have too many clips.
    """
    count = len(project.clips)
    if count + len(prompts) > MAX_CLIPS:
        raise ClipsInvalid(f"A project has at most {MAX_CLIPS} clips; this one would have {count + len(prompts)}.")
    clips = [
        ClipRow(
            id=new_id("clp"),
            project_id=project.id,
            position=position,
            video_id=None,
            prompt=prompt.model_dump(mode="json"),
            start_s=0.0,
            end_s=None,
        )
        for position, prompt in enumerate(prompts, start=count)
    ]
    project.clips.extend(clips)
    project.version += 1
    project.edited_version = None
    project.updated_at = now
    return clips


async def locked_clip(session: AsyncSession, clip_id: str) -> tuple[ProjectRow, ClipRow] | None:
    """A clip with its project, both locked until the end of the transaction; None when it is gone."""
    project_id = await session.scalar(select(ClipRow.project_id).where(ClipRow.id == clip_id))
    if project_id is None:
        return None
    project = await session.get(ProjectRow, project_id, with_for_update=True, populate_existing=True)
    clip = next((clip for clip in project.clips if clip.id == clip_id), None) if project is not None else None
    return (project, clip) if project is not None and clip is not None else None


async def set_video(session: AsyncSession, clip: ClipRow, video_id: str) -> None:
    """Put a video into a clip. Its trim stays where it fits the video, which else is taken whole."""
    length_s = await _duration_of(session, video_id) or 0.0
    clip.video_id = video_id
    if clip.start_s >= length_s or (clip.end_s is not None and clip.end_s > length_s + SLACK_S):
        clip.start_s, clip.end_s = 0.0, None


async def _duration_of(session: AsyncSession, video_id: str) -> float | None:
    """Length of a video; None where it was deleted."""
    found: float | None = await session.scalar(select(VideoRow.duration_s).where(VideoRow.id == video_id, VISIBLE))
    return found
