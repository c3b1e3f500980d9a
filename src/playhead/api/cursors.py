"""Pages of a list: a cursor instead of an offset, so that a page costs the same at any depth.

A cursor is an opaque text that holds the sort values of the last row of a page, its id last.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, String, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from playhead.api.errors import InvalidCursor
from playhead.kit.ids import Prefix, is_id

Item = TypeVar("Item")

FIRST_PAGE = 50

MIN_YEAR, MAX_YEAR = 1970, 9000
MAX_NUMBER = 2**53
"""Bounds of a cursor's values: a forged one must not reach the database with what it cannot store."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page; ``next_cursor`` is None on the last."""

    items: Sequence[Item]
    next_cursor: str | None


def encode_cursor(*position: str | float | None) -> str:
    """Write the sort values of a page's last row, the id last, as an opaque text."""
    raw = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(cursor: str, length: int) -> list[str | float | None]:
    """Read a cursor back.

    Raises:
        ValueError: not a cursor of this many values.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = json.loads(raw)
    except (binascii.Error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("not a cursor") from error
    if (
        not isinstance(position, list)
        or len(position) != length
        or not all(value is None or isinstance(value, str | int | float) for value in position)
    ):
        raise ValueError("not a cursor of this list")
    return position


def read_cursor(cursor: str, length: int) -> list[str | float | None]:
    """Read a caller's cursor.

    Args:
        length: Number of values that it must hold.

    Raises:
        InvalidCursor: not one.
    """
    try:
        position = decode_cursor(cursor, length)
    except ValueError as error:
        raise InvalidCursor("The cursor cannot be read.", hint="Start again without a cursor.") from error
    if any(isinstance(value, str) and "\0" in value for value in position):
        raise InvalidCursor("The cursor cannot be read.", hint="Start again without a cursor.")
    return position


def read_id_cursor(cursor: str, prefix: Prefix) -> str:
    """Read the cursor of a list that is sorted by id alone.

    Raises:
        InvalidCursor: not one.
    """
    (last,) = read_cursor(cursor, 1)
    if not isinstance(last, str) or not is_id(prefix, last):
        raise InvalidCursor("The cursor cannot be read.", hint="Start again without a cursor.")
    return last


async def page_by_id(
    session: AsyncSession,
    statement: Select[Any],
    identity: InstrumentedAttribute[str],
    prefix: Prefix,
    limit: int,
    cursor: str | None,
    *,
    newest_first: bool = True,
) -> Page[Any]:
    """Cut a page out of a statement by the ids of its rows, which are in the order of their creation.

    Raises:
        InvalidCursor: not a cursor of this list.
    """
    if cursor is not None:
        last = read_id_cursor(cursor, prefix)
        statement = statement.where(identity < last if newest_first else identity > last)
    order = identity.desc() if newest_first else identity.asc()
    rows, more = await _rows(session, statement.order_by(order), limit)
    return Page(rows, encode_cursor(getattr(rows[-1], identity.key)) if more else None)


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
    rows, more = await _rows(session, statement.order_by(*nulls_last, *order), limit)
    if not more:
        return Page(rows, None)
    value = getattr(rows[-1], column.key)
    last = value.isoformat() if isinstance(value, datetime) else value
    return Page(rows, encode_cursor(last, getattr(rows[-1], identity.key)))


async def _rows(session: AsyncSession, statement: Select[Any], limit: int) -> tuple[list[Any], bool]:
    """The rows of a page, and whether more follow."""
    rows = list(await session.scalars(statement.limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def _position(column: InstrumentedAttribute[Any], cursor: str) -> tuple[Any, str]:
    value, identity = read_cursor(cursor, 2)
    try:
        if column.key.endswith("_at") and value is not None:
            time = datetime.fromisoformat(str(value))
            if time.tzinfo is None or not MIN_YEAR <= time.year <= MAX_YEAR:
                raise ValueError("a naive datetime, or one outside of UTC")
            return time, _text(identity)
        if value is None and not column.nullable:
            raise ValueError("not a row of this list")
        if value is not None:
            value = _text(value) if isinstance(column.type, String) else _number(value)
        identity = _text(identity)
    except ValueError as error:
        raise InvalidCursor("The cursor is of another order.", hint="Start again without a cursor.") from error
    return value, identity


def _text(value: object) -> str:
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("not a text")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MAX_NUMBER:
        raise ValueError("not a number that a row can have")
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
