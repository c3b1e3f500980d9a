"""Clips that begin as prompts: what an edit keeps of them, and the takes that become their videos."""

from typing import Any

import pytest

from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.reels.prompts import take_arrived
from tests.fixtures.site import Site
from tests.fixtures.takes import API, prompt, prompted, seen


@pytest.fixture
def database_kind() -> str:
    """One kind: what locks is tried on both in ``generate/test_takes``."""
    return "sqlite"


async def put(site: Site, project: dict[str, Any], *clips: dict[str, Any], version: int | None = None) -> Any:
    """Replace the clips."""
    headers = {"if-match": f'"{version or project["version"]}"'}
    return await site.ann.client.put(f"{API}/projects/{project['id']}/clips", json=list(clips), headers=headers)


async def arrive(site: Site, clip: dict[str, Any], **facts: Any) -> str:
    """A take of a clip ends well."""
    video = await site.ready_video(origin="generation", **facts)
    async with site.get(Database).write() as session:
        await take_arrived(session, clip["id"], video, utc_now())
    return video


async def test_a_clip_may_be_a_prompt_without_a_video(site: Site) -> None:
    """It is a draft, says so, and cannot be stitched; the error names it."""
    video = await site.ready_video()
    project = await prompted(site, {"video_id": video}, prompt("A lighthouse\r\nin fog\0 ", parameters={"seed": 3}))

    clip = project["clips"][1]
    stitch = await site.ann.client.post(f"{API}/projects/{project['id']}/stitch")
    listed = (await seen(site, "/projects"))["items"][0]

    assert (clip["video_id"], clip["video"], clip["takes"], clip["duration_s"]) == (None, None, [], None)
    assert clip["problem"] == {"code": "not_generated", "message": "it is not generated yet"}
    assert clip["prompt"]["text"] == "A lighthouse\nin fog"
    assert clip["prompt"]["parameters"] == {"seed": 3}
    assert (project["status"], listed["status"], listed["ready_count"]) == ("draft", "draft", 1)
    assert (stitch.status_code, stitch.json()["code"]) == (409, "clips_not_ready")
    assert [(one["position"], one["code"]) for one in stitch.json()["clips"]] == [(2, "not_generated")]


async def test_what_a_named_clip_leaves_out_stays(site: Site) -> None:
    """A client that knows no prompts erases none; null takes one away from a clip that has a video."""
    video = await site.ready_video()
    project = await prompted(site, prompt("Waves"), {"video_id": video} | prompt("Rocks"))
    waves, rocks = (clip["id"] for clip in project["clips"])

    kept = await put(site, project, {"id": rocks, "video_id": video, "end_s": 2}, {"id": waves})
    bare = await put(site, kept.json(), {"id": rocks, "prompt": None}, {"id": waves})
    nothing = await put(site, bare.json(), {"id": waves, "prompt": None})

    assert [clip["prompt"]["text"] for clip in kept.json()["clips"]] == ["Rocks", "Waves"]
    assert [clip["prompt"] and clip["prompt"]["text"] for clip in bare.json()["clips"]] == [None, "Waves"]
    assert bare.json()["clips"][0]["video_id"] == video
    assert (nothing.status_code, nothing.json()["code"]) == (400, "clips_invalid")


async def test_a_prompt_is_an_edit_and_leaves_the_reel_as_it_is(site: Site) -> None:
    """A new version, but nothing to stitch: the reel shows videos."""
    video = await site.ready_video()
    project = await prompted(site, {"video_id": video})
    clip = project["clips"][0]["id"]

    changed = (await put(site, project, {"id": clip, "video_id": video} | prompt("Waves"))).json()

    assert changed["version"] == project["version"] + 1
    assert changed["clips"][0]["problem"] is None


async def test_clips_without_ids_are_known_by_their_prompts(site: Site) -> None:
    """So that a client which sends no ids loses no takes."""
    project = await prompted(site, prompt("Waves"), prompt("Rocks"))
    waves, rocks = (clip["id"] for clip in project["clips"])

    swapped = (await put(site, project, prompt("Rocks"), prompt("Sand"), prompt("Waves"))).json()

    ids = [clip["id"] for clip in swapped["clips"]]
    assert (ids[0], ids[2]) == (rocks, waves)
    assert ids[1] not in (waves, rocks)


async def test_a_take_becomes_the_video_of_a_clip_without_one(site: Site) -> None:
    """The project gets its next version; a later take offers itself and changes nothing."""
    project = await prompted(site, prompt("Waves") | {"start_s": 1, "end_s": 9})
    first = await arrive(site, project["clips"][0], duration_s=4.0)
    taken = await seen(site, f"/projects/{project['id']}")
    await arrive(site, project["clips"][0])
    later = await seen(site, f"/projects/{project['id']}")

    clip = taken["clips"][0]
    assert (clip["video_id"], clip["start_s"], clip["end_s"], clip["problem"]) == (first, 0, None, None)
    assert (taken["status"], taken["version"]) == ("ready", project["version"] + 1)
    assert (later["clips"][0]["video_id"], later["version"]) == (first, taken["version"])


async def test_an_edit_that_was_made_before_a_take_arrived_is_no_conflict(site: Site) -> None:
    """Its clip keeps the video; an edit of before another edit is one still."""
    project = await prompted(site, prompt("Waves"), prompt("Rocks"))
    waves, rocks = (clip["id"] for clip in project["clips"])
    video = await arrive(site, project["clips"][0])

    edited = await put(site, project, {"id": rocks}, {"id": waves, "video_id": None} | prompt("High waves"))
    again = await put(site, project, {"id": waves})

    assert edited.status_code == 200, edited.text
    assert [clip["id"] for clip in edited.json()["clips"]] == [rocks, waves]
    assert edited.json()["clips"][1]["video_id"] == video
    assert edited.json()["version"] == project["version"] + 2
    assert (again.status_code, again.json()["code"]) == (412, "version_mismatch")


async def test_a_take_of_a_clip_that_was_removed_is_left_to_the_library(site: Site) -> None:
    """Nothing changes, and nothing fails."""
    project = await prompted(site, prompt("Waves"))
    await put(site, project)

    video = await arrive(site, project["clips"][0])

    assert (await seen(site, f"/videos/{video}"))["state"] == "ready"
    assert (await seen(site, f"/projects/{project['id']}"))["clips"] == []
