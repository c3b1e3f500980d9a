"""Readiness: named checks, run side by side, each bounded, the answer kept for a second."""

import asyncio
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playhead.errors import PlayheadError, Unavailable
from playhead.kit.units import GIB, format_bytes
from playhead.services import Check

KEEP_S = 1.0
MIN_FILES = 64
"""Files that a disk must have room for beside their bytes: it may run out of inodes first."""


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


class DiskReadOnly(Unavailable):
    """A disk that takes no writes."""

    code = "disk_read_only"
    title = "The disk is read-only"


async def run_checks(checks: Sequence[Check]) -> list[CheckResult]:
    """Run all at once, in the order given; a check that hangs, or ignores being canceled, holds up nobody."""
    return list(await asyncio.gather(*(_run(check) for check in checks)))


class Readiness:
    """Checks behind ``/readyz``: a storm of probes runs them once a second.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, checks: Sequence[Check], *, clock: Callable[[], float] = time.monotonic) -> None:
        self.checks = checks
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


def disk_headroom(*folders: Path, min_free_bytes: int = GIB, name: str = "disk") -> Check:
    """Check that the disks of folders take writes and have room: it fails below the limit and says "low"
    below twice of it."""

    async def run() -> str:
        return await asyncio.to_thread(lambda: "; ".join(_disk(folder, min_free_bytes) for folder in _apart(folders)))

    return Check(name, run)


def _apart(folders: Sequence[Path]) -> list[Path]:
    """One folder of each disk."""
    made = [folder for folder in folders if folder.exists()]  # scratch is made by the first worker
    return list({folder.stat().st_dev: folder for folder in reversed(made)}.values())[::-1]


def _disk(folder: Path, min_free_bytes: int) -> str:
    figures = os.statvfs(folder)
    free, total = figures.f_bavail * figures.f_frsize, figures.f_blocks * figures.f_frsize
    told = f"{format_bytes(free)} free of {format_bytes(total)}"
    if figures.f_flag & os.ST_RDONLY:
        raise DiskReadOnly(f"The folder {folder.name!r} is on a disk that is mounted read-only.")
    if free < min_free_bytes:
        raise DiskLow(f"The folder {folder.name!r} has {told}; {format_bytes(min_free_bytes)} are wanted.")
    if figures.f_files and figures.f_favail < MIN_FILES:
        raise DiskLow(f"The folder {folder.name!r} has room for {figures.f_favail} more files; {MIN_FILES} are wanted.")
    return f"low: {told}" if free < 2 * min_free_bytes else told


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
