"""How many requests may wait for a store at once: found by trying, as TCP finds its window (AIMD)."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

_BACKOFF = 0.7
_TOLERANCE = 3.0
_SLACK_S = 0.1
"""An answer is slow from 3 times the usual latency and 0.1 s on: small stores answer in 1 ms, and 4 ms are harmless."""

_DRIFT = 0.02
"""Share of a longer latency that is taken for usual, so that a store may become slower for good."""


class LimitFull(Exception):
    """As many requests wait as may, or one has waited as long as it may."""


class AdaptiveLimit:
    """Slots for requests, with a bounded queue, first come first served.

    The limit grows while at least half of it is used and answers come in good time, by about one in two rounds. It
    falls to 70 % when an answer is slow or a request fails; once for all requests that were on their way together.

    Args:
        initial: The limit to begin with; it stays within ``[least, most]``.
        queue: Requests that may wait for a slot.
        wait_s: How long one may wait, in seconds.
    """

    def __init__(
        self,
        *,
        initial: int = 20,
        least: int = 2,
        most: int = 256,
        queue: int = 256,
        wait_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = float(initial)
        self._least, self._most = least, most
        self._queue, self._wait_s = queue, wait_s
        self._clock = clock
        self._usual_s: float | None = None
        self._reduced_at = float("-inf")
        self._waiting: deque[asyncio.Future[float]] = deque()
        self.in_flight = 0

    @property
    def limit(self) -> int:
        """Requests that may be on their way now."""
        return int(self._limit)

    @property
    def waiting(self) -> int:
        """Requests that wait for a slot."""
        return len(self._waiting)

    async def slot(self) -> "Slot":
        """Take a slot, which must be released.

        Raises:
            LimitFull: no slot came free in time.
        """
        if self.in_flight < self.limit and not self._waiting:
            self.in_flight += 1
            return Slot(self, self._clock())
        if len(self._waiting) >= self._queue:
            raise LimitFull
        return Slot(self, await self._turn())

    async def _turn(self) -> float:
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait([turn], timeout=self._wait_s)
        except asyncio.CancelledError:
            if turn.done():
                self._free()
            else:
                self._waiting.remove(turn)
            raise
        if turn.done():
            return turn.result()
        self._waiting.remove(turn)
        raise LimitFull

    def released(self, since: float, ok: bool | None) -> None:
        """Called by a slot."""
        if ok is not None:
            self._learn(since, self._clock() - since, ok)
        self._free()

    def _learn(self, since: float, latency_s: float, ok: bool) -> None:
        if not ok or self._is_slow(latency_s):
            if since >= self._reduced_at:
                self._reduced_at = self._clock()
                self._limit = max(float(self._least), self._limit * _BACKOFF)
        elif 2 * self.in_flight >= self.limit:  # a limit that is far from reached proves nothing
            self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def _is_slow(self, latency_s: float) -> bool:
        if self._usual_s is None or latency_s < self._usual_s:
            self._usual_s = latency_s
        slow = latency_s > _TOLERANCE * self._usual_s + _SLACK_S
        self._usual_s += (latency_s - self._usual_s) * _DRIFT
        return slow

    def _free(self) -> None:
        self.in_flight -= 1
        while self._waiting and self.in_flight < self.limit:
            self.in_flight += 1
            self._waiting.popleft().set_result(self._clock())


class Slot:
    """A request's place; only the first word counts."""

    __slots__ = ("_limit", "_released", "_since")

    def __init__(self, limit: AdaptiveLimit, since: float) -> None:
        self._limit, self._since, self._released = limit, since, False

    def release(self, ok: bool | None) -> None:
        """Give it back.

        Args:
            ok: Whether the store answered; None for an abandoned request.
        """
        if not self._released:
            self._released = True
            self._limit.released(self._since, ok)
