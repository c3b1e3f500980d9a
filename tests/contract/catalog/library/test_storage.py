"""The room that videos take, by kind, by owner and by what frees the most, on each database."""

from datetime import timedelta
from typing import Any

from playhead.catalog.artifacts import record_artifact
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from tests.fixtures.site import Member, Site


async def report(member: Member, **query: Any) -> dict[str, Any]:
    answer = await member.client.get("/api/v1/storage", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def uses(found: dict[str, Any]) -> dict[str, int]:
    return {use["kind"]: use["size_bytes"] for use in found["uses"]}


async def test_room_is_told_by_kind_and_owner_with_what_frees_most(site: Site) -> None:
    """A member sees their own; an admin all, and their own on request."""
    now = utc_now()
    played = await site.ready_video(size_bytes=1000, watched_at=now)
    never = await site.ready_video(size_bytes=5000, title="Never")
    await site.ready_video(size_bytes=9000, keep=True)
    old = await site.ready_video(
        size_bytes=300, origin="reel", project_id="prj_1", title="Old", created_at=now - timedelta(days=1)
    )
    await site.ready_video(size_bytes=400, origin="reel", project_id="prj_1")
    await site.ready_video(size_bytes=0, origin="reel", project_id="prj_1", width=360, height=640, title="9:16")
    gone = await site.ready_video(size_bytes=70, title="Gone")
    await site.ready_video(site.bob, size_bytes=20_000)
    async with site.get(Database).write() as session:
        (await session.get_one(VideoRow, gone)).trashed_at = now
        for video, kind, size in ((never, "rendition", 600), (played, "rendition", 50), (old, "storyboard", 8)):
            await record_artifact(session, video, kind, kind=kind, sha256="0" * 64, size_bytes=size)

    mine = await report(site.ann)

    assert uses(mine) == {"originals": 15_000, "reels": 700, "renditions": 650, "stills": 8, "trash": 70}
    assert (mine["scope"], mine["owners"], mine["size_bytes"]) == ("mine", [], 16_428)
    causes = {
        cause["name"]: (cause["size_bytes"], [video["title"] for video in cause["videos"]]) for cause in mine["causes"]
    }
    assert causes == {
        "never_played": (5600, ["Never"]),
        "old_reels": (308, ["Old"]),
        "unwatched_renditions": (600, ["Never"]),
        "trash": (70, ["Gone"]),
    }

    await site.make_admin(site.ann)
    everything = await report(site.ann)
    assert uses(everything)["originals"] == 35_000
    assert [(owner["email"], owner["size_bytes"]) for owner in everything["owners"]] == [
        ("bob@example.org", 20_000),
        ("ann@example.org", 16_428),
    ]
    assert (await report(site.ann, mine=True))["size_bytes"] == 16_428
