"""The times of the attempts at a delivery, as Standard Webhooks recommends them: ten within three days."""

from datetime import datetime, timedelta
from typing import Final

from playhead.kit.retry_after import LONGEST

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""The wait after the first attempt, after the second, and so on; after the last there is none."""

JITTER: Final = 0.1
"""Share of a wait by which it is prolonged at random, so that what failed together does not come back together."""


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
