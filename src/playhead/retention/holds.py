"""The hold of retention itself: videos that are marked to be kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow


async def kept(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Videos that are to be kept."""
    statement = select(VideoRow.id).where(VideoRow.id.in_(video_ids), VideoRow.keep)
    return dict.fromkeys(await session.scalars(statement), "it is marked to be kept")
