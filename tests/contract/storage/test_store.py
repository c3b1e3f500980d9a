"""What every store does."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store
from tests.contract.storage.conftest import Ground
from tests.fixtures.byte_streams import collect, sha256, stream

LIMIT = 40 * MIB  # for 64 MiB that pass: two parts of a multipart write and a little
LONGER_THAN_ONE_REQUEST = [b"part %08d" % number * 65536 for number in range(20)]  # 16.25 MiB


@pytest.fixture
def key() -> str:
    return keys.original(new_id("vid"))


async def test_what_was_written_is_read_back(store: Store, key: str) -> None:
    written = await store.write(key, stream(b"one ", b"", b"two ", b"three"))

    assert await collect(store.read(key)) == b"one two three"
    assert (written.key, written.size_bytes, written.sha256) == (key, 13, sha256(b"one two three"))
    found = await store.stat(key)
    assert (found.key, found.size_bytes) == (key, 13)


async def test_an_object_of_many_parts_is_read_back(ground: Ground, key: str) -> None:
    written = await ground.store.write(key, stream(*LONGER_THAN_ONE_REQUEST))

    whole = b"".join(LONGER_THAN_ONE_REQUEST)
    assert (written.size_bytes, written.sha256) == (len(whole), sha256(whole))
    assert await collect(ground.store.read(key)) == whole
    assert ground.leftovers() == []


async def test_an_empty_object_is_an_object(store: Store, key: str) -> None:
    written = await store.write(key, stream())

    assert written.sha256 == sha256(b"")
    assert (await store.stat(key)).size_bytes == 0
    assert await collect(store.read(key)) == b""
    assert await collect(store.read(key, 0, 10)) == b""


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (0, None, b"0123456789"),
        (0, 10, b"0123456789"),
        (3, 7, b"3456"),
        (9, 10, b"9"),
        (7, None, b"789"),
        (7, 99, b"789"),
        (0, 0, b""),
        (4, 4, b""),
        (10, None, b""),
        (10, 12, b""),
        (99, None, b""),
        (99, 120, b""),
    ],
)
async def test_a_span_is_half_open_and_ends_with_the_object(
    store: Store, key: str, start: int, end: int | None, wanted: bytes
) -> None:
    await store.write(key, stream(b"0123456789"))

    assert await collect(store.read(key, start, end)) == wanted


@pytest.mark.parametrize(("start", "end"), [(-1, None), (5, 4), (-3, -1)])
async def test_what_is_no_span_is_refused(store: Store, key: str, start: int, end: int | None) -> None:
    with pytest.raises(ValueError, match="span"):
        await collect(store.read(key, start, end))


@pytest.mark.parametrize("span", [(0, None), (0, 5), (5, None), (5, 5)])
async def test_reading_what_is_missing_says_so(store: Store, key: str, span: tuple[int, int | None]) -> None:
    with pytest.raises(ObjectNotFound, match=key):
        await collect(store.read(key, *span))


async def test_stat_of_what_is_missing_says_so(store: Store, key: str) -> None:
    with pytest.raises(ObjectNotFound, match=key):
        await store.stat(key)


async def test_the_etag_stays_until_the_bytes_change(store: Store, key: str) -> None:
    await store.write(key, stream(b"first"))
    first = (await store.stat(key)).etag
    again = (await store.stat(key)).etag
    await store.write(key, stream(b"other"))

    assert first == again
    assert (await store.stat(key)).etag != first
    assert '"' not in first


@pytest.mark.parametrize("before", [[b"a little"], LONGER_THAN_ONE_REQUEST], ids=["small", "in parts"])
async def test_a_write_whose_source_fails_leaves_nothing(ground: Ground, key: str, before: list[bytes]) -> None:
    with pytest.raises(ConnectionResetError):
        await ground.store.write(key, stream(*before, then=ConnectionResetError("client gone")))

    with pytest.raises(ObjectNotFound):
        await ground.store.stat(key)
    assert [stored async for stored in ground.store.list("")] == []
    assert ground.leftovers() == []


async def test_a_write_that_fails_leaves_the_older_object(ground: Ground, key: str) -> None:
    await ground.store.write(key, stream(b"older"))

    with pytest.raises(RuntimeError):
        await ground.store.write(key, stream(*LONGER_THAN_ONE_REQUEST, then=RuntimeError()))

    assert await collect(ground.store.read(key)) == b"older"


async def test_a_canceled_write_leaves_nothing(ground: Ground, key: str) -> None:
    halfway = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        for chunk in LONGER_THAN_ONE_REQUEST:
            yield chunk
        halfway.set()
        await asyncio.Event().wait()

    writing = asyncio.create_task(_write(ground.store, key, endless()))
    await asyncio.wait_for(halfway.wait(), 120)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert [stored async for stored in ground.store.list("")] == []
    assert ground.leftovers() == []


async def test_nothing_is_visible_before_the_end_of_a_write(ground: Ground, key: str) -> None:
    seen: list[str] = []

    async def watched() -> AsyncIterator[bytes]:
        for chunk in LONGER_THAN_ONE_REQUEST:
            yield chunk
        seen.extend([stored.key async for stored in ground.store.list("")])

    await ground.store.write(key, watched())

    assert seen == []


async def test_a_write_replaces_what_was_there(store: Store, key: str) -> None:
    await store.write(key, stream(b"a longer first version"))
    await store.write(key, stream(b"second"))

    assert await collect(store.read(key)) == b"second"
    assert (await store.stat(key)).size_bytes == 6


async def test_a_reader_keeps_the_version_that_it_began(store: Store, key: str) -> None:
    first = b"1" * 3 * MIB
    await store.write(key, stream(first))
    reading = store.read(key)
    head = await anext(reading)
    await store.write(key, stream(b"2" * 3 * MIB))

    assert head + await collect(reading) == first


async def test_a_file_is_taken_into_the_store(store: Store, key: str, tmp_path: Path) -> None:
    source = tmp_path / "made by ffmpeg.mp4"
    source.write_bytes(b"film")
    written = await store.write_file(key, source)

    assert not source.exists()
    assert (written.size_bytes, written.sha256) == (4, sha256(b"film"))
    assert await collect(store.read(key)) == b"film"


async def test_a_file_that_is_not_there_is_a_mistake_of_ours(store: Store, key: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await store.write_file(key, tmp_path / "nothing")


async def test_delete_can_be_repeated(store: Store, key: str) -> None:
    await store.write(key, stream(b"gone soon"))
    await store.delete(key)
    await store.delete(key)

    with pytest.raises(ObjectNotFound):
        await store.stat(key)


async def test_a_list_has_what_is_under_its_prefix_alone(store: Store) -> None:
    job, other = new_id("job"), new_id("job")
    wanted = {keys.job_part(job, name): b"x" * size for size, name in enumerate(["a.mp4", "b.wav", "c"])}
    for key, data in wanted.items():
        await store.write(key, stream(data))
    await store.write(keys.job_part(other, "a.mp4"), stream(b"other"))

    found = {stored.key: stored.size_bytes async for stored in store.list(keys.job_prefix(job))}
    assert found == {key: len(data) for key, data in wanted.items()}
    assert len([stored async for stored in store.list("")]) == 4
    assert [stored async for stored in store.list(keys.job_prefix(new_id("job")))] == []


async def test_a_listed_object_is_the_one_that_stat_finds(store: Store, key: str) -> None:
    await store.write(key, stream(b"same"))

    assert [stored async for stored in store.list("")] == [await store.stat(key)]


async def test_delete_prefix_takes_one_folder_and_counts(store: Store) -> None:
    video, other = new_id("vid"), new_id("vid")
    for key in (keys.original(video), keys.poster(video), keys.original(other)):
        await store.write(key, stream(b"bytes"))

    assert await store.delete_prefix(keys.video_prefix(video)) == 2
    assert await store.delete_prefix(keys.video_prefix(video)) == 0
    assert [stored.key async for stored in store.list("")] == [keys.original(other)]


@pytest.mark.parametrize("prefix", ["", "/", "videos", "../", "videos/../"])
async def test_delete_prefix_refuses_what_could_hit_others(store: Store, prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        await store.delete_prefix(prefix)


async def test_a_local_copy_can_be_read_as_a_file_and_ends(store: Store, key: str, tmp_path: Path) -> None:
    await store.write(key, stream(b"for ffmpeg"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    async with store.local_copy(key, scratch) as path:
        assert path.read_bytes() == b"for ffmpeg"

    assert list(scratch.iterdir()) == []
    assert await collect(store.read(key)) == b"for ffmpeg"


async def test_a_local_copy_of_what_is_missing_says_so(store: Store, key: str, tmp_path: Path) -> None:
    with pytest.raises(ObjectNotFound):
        async with store.local_copy(key, tmp_path):
            pass


async def test_memory_stays_flat_while_64_mib_pass(ground: Ground, key: str) -> None:
    async def source() -> AsyncIterator[bytes]:
        for number in range(256):
            yield bytes([number]) * (256 * 1024)

    tracemalloc.start()
    try:
        await ground.store.write(key, source())
        largest = size = 0
        async for chunk in ground.store.read(key):
            largest = max(largest, len(chunk))
            size += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size == 64 * MIB
    assert largest <= MIB
    assert peak < LIMIT


async def test_twenty_writers_and_readers_do_not_disturb_each_other(store: Store) -> None:
    async def one(number: int) -> bool:
        key = keys.original(new_id("vid"))
        data = bytes([number]) * (MIB + number)
        await store.write(key, stream(data))
        return await collect(store.read(key)) == data

    assert all(await asyncio.gather(*map(one, range(20))))


async def test_two_writers_of_one_key_leave_one_whole_object(store: Store, key: str) -> None:
    versions = [bytes([number]) * (2 * MIB) for number in range(4)]
    await asyncio.gather(*(store.write(key, stream(data[:MIB], data[MIB:])) for data in versions))

    assert await collect(store.read(key)) in versions


async def test_a_store_that_works_passes_its_check(ground: Ground) -> None:
    await ground.store.check()

    assert ground.leftovers() == []
    assert [stored async for stored in ground.store.list("")] == []


async def _write(store: Store, key: str, chunks: AsyncIterator[bytes]) -> None:
    await store.write(key, chunks)
