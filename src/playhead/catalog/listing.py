"""Pages of videos, with one database index per order."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from playhead.api.cursors import Page, page_of
from playhead.catalog.library.tables import CollectionVideoRow, VideoTagRow
from playhead.catalog.library.watch_marks import watched_as
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE

SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "created_at": VideoRow.created_at,
    "title": VideoRow.title,
    "duration_s": VideoRow.duration_s,
    "size_bytes": VideoRow.size_bytes,
    "height": VideoRow.height,
    "video_codec": VideoRow.video_codec,
    "origin": VideoRow.origin,
    "state": VideoRow.state,
    "watched_at": VideoRow.watched_at,
}


@dataclass(frozen=True, slots=True)
class VideoQuery:
    """What to list. ``sort`` is a key of SORTS, with a minus for descending.

    Attributes:
        owner_id: None for the videos of all owners.
        viewer_id: Whose watch marks *watched* means.
        tags: Videos that have all of them.
        watched: ``watched``, ``begun`` or ``unwatched``.
    """

    owner_id: str | None
    viewer_id: str = ""
    search: str | None = None
    origin: str | None = None
    state: str | None = None
    collection_id: str | None = None
    tags: tuple[str, ...] = ()
    watched: str | None = None
    sort: str = "-created_at"
    limit: int = 50
    cursor: str | None = None


async def list_videos(session: AsyncSession, query: VideoQuery) -> Page[VideoRow]:
    """Read one page of an owner's videos.

    Raises:
        InvalidCursor: the cursor is not of this order.
    """
    column = SORTS[query.sort.lstrip("-")]
    return await page_of(session, matching(query), column, VideoRow.id, query.sort, query.limit, query.cursor)


def matching(query: VideoQuery) -> Select[Any]:
    """All videos that a query means, on whatever page, in no order."""
    statement = select(VideoRow).where(VISIBLE)
    if query.owner_id is not None:
        statement = statement.where(VideoRow.owner_id == query.owner_id)
    if query.origin:
        statement = statement.where(VideoRow.origin == query.origin)
    if query.state:
        statement = statement.where(VideoRow.state == query.state)
    if query.search:
        statement = statement.where(VideoRow.title.icontains(query.search, autoescape=True))
    if query.collection_id:
        inside = select(CollectionVideoRow.video_id).where(CollectionVideoRow.collection_id == query.collection_id)
        statement = statement.where(VideoRow.id.in_(inside))
    for tag in query.tags:
        tagged = select(VideoTagRow.video_id).where(VideoTagRow.tag == tag)
        statement = statement.where(VideoRow.id.in_(tagged))
    if query.watched:
        statement = statement.where(watched_as(query.viewer_id, query.watched))
    return statement
