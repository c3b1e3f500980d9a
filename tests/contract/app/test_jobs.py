"""``/jobs``: the kinds in words, and lists that leave out what nobody asked for."""

from typing import Any

import pytest

from playhead.catalog.stills import STILLS
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from tests.contract.reels.test_projects import make_project, put_clips, stitch
from tests.fixtures.site import Site


@pytest.fixture
async def job(site: Site) -> dict[str, Any]:
    """A stitch of version 1 of a project that is at version 2, beside a job that makes pictures."""
    video = await site.ready_video()
    project = await make_project(site, {"video_id": video})
    asked: dict[str, Any] = (await stitch(site, project)).json()
    await put_clips(site, project, [{"video_id": video, "end_s": 2}])
    async with site.get(Database).write() as session:
        await site.get(Jobs).record(session, kind=STILLS, owner_id=site.ann.user.id, title="A clip", args={})
    return asked


async def _unused(*_: Any) -> dict[str, Any]:
    raise NotImplementedError


async def listed(site: Site, **wanted: Any) -> list[str]:
    answer = await site.ann.client.get("/api/v1/jobs", params=wanted)
    assert answer.status_code == 200, answer.text
    return sorted(found["kind"] for found in answer.json()["items"])


async def test_every_kind_has_a_word_and_is_a_filter(site: Site, job: dict[str, Any]) -> None:
    """Background kinds are listed unless they are left out."""
    kinds = (await site.ann.client.get("/api/v1/jobs/kinds")).json()["items"]

    assert {kind["kind"] for kind in kinds} == {kind.name for kind in site.get(JobKinds)}
    assert [kind["title"] for kind in kinds] == [
        *("Campaign", "Cancel a generation", "Detection", "Finalise", "Generate", "Import", "Ingest"),
        *("Notifications", "Preview", "Record", "Reel in another shape", "Renditions", "Repair gaps", "Retention"),
        *("Samples", "Scan of watch folders", "Stitch", "Thumbnails", "Transcription", "Waveform"),
    ]
    background = ["settle_generation", "detect", "notify", "preview", "stills", "waveform"]
    assert [kind["kind"] for kind in kinds if kind["background"]] == background
    assert {kind["kind"]: await listed(site, kind=kind["kind"]) for kind in kinds} == {
        **{kind["kind"]: [] for kind in kinds},
        **{"stills": ["stills"], "stitch": ["stitch"]},
    }
    assert await listed(site) == ["stills", "stitch"]
    assert await listed(site, background=False) == ["stitch"]
    assert await listed(site, background=True) == ["stills"]


async def test_a_new_kind_is_seen_everywhere(site: Site) -> None:
    """Its registration is all: the list that the interface and the command line read, the filter, the activity."""
    kind = JobKind(name="captions", title="Captions", doing="Writing captions", queue="ingest", run=_unused)
    site.get(JobKinds).register(kind)
    video = await site.ready_video()
    async with site.get(Database).write() as session:
        await site.get(Jobs).record(
            session, kind="captions", owner_id=site.ann.user.id, title="A clip", args={}, video_id=video
        )

    kinds = (await site.ann.client.get("/api/v1/jobs/kinds")).json()["items"]
    unknown = await site.ann.client.get("/api/v1/jobs", params={"kind": "subtitles"})
    activity = (await site.ann.client.get(f"/api/v1/videos/{video}/activity")).json()["items"]

    assert {"kind": "captions", "title": "Captions", "background": False} in kinds
    assert await listed(site, kind="captions") == ["captions"]
    assert "captions" in unknown.json()["hint"]
    assert "Writing captions waits for a worker" in [event["text"] for event in activity]


async def test_an_unknown_kind_is_refused_with_those_that_there_are(site: Site) -> None:
    answer = await site.ann.client.get("/api/v1/jobs", params={"kind": "thumbnail"})

    assert (answer.status_code, answer.json()["code"]) == (400, "job_kind_unknown")
    assert answer.json()["hint"] == (
        "Did you mean stills? There are campaign, detect (Detection), finalise, generate, import, "
        "ingest, "
        "notify (Notifications), preview, record, renditions, repair_gap (Repair gaps), retention, samples, "
        "settle_generation (Cancel a generation), stills (Thumbnails), stitch, "
        "transcription, variant (Reel in another shape), watch_scan (Scan of watch folders), waveform."
    )


async def test_a_stitch_tells_which_version_it_stitches_and_how_long_it_may_take(
    site: Site, job: dict[str, Any]
) -> None:
    """Also when the project has changed since, and in lists, which leave the other arguments unread."""
    again = (await site.ann.client.get(f"/api/v1/jobs/{job['id']}")).json()
    project = (await site.ann.client.get(f"/api/v1/projects/{job['project_id']}")).json()

    assert (again["project_version"], project["active_job"]["project_version"], project["version"]) == (1, 1, 2)

    async with site.get(Database).write() as session:
        row = await session.get_one(JobRow, job["id"])
        row.state, row.attempt_started_at, row.args = "running", utc_now(), {**row.args, "expected_s": 40}
    [running] = (await site.ann.client.get("/api/v1/jobs", params={"state": "running"})).json()["items"]
    assert (running["project_version"], running["eta_s"] is not None) == (1, True)
