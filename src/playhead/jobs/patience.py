"""Waiting for a database that is away: what a job needs of it is asked again until it answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from playhead.errors import PlayheadError

T = TypeVar("T")

PATIENCE_S = 3600.0
"""Longer than a failover or an upgrade of the server takes; then the job fails, and can be run again."""

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 3.0


async def patiently(
    call: Callable[[], Awaitable[T]],
    *,
    on: type[PlayheadError] | tuple[type[PlayheadError], ...],
    but: tuple[type[PlayheadError], ...] = (),
) -> T:
    """Call until it succeeds. The failure detector, which asks all the time, has the word on the outage.

    Args:
        on: What is waited out.
        but: Kinds of it that pass at once.

    Raises:
        on: it is away for longer than ``PATIENCE_S``.
    """
    give_up = time.monotonic() + PATIENCE_S
    wait = FIRST_WAIT_S
    while True:
        try:
            return await call()
        except on as error:
            if isinstance(error, but) or time.monotonic() > give_up:
                raise
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)
