"""``/campaigns``: projects from rows, counted, priced, and acted on together."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playhead.access.access import Access
from playhead.db.database import Database
from playhead.generate.bulk import BulkJob
from playhead.generate.projects import ProjectGeneration
from playhead.generate.tables import GenerationRow
from playhead.jobs import transitions
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.reels.stitch import Stitch
from playhead.reels.tables import ProjectRow
from tests.contract.generate.test_templates import make_template, post
from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Nothing here depends on the kind of database."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


CSV = "product,colour,seconds\nKite,red,2\nBoat,blue,\nSail,,3\n"


async def make_campaign(site: Site, **more: Any) -> dict[str, Any]:
    """A campaign of Ann's, by default of three projects."""
    template = await make_template(site)
    return await post(site, f"/templates/{template['id']}/campaign", {"title": "Spring", "csv": CSV, **more})


async def run_bulk(site: Site, job_id: str, folder: Path) -> None:
    """Do a bulk action as a worker does."""
    kind = site.get(JobKinds).get("campaign")
    async with site.get(Database).write() as session:
        job = await transitions.begin(session, job_id, 1, worker="w", now=utc_now())
    assert job is not None
    work = BulkJob(site.get(Database), site.get(Jobs), lambda: site.get(Stitch), lambda: site.get(ProjectGeneration))
    result = await work.run(JobContext(job_id=job_id, work=folder, args=job.args), job.args)
    async with site.get(Database).write() as session:
        await transitions.succeed(session, job_id, 1, kind, result, now=utc_now())


async def read(site: Site, campaign: dict[str, Any]) -> dict[str, Any]:
    """The campaign as it stands."""
    found: dict[str, Any] = (await site.ann.client.get(f"/api/v1/campaigns/{campaign['id']}")).json()
    return found


async def test_rows_become_a_campaign_and_its_projects_are_a_filter(site: Site) -> None:
    """One project a row; the list of projects can be cut to them, and each names its campaign."""
    made = await make_campaign(site)
    await post(site, "/projects", {"title": "Another"})

    campaign = made["campaign"]
    listed = (await site.ann.client.get(f"/api/v1/projects?campaign_id={campaign['id']}&sort=created_at")).json()
    assert (campaign["project_count"], campaign["statuses"], campaign["cost"]) == (3, {"draft": 3}, None)
    assert (campaign["clip_count"], campaign["ready_count"]) == (6, 0)
    assert [project["title"] for project in listed["items"]] == ["Kite ad", "Boat ad", "Sail ad"]
    assert {project["campaign_id"] for project in listed["items"]} == {campaign["id"]}


async def test_one_bad_row_makes_nothing_unless_it_is_skipped(site: Site) -> None:
    """Each bad row with its line and reason, before anything is made; a check makes nothing at all."""
    template = await make_template(site)
    path = f"/templates/{template['id']}"
    csv = "product,colour\nKite,red\nBoat,mauve\n,red\n"

    checked = await post(site, f"{path}/rows", {"csv": csv, "aspects": ["16:9", "1:1"]}, status=200)
    refused = await post(site, f"{path}/campaign", {"title": "x", "csv": csv}, status=400)
    assert (await site.ann.client.get("/api/v1/projects")).json()["items"] == []
    skipped = await post(site, f"{path}/campaign", {"title": "x", "csv": csv, "skip_bad": True})

    assert (checked["total"], checked["good"], checked["project_count"]) == (3, 1, 2)
    assert [(row["line"], row["field"]) for row in refused["rows"]] == [(3, "colour"), (4, "product")]
    assert refused["code"] == "rows_invalid"
    assert [row["line"] for row in skipped["skipped"]] == [3, 4]
    assert skipped["campaign"]["project_count"] == 1


async def test_a_project_that_cannot_be_made_is_named_and_none_is(site: Site) -> None:
    """A video of somebody else's in one of three rows: its number and title, and nothing is left behind."""
    mine, theirs = await site.ready_video(), await site.ready_video(site.bob)
    document = {
        "title": "{{name}}",
        "clips": [{"video_id": "{{video}}"}],
        "fields": [{"name": "video", "type": "video"}],
    }
    template = await make_template(site, document)
    rows = [{"name": name, "video": video} for name, video in (("A", mine), ("B", theirs), ("C", mine))]

    refused = await post(site, f"/templates/{template['id']}/campaign", {"title": "x", "rows": rows}, status=400)

    assert refused["code"] == "clips_invalid"
    assert "Project 2, “B”: Clip 1" in refused["detail"]
    assert (await site.ann.client.get("/api/v1/campaigns")).json()["items"] == []


async def test_a_campaign_is_generated_and_stitched_by_a_job_that_names_what_it_left_out(
    site: Site, tmp_path: Path
) -> None:
    """All prompts at once, priced before; asked for again it requests nothing twice; an empty project is named."""
    campaign = (await make_campaign(site))["campaign"]
    path = f"/campaigns/{campaign['id']}"
    empty = await post(site, "/projects", {"title": "Empty"})
    await post(site, f"{path}/projects", {"project_ids": [empty["id"]]}, status=200)

    estimate = await post(site, f"{path}/estimate", {}, status=200)
    job = await post(site, f"{path}/generate", {}, status=202)
    same = await post(site, f"{path}/generate", {}, status=202)
    busy = await post(site, f"{path}/stitch", {}, status=409)
    assert (await read(site, campaign))["active_job"]["id"] == job["id"]
    await run_bulk(site, job["id"], tmp_path)
    after = await read(site, campaign)
    again = await post(site, f"{path}/generate", {}, status=202)
    await run_bulk(site, again["id"], tmp_path)
    stitch = await post(site, f"{path}/stitch", {}, status=202)
    await run_bulk(site, stitch["id"], tmp_path)

    assert (estimate["clips"], estimate["projects"], estimate["amount"], estimate["unknown"]) == (6, 3, 0, 0)
    assert (same["id"], busy["code"]) == (job["id"], "campaign_busy")
    assert (after["statuses"], after["active_job"]) == ({"generating": 3, "draft": 1}, None)
    assert (after["outcome"]["action"], after["outcome"]["done"]) == ("generate", 3)
    assert [skipped["title"] for skipped in after["outcome"]["skipped"]] == ["Empty"]
    generations = (await site.ann.client.get("/api/v1/generations?limit=100")).json()["items"]
    assert len(generations) == 6
    outcome = (await read(site, campaign))["outcome"]
    assert (outcome["action"], outcome["done"], outcome["skipped_count"]) == ("stitch", 0, 4)
    assert {skipped["code"] for skipped in outcome["skipped"]} == {"clips_not_ready", "project_empty"}


async def test_a_bulk_action_that_fails_says_so_and_may_be_asked_for_again(site: Site) -> None:
    """Its job failed, as with a database away: the campaign names the reason, and is not busy for ever."""
    campaign = (await make_campaign(site))["campaign"]
    path = f"/campaigns/{campaign['id']}"
    job = await post(site, f"{path}/generate", {}, status=202)
    kind, error = site.get(JobKinds).get("campaign"), JobError("unavailable", "It was away.", None, retryable=True)
    async with site.get(Database).write() as session:
        assert await transitions.begin(session, job["id"], 1, worker="w", now=utc_now()) is not None
        await transitions.fail(session, job["id"], 1, kind, error, now=utc_now())

    found = await read(site, campaign)
    again = await post(site, f"{path}/stitch", {}, status=202)

    assert (found["outcome"]["error"], found["active_job"]) == ("It was away.", None)
    assert again["id"] != job["id"]


async def test_a_maximum_holds_for_what_nobody_knows_and_for_deleted_videos(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown price keeps no maximum unless that is accepted; a clip whose video is in the trash is made again."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_test")
    video = await site.ready_video(title="Old")
    unpriced = {"text": "Waves", "provider": "replicate", "model": f"ann/model:{'0' * 64}"}
    priced = {"text": "Rocks", "provider": "replicate", "model": "google/veo-3.1", "parameters": {"duration": 4}}
    campaigns = []
    for clip in ({"prompt": unpriced}, {"prompt": priced, "video_id": video}):
        project = await post(site, "/projects", {"title": "A", "clips": [clip]})
        campaigns.append(await post(site, "/campaigns", {"title": "A", "project_ids": [project["id"]]}))
    assert (await site.ann.client.delete(f"/api/v1/videos/{video}?force=true")).status_code == 204

    answers = [
        await post(site, f"/campaigns/{campaign['id']}/generate", {"max_cost": 0.01}, status=409)
        for campaign in campaigns
    ]
    accepted = {"max_cost": 0.01, "accept_unknown_cost": True}
    await post(site, f"/campaigns/{campaigns[0]['id']}/generate", accepted, status=202)

    assert [answer["code"] for answer in answers] == ["cost_unknown", "cost_above_limit"]


async def test_a_campaign_sums_up_what_its_takes_cost(site: Site) -> None:
    """Known amounts are added; what nobody knows is counted, never zero."""
    made = await make_campaign(site)
    now = utc_now()
    facts = {
        "owner_id": site.ann.user.id,
        "prompt": "x",
        "provider": "fake",
        "model": "m",
        "parameters": {},
        "inputs": [],
        "created_at": now,
        "updated_at": now,
    }
    costs: list[dict[str, Any]] = [
        {"estimated_micros": 500_000, "reserved_micros": 0, "actual_micros": 450_000, "finished_at": now},
        {"estimated_micros": 500_000, "reserved_micros": 500_000, "actual_micros": None},
        {"estimated_micros": None, "reserved_micros": None, "actual_micros": None, "finished_at": now},
    ]
    async with site.get(Database).write() as session:
        for project_id, cost in zip(made["project_ids"], costs, strict=True):
            session.add(GenerationRow(id=new_id("gen"), project_id=project_id, **facts, **cost))

    found = (await read(site, made["campaign"]))["cost"]

    assert found == {
        "currency": "USD",
        "estimated": 1.0,
        "reserved": 0.5,
        "actual": 0.45,
        "refunded": 0.0,
        "unknown": 1,
    }
    listed = (await site.ann.client.get("/api/v1/campaigns")).json()["items"]
    assert [campaign["cost"] for campaign in listed] == [found]


async def test_finished_reels_are_listed_and_projects_outlive_their_campaign(site: Site) -> None:
    """A project can be taken out; a removed campaign leaves its projects."""
    made = await make_campaign(site)
    campaign, [first, second, _] = made["campaign"], made["project_ids"]
    reel = await site.ready_video(title="Reel")
    async with site.get(Database).write() as session:
        project = await session.get_one(ProjectRow, first)
        project.reel_video_id, project.reel_made_at = reel, utc_now() - timedelta(minutes=1)

    path = f"/api/v1/campaigns/{campaign['id']}"
    reels = (await site.ann.client.get(f"{path}/reels")).json()["items"]
    out = await site.ann.client.delete(f"{path}/projects/{second}")
    left = await read(site, campaign)
    removed = await site.ann.client.delete(path)

    assert [(found["project_id"], found["video_id"]) for found in reels] == [(first, reel)]
    assert (out.status_code, left["project_count"], left["reel_count"], removed.status_code) == (204, 2, 1, 204)
    projects = (await site.ann.client.get("/api/v1/projects")).json()["items"]
    assert {project["campaign_id"] for project in projects} == {None}
    assert len(projects) == 3


async def test_generating_needs_its_own_scope(site: Site) -> None:
    """A key that may edit projects cannot spend money by the way of a template."""
    template = await make_template(site)
    made = await site.get(Access).keys.create(
        None, user_id=site.ann.user.id, name="editor", scopes=["projects:read", "projects:write"]
    )
    narrow = {"Authorization": f"Bearer {made.key}"}

    body = {"fields": {"product": "Kite"}, "generate": True}
    refused = await site.anonymous.post(f"/api/v1/templates/{template['id']}/projects", json=body, headers=narrow)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert (await site.ann.client.get("/api/v1/projects")).json()["items"] == []
