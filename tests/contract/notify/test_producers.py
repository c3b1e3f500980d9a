"""Events that jobs and disks record: in the transaction of what they tell of, and no more than once."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.client import Jobs
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.kit.clock import utc_now
from playhead.notify.disk import AGAIN_AFTER, DiskWatch
from playhead.outbox.tables import EventRow
from playhead.outbox.types import EVENT_TYPES
from tests.fixtures.site import Site


async def events(site: Site) -> list[EventRow]:
    async with site.get(Database).read() as session:
        return list(await session.scalars(select(EventRow).order_by(EventRow.id)))


@pytest.mark.parametrize(("kind", "heard"), [("renditions", True), ("thumbnails", False)])
async def test_a_failed_job_is_an_event_unless_no_person_requested_it(site: Site, kind: str, heard: bool) -> None:
    name = {"renditions": "renditions", "thumbnails": "stills"}[kind]
    database, now = site.get(Database), utc_now()
    async with database.write() as session:
        job = await site.get(Jobs).record(session, kind=name, owner_id=site.ann.user.id, title="A", args={})
        error = JobError("store_full", "No room is left.", hint="Free some.")
        known = site.get(JobKinds).get(name)
        for _ in range(2):
            await transitions.fail(session, job.id, 1, known, error, now=now)

    found = [event for event in await events(site) if event.type == "job.failed"]
    assert [event.subject_id for event in found] == ([job.id] if heard else [])
    for event in found:
        assert event.data.keys() == EVENT_TYPES["job.failed"].data.keys()
        assert event.data["error"]["hint"] == "Free some."


async def test_a_low_disk_is_told_of_at_once_and_every_six_hours(site: Site, tmp_path: Path) -> None:
    free, time = 2000, utc_now()
    watch = DiskWatch(
        site.get(Database), [tmp_path], floor=1000, free=lambda _: free, host="studio", clock=lambda: time
    )
    await watch.sweep()
    assert await events(site) == []

    free = 500
    for wait in (timedelta(0), timedelta(hours=1), AGAIN_AFTER):
        time += wait
        await watch.sweep()
    [first, second] = await events(site)
    assert (first.type, first.owner_id, first.subject_id) == ("disk.low", None, "studio")
    assert second.data.keys() == EVENT_TYPES["disk.low"].data.keys()
