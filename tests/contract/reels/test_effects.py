"""Effects of clips and of the reel: their limits, whose images, music and captions they use, what prevents a stitch."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.reels.preview_renders import PreviewRenders
from playhead.storage import keys
from playhead.storage.store import Store
from tests.contract.reels.test_projects import make_project, put_clips
from tests.fixtures.site import Member, Site, open_site

TITLE = {"text": "Here", "end_s": 1}
CUE = {"start_s": 0, "end_s": 1, "text": "Hello"}


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """On one database: nothing here is odd SQL."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def image(site: Site, owner: Member | None = None) -> str:
    """An image in the library, without bytes."""
    row = ImageRow(
        id=new_id("img"),
        owner_id=(owner or site.ann).user.id,
        title="Logo",
        origin="upload",
        content_type="image/png",
        size_bytes=1,
        sha256="0" * 64,
        width=64,
        height=48,
        thumbnails={},
        created_at=utc_now(),
    )
    async with site.get(Database).write() as session:
        session.add(row)
    return row.id


async def track(site: Site, video: str, owner: Member | None = None) -> str:
    """A caption track of a video."""
    client = (owner or site.ann).client
    answer = await client.post(f"/api/v1/videos/{video}/captions", json={"cues": [CUE], "language": "en"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def delete(site: Site, kind: type[Any], row_id: str) -> None:
    """Delete a row whatever uses it."""
    async with site.get(Database).write() as session:
        await session.delete(await session.get_one(kind, row_id))


@pytest.mark.parametrize(
    "effects",
    [
        {"speed": 0.2},
        {"speed": 4.1},
        {"volume": 2.1},
        {"audio_track": -1},
        {"fade_in_s": 61},
        {"fade_out_s": -1},
        {"transition_in": {"kind": "wipe"}},
        {"transition_in": {"kind": "crossfade", "duration_s": 11}},
        {"framing": {"fit": "stretch"}},
        {"framing": {"background": "red"}},
        {"framing": {"crop": {"x": 1.5}}},
        {"zoom": "sideways"},
        {"titles": [{"text": "a", "start_s": 2, "end_s": 1}]},
        {"titles": [{"text": "", "end_s": 1}]},
        {"titles": [{"text": "x" * 501, "end_s": 1}]},
        {"titles": [TITLE] * 21},
        {"captions": {"cues": [{"start_s": -1, "end_s": 1, "text": "x"}]}},
        {"captions": {"track_id": "x" * 41}},
        {"blur": 1},
    ],
    ids=str,
)
async def test_an_effect_beyond_its_limits_is_refused(site: Site, effects: dict[str, Any]) -> None:
    """With the place of what is wrong; nothing is made."""
    video = await site.ready_video()
    clips = [{"video_id": video, **effects}]
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "Trip", "clips": clips})

    assert answer.status_code == 422, answer.text
    assert (await site.ann.client.get("/api/v1/projects")).json()["items"] == []


@pytest.mark.parametrize(
    "edit",
    [
        {"music": {}},
        {"music": {"video_id": "v", "volume": 3}},
        {"music": {"video_id": "v", "ducking_db": 41}},
        {"watermark": {"image_id": "i", "corner": "middle"}},
        {"watermark": {"image_id": "i", "width": 0}},
        {"captions": {"mode": "loud"}},
        {"captions": {"language": "not a tag"}},
        {"captions": {"language": "en-a-b-c-d-e"}},
        {"captions": {"style": {"highlight": "yellow"}}},
        {"captions": {"style": {"preset": "fancy"}}},
        {"captions": {"cues": [{"start_s": 2, "end_s": 2, "text": "a"}]}},
        {"markers": [{"at_s": 0}] * 501},
    ],
    ids=str,
)
async def test_what_lies_over_the_reel_has_limits_too(site: Site, edit: dict[str, Any]) -> None:
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "Trip", **edit})

    assert answer.status_code == 422, answer.text


async def test_a_look_of_captions_that_does_not_exist_is_refused(site: Site) -> None:
    """With the names of those that exist."""
    wanted = {"captions": {"mode": "burned", "style": {"preset": "classic"}}}
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "Trip", **wanted})

    assert answer.status_code == 422, answer.text
    assert "there are standard, outline" in answer.json()["detail"]


async def test_what_a_stranger_has_does_not_exist(site: Site) -> None:
    """Images, music and captions of others are told apart from none by nothing; so is a track of another video."""
    video, theirs = await site.ready_video(), await site.ready_video(site.bob)
    other = await track(site, await site.ready_video())
    picture, captions = await image(site, site.bob), await track(site, theirs, site.bob)
    for made, missing in ((picture, new_id("img")), (theirs, new_id("vid")), (captions, new_id("cpt"))):
        answers = [await _using(site, video, each) for each in (made, missing)]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json()["detail"].replace(made, "") == answers[1].json()["detail"].replace(missing, "")
    assert (await _using(site, video, other)).status_code == 400


async def _using(site: Site, video: str, used: str) -> Any:
    clip: dict[str, Any] = {"video_id": video}
    body: dict[str, Any] = {"title": "Trip", "clips": [clip]}
    if used.startswith("img"):
        body["watermark"] = {"image_id": used}
    elif used.startswith("vid"):
        body["music"] = {"video_id": used}
    else:
        clip["captions"] = {"track_id": used}
    return await site.ann.client.post("/api/v1/projects", json=body)


async def test_what_was_deleted_since_is_said_before_a_stitch(site: Site) -> None:
    """By clip, with what to do; the edit itself is kept, and can be saved."""
    video, music, picture = await site.ready_video(), await site.ready_video(), await image(site)
    captions = await track(site, video)
    project = await make_project(
        site,
        {"video_id": video, "captions": {"track_id": captions}},
        {"image_id": picture},
        music={"video_id": music},
        watermark={"image_id": picture},
    )
    path = f"/api/v1/projects/{project['id']}"
    assert [clip["problem"] for clip in project["clips"]] == [None, None]
    await delete(site, ImageRow, picture)
    await delete(site, VideoRow, music)
    await site.ann.client.delete(f"/api/v1/captions/{captions}")

    found = (await site.ann.client.get(path)).json()
    stitch = await site.ann.client.post(f"{path}/stitch")

    assert [clip["problem"]["code"] for clip in found["clips"]] == ["captions_deleted", "image_deleted"]
    assert [problem["code"] for problem in found["problems"]] == ["music_deleted", "watermark_deleted"]
    assert (stitch.status_code, stitch.json()["code"]) == (409, "clips_not_ready")
    assert stitch.json()["detail"] == "Clip 1: its caption track was deleted, and 1 more."
    kept = [{"id": clip["id"], "video_id": clip["video_id"], "image_id": clip["image_id"]} for clip in found["clips"]]
    assert (await put_clips(site, found, kept)).status_code == 200
    alone = await put_clips(site, (await site.ann.client.get(path)).json(), [{"video_id": video}])
    refused = await site.ann.client.post(f"{path}/stitch")
    assert alone.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (409, "reel_not_ready")
    assert refused.json()["detail"] == "The video of the music was deleted."


async def test_a_transition_too_long_for_its_clips_is_a_problem_and_no_refusal(site: Site) -> None:
    """Clips may be trimmed after it; the first clip's has no effect."""
    video = await site.ready_video(duration_s=4.0)
    crossfade = {"kind": "crossfade", "duration_s": 2.5}
    project = await make_project(
        site, {"video_id": video, "transition_in": crossfade}, {"video_id": video, "transition_in": crossfade}
    )

    stitch = await site.ann.client.post(f"/api/v1/projects/{project['id']}/stitch")

    assert [clip["problem"] and clip["problem"]["code"] for clip in project["clips"]] == [None, "transition_too_long"]
    assert project["status"] == "draft"
    assert stitch.json()["detail"] == (
        "Clip 2: its crossfade of 2.5 s is longer than half of clip 1, which lasts 4.00 s; 2 s fit."
    )
    assert stitch.json()["hint"] == "Make these transitions shorter, or their clips longer."


async def test_a_changed_caption_track_is_stitched_anew(site: Site) -> None:
    """Its text is of the snapshot, so that a later change cannot reach a stitch, and another stitch has it."""
    video = await site.ready_video()
    captions = await track(site, video)
    project = await make_project(
        site, {"video_id": video, "captions": {"track_id": captions}}, captions={"mode": "soft"}
    )
    path = f"/api/v1/projects/{project['id']}/stitch"
    first = (await site.ann.client.post(path)).json()
    same = (await site.ann.client.post(path)).json()
    cues = {"cues": [CUE | {"text": "Bye"}]}
    changed = await site.ann.client.put(f"/api/v1/captions/{captions}/cues", json=cues, headers={"If-Match": '"1"'})
    second = (await site.ann.client.post(path)).json()

    assert changed.status_code == 200, changed.text
    assert first["id"] == same["id"] != second["id"]


async def test_a_duplicate_has_the_whole_edit(site: Site) -> None:
    """Under ids of its own; a stranger cannot make one."""
    video = await site.ready_video()
    project = await make_project(
        site,
        {"video_id": video, "speed": 2, "titles": [TITLE]},
        {"card": {"text": "End"}},
        captions={"mode": "burned"},
        settings={"width": 640, "height": 360},
    )
    path = f"/api/v1/projects/{project['id']}/duplicate"
    copy = (await site.ann.client.post(path)).json()

    assert copy["title"] == "Trip (copy)"
    for name in ("settings", "captions", "duration_s"):
        assert copy[name] == project[name], name
    for one, other in zip(copy["clips"], project["clips"], strict=True):
        assert one.pop("id") != other.pop("id")
        assert one == other
    assert (await site.bob.client.post(path)).status_code == 404


@pytest.mark.parametrize(("start_s", "end_s"), [(0, 0), (2, 1), (0, 21), (1, 1.05), (9000, 9005)])
async def test_a_preview_is_of_a_span_that_can_be_waited_for(site: Site, start_s: float, end_s: float) -> None:
    project = await make_project(site, {"video_id": await site.ready_video()})
    path = f"/api/v1/projects/{project['id']}/preview-render"
    answer = await site.ann.client.post(path, json={"start_s": start_s, "end_s": end_s})

    assert answer.status_code == 400, answer.text


async def test_the_next_preview_ends_the_last_and_no_stranger_sees_it(site: Site) -> None:
    project = await make_project(site, {"video_id": await site.ready_video()})
    path = f"/api/v1/projects/{project['id']}/preview-render"
    first = (await site.ann.client.post(path, json={"start_s": 0, "end_s": 1})).json()
    second = (await site.ann.client.post(path, json={"start_s": 1, "end_s": 2})).json()
    states = [(await site.ann.client.get(f"{path}/{job['id']}")).json()["state"] for job in (first, second)]

    assert states == ["canceled", "queued"]
    assert (await site.bob.client.get(f"{path}/{second['id']}")).status_code == 404
    assert (await site.ann.client.get(f"{path}/{new_id('job')}")).status_code == 404


async def test_a_preview_is_swept_after_its_hour_and_can_be_rendered_again(site: Site) -> None:
    project = await make_project(site, {"video_id": await site.ready_video()})
    path = f"/api/v1/projects/{project['id']}/preview-render"
    job = (await site.ann.client.post(path, json={"start_s": 0, "end_s": 1})).json()["id"]
    await site.get(Store).write(keys.preview(job), _bytes())
    renders = site.get(PreviewRenders)

    assert await renders.sweep() == 0, "it is being made"
    await _end(site, job, minutes_ago=59)
    assert (await renders.sweep(), (await site.ann.client.get(f"{path}/{job}")).json()["url"] is None) == (0, False)
    await _end(site, job, minutes_ago=61)
    assert (await renders.sweep(), (await site.ann.client.get(f"{path}/{job}")).json()["url"]) == (1, None)
    again = (await site.ann.client.post(path, json={"start_s": 0, "end_s": 1})).json()["id"]
    assert again != job


async def test_a_preview_whose_hour_is_over_is_rendered_again_before_the_sweep(site: Site) -> None:
    project = await make_project(site, {"video_id": await site.ready_video()})
    path = f"/api/v1/projects/{project['id']}/preview-render"
    jobs = []
    for minutes_ago in (59, 61, 0):
        jobs.append((await site.ann.client.post(path, json={"start_s": 0, "end_s": 1})).json()["id"])
        await _end(site, jobs[-1], minutes_ago=minutes_ago)

    assert jobs[0] == jobs[1]
    assert jobs[1] != jobs[2]


async def _bytes() -> AsyncIterator[bytes]:
    yield b"x"


async def _end(site: Site, job_id: str, *, minutes_ago: int) -> None:
    """Let a render have ended."""
    async with site.get(Database).write() as session:
        job = await session.get_one(JobRow, job_id)
        job.state, job.finished_at = "succeeded", utc_now() - timedelta(minutes=minutes_ago)
        job.args = job.args | {"made": {"start_s": 0, "end_s": 1, "written": {"size_bytes": 1, "sha256": "0" * 64}}}
