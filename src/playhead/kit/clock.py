"""The clock as an argument, so that a test can hold it still."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The current time, aware, in UTC."""


def utc_now() -> datetime:
    """The system clock."""
    return datetime.now(UTC)


def rfc3339(time: datetime) -> str:
    """A time in RFC 3339 in UTC with milliseconds: ``2026-03-01T12:00:00.000Z``."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
