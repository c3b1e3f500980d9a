"""Projects and stitches when two things happen at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.deletions import Deletions
from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.reels.projects import Projects
from playhead.reels.shapes import Project
from playhead.reels.tables import ProjectRow
from playhead.storage import keys
from playhead.storage.store import Store
from tests.contract.reels.test_projects import get, make_project, put_clips, stitch
from tests.fixtures.site import Site


async def reel_of(site: Site, job_id: str) -> str:
    """The id under which a stitch stores its reel."""
    async with site.get(Database).read() as session:
        return str((await session.get_one(JobRow, job_id)).args["video_id"])


async def fail(site: Site, job_id: str) -> None:
    """End a stitch as a worker does whose ffmpeg failed."""
    kind = site.get(JobKinds).get("stitch")
    error = JobError("render_failed", "ffmpeg ended with 1.", hint=None, retryable=False)
    async with site.get(Database).write() as session:
        assert await transitions.fail(session, job_id, 1, kind, error, now=utc_now()) is not None


async def stored(site: Site) -> list[str]:
    """Keys in the store."""
    return [found.key async for found in site.get(Store).list("")]


async def _bytes() -> AsyncIterator[bytes]:
    yield b"reel"


async def test_of_two_saves_of_one_version_one_wins(site: Site) -> None:
    """The other gets 412, on a database that lets both begin as well; no save is lost."""
    video = await site.ready_video()
    project = await make_project(site)

    answers = await asyncio.gather(*(put_clips(site, project, [{"video_id": video}] * count) for count in (1, 2, 3, 4)))

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    now = await get(site, project)
    assert (now["version"], len(now["clips"])) == (2, len(winner["clips"]))


async def test_many_who_ask_at_once_get_one_job(site: Site) -> None:
    """A double click, two tabs, a client that repeats."""
    project = await make_project(site, {"video_id": await site.ready_video()})

    answers = await asyncio.gather(*(stitch(site, project) for _ in range(5)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    async with site.get(Database).read() as session:
        assert await session.scalar(select(func.count()).select_from(JobRow)) == 1


@pytest.mark.parametrize("end", ["cancel", "fail"])
async def test_a_reel_that_was_never_announced_is_removed(
    site: Site, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """However late its stitch was ended, with no part of it left in the store to tell of it."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    job = (await stitch(site, project)).json()["id"]
    if end == "cancel":
        assert (await site.ann.client.post(f"/api/v1/jobs/{job}/cancel")).status_code == 200
    else:
        await fail(site, job)
    await site.get(Store).write(keys.original(await reel_of(site, job)), _bytes())

    later = utc_now() + timedelta(minutes=2)
    monkeypatch.setattr(site.get(Deletions), "_clock", lambda: later)
    for sweep in site.services.sweeps:
        await sweep.run()

    assert await stored(site) == []


async def test_a_stitch_run_again_stores_its_reel_under_another_id(site: Site) -> None:
    """What is still to be removed of the canceled run cannot reach the new one."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    job = (await stitch(site, project)).json()["id"]
    before = await reel_of(site, job)
    await site.ann.client.post(f"/api/v1/jobs/{job}/cancel")

    assert (await site.ann.client.post(f"/api/v1/jobs/{job}/retry")).status_code == 202

    assert await reel_of(site, job) != before
    assert (await stitch(site, project)).json()["id"] == job


async def test_the_stitch_of_a_deleted_project_is_not_run_again(site: Site) -> None:
    """409: nobody waits for it."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    job = (await stitch(site, project)).json()["id"]
    await site.ann.client.delete(f"/api/v1/projects/{project['id']}")

    answer = await site.ann.client.post(f"/api/v1/jobs/{job}/retry")

    assert (answer.status_code, answer.json()["code"]) == (409, "stitch_project_gone")


async def test_a_patch_leaves_the_settings_that_it_does_not_name(site: Site) -> None:
    """A change of the background keeps size and rate; null takes one back to automatic."""
    later = {"codec": "av1", "timing": "variable", "sound": "encode", "loudness_lufs": -23.0}
    project = await make_project(site, settings={"width": 1280, "height": 720, "fps": 25, **later})
    url = f"/api/v1/projects/{project['id']}"

    changed = await site.ann.client.patch(
        url, json={"settings": {"background": "#ff8800"}}, headers={"if-match": '"1"'}
    )
    freed = await site.ann.client.patch(url, json={"settings": {"fps": None}}, headers={"if-match": '"2"'})

    kept = {"width": 1280, "height": 720, "background": "#ff8800", **later}
    assert changed.json()["settings"] == {**kept, "fps": 25}
    assert freed.json()["settings"] == {**kept, "fps": None}


async def test_others_save_while_a_saved_project_is_described(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one takes a second to describe, for the refusal of an old version as well."""
    projects, saved = site.get(Projects), 0
    describe = projects.describe

    async def described(session: AsyncSession, row: ProjectRow) -> Project:
        nonlocal saved
        async with asyncio.timeout(60), site.get(Database).write(apart=True):
            saved += 1
        found: Project = await describe(session, row)
        return found

    monkeypatch.setattr(projects, "describe", described)
    client = site.ann.client
    made = await client.post("/api/v1/projects", json={"title": "Trip", "clips": []})
    url = f"/api/v1/projects/{made.json()['id']}"
    put = await client.put(f"{url}/clips", json=[{"video_id": await site.ready_video()}], headers={"if-match": '"1"'})
    refused = await client.patch(url, json={"title": "x"}, headers={"if-match": '"1"'})
    old = await client.post(f"{url}/stitch", json={"version": 1})

    assert [answer.status_code for answer in (made, put, refused, old)] == [201, 200, 412, 412]
    assert saved == 4
