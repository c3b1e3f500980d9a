"""Turns of callers at what takes one call at a time, spread over time: no caller needs a thread or a timer."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Waiter:
    due: float
    turn: "asyncio.Future[None]"


@dataclass(slots=True, eq=False)
class _Line:
    """The callers of one name.

    Attributes:
        free_at: When the next turn is possible.
        hurried: Keys that were hurried while they did not wait.
    """

    free_at: float = 0.0
    waiting: dict[str, _Waiter] = field(default_factory=dict)
    hurried: set[str] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Turns:
    """Gives turns by name, such as a provider's: at most one per interval, the longest due first.

    Args:
        interval_s: Least time between two turns of one name.
        now: A monotonic clock.
    """

    def __init__(self, interval_s: float, *, now: Callable[[], float] = time.monotonic) -> None:
        self._interval_s = interval_s
        self._now = now
        self._lines: dict[str, _Line] = {}

    async def wait(self, name: str, key: str, *, after_s: float = 0.0) -> None:
        """Wait for a turn, not before *after_s* seconds from now; `hurry` ends that wait."""
        line = self._lines.setdefault(name, _Line())
        due = 0.0 if key in line.hurried else self._now() + after_s
        line.hurried.discard(key)
        waiter = line.waiting[key] = _Waiter(due, asyncio.get_running_loop().create_future())
        line.changed.set()
        if line.task is None or line.task.done():
            line.task = asyncio.create_task(self._serve(line), name=f"turns of {name}")
        try:
            await waiter.turn
        finally:
            if line.waiting.get(key) is waiter:
                del line.waiting[key]

    def hurry(self, name: str, key: str) -> None:
        """Make a caller the next one; one that does not wait now does not wait the next time."""
        line = self._lines.setdefault(name, _Line())
        waiter = line.waiting.get(key)
        if waiter is None:
            line.hurried.add(key)
        else:
            waiter.due = 0.0
            line.changed.set()

    def pause(self, name: str, seconds: float) -> None:
        """Give no turn for a while, as a provider asked for that counts for all its requests."""
        line = self._lines.setdefault(name, _Line())
        line.free_at = max(line.free_at, self._now() + seconds)

    def forget(self, name: str, key: str) -> None:
        """Forget that a caller was hurried."""
        if (line := self._lines.get(name)) is not None:
            line.hurried.discard(key)

    async def _serve(self, line: _Line) -> None:
        while line.waiting:
            key, waiter = min(line.waiting.items(), key=lambda each: each[1].due)
            wait_s = max(waiter.due, line.free_at) - self._now()
            if wait_s > 0:
                line.changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(line.changed.wait(), wait_s)
                continue
            del line.waiting[key]
            if not waiter.turn.done():
                waiter.turn.set_result(None)
                line.free_at = self._now() + self._interval_s
