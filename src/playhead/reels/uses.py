"""Projects that use videos, for the catalog."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.reels.tables import ClipRow, ProjectRow


class ClipUses:
    """The `catalog.seams.VideoUses` of projects."""

    async def projects_with(self, session: AsyncSession, video_id: str) -> list[dict[str, str]]:
        """The projects that hold clips of a video."""
        statement = (
            select(ProjectRow.id, ProjectRow.title)
            .where(ProjectRow.id.in_(select(ClipRow.project_id).where(ClipRow.video_id == video_id)))
            .order_by(ProjectRow.title, ProjectRow.id)
            .limit(100)
        )
        return [{"id": found.id, "title": found.title} for found in await session.execute(statement)]

    async def uses_of(self, session: AsyncSession, video_ids: Sequence[str]) -> list[dict[str, str]]:
        """Pairs of video and project that holds clips of it, without duplicates."""
        statement = (
            select(ClipRow.video_id, ProjectRow.id, ProjectRow.title)
            .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
            .where(ClipRow.video_id.in_(video_ids))
            .distinct()
        )
        return [
            {"video_id": found.video_id, "project_id": found.id, "title": found.title}
            for found in await session.execute(statement)
        ]


async def in_project(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Hold of videos that a project has clips of, or whose present reel they are."""
    reels = select(ProjectRow.reel_video_id, ProjectRow.title).where(ProjectRow.reel_video_id.in_(video_ids))
    held = {str(video_id): f"it is the reel of “{title}”" for video_id, title in await session.execute(reels)}
    for use in await ClipUses().uses_of(session, video_ids):
        held.setdefault(use["video_id"], f"it has clips in “{use['title']}”")
    return held
