"""Many videos at once, over HTTP."""

from typing import Any

from sqlalchemy import delete

from playhead.catalog.artifacts import record_artifact
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from tests.fixtures.site import Member, Site

PREVIEW = "/api/v1/videos/deletions/preview"
IDS = "/api/v1/videos/ids"


async def preview(member: Member, *ids: str) -> dict[str, Any]:
    answer = await member.client.post(PREVIEW, json={"ids": ids})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def project(member: Member, title: str, *videos: str) -> None:
    body = {"title": title, "clips": [{"video_id": video} for video in videos]}
    assert (await member.client.post("/api/v1/projects", json=body)).status_code == 201


async def test_a_preview_says_what_goes_and_deletes_nothing(site: Site) -> None:
    """How many, which projects use which of them, and the room that they and what was made of them take."""
    plain, first, second = [await site.ready_video(title=title) for title in ("Plain", "First", "Second")]
    await project(site.ann, "Harbour trip", first, second, first)
    await project(site.ann, "Other", second)
    async with site.get(Database).write() as session:
        await record_artifact(session, plain, "one.jpg", kind="storyboard", sha256="0" * 64, size_bytes=500)

    found = await preview(site.ann, plain, second, first, plain)

    assert (found["videos"], found["missing"], found["size_bytes"]) == (3, 0, 3500)
    assert [each["title"] for each in found["named"]] == ["Second", "First", "Plain"]
    uses = {each["title"]: sorted(each["video_ids"]) for each in found["projects"]}
    assert uses == {"Harbour trip": sorted([first, second]), "Other": [second]}
    assert (await site.ann.client.get(f"/api/v1/videos/{plain}")).status_code == 200


async def test_a_preview_knows_nothing_of_a_strangers_videos(site: Site) -> None:
    """They count as missing, as do those that are gone; no title, size or project of theirs is told."""
    theirs, gone = await site.ready_video(title="Secret"), await site.ready_video(site.bob)
    await project(site.ann, "Private", theirs)
    async with site.get(Database).write() as session:
        await session.execute(delete(VideoRow).where(VideoRow.id == gone))

    found = await preview(site.bob, theirs, gone, "no id")

    assert found == {
        "videos": 0,
        "missing": 3,
        "size_bytes": 0,
        "named": [],
        "projects": [],
        "trash_window_s": 604800.0,
    }


async def test_all_that_match_are_found_whatever_page_they_are_on(site: Site) -> None:
    """In the order of the library, a stranger's left out, with the filters of the list."""
    titles = ["Beach one", "Beach two", "Town"]
    mine = [await site.ready_video(title=title) for title in titles]
    await site.ready_video(site.bob, title="Beach of another")

    everything = (await site.ann.client.get(IDS)).json()
    beach = (await site.ann.client.get(IDS, params={"search": "beach", "state": "ready"})).json()

    assert everything == {"ids": mine[::-1], "total": 3}
    assert beach == {"ids": mine[1::-1], "total": 2}
    assert (await site.ann.client.get(IDS, params={"state": "errored"})).json() == {"ids": [], "total": 0}
