"""Who is told to send a file, in each mode and from each kind of store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from starlette.responses import Response

from playhead.delivery.bodies.body import entity_of
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.selection import select
from playhead.delivery.transfers.offload import ACCEL_LIFE_S, Mode, Offload
from playhead.delivery.transfers.sources import Sources
from playhead.storage.local import LocalStore
from playhead.storage.store import Store
from tests.fixtures.media_site import media_file

ROW = media_file("videos/x/original", 100, "ab" * 32, "video/mp4", "a.mp4", datetime(2024, 1, 1, tzinfo=UTC))


class SigningStore:
    """Signs, and counts; every other call would be an AttributeError."""

    def __init__(self) -> None:
        self.signed: list[int] = []

    async def presign(self, key: str, *, expires_s: int) -> str:
        self.signed.append(expires_s)
        return f"https://bucket.example/{key}?number={len(self.signed)}"


async def handed_over(
    store: object, mode: Mode, *, method: str = "GET", times: int = 1, **request: bytes
) -> Response | None:
    offload = Offload(cast(Store, store), mode, clock=lambda: 1.8e9)
    fields = {name.replace("_", "-").encode(): value for name, value in request.items()}
    answer: Response | None = None
    for _ in range(times):
        answer = await offload.respond(
            select(method, fields, entity_of(ROW), now=1.8e9),
            ROW,
            method=method,
            fields=fields,
            sources=Sources(cast(Store, store)),
            headers={"Cache-Control": "private", "Content-Disposition": "inline"},
            life_s=3600,
        )
    return answer


@pytest.fixture
def local(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path)
    path = store.path(ROW.key)
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(100))
    return store


@pytest.mark.parametrize("mode", ["redirect", "proxy"])
async def test_a_local_file_is_sent_from_here(local: LocalStore, mode: Mode) -> None:
    assert await handed_over(local, mode) is None


async def test_a_proxied_object_is_sent_from_here() -> None:
    store = SigningStore()

    assert await handed_over(store, "proxy") is None
    assert store.signed == []


async def test_a_player_that_seeks_is_sent_to_the_same_url() -> None:
    store = SigningStore()
    answer = await handed_over(store, "redirect", times=3, range=b"bytes=5-9")

    assert answer is not None
    assert (answer.status_code, len(store.signed)) == (307, 1)


async def test_nginx_finds_a_local_file_by_its_key(local: LocalStore) -> None:
    answer = await handed_over(local, "accel", range=b"bytes=5-9")

    assert answer is not None
    assert answer.headers["x-accel-redirect"] == "/_playhead/store/videos/x/original"
    assert answer.headers["x-playhead-cache-control"] == "private"
    assert {"content-length", "content-range", "cache-control"}.isdisjoint(answer.headers)


async def test_a_local_file_that_is_gone_is_not_left_to_nginx(local: LocalStore) -> None:
    local.path(ROW.key).unlink()

    with pytest.raises(MediaNotFound):
        await handed_over(local, "accel")


async def test_nginx_asks_a_store_for_the_range_as_we_read_it() -> None:
    store = SigningStore()
    answer = await handed_over(store, "accel", range=b"bytes=-5")

    assert answer is not None
    assert answer.headers["x-accel-redirect"] == "/_playhead/remote/videos/x/original?number=1"
    assert answer.headers["x-playhead-range"] == "bytes=95-99"
    assert store.signed == [ACCEL_LIFE_S]


@pytest.mark.parametrize(
    "request_",
    [{"method": "HEAD"}, {"if_none_match": b"*"}, {"range": b"bytes=0-1,5-6"}],
    ids=["HEAD", "304", "several"],
)
async def test_what_nginx_could_not_answer_right_is_answered_here(request_: dict[str, str]) -> None:
    assert await handed_over(SigningStore(), "accel", **request_) is None  # type: ignore[arg-type]


async def test_a_condition_that_nginx_would_judge_otherwise_keeps_the_file_here(local: LocalStore) -> None:
    assert await handed_over(local, "accel", if_match=b"*") is None
