"""``/videos/{id}/activity``: what happened with a video, the newest first."""

from playhead.db.database import Database
from playhead.delivery.transfers import Transfers, Viewer
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from tests.contract.delivery.shares.sharing import share
from tests.fixtures.site import Site


async def test_everything_that_happened_is_told_in_order(site: Site) -> None:
    """Upload, a job that failed and why, links made and ended, use in a project, viewings; page by page."""
    video = await site.ready_video(filename="harbour.mp4", size_bytes=2_000_000)
    now = utc_now()
    failed = JobRow(
        id=new_id("job"),
        kind="renditions",
        owner_id=site.ann.user.id,
        title="A clip",
        video_id=video,
        args={"video_id": video},
        state="failed",
        error_message="The store is full.",
        error_hint="Make room.",
        created_at=now,
        finished_at=now,
        attempt_progress=0.0,
    )
    async with site.get(Database).write() as session:
        session.add(failed)
    shared = await share(site.ann, video)
    await site.ann.client.patch(f"/api/v1/shares/{shared['id']}", json={"allow_download": True})
    await site.ann.client.delete(f"/api/v1/shares/{shared['id']}")
    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke", json={"shares": True})
    clips = [{"video_id": video, "start_s": 0, "end_s": 1}] * 2
    project = (await site.ann.client.post("/api/v1/projects", json={"title": "Trip", "clips": clips})).json()
    transfers: Transfers = site.get(Transfers)
    for at in range(2):
        viewer = Viewer(shared["id"], client="10.0.0.1", user_agent="Firefox/140")
        transfers.begin(viewer, video_id=video, kind="file", status=206, expected_bytes=500).end(
            "complete", acked_bytes=500 - at
        )

    told, cursor = [], None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await site.ann.client.get(f"/api/v1/videos/{video}/activity", params=params)).json()
        told += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [event["text"] for event in told] == [
        "Sent 999 bytes in 2 pieces to a share link from 10.0.0.1",
        "Used as 2 clips in Trip",
        "Revoked all links",
        "Revoked a share link",
        "Changed a share link: downloading",
        "Made a share link",
        "Making renditions failed",
        "Uploaded harbour.mp4 (2.0 MB)",
    ]
    assert told[0]["state"] == "complete"
    assert told[1]["project_id"] == project["id"]
    assert (told[5]["actor"], told[5]["share_id"]) == ("ann@example.org", shared["id"])
    assert told[6]["error"] == "The store is full. Make room."


async def test_the_activity_of_a_video_is_its_owners(site: Site) -> None:
    """It tells who watched from where: a stranger finds neither it nor the facts of the file."""
    video = await site.ready_video(site.ann)

    for what in ("activity", "technical"):
        assert (await site.bob.client.get(f"/api/v1/videos/{video}/{what}")).status_code == 404
        assert (await site.anonymous.get(f"/api/v1/videos/{video}/{what}")).status_code == 401


async def test_viewings_are_those_of_own_videos_with_a_cursor(site: Site) -> None:
    """A member sees viewers of their own videos; how many ended in all is not theirs to know."""
    transfers: Transfers = site.get(Transfers)
    own = [await site.ready_video(site.ann) for _ in range(3)]
    for video in (*own, await site.ready_video(site.bob)):
        transfers.begin(Viewer("link"), video_id=video, kind="file", status=200, expected_bytes=1).end("gone")

    first = (await site.ann.client.get("/api/v1/transfers/viewings", params={"limit": 2})).json()
    rest = await site.ann.client.get("/api/v1/transfers/viewings", params={"cursor": first["next_cursor"]})

    assert {one["video_id"] for one in (*first["items"], *rest.json()["items"])} == set(own)
    assert (rest.json()["next_cursor"], first["kept"], first["ended"]) == (None, 3, None)
    assert (await site.ann.client.get("/api/v1/transfers/viewings", params={"cursor": "x"})).status_code == 400
    assert transfers.ended_by_kind == {"file": 4}
