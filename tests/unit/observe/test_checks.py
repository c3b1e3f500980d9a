"""Readiness checks: side by side, bounded, kept for a second."""

import asyncio
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from playhead.errors import Unavailable
from playhead.observe.checks import Readiness, disk_headroom, run_checks
from playhead.services import Check


async def fine() -> str | None:
    return "12 ms"


async def hangs() -> str | None:
    await asyncio.Event().wait()
    return None


async def ignores_cancel() -> str | None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.sleep(0.2)
    return None


async def down() -> str | None:
    raise Unavailable("The database did not answer.")


async def broken() -> str | None:
    raise ConnectionRefusedError("10.0.0.7:5432 refused, password hunter2")


async def test_each_check_has_its_own_result() -> None:
    results = await run_checks([Check("a", fine), Check("b", down), Check("c", broken)])

    assert [(result.name, result.ok, result.detail) for result in results] == [
        ("a", True, "12 ms"),
        ("b", False, "The database did not answer."),
        ("c", False, "ConnectionRefusedError"),
    ]


@pytest.mark.parametrize("run", [hangs, ignores_cancel])
async def test_a_check_that_hangs_holds_up_nobody(run: object) -> None:
    slow = Check("slow", run, timeout_s=0.05)  # type: ignore[arg-type]

    result, other = await asyncio.wait_for(run_checks([slow, Check("a", fine)]), 120)

    assert (result.ok, result.detail, other.ok) == (False, "no answer within 0.05 s", True)


async def test_a_storm_of_probes_runs_the_checks_once_a_second() -> None:
    now, runs = [100.0], [0]

    async def counted() -> str | None:
        runs[0] += 1
        await asyncio.sleep(0)
        return None

    readiness = Readiness([Check("a", counted)], clock=lambda: now[0])

    await asyncio.gather(*(readiness.results() for _ in range(50)))
    assert runs == [1]

    now[0] += 0.9
    await readiness.results()
    assert runs == [1]

    now[0] += 0.2
    await readiness.results()
    assert runs == [2]


def figures(**differing: int) -> SimpleNamespace:
    """A disk of 1000 bytes, half full, as ``statvfs`` tells."""
    usual = {"f_bavail": 500, "f_blocks": 1000, "f_frsize": 1, "f_files": 1000, "f_favail": 900, "f_flag": 0}
    return SimpleNamespace(**usual | differing)


@pytest.mark.parametrize(
    ("disk", "words"),
    [
        (figures(f_bavail=0), "The folder 'data' has 0 bytes free of 1.0 kB; 100 bytes are wanted."),
        (figures(f_favail=3), "The folder 'data' has room for 3 more files; 64 are wanted."),
        (figures(f_flag=os.ST_RDONLY), "The folder 'data' is on a disk that is mounted read-only."),
        (figures(f_files=0, f_favail=0), None),
    ],
)
async def test_a_disk_that_cannot_be_written_says_which_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: SimpleNamespace, words: str | None
) -> None:
    """By the folder's name alone. Some file systems do not count files; folders of one disk are told once."""
    (tmp_path / "data" / "store").mkdir(parents=True)
    monkeypatch.setattr("playhead.observe.checks.os.statvfs", lambda _: disk)

    check = disk_headroom(tmp_path / "data", tmp_path / "data" / "store", min_free_bytes=100)
    (result,) = await run_checks([check])

    assert (result.ok, result.detail) == (words is None, words or "500 bytes free of 1.0 kB")


@pytest.mark.parametrize(
    ("free", "ok", "low"),
    [(500, True, False), (200, True, False), (199, True, True), (100, True, True), (99, False, False)],
)
async def test_the_disk_is_low_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, ok: bool, low: bool
) -> None:
    """Fails below the 100 bytes that were asked for, says "low" below twice of them."""
    monkeypatch.setattr("playhead.observe.checks.os.statvfs", lambda _: figures(f_bavail=free))

    (result,) = await run_checks([disk_headroom(tmp_path, min_free_bytes=100)])

    assert (result.ok, (result.detail or "").startswith("low")) == (ok, low)


async def test_a_real_disk_is_measured(tmp_path: Path) -> None:
    (result,) = await run_checks([disk_headroom(tmp_path, min_free_bytes=1)])

    assert result.ok
    assert " free of " in (result.detail or "")
