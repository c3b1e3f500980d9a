"""Tags: free words on videos, without case."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.library.own import batches
from playhead.catalog.library.tables import VideoTagRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.kit.text import one_line


class CountedTag(NamedTuple):
    """A tag with the number of videos that have it."""

    tag: str
    videos: int


class Tags:
    """The tags of owners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def used_by(self, owner: Principal, *, search: str | None, limit: int) -> list[CountedTag]:
        """Tags that begin with a text, the most used first: what a person who types means."""
        statement = (
            select(VideoTagRow.tag, func.count().label("videos"))
            .join(VideoRow, VideoRow.id == VideoTagRow.video_id)
            .where(VideoTagRow.owner_id == owner.user_id, VISIBLE)
            .group_by(VideoTagRow.tag)
            .order_by(func.count().desc(), VideoTagRow.tag)
            .limit(limit)
        )
        if search and (start := one_line(search).casefold()):
            statement = statement.where(VideoTagRow.tag.startswith(start, autoescape=True))
        async with self._database.read() as session:
            return [CountedTag(tag, videos) for tag, videos in await session.execute(statement)]


async def change_tags(session: AsyncSession, row: VideoRow, before: Collection[str], wanted: Collection[str]) -> bool:
    """Give a video these tags instead of those it has; whether they are others.

    Args:
        wanted: Clean (`names.clean_tags`).
    """
    if gone := set(before) - set(wanted):
        await session.execute(delete(VideoTagRow).where(VideoTagRow.video_id == row.id, VideoTagRow.tag.in_(gone)))
    new = sorted(set(wanted) - set(before))
    session.add_all(VideoTagRow(video_id=row.id, tag=tag, owner_id=row.owner_id) for tag in new)
    await session.flush()
    return bool(gone or new)


async def tags_of(session: AsyncSession, video_ids: Collection[str]) -> dict[str, list[str]]:
    """Tags of videos in alphabetical order, by id; a video without any is left out."""
    found: dict[str, list[str]] = {}
    for batch in batches(video_ids):
        statement = select(VideoTagRow.video_id, VideoTagRow.tag).where(VideoTagRow.video_id.in_(batch))
        for video_id, tag in await session.execute(statement.order_by(VideoTagRow.tag)):
            found.setdefault(video_id, []).append(tag)
    return found
