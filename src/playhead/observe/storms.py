"""Rate-limited warnings: an event that repeats is one line a minute, with its count."""

import time
from collections.abc import Callable

import structlog

EVERY_S = 60.0


class Storm:
    """A counted event, logged as a warning at once and then at most every minute.

    Args:
        values: Fields of each line, such as a ``hint``.
    """

    def __init__(
        self, logger: str, event: str, *, clock: Callable[[], float] = time.monotonic, **values: object
    ) -> None:
        self._log, self._event, self._values = structlog.get_logger(logger), event, values
        self._clock, self._count, self._next = clock, 0, -float("inf")

    def count(self, **values: object) -> None:
        """Count one occurrence."""
        self._count += 1
        now = self._clock()
        if now < self._next:
            return
        self._next = now + EVERY_S
        count, self._count = self._count, 0
        self._log.warning(self._event, times=count, **self._values, **values)
