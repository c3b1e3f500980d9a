"""Processes that decode are used again, replaced, and killed with whatever a file made of them."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from playhead.media.stills.errors import NoStill, StillsBusy
from playhead.media.stills.make import Shape, thumbnail
from playhead.media.stills.pool import PoolSettings, StillsPool
from playhead.media.stills.source import FileSource
from tests.fixtures import clips

SHAPE = Shape(duration_s=1.0, fps=10.0)


@pytest.fixture
def clip(tmp_path: Path) -> FileSource:
    return FileSource(clips.make_clip(tmp_path, seconds=1, fps=10, size=(96, 54), audio=False))


@pytest.fixture
async def pool() -> AsyncIterator[StillsPool]:
    opened = StillsPool(PoolSettings(size=1))
    yield opened
    await opened.close()


def processes() -> list[int]:
    """Programs that decode, started by this process."""
    found = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end meanwhile, a process as well
            for pid in (thread / "children").read_text().split():
                with suppress(FileNotFoundError, ProcessLookupError):
                    if b"stills" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        found.append(int(pid))
    return found


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition, with a bound."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)


async def see(pool: StillsPool, clip: FileSource) -> bytes:
    image = await thumbnail(pool, clip, SHAPE, at_s=0.5, width=160)
    assert image.startswith(b"\xff\xd8")
    return image


async def test_one_process_makes_many_stills(pool: StillsPool, clip: FileSource) -> None:
    """It starts with the first."""
    assert processes() == []

    await see(pool, clip)
    first = processes()
    await asyncio.gather(*(see(pool, clip) for _ in range(5)))

    assert processes() == first
    assert len(first) == 1


async def test_a_process_is_replaced_after_its_uses(clip: FileSource) -> None:
    pool = StillsPool(PoolSettings(size=1, uses=2))
    seen = []
    for _ in range(4):
        await see(pool, clip)
        seen.append(processes())

    assert [len(each) for each in seen] == [1, 0, 1, 0]
    assert seen[0] != seen[2]
    await pool.close()


async def test_an_idle_process_ends(clip: FileSource) -> None:
    """And the next still is made by another."""
    pool = StillsPool(PoolSettings(size=2, idle_s=0.05))
    await asyncio.gather(see(pool, clip), see(pool, clip))

    await until(lambda: processes() == [])
    await see(pool, clip)

    await pool.close()
    assert processes() == []


async def test_a_file_that_ends_its_decoder_ends_nothing_else(
    pool: StillsPool, clip: FileSource, tmp_path: Path
) -> None:
    """The process that forks goes on."""
    await see(pool, clip)
    before = processes()
    broken = clips.make_clip(tmp_path, seconds=1, name="broken.mp4", audio=False)
    data = bytearray(broken.read_bytes())
    at = data.index(b"mdat") + 4
    data[at : at + 1000] = os.urandom(1000)
    broken.write_bytes(data)
    with suppress(NoStill):
        await thumbnail(pool, FileSource(broken), SHAPE, at_s=0.5, width=160)
    for hostile in (clips.huge_header(tmp_path), clips.audio_only(tmp_path)):
        with pytest.raises(NoStill):
            await thumbnail(pool, FileSource(hostile), SHAPE, at_s=0.5, width=160)
    with (tmp_path / "broken.mp4").open("rb") as file, pytest.raises(NoStill):
        await pool.run(file.fileno(), {"operation": "none such: the fork ends by an exception"})

    await see(pool, clip)

    assert processes() == before


async def test_one_that_takes_too_long_is_killed(pool: StillsPool, clip: FileSource, tmp_path: Path) -> None:
    """A stopped process stands for one that is busy for ever."""
    await see(pool, clip)
    (stuck,) = processes()
    os.kill(stuck, signal.SIGSTOP)

    with (tmp_path / "any").open("w+b") as file, pytest.raises(NoStill, match="within 0 s"):
        await pool.run(file.fileno(), {"operation": "best"}, timeout_s=0.3)

    assert processes() == []
    await see(pool, clip)


async def test_a_request_that_is_given_up_leaves_no_process(pool: StillsPool, clip: FileSource) -> None:
    await see(pool, clip)
    (stuck,) = processes()
    os.kill(stuck, signal.SIGSTOP)
    waiting = asyncio.create_task(see(pool, clip))
    await asyncio.sleep(0.05)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert processes() == []


async def test_a_process_that_was_killed_while_it_waited_is_not_missed(pool: StillsPool, clip: FileSource) -> None:
    await see(pool, clip)
    (idle,) = processes()
    os.kill(idle, signal.SIGKILL)
    await until(lambda: idle not in processes())
    await asyncio.sleep(0)

    await see(pool, clip)


async def test_a_crowd_is_refused_at_the_door(clip: FileSource) -> None:
    """Of two that are begun, one is decoded and one read; one waits; the fourth hears that it is too much."""
    pool = StillsPool(PoolSettings(size=1, waiting=1))

    answers = await asyncio.gather(*(see(pool, clip) for _ in range(4)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [bytes, bytes, bytes, StillsBusy]
    await pool.close()


async def test_it_may_take_no_more_than_its_limits(pool: StillsPool, clip: FileSource) -> None:
    """No file, and so much memory and processor time."""
    await see(pool, clip)
    (pid,) = processes()
    limits = Path(f"/proc/{pid}/limits").read_text()

    def limit(name: str) -> Any:
        line = next(line for line in limits.splitlines() if line.startswith(name))
        return line[len(name) :].split()[0]

    assert limit("Max file size") == "0"
    assert limit("Max cpu time") == "45"
    assert limit("Max address space") == str(3 << 30)
