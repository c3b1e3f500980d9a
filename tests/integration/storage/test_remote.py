"""What object storage does besides the contract, against a real S3 server and against bad ones."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from playhead.kit.ids import new_id
from playhead.kit.units import MIB
from playhead.storage import keys
from playhead.storage.errors import StoreFull, StoreUnavailable
from playhead.storage.open import open_store
from playhead.storage.remote import RemoteStore
from tests.fixtures.byte_streams import collect, stream
from tests.fixtures.ports import free_port
from tests.fixtures.s3 import S3Server

Answer = Callable[[str], bytes]


@pytest.fixture(autouse=True)
def credentials(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket(s3_server: S3Server) -> str:
    return s3_server.new_bucket()


@pytest.fixture
def store(s3_server: S3Server, bucket: str) -> RemoteStore:
    return _remote(s3_server.store_url(bucket, "pre/fix"))


@pytest.fixture
def key() -> str:
    return keys.original(new_id("vid"))


async def test_objects_lie_under_the_prefix(s3_server: S3Server, bucket: str, store: RemoteStore, key: str) -> None:
    await store.write(key, stream(b"bytes"))
    beside = _remote(s3_server.store_url(bucket, "other"))
    await beside.write(key, stream(b"other"))

    found = s3_server.client().list_objects_v2(Bucket=bucket)["Contents"]
    assert {entry["Key"] for entry in found} == {f"pre/fix/{key}", f"other/{key}"}
    assert [stored.key async for stored in store.list("")] == [key]
    await store.delete_prefix("videos/")
    assert await collect(beside.read(key)) == b"other"


async def test_a_presigned_url_gives_one_object_and_its_ranges(store: RemoteStore, key: str) -> None:
    await store.write(key, stream(b"0123456789"))
    url = await store.presign(key, expires_s=60)

    async with httpx2.AsyncClient(trust_env=False) as client:
        whole = await client.get(url)
        part = await client.get(url, headers={"Range": "bytes=2-4"})
        beyond = await client.get(url, headers={"Range": "bytes=10-"})
        other = await client.get(url.replace(key, keys.original(new_id("vid"))))
        bare = await client.get(url.partition("?")[0])
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert (part.status_code, part.content) == (206, b"234")
    assert beyond.status_code == 416
    assert other.status_code == 403
    assert bare.status_code == 403


@pytest.mark.parametrize("expires_s", [0, -1, 7 * 24 * 3600 + 1])
async def test_a_url_is_presigned_for_a_week_at_most(store: RemoteStore, key: str, expires_s: int) -> None:
    with pytest.raises(ValueError, match="presigned"):
        await store.presign(key, expires_s=expires_s)


async def test_a_missing_bucket_is_the_store_missing_not_the_object(s3_server: S3Server, key: str) -> None:
    store = _remote(s3_server.store_url("no-such-bucket"))

    with pytest.raises(StoreUnavailable, match="NoSuchBucket"):
        await store.check()
    with pytest.raises(StoreUnavailable):
        await store.write(key, stream(b"bytes"))
    with pytest.raises(StoreUnavailable):
        await collect(store.read(key))


async def test_wrong_credentials_are_said_without_showing_them(
    s3_server: S3Server, bucket: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    store = _remote(s3_server.store_url(bucket))

    with pytest.raises(StoreUnavailable, match="403") as refusal:
        await store.check()
    assert "hunter2" not in refusal.value.detail
    with pytest.raises(StoreUnavailable):
        await store.write(key, stream(b"bytes"))


async def test_a_local_copy_that_does_not_fit_leaves_nothing(store: RemoteStore, key: str, small_disk: Path) -> None:
    await store.write(key, stream(b"x" * 6 * MIB))

    with pytest.raises(StoreFull):
        async with store.local_copy(key, small_disk):
            pass
    assert list(small_disk.iterdir()) == []


async def test_a_local_copy_is_for_us_alone(store: RemoteStore, key: str, tmp_path: Path) -> None:
    await store.write(key, stream(b"bytes"))

    async with store.local_copy(key, tmp_path) as path:
        assert path.parent == tmp_path
        assert path.stat().st_mode & 0o777 == 0o600


async def test_a_thousand_objects_and_more_are_listed_and_deleted(store: RemoteStore) -> None:
    job = new_id("job")
    gate = asyncio.Semaphore(20)

    async def put(number: int) -> None:
        async with gate:
            await store.create(keys.job_part(job, str(number)), b"x")

    await asyncio.gather(*map(put, range(1100)))

    assert len([stored async for stored in store.list("")]) == 1100
    assert await store.delete_prefix(keys.job_prefix(job)) == 1100
    assert [stored async for stored in store.list("")] == []


async def test_a_store_that_is_down_is_unavailable_soon(key: str) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}"
    store = _remote(f"s3://bucket?endpoint={endpoint}&allow_http=true")

    with pytest.raises(StoreUnavailable) as refusal:
        await asyncio.wait_for(store.stat(key), 120)
    assert (refusal.value.status, refusal.value.retry, refusal.value.fault) == (503, "backoff", "destination")


async def test_a_body_that_ends_early_is_never_taken_for_the_object(key: str) -> None:
    short = _head("200 OK", 100) + b"only this"

    async with _server(lambda _: short) as endpoint:
        store = _remote(f"s3://bucket?endpoint={endpoint}&allow_http=true")
        with pytest.raises(StoreUnavailable):
            await asyncio.wait_for(collect(store.read(key)), 120)


async def test_a_range_answered_as_a_whole_is_refused(key: str) -> None:
    """rclone 1.75 answers a range with 200, a Content-Range and a part of the body."""
    wrong = _head("200 OK", 3, "Content-Range: bytes 2-4/10\r\n") + b"234"

    async with _server(lambda method: wrong if method == "GET" else _head("200 OK", 10)) as endpoint:
        store = _remote(f"s3://bucket?endpoint={endpoint}&allow_http=true")
        with pytest.raises(StoreUnavailable):
            await asyncio.wait_for(collect(store.read(key, 2, 5)), 120)


async def test_a_server_without_room_is_full(key: str) -> None:
    async with _server(lambda _: _head("507 Insufficient Storage", 0)) as endpoint:
        store = _remote(f"s3://bucket?endpoint={endpoint}&allow_http=true")
        with pytest.raises(StoreFull):
            await asyncio.wait_for(store.write(key, stream(b"bytes")), 120)


def test_a_process_may_end_right_after_its_last_call(s3_server: S3Server, bucket: str, key: str) -> None:
    """obstore 0.12 alone dies of SIGABRT here, in 2 of 12 runs when this was written."""
    program = (
        "import asyncio, sys\n"
        "from playhead.storage.open import open_store\n"
        "from playhead.storage.errors import ObjectNotFound\n"
        "async def main():\n"
        "    try: await open_store(sys.argv[1]).stat(sys.argv[2])\n"
        "    except ObjectNotFound: print('missing')\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, s3_server.store_url(bucket), key]

    for _ in range(8):
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (0, "missing\n")


def _remote(url: str) -> RemoteStore:
    store = open_store(url)
    assert isinstance(store, RemoteStore)
    return store


def _head(status: str, length: int, extra: str = "") -> bytes:
    fields = f'Content-Length: {length}\r\nETag: "etag"\r\nLast-Modified: Sun, 01 Mar 2026 12:00:00 GMT\r\n{extra}'
    return f"HTTP/1.1 {status}\r\n{fields}Connection: close\r\n\r\n".encode()


@asynccontextmanager
async def _server(answer: Answer) -> AsyncIterator[str]:
    """A server that gives the same answer to every request with a method, then hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(head.partition(b" ")[0].decode()))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
