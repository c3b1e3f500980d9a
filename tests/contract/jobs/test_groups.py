"""``/jobs/groups``: what people did, with small jobs of a kind as one line."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.groups import LONGEST, NEAR
from playhead.jobs.tables import JobRow, JobState
from playhead.kit.clock import utc_now
from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    async with open_site(tmp_path, migrated_url) as opened:
        yield opened


async def record(
    site: Site,
    kind: str,
    title: str = "A clip",
    *,
    state: JobState = "queued",
    ago: timedelta = timedelta(0),
    **more: Any,
) -> JobRow:
    """Record a job as if some time ago."""
    async with site.get(Database).write() as session:
        job = await site.get(Jobs).record(
            session, kind=kind, owner_id=more.pop("owner", site.ann).user.id, title=title, args={}, **more
        )
        job.state, job.created_at = state, utc_now() - ago
    return job


async def groups(site: Site, **query: Any) -> list[dict[str, Any]]:
    answer = await site.ann.client.get("/api/v1/jobs/groups", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_small_jobs_of_a_kind_are_one_line_that_opens(site: Site) -> None:
    """Another kind between them parts nothing; what is large, another's, or of another time stands by itself."""
    old = await record(site, "ingest", "Old", state="succeeded", ago=NEAR + timedelta(seconds=5))
    first = await record(site, "ingest", "One", state="succeeded")
    await record(site, "stitch", "Demo reel", state="succeeded")
    await record(site, "ingest", "Bob's", owner=site.bob)
    await record(site, "ingest", "Two", state="failed")
    await record(site, "stitch", "Trip")
    found = await groups(site)
    inside = (await site.ann.client.get("/api/v1/jobs", params={"group_id": first.id})).json()["items"]

    assert [(group["title"], group["count"]) for group in found] == [
        ("Stitching Trip", 1),
        ("Stitched Demo reel", 1),
        ("Prepared 2 videos", 2),
        ("Prepared Old", 1),
    ]
    assert found[2]["id"] == first.id
    assert found[2]["counts"] == {"queued": 0, "running": 0, "succeeded": 1, "failed": 1, "canceled": 0}
    assert (found[2]["job"], found[3]["job"]["id"]) == (None, old.id)
    assert [job["title"] for job in inside] == ["Two", "One"]


async def test_filters_and_pages_count_lines(site: Site) -> None:
    """A group is shown for one job of it that fits; a cursor goes on after the last line whatever has come since."""
    for state in ("succeeded", "running", "succeeded"):
        await record(site, "ingest", state=state)
    await record(site, "stills", state="succeeded")
    await record(site, "stitch", "Trip", state="succeeded")
    pages, query = [], {"limit": "1"}
    for _ in range(3):
        page = (await site.ann.client.get("/api/v1/jobs/groups", params=query)).json()
        pages.append([group["kind"] for group in page["items"]])
        query = {"limit": "1", "cursor": page["next_cursor"]}
        await record(site, "stitch", "Another")
    active = await groups(site, active=True, background=False, kind="ingest")

    assert (pages, page["next_cursor"]) == ([["stitch"], ["stills"], ["ingest"]], None)
    assert [(group["title"], group["counts"]["running"]) for group in active] == [("Preparing 3 videos", 1)]
    assert active[0]["progress"] == pytest.approx(2 / 3)
    assert [group["kind"] for group in await groups(site, background=True)] == ["stills"]
    assert await groups(site, state="canceled") == []


async def test_takes_of_a_project_are_one_line_with_its_title(site: Site) -> None:
    made = (await site.ann.client.post("/api/v1/projects", json={"title": "Harbour"})).json()["id"]
    other = (await site.ann.client.post("/api/v1/projects", json={"title": "Beach"})).json()["id"]
    for project in (made, other, made, made):
        await record(site, "generate", "Waves", state="succeeded", project_id=project)

    assert [group["title"] for group in await groups(site)] == ["Generated Waves", "Generated 3 takes of Harbour"]


async def test_a_group_takes_no_more_an_hour_after_its_first_job(site: Site) -> None:
    """Or the uploads of a whole day would be one line."""
    first = await record(site, "ingest")
    async with site.get(Database).write() as session:
        long_ago = "job_" + "0" * 26
        await session.execute(update(JobRow).where(JobRow.id == first.id).values(group_id=long_ago))
    assert timedelta(minutes=1) < NEAR < LONGEST

    assert (await record(site, "ingest")).group_id != long_ago


async def test_jobs_that_an_earlier_version_records_are_listed_in_their_turn(site: Site) -> None:
    """While servers are upgraded one by one; each is a group of its own, on its page."""
    titles = ["One", "Two", "Three"]
    jobs = [await record(site, "stitch", title, state="succeeded") for title in titles]
    async with site.get(Database).write() as session:
        await session.execute(update(JobRow).where(JobRow.id == jobs[1].id).values(group_id=None))

    first = (await site.ann.client.get("/api/v1/jobs/groups", params={"limit": 2})).json()
    rest = await groups(site, limit=2, cursor=first["next_cursor"])

    assert [group["title"] for group in [*first["items"], *rest]] == ["Stitched Three", "Stitched Two", "Stitched One"]
    assert first["items"][1]["job"]["id"] == jobs[1].id
