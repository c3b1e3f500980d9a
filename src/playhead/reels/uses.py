"""Projects that use videos, for the catalog."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.reels.tables import ClipRow, ProjectRow, VariantRow

MUSIC = ProjectRow.edit["music"]["video_id"].as_string()
"""The video of a project's music."""


class ClipUses:
    """The `catalog.seams.VideoUses` of projects."""

    async def projects_with(self, session: AsyncSession, video_id: str) -> list[dict[str, str]]:
        """The projects that hold clips of a video, or have it as their music."""
        clips = select(ClipRow.project_id).where(ClipRow.video_id == video_id)
        statement = (
            select(ProjectRow.id, ProjectRow.title)
            .where(or_(ProjectRow.id.in_(clips), video_id == MUSIC))
            .order_by(ProjectRow.title, ProjectRow.id)
            .limit(100)
        )
        return [{"id": found.id, "title": found.title} for found in await session.execute(statement)]

    async def uses_of(self, session: AsyncSession, video_ids: Sequence[str]) -> list[dict[str, str]]:
        """Pairs of video and project that uses it, without duplicates."""
        clips = (
            select(ClipRow.video_id, ProjectRow.id, ProjectRow.title)
            .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
            .where(ClipRow.video_id.in_(video_ids))
        )
        statement = clips.union(_with_music(video_ids))
        return [
            {"video_id": str(video_id), "project_id": project_id, "title": title}
            for video_id, project_id, title in await session.execute(statement)
        ]


def _with_music(video_ids: Sequence[str]) -> Select[Any]:
    return select(MUSIC.label("video_id"), ProjectRow.id, ProjectRow.title).where(MUSIC.in_(video_ids))


async def in_project(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Hold of videos that a project has clips of, or as its music, or whose present reel they are."""
    reels = select(ProjectRow.reel_video_id, ProjectRow.title).where(ProjectRow.reel_video_id.in_(video_ids))
    variants = select(VariantRow.video_id, ProjectRow.title).where(VariantRow.video_id.in_(video_ids))
    made = reels.union(variants.join(ProjectRow, ProjectRow.id == VariantRow.project_id))
    held = {str(video_id): f"it is the reel of “{title}”" for video_id, title in await session.execute(made)}
    for video_id, _, title in await session.execute(_with_music(video_ids)):
        held.setdefault(video_id, f"it is the music of “{title}”")
    for use in await ClipUses().uses_of(session, video_ids):
        held.setdefault(use["video_id"], f"it has clips in “{use['title']}”")
    return held
