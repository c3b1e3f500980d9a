"""A circuit breaker: stops requests to a store that keeps failing, then probes it with a few at a time."""

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

BreakerState = Literal["closed", "open", "half-open"]
Clock = Callable[[], float]
"""Monotonic seconds."""


class Breaker:
    """Closed: every request passes. Open: none does. Half-open, after the rest: a few probes at a time.

    It opens when, of the requests that ended within the window, at least ``failures`` failed and at least half did.
    As many probes that succeed as there are slots close it; one that fails opens it again, for twice as long.

    Args:
        failures: Failures below which the circuit stays closed.
        window_s: Age up to which an outcome counts, in seconds.
        probes: Slots while half-open.
        rest_s: First rest, in seconds.
        rest_max_s: Longest rest.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        window_s: float = 10.0,
        probes: int = 2,
        rest_s: float = 1.0,
        rest_max_s: float = 30.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._failures = failures
        self._window_s = window_s
        self._slots = probes
        self._rest_s, self._rest_max_s = rest_s, rest_max_s
        self._clock = clock
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=100)
        self._state: BreakerState = "closed"
        self._rest = 0.0
        self._until = 0.0
        self._epoch = 0
        self.probing = 0
        self._proved = 0

    @property
    def state(self) -> BreakerState:
        """State that the next request finds."""
        if self._state == "open" and self._clock() >= self._until:
            self._move("half-open")
        return self._state

    @property
    def retry_after_s(self) -> float:
        """Seconds until the next request may pass; 0 unless open."""
        return max(0.0, self._until - self._clock()) if self.state == "open" else 0.0

    def admits(self) -> bool:
        """Whether a request may be made now."""
        state = self.state
        return state == "closed" or (state == "half-open" and self.probing < self._slots)

    def admit(self) -> "Trial | None":
        """Admit a request, which must report its outcome; None if refused."""
        if not self.admits():
            return None
        if self._state == "half-open":
            self.probing += 1
        return Trial(self, self._epoch)

    def ended(self, epoch: int, ok: bool | None) -> None:
        """Record the outcome of a trial. Those admitted in an earlier state do not count."""
        if epoch != self._epoch:
            return
        if self._state == "half-open":
            self.probing -= 1
            self._judge_probe(ok)
        elif ok is not None:
            self._judge(ok)

    def _judge_probe(self, ok: bool | None) -> None:
        if ok is False:
            self._open(min(2 * self._rest, self._rest_max_s))
        elif ok:
            self._proved += 1
            if self._proved >= self._slots:
                self._move("closed")

    def _judge(self, ok: bool) -> None:
        now = self._clock()
        self._outcomes.append((now, ok))
        while now - self._outcomes[0][0] > self._window_s:
            self._outcomes.popleft()
        if ok:
            return
        failed = sum(not each for _, each in self._outcomes)
        if failed >= self._failures and 2 * failed >= len(self._outcomes):
            self._open(self._rest_s)

    def _open(self, rest_s: float) -> None:
        self._rest, self._until = rest_s, self._clock() + rest_s
        self._move("open")

    def _move(self, state: BreakerState) -> None:
        self._state = state
        self._epoch += 1
        self.probing = self._proved = 0
        self._outcomes.clear()


class Trial:
    """An admitted request. Only its first outcome counts."""

    __slots__ = ("_breaker", "_ended", "_epoch")

    def __init__(self, breaker: Breaker, epoch: int) -> None:
        self._breaker, self._epoch, self._ended = breaker, epoch, False

    def end(self, ok: bool | None) -> None:
        """Report the outcome.

        Args:
            ok: Whether the store succeeded; None for an abandoned request.
        """
        if not self._ended:
            self._ended = True
            self._breaker.ended(self._epoch, ok)
