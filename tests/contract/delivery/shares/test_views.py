"""Counting viewers: once each, however many come, with few writes that are never lost."""

import asyncio

import pytest
from sqlalchemy import select

from playhead.db.database import Database, DatabaseUnavailable
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.shares.views import MAX_VIEWERS, SESSION_S, ViewCounter
from tests.contract.delivery.shares.sharing import share
from tests.fixtures.site import Site


class Hours:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def written(site: Site, share_id: str) -> int:
    """What the database knows."""
    async with site.get(Database).read() as session:
        return await session.scalar(select(ShareRow.views).where(ShareRow.id == share_id)) or 0


async def test_a_viewer_counts_again_after_six_hours(site: Site, video: str) -> None:
    made, clock = (await share(site.ann, video))["id"], Hours()
    views = ViewCounter(site.get(Database), clock)
    for now_s in (0, 10, SESSION_S - 1, SESSION_S):
        clock.now_s = now_s
        views.saw(made, "203.0.113.7", "a browser")
    views.saw(made, "203.0.113.8", "a browser")

    assert (views.unwritten(made), await written(site, made)) == (3, 0)
    await views.settle()
    assert (views.unwritten(made), await written(site, made)) == (0, 3)


async def test_a_crowd_is_written_at_once_and_remembered_within_bounds(site: Site, video: str) -> None:
    """One statement for each share, not for each viewer."""
    made = (await share(site.ann, video))["id"]
    views = ViewCounter(site.get(Database))
    for number in range(MAX_VIEWERS + 5):
        views.saw(made, str(number))

    await views.settle()

    assert await written(site, made) == MAX_VIEWERS + 5


async def test_what_could_not_be_written_waits(site: Site, video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away for a moment; nothing is lost and nothing fails."""
    made = (await share(site.ann, video))["id"]
    views = ViewCounter(site.get(Database))
    views.saw(made, "one")

    def away() -> None:
        raise DatabaseUnavailable("The database did not answer this request.")

    with monkeypatch.context() as patch:
        patch.setattr(site.get(Database), "write", away)
        await views.settle()
        assert views.unwritten(made) == 1
    await views.settle()

    assert await written(site, made) == 1


async def test_two_processes_add_up(site: Site, video: str) -> None:
    made = (await share(site.ann, video))["id"]
    counters = [ViewCounter(site.get(Database)) for _ in range(4)]
    for counter in counters:
        counter.saw(made, "one")
        counter.saw(made, "two")

    await asyncio.gather(*(counter.settle() for counter in counters))

    assert await written(site, made) == 8
