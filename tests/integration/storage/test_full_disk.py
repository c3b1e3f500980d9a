"""A disk that fills up is said so, and nothing of the failed write stays on it."""

from pathlib import Path

import pytest

from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import StoreFull
from playhead.storage.local import LocalStore
from playhead.storage.local_staging import LocalStaging
from tests.fixtures.byte_streams import collect, sha256, stream

TOO_MUCH = [bytes([number]) * MIB for number in range(6)]


@pytest.fixture
def store(small_disk: Path) -> LocalStore:
    return LocalStore(small_disk / "store")


@pytest.fixture
def key() -> str:
    return keys.original(new_id("vid"))


async def test_a_write_that_does_not_fit_leaves_nothing(store: LocalStore, key: str) -> None:
    with pytest.raises(StoreFull, match="No room is left") as refusal:
        await store.write(key, stream(*TOO_MUCH))

    assert (refusal.value.status, refusal.value.retry, refusal.value.code) == (507, "never", "store_full")
    assert refusal.value.hint is not None
    assert [path for path in store.root.rglob("*") if path.is_file()] == []
    await store.write(key, stream(*TOO_MUCH[:3]))
    assert await collect(store.read(key)) == b"".join(TOO_MUCH[:3])


@pytest.mark.parametrize("held", [0, 1])
async def test_an_upload_that_does_not_fit_keeps_its_old_offset(store: LocalStore, key: str, held: int) -> None:
    staging = LocalStaging(store)
    upload = new_id("upl")
    await staging.append(upload, 0, stream(*TOO_MUCH[:held]))

    with pytest.raises(StoreFull):
        await staging.append(upload, held * MIB, stream(*TOO_MUCH[held:]))

    assert await staging.offset(upload) == held * MIB
    await staging.append(upload, held * MIB, stream(*TOO_MUCH[held:3]))
    assert (await staging.finish(upload, key)).sha256 == sha256(b"".join(TOO_MUCH[:3]))
