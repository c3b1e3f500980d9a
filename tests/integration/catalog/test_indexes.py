"""The cache of indexes over real files: read once, shared by those who wait, bounded, made anew when damaged."""

import asyncio
import hashlib
import os
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from playhead.catalog import indexes as module
from playhead.catalog.indexes import Indexes
from playhead.kit.ids import new_id
from playhead.media.mp4.boxes import Mp4Unreadable, box, full_box
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import MemoryBytes
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.local import LocalStore
from playhead.storage.store import Store
from tests.fixtures.clips import make_clip
from tests.fixtures.mp4_files import plain_file


class RemoteStore:
    """A store that gives neither files nor URLs, and counts what it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reads: list[tuple[int, int]] = []

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        end = len(self.content) if end is None else min(end, len(self.content))
        self.reads.append((start, end))
        for at in range(start, end, 50_000):
            yield self.content[at : min(at + 50_000, end)]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An MP4 whose index comes last."""
    return make_clip(tmp_path_factory.mktemp("clip"), seconds=2, size=(160, 90)).read_bytes()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def told(movie: Movie) -> list[object]:
    """Enough of a movie to tell it from another."""
    return [
        [track.kind, track.timescale, track.edits, list(track.samples.dts), list(track.samples.offsets)]
        for track in movie.tracks
    ]


async def test_an_index_is_read_out_of_a_remote_store_in_few_requests(content: bytes, tmp_path: Path) -> None:
    store = RemoteStore(content)
    indexes = Indexes(cast(Store, store), tmp_path)

    movie = await indexes.movie("key", digest(content), len(content))

    assert told(movie) == told(read_movie(MemoryBytes(content)))
    assert len(store.reads) <= 3


async def test_a_local_file_is_read_in_place(content: bytes, tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store")
    key = keys.original(new_id("vid"))
    store.path(key).parent.mkdir(parents=True)
    store.path(key).write_bytes(content)

    movie = await Indexes(store, tmp_path / "indexes").movie(key, digest(content), len(content))

    assert told(movie) == told(read_movie(MemoryBytes(content)))


async def test_those_who_wait_share_one_read(content: bytes, tmp_path: Path) -> None:
    store = RemoteStore(content)
    indexes = Indexes(cast(Store, store), tmp_path)

    found = await asyncio.gather(*(indexes.movie("key", digest(content), len(content)) for _ in range(8)))

    assert len({id(movie) for movie in found}) == 1
    assert len(store.reads) <= 3


async def test_one_who_stops_waiting_does_not_stop_the_others(content: bytes, tmp_path: Path) -> None:
    indexes = Indexes(cast(Store, RemoteStore(content)), tmp_path)
    first = asyncio.create_task(indexes.movie("key", digest(content), len(content)))
    second = asyncio.create_task(indexes.movie("key", digest(content), len(content)))
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).video is not None


async def test_another_process_finds_the_file_and_asks_the_store_nothing(content: bytes, tmp_path: Path) -> None:
    await Indexes(cast(Store, RemoteStore(content)), tmp_path).movie("key", digest(content), len(content))
    store = RemoteStore(content)

    movie = await Indexes(cast(Store, store), tmp_path).movie("key", digest(content), len(content))

    assert told(movie) == told(read_movie(MemoryBytes(content)))
    assert store.reads == []


@pytest.mark.parametrize("damage", [b"", b"PHIX", b"junk" * 100])
async def test_a_damaged_file_is_made_anew(content: bytes, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / digest(content)).write_bytes(damage)
    indexes = Indexes(cast(Store, RemoteStore(content)), tmp_path)

    movie = await indexes.movie("key", digest(content), len(content))

    assert told(movie) == told(read_movie(MemoryBytes(content)))
    assert len((tmp_path / digest(content)).read_bytes()) > 1000


async def test_what_was_not_used_for_longest_goes_first(content: bytes, tmp_path: Path) -> None:
    hashes = [digest(bytes([number])) for number in range(4)]
    indexes = Indexes(cast(Store, RemoteStore(content)), tmp_path)
    await indexes.movie("key", hashes[0], len(content))
    size = (tmp_path / hashes[0]).stat().st_size
    for age, name in enumerate(hashes[:3]):
        await indexes.movie("key", name, len(content))
        os.utime(tmp_path / name, (1_000_000 + age, 1_000_000 + age))
    small = Indexes(cast(Store, RemoteStore(content)), tmp_path, max_bytes=int(2.5 * size))
    await small.movie("key", hashes[0], len(content))  # used again: now the youngest

    await small.movie("key", hashes[3], len(content))

    assert {path.name for path in tmp_path.iterdir()} == {hashes[0], hashes[3]}


async def test_a_folder_that_cannot_be_written_costs_time_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    indexes = Indexes(cast(Store, RemoteStore(content)), tmp_path / "file" / "indexes")

    assert (await indexes.movie("key", digest(content), len(content))).video is not None


async def test_what_is_no_mp4_is_refused_and_not_read_again(tmp_path: Path) -> None:
    store = RemoteStore(b"Dear diary, " * 1000)
    indexes = Indexes(cast(Store, store), tmp_path)
    for _ in range(2):
        with pytest.raises(Mp4Unreadable):
            await indexes.movie("key", "ab" * 32, len(store.content))

    assert len(store.reads) == 1


async def test_an_index_beyond_the_bound_is_refused(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SMALL", 1000)
    monkeypatch.setattr(module, "MAX_INDEX", 1000)

    with pytest.raises(Mp4Unreadable, match="larger than any that is read"):
        await Indexes(cast(Store, RemoteStore(content)), tmp_path).movie("key", digest(content), len(content))


async def test_a_missing_object_says_so(tmp_path: Path) -> None:
    indexes = Indexes(LocalStore(tmp_path / "store"), tmp_path / "indexes")

    with pytest.raises(ObjectNotFound):
        await indexes.movie(keys.original(new_id("vid")), "ab" * 32, 1000)


async def test_pieces_of_an_original_are_read_by_place(content: bytes, tmp_path: Path) -> None:
    read = Indexes(cast(Store, RemoteStore(content)), tmp_path).reader("key")

    assert await read(100, 60_000) == content[100:60_100]


@pytest.mark.parametrize("remote", [True, False])
async def test_a_large_index_is_read_by_another_process(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: bool
) -> None:
    """Of a remote store its boxes are copied to where they were, with a hole in place of the media."""
    monkeypatch.setattr(module, "SMALL_SAMPLES", 10)
    key = keys.original(new_id("vid"))
    store = RemoteStore(content) if remote else LocalStore(tmp_path / "store")
    if isinstance(store, LocalStore):
        store.path(key).parent.mkdir(parents=True)
        store.path(key).write_bytes(content)

    found = await Indexes(cast(Store, store), tmp_path / "indexes").movie(key, digest(content), len(content))

    assert told(found) == told(read_movie(MemoryBytes(content)))
    assert [path.name for path in (tmp_path / "indexes").iterdir()] == [digest(content)]


async def test_an_index_that_unfolds_without_end_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    """A run of fixed sizes and durations needs no bytes for its samples."""
    content = endless_fragment(12_000_000)
    store = RemoteStore(content)
    indexes = Indexes(cast(Store, store), tmp_path)

    with pytest.raises(Mp4Unreadable, match="more than are read"):
        await indexes.movie(keys.original(new_id("vid")), digest(content), len(content))

    assert list(tmp_path.iterdir()) == []


def endless_fragment(samples: int) -> bytes:
    """An MP4 of one fragment that claims so many samples of one byte each."""
    whole = plain_file()
    moov = whole[whole.index(b"moov") - 4 :][: int.from_bytes(whole[whole.index(b"moov") - 4 :][:4], "big")]
    trex = full_box(b"trex", 0, 0, struct.pack(">5I", 1, 1, 512, 1, 0))
    tfhd = full_box(b"tfhd", 0, 0x20000, struct.pack(">I", 1))
    traf = box(b"traf", tfhd, full_box(b"trun", 0, 0, struct.pack(">I", samples)))
    return b"".join((box(b"moov", moov[8:], box(b"mvex", trex)), box(b"moof", traf), box(b"mdat", bytes(4096))))
