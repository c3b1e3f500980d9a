"""A newer request takes an upload over from an older one, in this process or in another, with every byte kept."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest

from playhead.app.api import create_app
from playhead.app.domains import open_services
from playhead.catalog.tables import UploadRow
from playhead.catalog.uploads import leases
from playhead.catalog.uploads.uploads import Uploads
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.settings import Settings
from tests.contract.catalog.test_tus import PART, TUS, create
from tests.fixtures.site import Site

Client = httpx2.AsyncClient

ONCE = {"Idempotency-Key": "once"}


class DeadLine:
    """The body of a request whose client sends some bytes and is never heard of again."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.is_waiting = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), 64 << 10):
            yield self._data[start : start + (64 << 10)]
        self.is_waiting.set()
        await asyncio.Event().wait()


@asynccontextmanager
async def other_process(site: Site) -> AsyncIterator[Client]:
    """Ann's client of a second server over the same database and store."""
    services = open_services(site.get(Settings))
    transport = httpx2.ASGITransport(app=create_app(services), raise_app_exceptions=False)
    async with Client(transport=transport, base_url="http://other.test", headers=site.ann.client.headers) as client:
        yield client
    await services.close()


async def send(client: Client, url: str, offset: int, data: bytes | DeadLine) -> httpx2.Response:
    """PATCH."""
    return await client.patch(url, content=data, headers=PART | {"Upload-Offset": str(offset)})


async def stall(client: Client, url: str, offset: int, data: bytes) -> "asyncio.Task[httpx2.Response]":
    """Begin a request whose line goes dead behind some bytes."""
    line = DeadLine(data)
    sending = asyncio.create_task(send(client, url, offset, line))
    await asyncio.wait_for(line.is_waiting.wait(), 120)
    return sending


async def test_head_ends_the_request_before_and_tells_the_truth(site: Site) -> None:
    """All bytes that came on the dead line count; the old request hears why it ended, and the new one goes on."""
    url = (await create(site.ann, 10)).headers["location"]
    old = await stall(site.ann.client, url, 0, b"012345")

    asked = await site.ann.client.head(url, headers=TUS)
    ended = await old
    last = await send(site.ann.client, url, 6, b"6789")

    assert (asked.status_code, asked.headers["upload-offset"]) == (200, "6")
    assert (ended.status_code, ended.json()["code"]) == (400, "upload_taken_over")
    assert (last.status_code, last.headers["upload-offset"]) == (204, "10")


async def test_patch_and_delete_take_over_as_well(site: Site) -> None:
    """A client that knows its offset need not ask; one that gives up need not wait."""
    url = (await create(site.ann, 10)).headers["location"]
    first = await stall(site.ann.client, url, 0, b"0123")
    second = await stall(site.ann.client, url, 4, b"45")

    assert (await first).status_code == 400
    assert (await site.ann.client.delete(url, headers=TUS)).status_code == 204
    assert (await second).status_code == 400


async def test_a_stranger_takes_nothing_over(site: Site) -> None:
    """404, and the writer goes on."""
    url = (await create(site.ann, 10)).headers["location"]
    old = await stall(site.ann.client, url, 0, b"0123")

    strangers = await site.bob.client.head(url, headers=TUS)
    await asyncio.sleep(0)

    assert strangers.status_code == 404
    assert not old.done()
    await site.ann.client.delete(url, headers=TUS)
    await old


async def test_an_upload_that_is_being_written_does_not_expire(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long one request takes; the sweep leaves it, and a new request goes on."""
    monkeypatch.setattr(leases, "LEASE_TIME", timedelta(minutes=1))  # a busy disk may hold a renewal up for seconds
    url = (await create(site.ann, 10)).headers["location"]
    old = await stall(site.ann.client, url, 0, b"012345")
    async with site.get(Database).write() as session:
        row = await session.get(UploadRow, url.rpartition("/")[2])
        assert row is not None
        row.expires_at = utc_now() - timedelta(hours=1)

    swept = await site.get(Uploads).sweep()
    asked = await site.ann.client.head(url, headers=TUS)

    assert (swept, asked.status_code, asked.headers.get("upload-offset")) == (0, 200, "6")
    await old


async def test_a_creation_whose_line_went_dead_goes_on_when_it_is_repeated(site: Site) -> None:
    """Under one ``Idempotency-Key``: the second answer names the upload of the first, with the bytes that came."""
    line, headers = DeadLine(b"012345"), PART | ONCE | {"Upload-Length": "10", "Content-Length": "10"}
    old = asyncio.create_task(site.ann.client.post("/api/v1/uploads", content=line, headers=headers))
    await asyncio.wait_for(line.is_waiting.wait(), 120)

    again = await site.ann.client.post("/api/v1/uploads", content=b"0123456789", headers=headers)
    url = again.headers["location"]
    asked = await site.ann.client.head(url, headers=TUS)
    await old
    last = await send(site.ann.client, url, 6, b"6789")
    third = await site.ann.client.post("/api/v1/uploads", content=b"0123456789", headers=headers)

    assert (again.headers.get("idempotent-replayed"), asked.headers.get("upload-offset")) == ("true", "6")
    assert (last.status_code, third.headers["location"]) == (204, url)


async def test_takeovers_between_processes_neither_lose_nor_double_a_byte(site: Site) -> None:
    """At random places, by random servers, with bytes of the old request still on their way; the hash is right."""
    chance = random.Random(7)
    whole = chance.randbytes(3_000_000)
    url = (await create(site.ann, len(whole))).headers["location"]
    stalled: list[asyncio.Task[httpx2.Response]] = []
    async with other_process(site) as other:
        offset = 0
        for _ in range(6):
            data = whole[offset : offset + chance.randrange(500_000)]
            stalled.append(await stall(chance.choice([site.ann.client, other]), url, offset, data))
            asked = await chance.choice([site.ann.client, other]).head(url, headers=TUS)
            assert int(asked.headers["upload-offset"]) == offset + len(data)
            offset += len(data)
        done = await send(other, url, offset, whole[offset:])
        assert {(await task).status_code for task in stalled} == {400}
    video = (await site.ann.client.get(f"/api/v1/videos/{done.headers['playhead-video']}")).json()
    assert (video["sha256"], video["size_bytes"]) == (hashlib.sha256(whole).hexdigest(), len(whole))


@pytest.mark.parametrize(("until_s", "status"), [(-1, 204), (60, 423)])
async def test_a_writer_that_died_is_in_nobodys_way_once_its_lease_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch, until_s: int, status: int
) -> None:
    """Until then the refusal says to try again; the bytes are not touched."""
    monkeypatch.setattr("playhead.catalog.uploads.leases.PATIENCE_S", 0.0)
    url = (await create(site.ann, 10)).headers["location"]
    async with site.get(Database).write() as session:
        row = await session.get(UploadRow, url.rpartition("/")[2])
        assert row is not None
        row.writer, row.writer_until = "died", utc_now() + timedelta(seconds=until_s)

    answer = await send(site.ann.client, url, 0, b"0123")

    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (status == 423)
