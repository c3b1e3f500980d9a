"""Turns at a provider: one at a time, the longest due first, and whoever a callback named before all."""

import asyncio
import time

from playhead.generate.turns import Turns

INTERVAL_S = 0.02


async def _order(turns: Turns, **after_s: float) -> tuple[list[str], list["asyncio.Task[None]"]]:
    taken: list[str] = []

    async def caller(key: str, wait_s: float) -> None:
        await turns.wait("a", key, after_s=wait_s)
        taken.append(key)

    callers = [asyncio.create_task(caller(key, wait_s)) for key, wait_s in after_s.items()]
    await asyncio.sleep(0)
    return taken, callers


async def test_the_longest_due_is_first_and_two_turns_are_an_interval_apart() -> None:
    turns, began = Turns(INTERVAL_S), time.monotonic()
    taken, callers = await _order(turns, late=0.003, early=0.001, middle=0.002)
    await asyncio.gather(*callers)

    assert taken == ["early", "middle", "late"]
    assert time.monotonic() - began >= 2 * INTERVAL_S


async def test_a_hurried_caller_goes_first_also_when_it_was_busy_at_that_time() -> None:
    turns = Turns(0)
    taken, callers = await _order(turns, patient=0.05, busy=3600)
    turns.hurry("a", "busy")
    turns.hurry("a", "calls later")
    await callers[1]
    again, more = await _order(turns, **{"calls later": 3600.0})
    await asyncio.gather(callers[0], *more)

    assert (taken, again) == (["busy", "patient"], ["calls later"])


async def test_a_pause_holds_all_of_one_name_and_no_other() -> None:
    turns = Turns(0)
    turns.pause("a", 3600)
    _, callers = await _order(turns, waits=0)
    await turns.wait("b", "other")

    assert not callers[0].done()
    callers[0].cancel()


async def test_a_caller_that_leaves_is_forgotten() -> None:
    """Its place goes to the next one, and nothing runs when nobody waits."""
    turns = Turns(0)
    taken, callers = await _order(turns, leaves=0.01, stays=0.02)
    callers[0].cancel()
    await callers[1]

    assert taken == ["stays"]
    while (line := turns._lines["a"]).task is not None and not line.task.done():
        await asyncio.sleep(0)
    assert line.waiting == {}
