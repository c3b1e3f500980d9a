"""Retries through an outage of the database, so that a job does not fail by it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from playhead.errors import PlayheadError

T = TypeVar("T")

GIVE_UP_S = 3600.0
"""The longest outage that a job waits for: longer than a failover or an upgrade of the server takes."""

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 3.0


async def retry_through_outage(
    call: Callable[[], Awaitable[T]],
    *,
    on: type[PlayheadError] | tuple[type[PlayheadError], ...],
    but: tuple[type[PlayheadError], ...] = (),
) -> T:
    """Call until it succeeds. The failure detector reports the outage.

    Args:
        on: Errors of an outage.
        but: Subclasses that pass at once.

    Raises:
        on: the outage lasts longer than ``GIVE_UP_S``.
    """
    give_up = time.monotonic() + GIVE_UP_S
    wait = FIRST_WAIT_S
    while True:
        try:
            return await call()
        except on as error:
            if isinstance(error, but) or time.monotonic() > give_up:
                raise
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)
