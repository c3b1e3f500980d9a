"""A video that is the music of a project is in use, as one of its clips is."""

from playhead.db.database import Database
from playhead.reels.uses import in_project
from tests.fixtures.site import Site


async def test_the_music_of_a_project_is_not_deleted_by_the_way(site: Site) -> None:
    """Neither by a person who does not know it, nor by retention."""
    clip, song = await site.ready_video(), await site.ready_video()
    wanted = {"title": "Trip", "clips": [{"video_id": clip}]}
    project = (await site.ann.client.post("/api/v1/projects", json=wanted)).json()
    url, music = f"/api/v1/projects/{project['id']}", {"music": {"video_id": song}}
    saved = await site.ann.client.patch(url, json=music, headers={"if-match": f'"{project["version"]}"'})
    assert saved.status_code == 200, saved.text

    refused = await site.ann.client.delete(f"/api/v1/videos/{song}")

    assert (refused.status_code, refused.json()["code"]) == (409, "video_in_use")
    assert refused.json()["projects"] == [{"id": project["id"], "title": "Trip"}]
    async with site.get(Database).read() as session:
        assert await in_project(session, [clip, song]) == {
            clip: "it has clips in “Trip”",
            song: "it is the music of “Trip”",
        }
