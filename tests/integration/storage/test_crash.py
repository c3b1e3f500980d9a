"""A process that is killed in the middle of an upload, and what the next one finds."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import UploadLocked
from playhead.storage.local import LocalStore
from playhead.storage.local_staging import LocalStaging
from tests.fixtures.byte_streams import sha256, stream

PROGRAM = """
import asyncio, sys
from pathlib import Path
from playhead.storage.checksum import Checksum
from playhead.storage.local import LocalStore
from playhead.storage.local_staging import LocalStaging

what, folder, name = sys.argv[1:]

async def stalled():
    for _ in range(3):
        yield b"x" * (1 << 20)
    print("written", flush=True)
    await asyncio.Event().wait()

async def main():
    store = LocalStore(Path(folder))
    if what == "write":
        await store.write(name, stalled())
    checksum = Checksum("sha1", bytes(20)) if what == "proved" else None
    await LocalStaging(store).append(name, 5, stalled(), checksum=checksum)

asyncio.run(main())
"""


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


@pytest.mark.parametrize(("what", "kept"), [("plain", 5 + 3 * MIB), ("proved", 5)])
async def test_a_killed_append_keeps_what_counts(store: LocalStore, what: str, kept: int) -> None:
    staging = LocalStaging(store)
    upload = new_id("upl")
    await staging.append(upload, 0, stream(b"head "))
    other = await _stalled(what, store, upload)

    with pytest.raises(UploadLocked):
        await staging.append(upload, 5, stream(b"tail"))
    with pytest.raises(UploadLocked):
        await staging.finish(upload, keys.original(new_id("vid")))
    await _kill(other)

    assert await staging.offset(upload) == kept
    assert await staging.append(upload, kept, stream(b"tail")) == kept + 4
    written = await staging.finish(upload, keys.original(new_id("vid")))
    assert written.sha256 == sha256(b"head " + b"x" * (kept - 5) + b"tail")
    assert [path for path in store.root.rglob(".*") if path.is_file()] == []


async def test_a_killed_write_is_invisible_and_swept(store: LocalStore) -> None:
    await _kill(await _stalled("write", store, keys.original(new_id("vid"))))

    assert [stored async for stored in store.list("")] == []
    assert await store.sweep_partial(utc_now()) == 1
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


async def _stalled(what: str, store: LocalStore, name: str) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, what, str(store.root), name, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 120) == b"written\n"
    return process


async def _kill(process: asyncio.subprocess.Process) -> None:
    process.kill()
    assert await asyncio.wait_for(process.wait(), 120) == -signal.SIGKILL
