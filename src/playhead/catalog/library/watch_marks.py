"""Reads of watch marks: those of some videos, and the filter of videos by what a user has watched."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.library.own import batches
from playhead.catalog.library.tables import WatchMarkRow
from playhead.catalog.tables import VideoRow


async def marks_of(session: AsyncSession, user_id: str, video_ids: Collection[str]) -> dict[str, WatchMarkRow]:
    """Marks of a user, by video."""
    found: dict[str, WatchMarkRow] = {}
    for batch in batches(video_ids):
        statement = select(WatchMarkRow).where(WatchMarkRow.user_id == user_id, WatchMarkRow.video_id.in_(batch))
        found |= {row.video_id: row for row in await session.scalars(statement)}
    return found


def watched_as(user_id: str, how: str) -> ColumnElement[bool]:
    """Condition of videos that a user has ``watched``, ``begun``, or not (``unwatched``)."""
    mine = (WatchMarkRow.user_id == user_id) & (WatchMarkRow.video_id == VideoRow.id)
    if how == "begun":
        return exists().where(mine, WatchMarkRow.position_s > 0)
    seen = exists().where(mine, WatchMarkRow.watched)
    return seen if how == "watched" else not_(seen)
