"""Base shapes of requests and responses, shared by every router."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from playhead.kit.clock import rfc3339

Item = TypeVar("Item")

Timestamp = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in a response: RFC 3339, UTC, milliseconds."""


class Payload(BaseModel):
    """A request body; an unknown field is a mistake of the caller's, so it fails."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Shape(BaseModel):
    """A response body; may be filled from the attributes of a row."""

    # Built at its first use: most are never used by one process, and all took 2 MiB of it (November 2026).
    model_config = ConfigDict(from_attributes=True, defer_build=True)


class PageShape(Shape, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None
