"""Base shapes of requests and responses, shared by every router."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from playhead.errors import InvalidInput
from playhead.kit.clock import rfc3339
from playhead.kit.ids import Prefix, is_id
from playhead.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor

Item = TypeVar("Item")

Moment = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in a response: RFC 3339, UTC, milliseconds."""

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before this one.")]

FIRST_PAGE = DEFAULT_LIMIT


class Payload(BaseModel):
    """A request body: a field that nobody reads is a mistake of the caller's, so it fails."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shape(BaseModel):
    """A response body; may be filled from the attributes of a row."""

    model_config = ConfigDict(from_attributes=True)


class PageShape(Shape, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None


class InvalidCursor(InvalidInput):
    """A cursor that this list did not give out."""

    code = "invalid_cursor"
    title = "This is not a cursor of this list"


def read_cursor(cursor: str, length: int) -> list[str | float | None]:
    """Read a caller's cursor of so many values.

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


def read_id_cursor(cursor: str | None, prefix: Prefix) -> str | None:
    """Read the cursor of a list that is sorted by id alone; None for the first page.

    Raises:
        InvalidCursor: not one.
    """
    if cursor is None:
        return None
    (position,) = read_cursor(cursor, 1)
    if not isinstance(position, str) or not is_id(prefix, position):
        raise InvalidCursor("The cursor cannot be read.", hint="Start again without a cursor.")
    return position
