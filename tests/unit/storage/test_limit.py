"""The adaptive limit, on a clock that the test moves."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.storage.limit import AdaptiveLimit, LimitFull, Slot
from tests.fixtures.examples import examples
from tests.unit.storage.test_breaker import HandClock

LEAST, MOST, QUEUE = 2, 30, 5


def limit_of(clock: HandClock, *, initial: int = 10, queue: int = QUEUE, wait_s: float = 30.0) -> AdaptiveLimit:
    return AdaptiveLimit(initial=initial, least=LEAST, most=MOST, queue=queue, wait_s=wait_s, clock=clock)


async def round_of(limit: AdaptiveLimit, clock: HandClock, latency_s: float, *, ok: bool = True) -> None:
    """As many requests as the limit allows, all of one latency."""
    slots = [await limit.slot() for _ in range(limit.limit)]
    clock.now += latency_s
    for slot in slots:
        slot.release(ok)


async def test_it_grows_by_about_one_in_two_rounds_of_quick_answers() -> None:
    clock = HandClock()
    limit = limit_of(clock)
    for _ in range(8):
        await round_of(limit, clock, 0.02)

    assert 13 <= limit.limit <= 15


async def test_it_stays_where_it_is_when_nobody_needs_more() -> None:
    clock = HandClock()
    limit = limit_of(clock)
    for _ in range(100):
        slot = await limit.slot()
        clock.now += 0.02
        slot.release(ok=True)

    assert limit.limit == 10


@pytest.mark.parametrize(("latency_s", "ok"), [(0.02, False), (2.0, True)])
async def test_it_falls_once_for_a_round_of_failures_or_slow_answers(latency_s: float, ok: bool) -> None:
    clock = HandClock()
    limit = limit_of(clock)
    await round_of(limit, clock, 0.02)
    await round_of(limit, clock, latency_s, ok=ok)

    assert limit.limit == 7


async def test_a_store_that_becomes_slower_for_good_is_used_in_full_again() -> None:
    clock = HandClock()
    limit = limit_of(clock)
    for _ in range(5):
        await round_of(limit, clock, 0.02)
    for _ in range(500):
        await round_of(limit, clock, 0.5)

    assert limit.limit == MOST


async def test_who_came_first_goes_first() -> None:
    limit = limit_of(HandClock(), initial=LEAST)
    held = [await limit.slot() for _ in range(LEAST)]
    order: list[int] = []

    async def wait(number: int) -> None:
        slot = await limit.slot()
        order.append(number)
        slot.release(ok=None)

    waiting = [asyncio.create_task(wait(number)) for number in range(4)]
    while limit.waiting < 4:
        await asyncio.sleep(0)
    held[0].release(ok=None)
    await asyncio.gather(*waiting)

    assert order == [0, 1, 2, 3]
    held[1].release(ok=None)
    assert limit.in_flight == 0


async def test_a_full_queue_refuses_at_once() -> None:
    limit = limit_of(HandClock(), initial=LEAST, queue=0)
    for _ in range(LEAST):
        await limit.slot()

    with pytest.raises(LimitFull):
        await limit.slot()


async def test_nobody_waits_longer_than_allowed() -> None:
    limit = limit_of(HandClock(), initial=LEAST, wait_s=0.0)
    for _ in range(LEAST):
        await limit.slot()

    with pytest.raises(LimitFull):
        await limit.slot()
    assert limit.waiting == 0


async def test_a_turn_that_nobody_takes_goes_to_the_next() -> None:
    """Canceled in the same moment as its turn came."""
    limit = limit_of(HandClock(), initial=LEAST)
    held = [await limit.slot() for _ in range(LEAST)]
    first, second = asyncio.create_task(limit.slot()), asyncio.create_task(limit.slot())
    while limit.waiting < 2:
        await asyncio.sleep(0)

    held[0].release(ok=None)
    first.cancel()
    await second
    assert (first.cancelled(), limit.in_flight, limit.waiting) == (True, LEAST, 0)


STEP = st.one_of(
    st.tuples(st.just("ask"), st.none()),
    st.tuples(st.just("leave"), st.integers(0, 99)),
    st.tuples(st.just("release"), st.tuples(st.integers(0, 99), st.sampled_from([True, False, None]))),
    st.tuples(st.just("pass"), st.sampled_from([0.001, 0.05, 1.0])),
)


@examples(80)
@given(steps=st.lists(STEP, max_size=80))
def test_whatever_happens_slots_are_bounded_and_none_is_lost(steps: list[tuple[str, object]]) -> None:
    asyncio.run(_history(steps))


async def _history(steps: list[tuple[str, object]]) -> None:
    clock = HandClock()
    limit = limit_of(clock, initial=3)
    held: list[Slot] = []
    asking: list[asyncio.Task[Slot]] = []
    for name, value in steps:
        if name == "ask":
            asking.append(asyncio.create_task(limit.slot()))
        elif name == "leave" and asking:
            assert isinstance(value, int)
            asking[value % len(asking)].cancel()
        elif name == "release" and held:
            assert isinstance(value, tuple)
            slot = held.pop(value[0] % len(held))
            slot.release(value[1])
            slot.release(ok=False)  # the second word counts for nothing
        elif name == "pass":
            assert isinstance(value, float)
            clock.now += value
        await _settle(asking, held)
        assert LEAST <= limit.limit <= MOST
        assert limit.waiting <= QUEUE
        assert limit.in_flight == len(held)
        assert limit.waiting == len(asking)
        assert not asking or limit.in_flight >= limit.limit, "somebody waits beside a free slot"
    for task in asking:
        task.cancel()
    await _settle(asking, held)
    for slot in held:
        slot.release(ok=None)
    assert (limit.in_flight, limit.waiting) == (0, 0)


async def _settle(asking: list["asyncio.Task[Slot]"], held: list[Slot]) -> None:
    """Let every task go as far as it can, and sort out those that are done."""
    for _ in range(6):
        await asyncio.sleep(0)
    for task in [task for task in asking if task.done()]:
        asking.remove(task)
        if not task.cancelled() and task.exception() is None:
            held.append(task.result())
