"""``/recordings``: a URL once, lists, stop, finalise again, delete."""

from typing import Any

from sqlalchemy import update

from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.live.tables import RecordingRow
from playhead.settings import Settings
from tests.contract.live.test_channels import add
from tests.fixtures.site import Site

STREAM = "rtmp://127.0.0.1/live/SECRET"


async def record(site: Site, url: str = STREAM, **more: Any) -> dict[str, Any]:
    """A recording of Ann's."""
    answer = await site.ann.client.post("/api/v1/recordings", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    recording: dict[str, Any] = answer.json()
    return recording


async def give(site: Site, recording: dict[str, Any], **facts: Any) -> None:
    """Change the row, as its job does."""
    async with site.get(Database).write() as session:
        await session.execute(update(RecordingRow).where(RecordingRow.id == recording["id"]).values(**facts))


async def test_a_url_is_recorded_once(one_site: Site) -> None:
    """With a job, and a title that does not need to be given."""
    named = await record(one_site, title="Town meeting")
    plain = await record(one_site)
    job = await one_site.ann.client.get(f"/api/v1/jobs/{named['job_id']}")

    assert (named["title"], named["state"], named["health"], named["gaps"]) == (
        "Town meeting",
        "recording",
        "starting",
        [],
    )
    assert plain["title"].startswith("127.0.0.1 20")
    assert (job.json()["kind"], job.json()["title"]) == ("record", "Town meeting")
    assert "SECRET" not in job.text


async def test_lists_are_of_a_state_and_of_a_channel(site: Site) -> None:
    """Newest first, in pages."""
    channel = await add(site)
    await site.ann.client.post(f"/api/v1/channels/{channel['id']}/recording/start")
    first, second = await record(site), await record(site)
    await give(site, first, state="ready")

    async def ids(**params: Any) -> list[str]:
        page = (await site.ann.client.get("/api/v1/recordings", params=params)).json()
        return [item["id"] for item in page["items"]]

    assert (await ids())[:2] == [second["id"], first["id"]]
    assert await ids(state="ready") == [first["id"]]
    assert len(await ids(channel_id=channel["id"])) == 1
    assert await ids(limit=1) == [second["id"]]


async def test_to_stop_is_to_request_it_once(one_site: Site) -> None:
    """A second stop, and one of an ended recording, changes nothing."""
    recording = await record(one_site)
    first = (await one_site.ann.client.post(f"/api/v1/recordings/{recording['id']}/stop")).json()
    second = (await one_site.ann.client.post(f"/api/v1/recordings/{recording['id']}/stop")).json()

    assert first["stop_reason"] == "requested"
    assert second == first


async def test_an_errored_recording_is_finalised_again(one_site: Site) -> None:
    """Others are not."""
    recording = await record(one_site)
    early = await one_site.ann.client.post(f"/api/v1/recordings/{recording['id']}/finalise")
    await give(
        one_site, recording, state="errored", error_code="x", error_message="It broke.", error_hint="Do it again."
    )
    shown = (await one_site.ann.client.get(f"/api/v1/recordings/{recording['id']}")).json()
    again = await one_site.ann.client.post(f"/api/v1/recordings/{recording['id']}/finalise")

    assert (early.status_code, early.json()["code"]) == (409, "recording_not_errored")
    assert shown["error"] == {"code": "x", "message": "It broke.", "hint": "Do it again."}
    assert (again.status_code, again.json()["state"], again.json()["error"]) == (202, "finalising", None)


async def test_an_ended_recording_is_deleted_with_its_parts(site: Site) -> None:
    """While it runs it is 409. Its video stays unless it is named."""
    video_id = await site.ready_video(origin="recording")
    folders = site.get(Settings).live
    kept, gone = await record(site), await record(site)
    for recording in (kept, gone):
        (folders / recording["id"]).mkdir(parents=True)
        (folders / recording["id"] / "cap.mp4").write_bytes(b"x")
    running = await site.ann.client.delete(f"/api/v1/recordings/{gone['id']}")
    await give(site, kept, state="ready", video_id=video_id)
    await give(site, gone, state="ready", video_id=video_id)

    first = await site.ann.client.delete(f"/api/v1/recordings/{kept['id']}")
    still = (await site.ann.client.get(f"/api/v1/videos/{video_id}")).status_code
    second = await site.ann.client.delete(f"/api/v1/recordings/{gone['id']}", params={"with_video": True})
    async with site.get(Database).read() as session:
        video = await session.get(VideoRow, video_id)

    assert (running.status_code, running.json()["code"]) == (409, "recording_running")
    assert (first.status_code, still, second.status_code) == (204, 200, 204)
    assert video is None
    assert not list(folders.iterdir())
