"""Requests to a store behind its breaker and limit; time stands still but for stamina, which is told not to wait."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
import stamina

from playhead.storage.breaker import Breaker
from playhead.storage.errors import CircuitOpen, ObjectNotFound, StoreBusy, StoreUnavailable, StoreWrong
from playhead.storage.guard import Guard
from playhead.storage.limit import AdaptiveLimit
from tests.unit.storage.test_breaker import HandClock


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def failing(*errors: Exception) -> tuple[list[str], Callable[[], Awaitable[str]]]:
    """A request that fails so often, then is answered; and what it was asked."""
    left, asked = list(errors), []

    async def attempt() -> str:
        asked.append("asked")
        if left:
            raise left.pop(0)
        return "bytes"

    return asked, attempt


async def test_a_request_that_failed_is_made_again() -> None:
    asked, attempt = failing(StoreUnavailable("down"), StoreUnavailable("down"))
    guard = Guard("s3://bucket")

    assert (await guard.call(attempt), len(asked)) == ("bytes", 3)
    assert guard.state.requests == {"failed": 2, "answered": 1}


@pytest.mark.parametrize("error", [ObjectNotFound("key"), StoreWrong("other bytes")])
async def test_an_answer_that_would_be_the_same_is_not_asked_for_again(error: Exception) -> None:
    asked, attempt = failing(error)

    with pytest.raises(type(error)):
        await Guard("s3://bucket").call(attempt)
    assert len(asked) == 1


async def test_a_store_that_keeps_failing_is_left_alone_and_found_again() -> None:
    clock = HandClock()
    asked, attempt = failing(*[StoreUnavailable("down")] * 6)
    guard = Guard("s3://bucket", breaker=Breaker(failures=6, rest_s=2.5, clock=clock))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await guard.call(attempt)

    with pytest.raises(CircuitOpen) as refusal:
        await guard.call(attempt)
    assert (refusal.value.status, refusal.value.headers, len(asked)) == (503, {"Retry-After": "3"}, 6)
    assert str(guard.state).endswith("breaker open")

    clock.now += 2.5
    assert [await guard.call(attempt) for _ in range(2)] == ["bytes", "bytes"]
    assert guard.state.breaker == "closed"


async def test_objects_that_are_not_there_say_nothing_against_the_store() -> None:
    guard = Guard("s3://bucket", breaker=Breaker(failures=1))
    _, attempt = failing(ObjectNotFound("key"))
    with pytest.raises(ObjectNotFound):
        await guard.call(attempt)

    assert (guard.state.breaker, guard.state.requests) == ("closed", {"answered": 1})


async def test_more_than_may_wait_are_sent_away() -> None:
    guard = Guard("s3://bucket", limit=AdaptiveLimit(initial=2, least=2, queue=0))
    running = [asyncio.create_task(guard.call(_never)) for _ in range(2)]
    while guard.state.in_flight < 2:
        await asyncio.sleep(0)

    with pytest.raises(StoreBusy) as refusal:
        await guard.call(_never)
    assert (refusal.value.status, refusal.value.headers) == (503, {"Retry-After": "2"})
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert (guard.state.in_flight, guard.state.requests) == (0, {"shed": 1, "abandoned": 2})


async def test_who_waits_when_the_breaker_opens_is_told_at_once() -> None:
    guard = Guard("s3://bucket", breaker=Breaker(failures=2), limit=AdaptiveLimit(initial=2, least=1))
    gate = asyncio.Event()

    async def fails_later() -> str:
        await gate.wait()
        raise StoreUnavailable("down")

    running = [asyncio.create_task(guard.call(fails_later)) for _ in range(10)]
    while guard.state.waiting < 8:
        await asyncio.sleep(0)
    gate.set()
    ended = await asyncio.gather(*running, return_exceptions=True)

    assert sum(isinstance(error, CircuitOpen) for error in ended) == 10
    assert guard.state.requests["failed"] == 2


async def _never() -> str:
    await asyncio.Event().wait()
    return "never"
