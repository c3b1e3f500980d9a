"""What a folder as store does besides the contract."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound, StoreFull, StoreUnavailable
from playhead.storage.local import LocalStore
from tests.fixtures.byte_streams import collect, stream


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


@pytest.fixture
def key() -> str:
    return keys.original(new_id("vid"))


async def test_files_and_folders_are_for_us_alone(store: LocalStore, key: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"made with another mode")
    source.chmod(0o644)
    await store.write(key, stream(b"bytes"))
    await store.write_file(keys.poster(new_id("vid")), source)

    modes = {path.stat().st_mode & 0o777 for path in store.root.rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in [store.root, *store.root.rglob("*")] if path.is_dir()}
    assert modes == {0o600}
    assert folders == {0o700}


async def test_the_path_of_an_object_is_its_file(store: LocalStore, key: str) -> None:
    await store.write(key, stream(b"bytes"))

    assert store.path(key).read_bytes() == b"bytes"
    async with store.local_copy(key, Path("/nowhere")) as path:
        assert path == store.path(key)


async def test_a_file_on_the_same_disk_is_moved_not_copied(store: LocalStore, key: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"bytes")
    inode = source.stat().st_ino
    await store.write_file(key, source)

    assert store.path(key).stat().st_ino == inode


async def test_a_file_on_another_disk_is_copied_and_gone(store: LocalStore, key: str, tmp_path: Path) -> None:
    source = Path("/dev/shm") / new_id("req")
    source.write_bytes(b"bytes")
    try:
        assert source.stat().st_dev != tmp_path.stat().st_dev
        await store.write_file(key, source)
        assert not source.exists()
    finally:
        source.unlink(missing_ok=True)
    assert await collect(store.read(key)) == b"bytes"


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../b", ".partial/x", "a\0b", ""])
async def test_a_key_cannot_lead_out_of_the_folder(store: LocalStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.path(key)
    with pytest.raises(ValueError, match="not a key"):
        await store.write(key, stream(b"x"))
    with pytest.raises(ValueError, match="not a key"):
        await collect(store.read(key))


async def test_a_link_cannot_lead_out_of_the_folder(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    (store.root / "folder").symlink_to(tmp_path / "outside")
    (store.root / "file").symlink_to(tmp_path / "outside" / "secret")

    for key in ("folder/secret", "file"):
        with pytest.raises(StoreUnavailable, match="outside the store"):
            store.path(key)
    assert [stored async for stored in store.list("")] == []


async def test_a_folder_or_a_pipe_under_a_key_is_no_object(store: LocalStore) -> None:
    (store.root / "folder").mkdir()
    os.mkfifo(store.root / "pipe")

    for key in ("folder", "pipe", "folder/none"):
        with pytest.raises(ObjectNotFound):
            await store.stat(key)
        with pytest.raises(ObjectNotFound):
            await collect(store.read(key))
    await store.delete("folder")


async def test_files_that_are_no_objects_are_not_listed(store: LocalStore, key: str) -> None:
    await store.write(key, stream(b"bytes"))
    (store.root / "not a key.txt").write_text("x")
    (store.root / ".hidden").write_text("x")
    (store.root / "lost+found").mkdir()

    assert [stored.key async for stored in store.list("")] == [key]


async def test_the_folder_of_a_deleted_video_is_gone(store: LocalStore, key: str) -> None:
    await store.write(key, stream(b"bytes"))
    await store.delete(key)

    assert not (store.root / "videos").exists()
    assert store.root.is_dir()


async def test_a_sweep_removes_what_a_crash_left_and_nothing_else(store: LocalStore, key: str) -> None:
    await store.write(key, stream(b"bytes"))
    partial = store.root / ".partial"
    for name, age in (("old", 7200), ("young", 60)):
        (partial / name).write_bytes(b"half")
        moment = (utc_now() - timedelta(seconds=age)).timestamp()
        os.utime(partial / name, (moment, moment))

    assert await store.sweep_partial(utc_now() - timedelta(hours=1)) == 1
    assert [path.name for path in partial.iterdir()] == ["young"]
    assert await collect(store.read(key)) == b"bytes"
    assert await LocalStore(store.root / "fresh").sweep_partial(utc_now()) == 0


async def test_a_sweep_leaves_what_somebody_writes(store: LocalStore, key: str) -> None:
    """However long ago the last byte came: its writer holds a lock on it."""
    swept: list[int] = []

    async def slowly() -> AsyncIterator[bytes]:
        yield bytes(2 * MIB)
        (partial,) = (store.root / ".partial").iterdir()
        os.utime(partial, (0, 0))
        swept.append(await LocalStore(store.root).sweep_partial(utc_now()))
        yield b"end"

    written = await store.write(key, slowly())

    assert (swept, written.size_bytes) == ([0], 2 * MIB + 3)


async def test_writes_leave_what_is_spared_of_the_disk(tmp_path: Path, key: str) -> None:
    with pytest.raises(StoreFull):
        await LocalStore(tmp_path, spare=1 << 60).write(key, stream(b"bytes"))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_store_that_was_unmounted_is_unavailable_and_not_made_anew(store: LocalStore, key: str) -> None:
    await store.check()
    (store.root / ".partial").rmdir()
    store.root.rmdir()

    with pytest.raises(StoreUnavailable):
        await store.check()
    with pytest.raises(StoreUnavailable):
        await store.write(key, stream(b"bytes"))
    with pytest.raises(StoreUnavailable):
        await store.stat(key)
    with pytest.raises(StoreUnavailable):
        await collect(store.read(key))
    with pytest.raises(StoreUnavailable):
        assert [stored async for stored in store.list("")] == []
    assert not store.root.exists()


def test_free_space_is_that_of_the_disk(store: LocalStore) -> None:
    free = store.free_bytes()

    assert free is not None
    assert free > 0
