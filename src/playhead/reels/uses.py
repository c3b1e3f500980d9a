"""Projects that use videos, for the catalog: as clips, as music, as their reels."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.reels.tables import ClipRow, ProjectRow, VariantRow


class ClipUses:
    """The `catalog.seams.VideoUses` of projects."""

    async def projects_with(self, session: AsyncSession, video_id: str) -> list[dict[str, str]]:
        """The projects that hold clips of a video, or whose music it is."""
        clips = select(ClipRow.project_id).where(ClipRow.video_id == video_id)
        statement = (
            select(ProjectRow.id, ProjectRow.title)
            .where(or_(ProjectRow.id.in_(clips), _music() == video_id))
            .order_by(ProjectRow.title, ProjectRow.id)
            .limit(100)
        )
        return [{"id": found.id, "title": found.title} for found in await session.execute(statement)]

    async def uses_of(self, session: AsyncSession, video_ids: Sequence[str]) -> list[dict[str, str]]:
        """Pairs of video and project that holds clips of it, or whose music it is, without duplicates."""
        clips = (
            select(ClipRow.video_id, ProjectRow.id, ProjectRow.title)
            .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
            .where(ClipRow.video_id.in_(video_ids))
            .distinct()
        )
        music = select(_music().label("video_id"), ProjectRow.id, ProjectRow.title).where(_music().in_(video_ids))
        pairs = [*await session.execute(clips), *await session.execute(music)]
        found = {(video_id, project_id): title for video_id, project_id, title in pairs}
        return [
            {"video_id": video_id, "project_id": project_id, "title": title}
            for (video_id, project_id), title in found.items()
        ]


async def in_project(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Hold of videos that a project has clips of, whose music or whose present reel they are, in any shape."""
    held: dict[str, str] = {}
    for statement in _reels(video_ids):
        for video_id, title in await session.execute(statement):
            held.setdefault(str(video_id), f"it is the reel of “{title}”")
    for use in await ClipUses().uses_of(session, video_ids):
        held.setdefault(use["video_id"], f"it has clips in “{use['title']}”")
    return held


def _reels(video_ids: Sequence[str]) -> Iterator[Select[str | None, str]]:
    yield select(ProjectRow.reel_video_id, ProjectRow.title).where(ProjectRow.reel_video_id.in_(video_ids))
    variants = select(VariantRow.video_id, ProjectRow.title).join(ProjectRow, ProjectRow.id == VariantRow.project_id)
    yield variants.where(VariantRow.video_id.in_(video_ids))


def _music() -> Any:
    return ProjectRow.edit["music"]["video_id"].as_string()
