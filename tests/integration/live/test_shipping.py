"""Shipping to a real S3 server: a dead host costs an interval, and an outage costs nothing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from playhead.catalog.deletions import Deletions
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.kit.ids import new_id
from playhead.live import shipping as shipping_module
from playhead.live.parts import PartManifest, parts_in
from playhead.live.shipping import Shipping, whole_size
from playhead.storage import keys
from playhead.storage.open import open_store
from playhead.storage.store import Store
from tests.fixtures.live_files import growing_content
from tests.fixtures.s3 import S3Server, restartable_server

RECORDING = new_id("rec")


@dataclass
class Hosts:
    """Two hosts with the same store and database; each has a disk of its own."""

    store: Store
    database: Database
    folder: Path

    def shipping(self, name: str) -> Shipping:
        return Shipping(self.store, Deletions(self.database, self.store), self.folder / name, interval_s=0.05)

    def disk(self, name: str) -> Path:
        folder = self.folder / name / RECORDING
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@pytest.fixture
async def hosts(s3_server: S3Server, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return Hosts(open_store(s3_server.store_url(s3_server.new_bucket())), database, tmp_path)


def begin(folder: Path, sequence: int = 1) -> Path:
    manifest = PartManifest(capture_id=new_id("cap"), clock="c", sequence=sequence)
    manifest.write(folder)
    return folder / f"{manifest.capture_id}.mp4"


async def test_another_host_goes_on_with_what_was_shipped(hosts: Hosts) -> None:
    """Only whole boxes are shipped, each byte once; the other host adds a part of its own, and any can finalise."""
    content = growing_content(seconds=4)
    path = begin(hosts.disk("a"))
    first, second = hosts.shipping("a"), hosts.shipping("b")

    shipped = 0
    for end in range(0, len(content) + 1, len(content) // 7):
        path.write_bytes(content[:end])
        shipped += await first.ship(RECORDING)
    assert shipped == whole_size(path) <= path.stat().st_size

    assert await second.restore(RECORDING, media=False) == 0
    assert parts_in(hosts.disk("b")) == []
    assert [each.name for each in hosts.disk("b").iterdir()] == [path.with_suffix(".json").name]
    assert await second.restore(RECORDING) == 1
    assert await second.restore(RECORDING) == 0
    other = begin(hosts.disk("b"), sequence=9)
    other.write_bytes(content)
    assert await second.ship(RECORDING) == len(content)

    assert await hosts.shipping("c").restore(RECORDING) == 2
    found = parts_in(hosts.disk("c"))
    assert [part.path.read_bytes() for part in found] == [content[:shipped], content]
    assert [part.manifest.sequence for part in found] == [1, 9]


async def test_a_host_that_comes_back_ships_on(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restart of the service: nothing is shipped twice, and large backlogs become several objects."""
    monkeypatch.setattr(shipping_module, "SPAN", 1000)
    content = growing_content(seconds=4)
    path = begin(hosts.disk("a"))
    half = next(whole_size_of(content[:end]) for end in range(len(content) // 2, len(content)))
    path.write_bytes(content[: len(content) // 2])
    assert await hosts.shipping("a").ship(RECORDING) == half

    path.write_bytes(content)
    assert await hosts.shipping("a").ship(RECORDING) == len(content) - half

    (part,) = await hosts.shipping("b").parts_of(RECORDING)
    assert len(part.spans) > 2
    assert [span.start for span in part.spans[1:]] == [span.end for span in part.spans[:-1]]
    assert part.size_bytes == len(content)


async def test_what_was_shipped_goes_with_the_recording(hosts: Hosts) -> None:
    begin(hosts.disk("a")).write_bytes(growing_content(seconds=1))
    shipping = hosts.shipping("a")
    await shipping.ship(RECORDING)

    async with hosts.database.write() as session:
        await shipping.forget_in(session, RECORDING)
    await Deletions(hosts.database, hosts.store).carry_out(keys.recording_prefix(RECORDING))

    assert await shipping.parts_of(RECORDING) == []


async def test_a_store_that_is_away_stops_nothing_and_gets_everything_later(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s3").mkdir()
    with restartable_server(tmp_path / "s3") as running:
        for name, value in running.server.environment.items():
            monkeypatch.setenv(name, value)
        store = open_store(running.server.store_url(running.server.new_bucket()))
        hosts = Hosts(store, database, tmp_path)
        content = growing_content(seconds=4)
        path = begin(hosts.disk("a"))
        path.write_bytes(content[: len(content) // 2])
        shipping = hosts.shipping("a")
        await shipping.ship(RECORDING)

        running.stop()
        path.write_bytes(content)
        with pytest.raises(PlayheadError):
            await shipping.ship(RECORDING)
        following = asyncio.create_task(shipping.follow(RECORDING))
        running.start()
        await shipping.finish(RECORDING)
        following.cancel()

        assert (await hosts.shipping("b").parts_of(RECORDING))[0].size_bytes == len(content)


def whole_size_of(content: bytes) -> int:
    at = 0
    while at + 8 <= len(content) and at + int.from_bytes(content[at : at + 4], "big") <= len(content):
        at += int.from_bytes(content[at : at + 4], "big")
    return at
