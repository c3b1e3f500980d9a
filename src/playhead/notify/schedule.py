"""The times of the attempts at a delivery, as Standard Webhooks recommends them: ten within three days."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""The wait after the first attempt, after the second, and so on; after the last there is none."""

JITTER: Final = 0.1
"""Share of a wait by which it is prolonged at random, so that what failed together does not come back together."""

LONGEST: Final = timedelta(hours=24)
"""The longest wait that an endpoint may ask for."""


def next_attempt(tries: int, now: datetime, *, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """The time of the next attempt; None when that was the last one.

    Args:
        tries: Attempts so far, at least 1.
        chance: A random number from 0 to 1.
        retry_after: The wait that the endpoint asked for.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1 + JITTER * chance)
    return now + max(wait, min(retry_after or wait, LONGEST))


def read_retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Read ``Retry-After``, seconds or a date (RFC 9110 section 10.2.3); None without a usable one."""
    if not header:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header.strip()[:9]), LONGEST.total_seconds()))
    try:
        until = parsedate_to_datetime(header)
        return max(timedelta(0), until - now)
    except (TypeError, ValueError, OverflowError):
        return None
