"""Cursor pages: an opaque text that holds where the last page ended."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


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
