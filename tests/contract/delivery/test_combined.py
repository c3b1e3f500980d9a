"""``/projects/{id}/combined``: the present reel by key, in whole and in parts, and how long caches keep it."""

import pytest

from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.reels.tables import ProjectRow
from tests.fixtures.site import Site


@pytest.fixture
def database_kind() -> str:
    """One kind: the database is not the matter."""
    return "sqlite"


async def project_with_reel(site: Site, reel: str | None) -> str:
    """A project of Ann's, stitched into a video."""
    made = await site.ann.client.post("/api/v1/projects", json={"title": "Trip"})
    project_id: str = made.json()["id"]
    async with site.get(Database).write() as session:
        project = await session.get_one(ProjectRow, project_id)
        project.reel_video_id, project.reel_made_at = reel, utc_now()
    return f"/api/v1/projects/{project_id}/combined"


async def test_a_stranger_gets_nothing(site: Site) -> None:
    """401 without a credential, 404 for another user."""
    url = await project_with_reel(site, await site.stored_video())

    assert (await site.anonymous.get(url)).status_code == 401
    assert (await site.bob.client.get(url)).status_code == 404


async def test_the_reel_is_read_in_whole_and_in_parts(site: Site) -> None:
    """200, 206, 416, HEAD and 304, as RFC 9110 has them."""
    reel = await site.stored_video(size=1000)
    url = await project_with_reel(site, reel)
    whole = await site.ann.client.get(url)
    tag = whole.headers["etag"]

    head = await site.ann.client.head(url)
    part = await site.ann.client.get(url, headers={"range": "bytes=990-"})
    beyond = await site.ann.client.get(url, headers={"range": "bytes=1000-"})
    same = await site.ann.client.get(url, headers={"if-none-match": tag})

    assert (whole.status_code, len(whole.content), whole.headers["accept-ranges"]) == (200, 1000, "bytes")
    assert whole.headers["content-location"] == f"/api/v1/videos/{reel}/stream"
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "1000", b"")
    assert (part.status_code, part.headers["content-range"], len(part.content)) == (206, "bytes 990-999/1000", 10)
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    assert (same.status_code, same.headers["cache-control"]) == (304, "private, no-cache")


async def test_one_reel_is_cached_for_good_and_the_present_one_is_not(site: Site) -> None:
    """``v`` names it; once there is another, or none, it is 404."""
    reel = await site.stored_video()
    url = await project_with_reel(site, reel)

    named = await site.ann.client.get(url, params={"v": reel})
    other = await site.ann.client.get(url, params={"v": "vid_" + "0" * 26})
    await site.ann.client.delete(f"/api/v1/videos/{reel}")
    gone = await site.ann.client.get(url)

    assert (named.status_code, named.headers["cache-control"]) == (200, "private, max-age=31536000, immutable")
    for answer in (other, gone, await site.ann.client.get(await project_with_reel(site, None))):
        assert (answer.status_code, answer.json()["code"]) == (404, "reel_not_found")
