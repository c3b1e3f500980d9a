"""What every staging area does with a resumable upload."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import ChecksumMismatch, OffsetConflict, UploadLocked
from playhead.storage.store import Staging, Store
from tests.contract.storage.conftest import Ground
from tests.fixtures.byte_streams import checksum, collect, sha256, stream

LONG = [bytes([number]) * MIB for number in range(20)]  # more than two pieces of 8 MiB
WHOLE = b"".join(LONG)


@pytest.fixture
def upload() -> str:
    return new_id("upl")


@pytest.fixture
def key() -> str:
    return keys.original(new_id("vid"))


async def test_an_upload_begins_at_zero(staging: Staging, upload: str) -> None:
    assert await staging.offset(upload) == 0


async def test_an_upload_in_three_requests_becomes_an_object(ground: Ground, upload: str, key: str) -> None:
    staging = ground.staging
    assert await staging.append(upload, 0, stream(b"one ", b"two ")) == 8
    assert await staging.append(upload, 8, stream()) == 8
    assert await staging.append(upload, 8, stream(b"three")) == 13
    assert await staging.offset(upload) == 13
    written = await staging.finish(upload, key)

    assert (written.key, written.size_bytes, written.sha256) == (key, 13, sha256(b"one two three"))
    assert await collect(ground.store.read(key)) == b"one two three"
    assert [stored.key async for stored in ground.store.list("")] == [key]
    assert ground.leftovers() == []


@pytest.mark.parametrize("failure", [ConnectionResetError("gone"), RuntimeError("bug")])
async def test_a_broken_append_keeps_what_came_and_is_resumed(
    ground: Ground, upload: str, key: str, failure: Exception
) -> None:
    with pytest.raises(type(failure)):
        await ground.staging.append(upload, 0, stream(*LONG[:9], b"tail", then=failure))

    offset = await ground.staging.offset(upload)
    assert offset == 9 * MIB + 4
    rest = WHOLE[offset:]
    assert await ground.second_staging().append(upload, offset, stream(rest)) == len(WHOLE)
    written = await ground.staging.finish(upload, key)
    assert (written.size_bytes, written.sha256) == (len(WHOLE), sha256(b"".join(LONG[:9]) + b"tail" + rest))


async def test_a_canceled_append_leaves_an_offset_that_can_be_resumed(ground: Ground, upload: str, key: str) -> None:
    halfway = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        for chunk in LONG[:9]:
            yield chunk
        halfway.set()
        await asyncio.Event().wait()

    appending = asyncio.create_task(ground.staging.append(upload, 0, stalled()))
    await asyncio.wait_for(halfway.wait(), 120)
    appending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await appending

    offset = await ground.staging.offset(upload)
    assert 8 * MIB <= offset <= 9 * MIB
    await ground.staging.append(upload, offset, stream(WHOLE[offset:]))
    assert (await ground.staging.finish(upload, key)).sha256 == sha256(WHOLE)


@pytest.mark.parametrize("offset", [0, 4, 6, 1000])
async def test_bytes_for_another_offset_are_refused(staging: Staging, upload: str, offset: int) -> None:
    await staging.append(upload, 0, stream(b"12345"))

    with pytest.raises(OffsetConflict) as refusal:
        await staging.append(upload, offset, stream(b"xyz"))

    assert refusal.value.offset == 5
    assert refusal.value.status == 409
    assert await staging.offset(upload) == 5


async def test_an_upload_that_never_began_has_no_other_offset_than_zero(ground: Ground, upload: str) -> None:
    with pytest.raises(OffsetConflict):
        await ground.staging.append(upload, 7, stream(b"xyz"))

    assert [stored async for stored in ground.store.list("")] == []


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
async def test_an_append_with_the_right_checksum_counts(staging: Staging, upload: str, algorithm: str) -> None:
    await staging.append(upload, 0, stream(b"head "))
    end = await staging.append(upload, 5, stream(b"ta", b"il"), checksum=checksum(b"tail", algorithm))

    assert end == await staging.offset(upload) == 9


async def test_a_long_append_with_the_right_checksum_counts_whole(staging: Staging, upload: str, key: str) -> None:
    assert await staging.append(upload, 0, stream(*LONG), checksum=checksum(WHOLE)) == len(WHOLE)
    assert (await staging.finish(upload, key)).sha256 == sha256(WHOLE)


@pytest.mark.parametrize("sent", [[b"tails"], LONG], ids=["short", "long"])
async def test_a_wrong_checksum_keeps_the_old_offset(ground: Ground, upload: str, key: str, sent: list[bytes]) -> None:
    await ground.staging.append(upload, 0, stream(b"head "))

    with pytest.raises(ChecksumMismatch):
        await ground.staging.append(upload, 5, stream(*sent), checksum=checksum(b"tail"))

    assert await ground.staging.offset(upload) == 5
    await ground.staging.append(upload, 5, stream(b"tail"), checksum=checksum(b"tail"))
    assert (await ground.staging.finish(upload, key)).sha256 == sha256(b"head tail")


async def test_a_broken_append_with_a_checksum_keeps_nothing(ground: Ground, upload: str) -> None:
    await ground.staging.append(upload, 0, stream(b"head "))

    with pytest.raises(ConnectionResetError):
        await ground.staging.append(
            upload, 5, stream(*LONG, then=ConnectionResetError()), checksum=checksum(b"never compared")
        )

    assert await ground.staging.offset(upload) == 5
    assert ground.leftovers() == []


async def test_bytes_that_are_not_proved_yet_do_not_count(ground: Ground, upload: str) -> None:
    await ground.staging.append(upload, 0, stream(b"head "))
    seen: list[int] = []

    async def watched() -> AsyncIterator[bytes]:
        for chunk in LONG:
            yield chunk
        seen.append(await ground.second_staging().offset(upload))

    await ground.staging.append(upload, 5, watched(), checksum=checksum(WHOLE))

    assert seen == [5]
    assert await ground.staging.offset(upload) == 5 + len(WHOLE)


async def test_a_second_writer_is_told_that_the_upload_is_locked(ground: Ground, upload: str) -> None:
    staging = ground.staging
    refusals: list[type] = []

    async def watched() -> AsyncIterator[bytes]:
        yield b"first"
        for other in (
            staging.append(upload, 0, stream(b"second")),
            staging.finish(upload, keys.original(new_id("vid"))),
            staging.discard(upload),
        ):
            with pytest.raises(UploadLocked) as refusal:
                await other
            refusals.append(refusal.type)

    await staging.append(upload, 0, watched())

    assert len(refusals) == 3
    assert await staging.offset(upload) == 5
    assert await staging.append(upload, 5, stream(b" more")) == 10


async def test_two_processes_cannot_both_extend_an_upload(ground: Ground, upload: str, key: str) -> None:
    other = ground.second_staging()
    results = await asyncio.gather(
        ground.staging.append(upload, 0, stream(*LONG)), other.append(upload, 0, stream(*LONG)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, UploadLocked | OffsetConflict)]
    assert len(refused) == 1
    assert len(WHOLE) in results
    assert (await ground.staging.finish(upload, key)).sha256 == sha256(WHOLE)


async def test_an_upload_without_a_byte_becomes_an_empty_object(
    staging: Staging, store: Store, upload: str, key: str
) -> None:
    written = await staging.finish(upload, key)

    assert (written.size_bytes, written.sha256) == (0, sha256(b""))
    assert (await store.stat(key)).size_bytes == 0


async def test_finishing_again_gives_the_same_answer(staging: Staging, upload: str, key: str) -> None:
    await staging.append(upload, 0, stream(*LONG))
    first = await staging.finish(upload, key)

    assert await staging.finish(upload, key) == first


async def test_several_uploads_become_one_object(ground: Ground, key: str) -> None:
    """In order, with nothing left over; asked again after a crash behind the move, the same answer."""
    parts = [(new_id("upl"), 9 * MIB + 3), (new_id("upl"), 2), (new_id("upl"), len(WHOLE) - 9 * MIB - 5)]
    start = 0
    for upload_id, size in parts:
        await ground.staging.append(upload_id, 0, stream(WHOLE[start : start + size]))
        start += size

    first = await ground.staging.finish_parts(parts, key)
    again = await ground.second_staging().finish_parts(parts, key)

    assert (first.size_bytes, first.sha256) == (len(WHOLE), sha256(WHOLE))
    assert again == first
    assert [stored.key async for stored in ground.store.list("")] == [key]
    assert ground.leftovers() == []


async def test_a_discarded_upload_is_gone(ground: Ground, upload: str) -> None:
    await ground.staging.append(upload, 0, stream(*LONG))
    await ground.staging.discard(upload)
    await ground.staging.discard(upload)

    assert await ground.staging.offset(upload) == 0
    assert [stored async for stored in ground.store.list("")] == []
    assert ground.leftovers() == []


@pytest.mark.parametrize("name", ["", "upl_1", "../upl_1", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga"])
async def test_only_ids_of_uploads_reach_the_store(staging: Staging, name: str) -> None:
    with pytest.raises(ValueError, match="upl id"):
        await staging.offset(name)
    with pytest.raises(ValueError, match="upl id"):
        await staging.append(name, 0, stream(b"x"))
