"""Titles of projects, by id."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.reels.tables import ProjectRow


async def project_titles(session: AsyncSession, project_ids: Collection[str]) -> dict[str, str]:
    """Titles of some projects; one that was deleted is left out."""
    found = await session.execute(select(ProjectRow.id, ProjectRow.title).where(ProjectRow.id.in_(project_ids)))
    return {str(project_id): str(title) for project_id, title in found}
