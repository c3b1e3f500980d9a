"""Pages of videos: one index per order, a cursor in place of an offset, so a page costs the same at any depth."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from playhead.access.payload import InvalidCursor, read_cursor
from playhead.catalog.tables import VideoRow
from playhead.kit.paging import Page, encode_cursor

SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "created_at": VideoRow.created_at,
    "title": VideoRow.title,
    "duration_s": VideoRow.duration_s,
    "size_bytes": VideoRow.size_bytes,
}


MIN_YEAR, MAX_YEAR = 1970, 9000
MAX_NUMBER = 2**53
"""Of a cursor that somebody made up, what no database takes is refused."""


@dataclass(frozen=True, slots=True)
class VideoQuery:
    """What to list. ``sort`` is a key of SORTS, with a minus for descending."""

    owner_id: str
    search: str | None = None
    origin: str | None = None
    state: str | None = None
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
    statement = select(VideoRow).where(VideoRow.owner_id == query.owner_id)
    if query.origin:
        statement = statement.where(VideoRow.origin == query.origin)
    if query.state:
        statement = statement.where(VideoRow.state == query.state)
    if query.search:
        statement = statement.where(VideoRow.title.icontains(query.search, autoescape=True))
    return statement


async def page_of(
    session: AsyncSession,
    statement: Select[Any],
    column: InstrumentedAttribute[Any],
    identity: InstrumentedAttribute[str],
    sort: str,
    limit: int,
    cursor: str | None,
) -> Page[Any]:
    """Cut a page out of an ordered statement; rows without a value of the sort column come last either way."""
    descending = sort.startswith("-")
    if cursor:
        statement = statement.where(_after(column, identity, *_position(column, cursor), descending=descending))
    order = (column.desc(), identity.desc()) if descending else (column.asc(), identity.asc())
    nulls_last = (column.is_(None),) if column.nullable else ()
    statement = statement.order_by(*nulls_last, *order)
    rows = list((await session.scalars(statement.limit(limit + 1))).all())
    more = len(rows) > limit
    rows = rows[:limit]
    if not more:
        return Page(rows, None)
    value = getattr(rows[-1], column.key)
    last = value.isoformat() if isinstance(value, datetime) else value
    return Page(rows, encode_cursor(last, getattr(rows[-1], identity.key)))


def _position(column: InstrumentedAttribute[Any], cursor: str) -> tuple[Any, str]:
    value, identity = read_cursor(cursor, 2)
    try:
        if column.key.endswith("_at") and value is not None:
            moment = datetime.fromisoformat(str(value))
            if moment.tzinfo is None or not MIN_YEAR <= moment.year <= MAX_YEAR:
                raise ValueError("no zone, or no moment that can be put into UTC")
            return moment, _text(identity)
        if value is None and not column.nullable:
            raise ValueError("not a row of this list")
        if value is not None:
            value = _text(value) if column.key == "title" else _number(value)
        identity = _text(identity)
    except ValueError as error:
        raise InvalidCursor("The cursor is of another order.", hint="Start again without a cursor.") from error
    return value, identity


def _text(value: object) -> str:
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("no text")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MAX_NUMBER:
        raise ValueError("no number that a row can have")
    return value


def _after(
    column: InstrumentedAttribute[Any],
    identity: InstrumentedAttribute[str],
    value: Any,
    last_id: str,
    *,
    descending: bool,
) -> Any:
    further_id = identity < last_id if descending else identity > last_id
    if value is None:
        return and_(column.is_(None), further_id)
    further = or_(column < value if descending else column > value, and_(column == value, further_id))
    return or_(further, column.is_(None)) if column.nullable else further
