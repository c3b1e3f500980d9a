"""Readiness: named checks, run side by side, each bounded, the answer kept for a second."""

import asyncio
import math
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playhead.errors import PlayheadError, Unavailable
from playhead.kit.units import GIB, format_bytes

CHECK_TIMEOUT_S = 2.0
KEEP_S = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for this process to serve.

    Args:
        run: Returns a detail to show, or None; raises when it does not hold.
    """

    name: str
    run: Callable[[], Awaitable[str | None]]
    timeout_s: float = CHECK_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a check went; ``detail`` is meant for strangers too: no host names, no stack."""

    name: str
    ok: bool
    detail: str | None
    took_s: float


class DiskLow(Unavailable):
    """Too little room to take in or make another video."""

    code = "disk_low"
    title = "The disk is nearly full"


async def run_checks(checks: Sequence[Check]) -> list[CheckResult]:
    """Run all at once, in the order given; a check that hangs, or ignores being canceled, holds up nobody."""
    return list(await asyncio.gather(*(_run(check) for check in checks)))


class Readiness:
    """Checks behind ``/readyz``: a storm of probes runs them once a second.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, checks: Sequence[Check], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.checks = tuple(checks)
        self._clock = clock
        self._results: list[CheckResult] = []
        self._at = -math.inf
        self._lock = asyncio.Lock()

    async def results(self) -> list[CheckResult]:
        """The last results when they are younger than a second, else new ones."""
        async with self._lock:
            if self._clock() - self._at >= KEEP_S:
                self._results = await run_checks(self.checks)
                self._at = self._clock()
            return self._results


def disk_headroom(folder: Path, *, min_free_bytes: int = GIB, name: str = "disk") -> Check:
    """Check that the disk of a folder has room: it fails below the limit and says "low" below twice of it."""

    async def run() -> str:
        usage = await asyncio.to_thread(shutil.disk_usage, folder)
        free = f"{format_bytes(usage.free)} free of {format_bytes(usage.total)}"
        if usage.free < min_free_bytes:
            raise DiskLow(f"{free}, less than {format_bytes(min_free_bytes)}.", hint="Delete videos or grow the disk.")
        return f"low: {free}" if usage.free < 2 * min_free_bytes else free

    return Check(name, run)


async def _run(check: Check) -> CheckResult:
    began = time.perf_counter()
    task = asyncio.ensure_future(check.run())
    try:
        done, _ = await asyncio.wait([task], timeout=check.timeout_s)
    finally:
        task.cancel()  # nothing, once it is done
    ok, detail = _outcome(task) if done else (False, f"no answer within {check.timeout_s:g} s")
    return CheckResult(check.name, ok, detail, round(time.perf_counter() - began, 4))


def _outcome(task: asyncio.Future[str | None]) -> tuple[bool, str | None]:
    if task.cancelled():
        return False, "canceled"
    error = task.exception()
    if error is None:
        return True, task.result()
    return False, error.detail if isinstance(error, PlayheadError) else type(error).__name__
