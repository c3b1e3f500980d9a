"""The filter that hides the trash, from people and from links.

Every answer to a person or a link goes through here: `Videos.find`, lists, files of videos, shares, projects. Jobs and
whatever deletes bytes read rows directly and see all of them: a missing row means bytes without an owner, and those of
a video in the trash have one.
"""

from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow

VISIBLE: Final[ColumnElement[bool]] = VideoRow.trashed_at.is_(None)


async def visible_video(session: AsyncSession, video_id: str, *, lock: bool = False) -> VideoRow | None:
    """A video; None when there is none, or it is in the trash."""
    row = await session.get(VideoRow, video_id, with_for_update=lock)
    return row if row is not None and row.trashed_at is None else None
