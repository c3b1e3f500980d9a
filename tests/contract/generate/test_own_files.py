"""Input images of the local provider: out of the store, so that a fresh machine needs no public address."""

from collections.abc import AsyncIterator
from pathlib import Path

from playhead.generate.own_files import own_client
from playhead.storage import keys
from playhead.storage.local import LocalStore


async def test_the_client_reads_the_store_and_nothing_else_by_that_scheme(tmp_path: Path) -> None:
    """200 with the bytes and their length; 404 for what is not there, and for what is no key."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"image"

    store = LocalStore(tmp_path / "store")
    key = keys.image("img_01k3q9h2v7e8t9m5x0c4d6f8ga")
    await store.write(key, chunks())
    (tmp_path / "secret").write_text("secret")

    async with own_client(store, timeout_s=5) as client:
        found = await client.get(f"store://{key}")
        missing = await client.get("store://images/img_01k3q9h2v7e8t9m5x0c4d6f8gb/original")
        outside = await client.get("store://images/../../secret")

    assert (found.status_code, found.content, found.headers["content-length"]) == (200, b"image", "5")
    assert (missing.status_code, outside.status_code) == (404, 404)
