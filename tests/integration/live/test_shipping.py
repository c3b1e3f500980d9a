"""Shipping to a real S3 server: a dead host costs an interval, and an outage costs nothing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from playhead.errors import PlayheadError
from playhead.kit.ids import new_id
from playhead.live import shipping as shipping_module
from playhead.live.parts import PartManifest, parts_in
from playhead.live.shipping import Shipping, whole_size
from playhead.storage.open import open_store
from playhead.storage.store import Store
from tests.fixtures.live_files import growing_content
from tests.fixtures.s3 import S3Server, restartable_server

RECORDING = new_id("rec")


@dataclass
class Hosts:
    """Two hosts with the same store; each has a disk of its own."""

    store: Store
    folder: Path

    def shipping(self, name: str) -> Shipping:
        return Shipping(self.store, self.folder / name, interval_s=0.05)

    def disk(self, name: str) -> Path:
        folder = self.folder / name / RECORDING
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@pytest.fixture
def hosts(s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return Hosts(open_store(s3_server.store_url(s3_server.new_bucket())), tmp_path)


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


async def test_beside_a_recording_it_restores_what_another_host_knew_and_ships_the_rest(hosts: Hosts) -> None:
    """The manifests are there before the block begins; the rest of what it records is in the store after it."""
    content = growing_content(seconds=2)
    path = begin(hosts.disk("a"), sequence=7)
    path.write_bytes(content)
    await hosts.shipping("a").ship(RECORDING)

    async with hosts.shipping("b").alongside(RECORDING):
        assert [PartManifest.read(each).sequence for each in hosts.disk("b").glob("*.json")] == [7]
        begin(hosts.disk("b"), sequence=8).write_bytes(content)

    found = await hosts.shipping("c").parts_of(RECORDING)
    assert [(part.manifest.sequence, part.size_bytes) for part in found] == [(7, len(content)), (8, len(content))]


async def test_a_store_that_is_away_stops_nothing_and_gets_everything_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s3").mkdir()
    with restartable_server(tmp_path / "s3") as running:
        for name, value in running.server.environment.items():
            monkeypatch.setenv(name, value)
        store = open_store(running.server.store_url(running.server.new_bucket()))
        hosts = Hosts(store, tmp_path)
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
