"""Free space first: the trash, then the oldest that nothing holds, no more than is needed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.catalog.seams import MakeRoom
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.outbox.tables import EventRow
from playhead.retention.space import SpaceKeeper
from playhead.storage.local import LocalStore
from tests.contract.retention.test_runs import RETENTION_API, aged, plan, recording, titles
from tests.fixtures.site import Site, open_site

ShrinkDisk = Callable[[int], None]


async def test_the_trash_goes_first_then_the_oldest(site: Site, small_disk: ShrinkDisk) -> None:
    """Only as much as is needed, never what is held, and each with its bytes; it is recorded and reported."""
    names = ("oldest", "kept", "older", "young", "youngest", "last")
    videos = {name: await aged(site, name, 9 - number) for number, name in enumerate(names)}
    trashed = [await aged(site, f"trashed {number}", 1) for number in range(2)]
    for video in trashed:
        await site.ann.client.delete(f"/api/v1/videos/{video}", params={"trash": "true"})
    await site.ann.client.patch(f"/api/v1/videos/{videos['kept']}", json={"keep": True})
    small_disk(8_500)  # 8 videos of 1,000 bytes are on it

    first = await site.get(MakeRoom).make_room(1_000)
    second = await site.get(MakeRoom).make_room(4_000)

    assert (first.freed_bytes, first.free_bytes, first.enough) == (1000, 1500, True)
    assert (second.freed_bytes, second.free_bytes, second.enough) == (3000, 4500, True)
    assert await titles(site) == {"kept", "young", "youngest", "last"}
    assert (await site.ann.client.get("/api/v1/trash")).json()["items"] == []
    history = (await site.ann.client.get(f"{RETENTION_API}/history")).json()["items"]
    deleted = [(one["title"], one["actor"]) for one in history if one["action"] == "deleted"]
    assert deleted == [(name, "retention") for name in ("older", "oldest", "trashed 1", "trashed 0")]
    runs = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert [(run["cause"], run["state"], run["removed"]) for run in runs] == [
        ("space", "done", 3),
        ("space", "done", 1),
    ]
    async with site.get(Database).read() as session:
        events = list(await session.scalars(select(EventRow).where(EventRow.type == "disk.low")))
    assert len(events) == 1  # an hour of them is one


async def test_running_recordings_keep_an_hour_of_headroom(site: Site, small_disk: ShrinkDisk) -> None:
    """At the bit rate that they have now, all of them together; those that ended do not count."""
    *_, young = [await aged(site, f"{days} days", days) for days in (3, 2, 1)]
    async with site.get(Database).write() as session:
        session.add(recording(site, None, "recording", bytes_per_s=0.25))
        session.add(recording(site, None, "recording", bytes_per_s=0.05))
        session.add(recording(site, None, "errored", bytes_per_s=9.0))
    small_disk(4_000)

    state = (await site.ann.client.get(RETENTION_API)).json()
    planned = await plan(site)
    await site.ann.client.delete(f"/api/v1/videos/{young}", params={"trash": "true"})
    assert (await plan(site))["remove"] == []  # the trash is enough
    await site.ann.client.post(f"/api/v1/trash/{young}/restore")
    freed = await site.get(SpaceKeeper).sweep()

    assert (state["free_bytes"], state["floor_bytes"]) == (1000, 1080)
    assert [(one["title"], one["rule"]) for one in planned["remove"]] == [("3 days", "space")]
    assert (freed, await titles(site)) == (1000, {"2 days", "1 days"})
    assert await site.get(SpaceKeeper).sweep() == 0


async def test_more_than_half_of_the_library_does_not_go_by_itself(site: Site, small_disk: ShrinkDisk) -> None:
    """The floor is out of reach: nothing is deleted but the trash, and a person hears of it once."""
    for days in (3, 2, 1):
        await aged(site, f"{days} days", days)
    small_disk(3_100)

    rooms = [await site.get(MakeRoom).make_room(2_500) for _ in range(2)]

    assert {(room.freed_bytes, room.enough) for room in rooms} == {(0, False)}
    assert "More than half of the library would have to go; 100 bytes of 2.5 kB are free." in rooms[0].detail
    assert len(await titles(site)) == 3
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert (run["cause"], run["state"]) == ("space", "stopped")


async def test_what_is_held_is_not_taken_even_when_the_disk_is_full(site: Site, small_disk: ShrinkDisk) -> None:
    held = await aged(site, "held", 3)
    await site.ann.client.patch(f"/api/v1/videos/{held}", json={"keep": True})
    small_disk(1_000)

    room = await site.get(MakeRoom).make_room(500)

    assert (room.freed_bytes, room.enough) == (0, False)
    assert "What is left is held" in room.detail
    assert await titles(site) == {"held"}


async def test_callers_take_turns(site: Site, small_disk: ShrinkDisk) -> None:
    """Several workers find the disk low at once: together they delete what one of them would."""
    for days in range(8, 0, -1):
        await aged(site, f"{days} days", days)
    small_disk(8_000)

    rooms = await asyncio.gather(*(site.get(MakeRoom).make_room(1_500) for _ in range(4)))

    assert sorted(room.freed_bytes for room in rooms) == [0, 0, 0, 2000]
    assert len(await titles(site)) == 6


async def test_without_headroom_nothing_is_deleted_for_recordings(
    tmp_path: Path, migrated_url: str, small_disk: ShrinkDisk
) -> None:
    """They end when the disk is full; the floor that the operator has set still holds."""
    async with open_site(tmp_path, migrated_url, recording_headroom=timedelta(0), min_free=1500) as site:
        for days in (4, 3, 2, 1):
            await aged(site, f"{days} days", days)
        small_disk(5_500)

        rooms = [await site.get(MakeRoom).make_room(4_000)]
        small_disk(5_000)
        rooms.append(await site.get(MakeRoom).make_room(4_000))

        assert [(room.freed_bytes, room.free_bytes, room.enough) for room in rooms] == [
            (0, 1500, False),
            (1000, 2000, False),
        ]


async def test_a_remote_store_has_no_room_to_make(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no free space to speak of: policies alone delete."""
    await aged(site, "old", 9)

    def none(_: LocalStore) -> Any:
        return None

    monkeypatch.setattr(LocalStore, "free_bytes", none)

    room = await site.get(MakeRoom).make_room(10**12)

    assert (room.free_bytes, room.freed_bytes, room.enough) == (None, 0, False)
    assert (await site.ann.client.get(RETENTION_API)).json()["free_bytes"] is None
    assert await titles(site) == {"old"}


async def test_bytes_that_the_store_keeps_are_reported(site: Site, small_disk: ShrinkDisk) -> None:
    """Deletions that have not been carried out are counted where an admin looks."""
    from playhead.catalog.tables import PendingDeletionRow

    async with site.get(Database).write() as session:
        then = utc_now() - timedelta(hours=1)
        session.add(PendingDeletionRow(prefix="videos/gone/", created_at=then, attempts=3))
        later = utc_now() + timedelta(hours=1)
        session.add(PendingDeletionRow(prefix="videos/coming/", created_at=later, attempts=0))

    found = (await site.ann.client.get(RETENTION_API)).json()["pending"]

    assert (found["count"], found["failed"]) == (1, 1)
