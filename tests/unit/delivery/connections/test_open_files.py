"""Open files are shared while they are used, looked at again, and closed when nobody uses them."""

import asyncio
import os
from pathlib import Path

import pytest

from playhead.delivery.connections.open_files import OpenFile, OpenFiles


def is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


async def until(condition: "object") -> None:
    """Let the loop run until something holds."""
    assert callable(condition)
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_thousand_viewers_cause_one_open(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"x" * 10)
    files = OpenFiles()

    opened = await asyncio.gather(*(files.open(str(path)) for _ in range(1000)))

    assert len({id(file) for file in opened}) == 1
    assert (opened[0].size, os.pread(opened[0].fileno(), 3, 0)) == (10, b"xxx")
    for file in opened:
        file.release()
    files.close()
    assert opened[0].fd == -1


async def test_a_replaced_file_is_another_one_and_the_old_one_stays_for_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"old")
    files = OpenFiles(fresh_s=0)
    old = await files.open(str(path))

    (tmp_path / "new").write_bytes(b"newer")
    (tmp_path / "new").replace(path)
    new = await files.open(str(path))

    assert (os.pread(old.fd, 9, 0), os.pread(new.fd, 9, 0)) == (b"old", b"newer")
    old_fd = old.fd
    old.release()
    assert (old.fd, is_open(new.fd)) == (-1, True)
    assert old_fd != new.fd
    new.release()
    files.close()


async def test_a_file_that_nobody_uses_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"x")
    files = OpenFiles(idle_s=0.02)
    file = await files.open(str(path))
    file.release()

    await until(lambda: file.fd == -1)

    assert files.peek(str(path)) is None


async def test_one_that_is_used_stays_open(tmp_path: Path) -> None:
    used, idle = tmp_path / "used", tmp_path / "idle"
    used.write_bytes(b"x")
    idle.write_bytes(b"x")
    files = OpenFiles(idle_s=0.02)
    held, other = await files.open(str(used)), await files.open(str(idle))
    other.release()

    await until(lambda: other.fd == -1)

    assert is_open(held.fd)
    held.release()
    files.close()


async def test_only_so_many_stay_open(tmp_path: Path) -> None:
    files = OpenFiles(capacity=2)
    opened: list[OpenFile] = []
    for number in range(3):
        path = tmp_path / str(number)
        path.write_bytes(b"x")
        opened.append(await files.open(str(path)))
        opened[-1].release()

    assert [file.fd == -1 for file in opened] == [True, False, False]
    files.close()


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo"])
async def test_what_is_no_file_is_not_found(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "film"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    files = OpenFiles()

    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            await files.open(str(path))


async def test_peek_gives_only_what_was_looked_at_just_now(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"x")
    fresh, stale = OpenFiles(), OpenFiles(fresh_s=-1)

    assert fresh.peek(str(path)) is None
    (await fresh.open(str(path))).release()

    assert fresh.peek(str(path)) is not None
    assert stale.peek(str(path)) is None
    fresh.close()
