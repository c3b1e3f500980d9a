"""Starts and stops of recordings: by hand once, by the schedule as it opens and closes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from playhead.db.database import Database
from playhead.live.channels import Channels
from playhead.live.recordings import Recordings
from playhead.live.starts import Starts
from playhead.live.tables import RecordingRow
from tests.contract.live.test_channels import CAMERA, add, go_live
from tests.fixtures.site import Site

FRIDAY = datetime(2026, 7, 3, 21, 0, tzinfo=UTC)
EVENINGS = [{"weekdays": ["fri"], "start": "20:00", "end": "22:00"}]


def starts(site: Site, at: datetime) -> Starts:
    """The use case at a time."""
    return Starts(
        site.get(Database),
        site.get(Channels),
        Recordings(site.get(Database), site.get(Recordings)._jobs, lambda: at),
        allow_private=True,
        clock=lambda: at,
    )


async def start(site: Site, channel: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Press record."""
    answer = await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/start", json=more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def end(site: Site, at: datetime, **facts: Any) -> None:
    """End all recordings, as their jobs do."""
    async with site.get(Database).write() as session:
        await session.execute(update(RecordingRow).values(state="ready", ended_at=at, updated_at=at, **facts))


async def rows(site: Site) -> list[RecordingRow]:
    """All recordings, oldest first."""
    async with site.get(Database).read() as session:
        return list(await session.scalars(select(RecordingRow).order_by(RecordingRow.id)))


async def test_to_start_twice_is_one_recording_of_each_quality(site: Site) -> None:
    """Also at the same time."""
    channel = await add(site, qualities=["best", "480p"])
    answers = await asyncio.gather(*(start(site, channel) for _ in range(4)))

    assert {recording["id"] for found in answers for recording in found} == {row.id for row in await rows(site)}
    assert sorted(row.quality for row in await rows(site)) == ["480p", "best"]
    assert {row.title.rpartition(" ")[2] for row in await rows(site)} == {"(best)", "(480p)"}


async def test_a_broadcast_can_be_recorded_again_after_a_stop(site: Site) -> None:
    """The second recording stands by itself; to stop is to stop all of a channel."""
    channel = await add(site)
    broadcast_id = await go_live(site, channel)
    (first,) = await start(site, channel)
    stopped = await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/stop")
    (second,) = await start(site, channel)

    assert [each["stop_reason"] for each in stopped.json()["items"]] == ["requested"]
    assert (first["broadcast_id"], second["broadcast_id"]) == (broadcast_id, None)
    assert first["id"] != second["id"]
    assert second["title"] == first["title"] == "ann - Talk"


async def test_a_live_channel_is_recorded_while_its_schedule_is_open(site: Site) -> None:
    """It opens in the middle of a broadcast, closes, and opens again a week later; by hand it goes on."""
    channel = await add(site, schedule=EVENINGS)
    await go_live(site, channel)
    before = await starts(site, FRIDAY - timedelta(hours=2)).sweep()
    opened = await starts(site, FRIDAY).sweep()
    again = await starts(site, FRIDAY).sweep()
    closed = await starts(site, FRIDAY + timedelta(hours=1)).sweep()
    (row,) = await rows(site)
    await end(site, FRIDAY + timedelta(hours=1))
    next_week = await starts(site, FRIDAY + timedelta(days=7)).sweep()

    assert (before, opened, again, closed, next_week) == (0, 1, 0, 1, 1)
    assert (row.stop_reason, row.title) == ("schedule", "ann - Talk")

    await end(site, FRIDAY + timedelta(days=7))
    await start(site, channel)
    assert await starts(site, FRIDAY + timedelta(days=7, hours=2)).sweep() == 0


@pytest.mark.parametrize(
    ("reason", "size_bytes", "after", "expected"),
    [
        ("lost", 1000, 4, 0),
        ("lost", 1000, 6, 1),
        ("lost", 0, 6, 0),
        ("lost", 0, 31, 1),
        ("requested", 1000, 600, 0),
        ("disk_full", 1000, 600, 0),
        ("refused", 0, 600, 0),
    ],
)
async def test_a_broadcast_that_goes_on_is_recorded_again(
    one_site: Site, reason: str, size_bytes: int, after: int, expected: int
) -> None:
    """When its source was lost for longer than the reconnect window; not when somebody stopped it."""
    await go_live(one_site, await add(one_site))
    at = datetime.now(UTC) + timedelta(minutes=1)
    assert await starts(one_site, at).sweep() == 1
    await end(one_site, at, stop_reason=reason, size_bytes=size_bytes)

    assert await starts(one_site, at + timedelta(minutes=after)).sweep() == expected


@pytest.mark.parametrize(
    "more", [{"enabled": False}, {"auto_record": False}, {"filters": {"title": {"include": ["x"]}}}]
)
async def test_what_a_channel_does_not_want_is_left_alone(one_site: Site, more: dict[str, Any]) -> None:
    await go_live(one_site, await add(one_site, schedule=EVENINGS, **more))

    assert await starts(one_site, FRIDAY).sweep() == 0


async def test_a_camera_is_recorded_by_the_time_of_day(site: Site) -> None:
    """Once a window, after a failure again in a while, and not after somebody stopped it."""
    await add(site, CAMERA, schedule=EVENINGS)
    opened = await starts(site, FRIDAY).sweep()
    await end(site, FRIDAY)
    soon = await starts(site, FRIDAY + timedelta(minutes=1)).sweep()
    later = await starts(site, FRIDAY + timedelta(minutes=10)).sweep()
    await end(site, FRIDAY + timedelta(minutes=11), stop_reason="requested")
    stopped = await starts(site, FRIDAY + timedelta(minutes=30)).sweep()
    next_week = await starts(site, FRIDAY + timedelta(days=7)).sweep()

    assert (opened, soon, later, stopped, next_week) == (1, 0, 1, 0, 1)


async def test_a_stream_without_a_schedule_is_recorded_by_hand(one_site: Site) -> None:
    """Nothing says when it would be live."""
    await add(one_site, CAMERA)

    assert await starts(one_site, FRIDAY).sweep() == 0
