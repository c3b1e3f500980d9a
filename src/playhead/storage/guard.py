"""What stands between viewers and a remote store: retries, a circuit breaker, a limit on what waits for it."""

import math
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import stamina
import structlog

from playhead.errors import PlayheadError
from playhead.storage.breaker import Breaker, BreakerState
from playhead.storage.errors import CircuitOpen, StoreBusy, StoreUnavailable, StoreWrong
from playhead.storage.limit import AdaptiveLimit, LimitFull

ATTEMPTS = 3
RETRY_WITHIN_S = 10.0

Answered = Literal["answered", "failed", "abandoned", "refused", "shed"]
"""How a request ended: ``failed`` by the store, ``abandoned`` by who asked, ``refused`` by the breaker, ``shed`` by
the limit."""

Found = TypeVar("Found")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GuardState:
    """A look at a guard.

    Attributes:
        retry_after_s: Seconds until an open breaker lets a probe pass.
        requests: How many ended in each way since the start.
    """

    breaker: BreakerState
    retry_after_s: float
    limit: int
    in_flight: int
    waiting: int
    requests: dict[Answered, int]

    def __str__(self) -> str:
        load = f"{self.in_flight} of {self.limit} reads in flight, {self.waiting} waiting"
        return load if self.breaker == "closed" else f"{load}; breaker {self.breaker}"


class Guard:
    """Makes requests that may be made twice. One for each store and process; the only layer that retries them."""

    def __init__(self, store: str, *, breaker: Breaker | None = None, limit: AdaptiveLimit | None = None) -> None:
        self._store = store
        self._breaker = breaker or Breaker()
        self._limit = limit or AdaptiveLimit()
        self._requests: Counter[Answered] = Counter()

    async def call(self, attempt: Callable[[], Awaitable[Found]]) -> Found:
        """Ask the store, three times at most.

        Raises:
            CircuitOpen: it keeps failing, so it was not asked.
            StoreBusy: too many wait for it.
            StoreUnavailable: it does not answer.
            StoreWrong: it gave a wrong answer; another try would give the same.
        """
        async for trying in stamina.retry_context(
            _may_pass, attempts=ATTEMPTS, timeout=RETRY_WITHIN_S, wait_initial=0.1, wait_max=1.0, wait_jitter=0.2
        ):
            with trying:
                return await self._once(attempt)
        raise AssertionError("stamina raises the last error")

    @property
    def state(self) -> GuardState:
        """As it is now."""
        breaker, limit = self._breaker, self._limit
        return GuardState(
            breaker.state, breaker.retry_after_s, limit.limit, limit.in_flight, limit.waiting, dict(self._requests)
        )

    async def _once(self, attempt: Callable[[], Awaitable[Found]]) -> Found:
        if not self._breaker.admits():  # before the queue: no request waits for an open circuit
            raise self._refusal()
        try:
            slot = await self._limit.slot()
        except LimitFull as error:
            self._requests["shed"] += 1
            raise StoreBusy(f"{self._limit.waiting} reads wait for the store {self._store} already.") from error
        trial = self._breaker.admit()
        if trial is None:
            slot.release(None)
            raise self._refusal()
        ok: bool | None = None
        try:
            found = await attempt()
        except StoreUnavailable:
            ok = False
            raise
        except PlayheadError:  # "not found" is an answer
            ok = True
            raise
        else:
            ok = True
            return found
        finally:
            self._end(ok)
            slot.release(ok)
            was = self._breaker.state
            trial.end(ok)
            self._log_change(was)

    def _end(self, ok: bool | None) -> None:
        self._requests["abandoned" if ok is None else "answered" if ok else "failed"] += 1

    def _refusal(self) -> CircuitOpen:
        self._requests["refused"] += 1
        wait_s = max(1, math.ceil(self._breaker.retry_after_s))
        return CircuitOpen(f"The store {self._store} keeps failing and is left alone for now.", retry_after_s=wait_s)

    def _log_change(self, was: BreakerState) -> None:
        now = self._breaker.state
        if now != was:
            (log.warning if now == "open" else log.info)(
                "store_circuit_changed",
                store=self._store,
                state=now,
                retry_after_s=round(self._breaker.retry_after_s, 1),
            )


def _may_pass(error: Exception) -> bool:
    return isinstance(error, StoreUnavailable) and not isinstance(error, CircuitOpen | StoreBusy | StoreWrong)
