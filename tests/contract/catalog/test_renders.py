"""The cache of rendered pieces, on each kind of database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from playhead.catalog.renders import Renders
from playhead.catalog.tables import RenderRow
from playhead.db.database import Database
from playhead.storage import keys
from playhead.storage.errors import StoreFull
from playhead.storage.local import LocalStore
from playhead.storage.store import Written

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
DIGESTS = [letter * 64 for letter in "abcd"]


class Shelf:
    """The cache at any moment.

    Args:
        folder: Of the store; pieces are written beside it.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.store = LocalStore(folder / "store")

    def at(self, days_ago: float) -> Renders:
        """The cache so many days ago."""
        return Renders(self.database, self.store, lambda: NOW - timedelta(days=days_ago))

    async def put(self, digest: str, *, size: int = 10, days_ago: float = 0) -> None:
        """Keep a piece that was last used then."""
        piece = self.folder / "piece"
        piece.write_bytes(b"x" * size)
        await self.at(days_ago).keep(digest, piece)

    async def left(self, digests: Iterable[str] = DIGESTS) -> str:
        """The letters of those that have a row; each has its bytes, and no other has any."""
        async with self.database.read() as session:
            rows = set(await session.scalars(select(RenderRow.digest)))
        stored = {found.key async for found in self.store.list(keys.RENDERS)}
        assert stored == {keys.render(digest) for digest in rows}
        return "".join(sorted(digest[0] for digest in rows))


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    """An empty cache."""
    return Shelf(database, tmp_path)


async def test_a_kept_piece_is_held_until_it_is_forgotten(shelf: Shelf) -> None:
    renders = shelf.at(0)
    assert await renders.held(DIGESTS) == set()
    await shelf.put(DIGESTS[0])
    await shelf.put(DIGESTS[0], size=10)

    assert await renders.held(DIGESTS) == {DIGESTS[0]}
    await renders.forget(DIGESTS)
    assert await renders.held(DIGESTS) == set()


async def test_a_piece_counts_only_when_its_bytes_are_there(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(self: LocalStore, key: str, source: Path) -> Written:
        raise StoreFull("No room.")

    monkeypatch.setattr(LocalStore, "write_file", full)
    with pytest.raises(StoreFull):
        await shelf.put(DIGESTS[0])

    assert await shelf.at(0).held(DIGESTS) == set()


@pytest.mark.parametrize(
    ("max_bytes", "max_age_days", "left"),
    [
        (100, 14, "abc"),
        (100, 7, "ab"),
        (20, 14, "ab"),
        (10, 14, "a"),
        (0, 14, "a"),
        (0, 0, "a"),
    ],
)
async def test_the_longest_unused_go_first_and_what_was_used_today_stays(
    shelf: Shelf, max_bytes: int, max_age_days: int, left: str
) -> None:
    """Ages of half a day, two, ten and thirty days, ten bytes each."""
    for digest, days in zip(DIGESTS, (0.5, 2, 10, 30), strict=True):
        await shelf.put(digest, days_ago=days)
    removed = await shelf.at(0).sweep(max_bytes=max_bytes, max_age=timedelta(days=max_age_days))

    assert await shelf.left() == left
    assert removed == 4 - len(left)


async def test_a_use_makes_a_piece_young_again(shelf: Shelf) -> None:
    await shelf.put(DIGESTS[0], days_ago=30)
    await shelf.at(0.5).held(DIGESTS)
    await shelf.at(0).sweep(max_bytes=0, max_age=timedelta(0))

    assert await shelf.left() == "a"


async def test_what_was_never_finished_goes_after_a_day(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(self: LocalStore, key: str, source: Path) -> Written:
        raise StoreFull("No room.")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "write_file", full)
        with pytest.raises(StoreFull):
            await shelf.put(DIGESTS[0], days_ago=2)
    await shelf.at(0).sweep(max_bytes=100, max_age=timedelta(days=14))

    assert await shelf.left() == ""
