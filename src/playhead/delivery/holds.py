"""The holds of delivery. They read the database alone: retention runs in workers, which know nothing of transfers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow
from playhead.delivery.shares.tables import ShareRow
from playhead.kit.clock import utc_now

WATCHED_FOR: Final = timedelta(minutes=15)
"""A viewer who pauses, or whose player has buffered ahead, requests nothing for a while."""


async def shared(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Videos with a share link that is neither revoked nor expired."""
    statement = select(ShareRow.video_id).where(
        ShareRow.video_id.in_(video_ids),
        ShareRow.revoked_at.is_(None),
        or_(ShareRow.expires_at.is_(None), ShareRow.expires_at > utc_now()),
    )
    return dict.fromkeys(await session.scalars(statement), "a share link leads to it")


async def watched(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Videos that are being watched (`Watching`)."""
    statement = select(VideoRow.id).where(VideoRow.id.in_(video_ids), VideoRow.watched_at > utc_now() - WATCHED_FOR)
    return dict.fromkeys(await session.scalars(statement), "it is being watched")
