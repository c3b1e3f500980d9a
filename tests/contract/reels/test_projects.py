"""``/projects``: edits under a version, clips against their videos, and asking for the reel."""

from typing import Any

import pytest

from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from tests.fixtures.site import Site, probe_of


async def make_project(site: Site, *clips: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A project of Ann's."""
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "Trip", "clips": list(clips), **more})
    assert answer.status_code == 201, answer.text
    project: dict[str, Any] = answer.json()
    return project


async def put_clips(
    site: Site, project: dict[str, Any], clips: list[dict[str, Any]], version: int | None = None
) -> Any:
    """Replace the clips."""
    headers = {"if-match": f'"{project["version"]}"'}
    return await site.ann.client.put(f"/api/v1/projects/{project['id']}/clips", json=clips, headers=headers)


async def stitch(site: Site, project: dict[str, Any]) -> Any:
    """Ask for the reel."""
    return await site.ann.client.post(f"/api/v1/projects/{project['id']}/stitch")


async def succeed(site: Site, job_id: str) -> None:
    """End a stitch as a worker does, without its work."""
    kind = site.get(JobKinds).get("stitch")
    result = {
        "written": {"size_bytes": 10, "sha256": "1" * 64},
        "probe": probe_of(),
        "poster": {"sha256": "2" * 64, "size_bytes": 5},
    }
    async with site.get(Database).write() as session:
        assert await transitions.begin(session, job_id, 1, worker="w", now=utc_now()) is not None
    async with site.get(Database).write() as session:
        await transitions.succeed(session, job_id, 1, kind, result, now=utc_now())


async def get(site: Site, project: dict[str, Any]) -> dict[str, Any]:
    """The project as it stands."""
    found: dict[str, Any] = (await site.ann.client.get(f"/api/v1/projects/{project['id']}")).json()
    return found


async def test_a_stranger_sees_no_project(site: Site) -> None:
    """404 on every route, and not in lists."""
    project = await make_project(site)
    requests: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"title": "x"}),
        ("PUT", "/clips", []),
        ("DELETE", "", None),
        ("POST", "/stitch", None),
        ("POST", "/reconcile", None),
        ("GET", "/plan", None),
    ]
    for method, rest, body in requests:
        answer = await site.bob.client.request(
            method, f"/api/v1/projects/{project['id']}{rest}", json=body, headers={"if-match": '"1"'}
        )
        assert answer.status_code == 404, (method, rest)
    assert (await site.bob.client.get("/api/v1/projects")).json()["items"] == []


async def test_a_project_tells_length_format_and_status(site: Site) -> None:
    """A draft while it is empty, then ready with the sum of its clips and the format that they give."""
    video = await site.ready_video(duration_s=4.0)
    empty = await make_project(site)
    draft = await make_project(site, {"video_id": video, "start_s": 1, "end_s": 3}, {"video_id": video})

    assert (empty["status"], empty["duration_s"], empty["format"]) == ("draft", 0, None)
    assert (draft["status"], draft["duration_s"]) == ("ready", 6.0)
    assert draft["format"] == {"width": 640, "height": 360, "fps": 30.0}
    assert [clip["duration_s"] for clip in draft["clips"]] == [2.0, 4.0]


async def test_two_tabs_cannot_overwrite_each_other(site: Site) -> None:
    """412 carries the project as it stands; nothing of it is lost. Without If-Match it is 428."""
    video = await site.ready_video()
    project = await make_project(site)
    first = await put_clips(site, project, [{"video_id": video}])
    second = await put_clips(site, project, [])
    blind = await site.ann.client.patch(f"/api/v1/projects/{project['id']}", json={"title": "x"})

    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert (second.status_code, second.json()["code"]) == (412, "version_mismatch")
    assert second.json()["current"]["version"] == 2
    assert len(second.json()["current"]["clips"]) == 1
    assert (blind.status_code, blind.json()["code"]) == (428, "if_match_required")


async def test_saving_the_same_again_is_no_new_version(site: Site) -> None:
    """So that a late second save of one edit does not count as a conflict with itself."""
    video = await site.ready_video()
    project = await make_project(site, {"video_id": video})

    again = await put_clips(site, project, [{"video_id": video}])

    assert again.json()["version"] == project["version"]


async def test_clips_keep_their_ids_through_a_reorder(site: Site) -> None:
    """An id of this project moves with its clip; one of another project does not reach it."""
    one, two = await site.ready_video(), await site.ready_video()
    project = await make_project(site, {"video_id": one}, {"video_id": two})
    other = await make_project(site, {"video_id": one})
    a, b = (clip["id"] for clip in project["clips"])

    swapped = (await put_clips(site, project, [{"id": b, "video_id": two}, {"id": a, "video_id": one}])).json()
    foreign = other["clips"][0]["id"]
    stolen = (await put_clips(site, swapped, [{"id": foreign, "video_id": one}])).json()

    assert [clip["id"] for clip in swapped["clips"]] == [b, a]
    assert stolen["clips"][0]["id"] != foreign
    assert (await get(site, other))["clips"][0]["id"] == foreign


@pytest.mark.parametrize(
    "clip",
    [
        {"start_s": 4.0},
        {"start_s": 0, "end_s": 4.2},
        {"start_s": 2, "end_s": 1},
        {"start_s": 2, "end_s": 2},
        {"video_id": "vid_" + "0" * 26},
        {"video_id": "../../etc/passwd"},
    ],
)
async def test_a_clip_that_cannot_be_meant_is_refused(site: Site, clip: dict[str, Any]) -> None:
    """Outside its video, backwards, or of a video that is not there: 400 with the numbers, nothing changed."""
    video = await site.ready_video(duration_s=4.0)
    project = await make_project(site)

    answer = await put_clips(site, project, [{"video_id": video} | clip])

    assert (answer.status_code, answer.json()["code"]) == (400, "clips_invalid")
    assert (await get(site, project))["version"] == 1


@pytest.mark.parametrize("value", ["NaN", "-1", "1e309", '"x"', "null"])
async def test_a_clip_time_is_a_number_of_seconds(site: Site, value: str) -> None:
    """422 for anything else, also for what JSON in Python would take."""
    video = await site.ready_video()
    project = await make_project(site)

    answer = await site.ann.client.put(
        f"/api/v1/projects/{project['id']}/clips",
        content=f'[{{"video_id": "{video}", "start_s": {value}}}]',
        headers={"if-match": '"1"', "content-type": "application/json"},
    )

    assert answer.status_code == 422


async def test_another_owners_video_cannot_be_used(site: Site) -> None:
    """It is as if it did not exist."""
    theirs = await site.ready_video(site.bob)
    project = await make_project(site)

    assert (await put_clips(site, project, [{"video_id": theirs}])).status_code == 400


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"width": 1280, "height": 720, "fps": 25, "background": "#FF8800"}, 201),
        ({"width": 1280}, 400),
        ({"width": 1281, "height": 720}, 400),
        ({"width": 20_000, "height": 20_000}, 422),
        ({"fps": 1000}, 422),
        ({"background": "red; drawtext=/etc/passwd"}, 422),
        ({"codec": "hevc", "timing": "variable", "sound": "encode", "loudness_lufs": -16}, 201),
        ({"codec": "prores"}, 422),
        ({"loudness_lufs": -16}, 400),
        ({"sound": "encode", "loudness_lufs": 3}, 422),
    ],
)
async def test_settings_have_bounds(site: Site, settings: dict[str, Any], status: int) -> None:
    """What ffmpeg is told comes from here, so nothing passes that is not a size, a rate or a colour."""
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "x", "settings": settings})

    assert answer.status_code == status, answer.text


async def test_an_empty_project_is_not_stitched(site: Site) -> None:
    """400, and no job is made."""
    project = await make_project(site)
    answer = await stitch(site, project)

    assert (answer.status_code, answer.json()["code"]) == (400, "project_empty")
    assert (await site.ann.client.get("/api/v1/jobs")).json()["items"] == []


async def test_clips_that_are_not_ready_are_named(site: Site) -> None:
    """409 lists each with its place and why; no job is made."""
    good, bad = await site.ready_video(), await site.ready_video(title="Late", state="preparing")
    project = await make_project(site, {"video_id": good}, {"video_id": bad})

    answer = await stitch(site, project)

    assert (answer.status_code, answer.json()["code"]) == (409, "clips_not_ready")
    assert [(clip["position"], clip["code"]) for clip in answer.json()["clips"]] == [(2, "video_not_ready")]
    assert "“Late” is still being prepared" in answer.json()["detail"]


async def test_the_same_version_is_the_same_job(site: Site) -> None:
    """202 with one job however often it is asked; 200 once it has succeeded."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    first, second = await stitch(site, project), await stitch(site, project)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert first.headers["location"] == f"/api/v1/jobs/{first.json()['id']}"
    assert (await get(site, project))["status"] == "stitching"

    await succeed(site, first.json()["id"])
    third = await stitch(site, project)

    assert (third.status_code, third.json()["id"]) == (200, first.json()["id"])


async def test_a_newer_version_takes_the_place_of_the_one_that_runs(site: Site) -> None:
    """Nobody waits for the old one: it is canceled."""
    video = await site.ready_video()
    project = await make_project(site, {"video_id": video})
    old = (await stitch(site, project)).json()
    changed = (await put_clips(site, project, [{"video_id": video}, {"video_id": video}])).json()
    new = (await stitch(site, changed)).json()

    listed = (await site.ann.client.get("/api/v1/jobs")).json()["items"]
    told = {job["id"]: (job["state"], job["project_version"]) for job in listed}
    assert told == {old["id"]: ("canceled", 1), new["id"]: ("queued", 2)}
    assert (await get(site, project))["active_job"]["id"] == new["id"]


async def test_the_reel_is_a_video_and_goes_stale_with_an_edit(site: Site) -> None:
    """Complete after the stitch; stale after an edit, complete again once it is undone; a title changes nothing."""
    video = await site.ready_video()
    project = await make_project(site, {"video_id": video})
    await succeed(site, (await stitch(site, project)).json()["id"])
    made = await get(site, project)
    reel = (await site.ann.client.get(f"/api/v1/videos/{made['reel']['video_id']}")).json()
    assert (made["status"], made["reel"]["stale"], reel["origin"], reel["state"]) == (
        "complete",
        False,
        "reel",
        "ready",
    )

    edited = (await put_clips(site, made, [{"video_id": video, "start_s": 1}])).json()
    undone = (await put_clips(site, edited, [{"video_id": video}])).json()
    renamed = await site.ann.client.patch(
        f"/api/v1/projects/{project['id']}", json={"title": "New"}, headers={"if-match": f'"{undone["version"]}"'}
    )

    assert [edited["status"], undone["status"], renamed.json()["status"]] == ["stale", "complete", "complete"]
    assert edited["reel"]["changes"] == ["1 clip added", "1 clip removed"]
    assert undone["reel"]["changes"] == []
    assert renamed.json()["version"] == undone["version"] + 1


async def test_a_reel_that_was_deleted_can_be_stitched_again(site: Site) -> None:
    """Without a change of version: the same wish makes a new job."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    first = (await stitch(site, project)).json()["id"]
    await succeed(site, first)
    reel = (await get(site, project))["reel"]["video_id"]
    await site.ann.client.delete(f"/api/v1/videos/{reel}")
    assert (await get(site, project))["status"] == "ready"

    again = await stitch(site, project)

    assert again.status_code == 202
    assert again.json()["id"] != first


async def test_a_failed_stitch_says_why_and_can_be_run_again(site: Site) -> None:
    """Status failed until it is retried or the edit changes."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    job = (await stitch(site, project)).json()["id"]
    kind = site.get(JobKinds).get("stitch")
    async with site.get(Database).write() as session:
        await transitions.begin(session, job, 1, worker="w", now=utc_now())
    async with site.get(Database).write() as session:
        await transitions.fail(session, job, 1, kind, JobError("store_full", "The store is full."), now=utc_now())
    failed = await get(site, project)
    again = await site.ann.client.post(f"/api/v1/jobs/{job}/retry")

    assert (failed["status"], failed["last_job"]["error"]["message"]) == ("failed", "The store is full.")
    assert again.status_code == 202
    assert (await get(site, project))["status"] == "stitching"


async def test_deleting_a_project_stops_its_stitch_and_keeps_its_reels(site: Site) -> None:
    """The reel is a video like any other."""
    video = await site.ready_video()
    project = await make_project(site, {"video_id": video})
    await succeed(site, (await stitch(site, project)).json()["id"])
    reel = (await get(site, project))["reel"]["video_id"]
    changed = (await put_clips(site, project, [{"video_id": video, "end_s": 1}])).json()
    running = (await stitch(site, changed)).json()["id"]

    assert (await site.ann.client.delete(f"/api/v1/projects/{project['id']}")).status_code == 204
    assert (await site.ann.client.get(f"/api/v1/projects/{project['id']}")).status_code == 404
    assert (await site.ann.client.get(f"/api/v1/jobs/{running}")).json()["state"] == "canceled"
    assert (await site.ann.client.get(f"/api/v1/videos/{reel}")).status_code == 200


async def test_a_project_of_two_hundred_clips_is_read_in_a_few_queries(site: Site) -> None:
    """And lists tell count, length and a poster of it."""
    videos = [await site.ready_video(poster_sha256="1" * 64, poster_size_bytes=1) for _ in range(3)]
    project = await make_project(site, *({"video_id": videos[n % 3], "end_s": 1} for n in range(200)))
    summary = (await site.ann.client.get("/api/v1/projects")).json()["items"][0]

    assert len(project["clips"]) == 200
    assert (summary["clip_count"], summary["duration_s"]) == (200, 200.0)
    assert summary["poster_url"].startswith(f"/v/{videos[0]}/poster.jpg?")


async def test_creating_twice_with_one_key_creates_once(site: Site) -> None:
    """``Idempotency-Key``: the same answer, one project."""
    headers = {"idempotency-key": new_id("req")}
    first = await site.ann.client.post("/api/v1/projects", json={"title": "Once"}, headers=headers)
    second = await site.ann.client.post("/api/v1/projects", json={"title": "Once"}, headers=headers)
    other = await site.ann.client.post("/api/v1/projects", json={"title": "Twice"}, headers=headers)

    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 422
    assert len((await site.ann.client.get("/api/v1/projects")).json()["items"]) == 1


async def test_each_shape_has_a_stitch_of_its_own(site: Site) -> None:
    """Asked twice it is one job; the project's own is another, and its state does not follow the variant's."""
    project = await make_project(site, {"video_id": await site.ready_video()})
    path = f"/api/v1/projects/{project['id']}"
    wide = (await site.ann.client.post(f"{path}/stitch", json={"aspect": "1:1"})).json()
    again = (await site.ann.client.post(f"{path}/stitch", json={"aspect": "1:1"})).json()
    found = (await site.ann.client.get(path)).json()
    own = (await site.ann.client.post(f"{path}/stitch")).json()

    assert wide["id"] == again["id"] != own["id"]
    assert wide["title"] == "Trip 1:1"
    assert (found["status"], found["active_job"]) == ("ready", None)
    assert [(each["aspect"], each["job_id"], each["video_id"]) for each in found["variants"]] == [
        ("1:1", wide["id"], None)
    ]
    assert (await site.ann.client.post(f"{path}/stitch", json={"aspect": "2:1"})).status_code == 422


async def test_music_is_in_use(site: Site) -> None:
    """Its video is not deleted by accident; a JSON path finds it on each database."""
    video, music = await site.ready_video(), await site.ready_video()
    project = await make_project(site, {"video_id": video}, music={"video_id": music})

    refused = await site.ann.client.delete(f"/api/v1/videos/{music}")

    assert (refused.status_code, refused.json()["code"]) == (409, "video_in_use")
    used = (await site.ann.client.get(f"/api/v1/videos/{music}/projects")).json()["items"]
    assert [each["id"] for each in used] == [project["id"]]
