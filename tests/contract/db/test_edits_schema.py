"""The schema of edits, taken back and brought up again, on each kind of database."""

from alembic import command
from sqlalchemy import Connection

from playhead.db.database import Database
from playhead.db.migrate import alembic_config
from tests.fixtures.site import Site


async def test_projects_and_their_clips_outlive_the_way_back(site: Site) -> None:
    """What has no place in the schema before is lost, and nothing with it: no row goes with a table that is altered."""
    video = await site.ready_video()
    clips = [{"video_id": video, "speed": 2}, {"card": {"text": "The end"}, "end_s": 3}]
    wanted = {"title": "A", "clips": clips, "captions": {"mode": "soft"}}
    project = (await site.ann.client.post("/api/v1/projects", json=wanted)).json()
    share = (await site.ann.client.post(f"/api/v1/videos/{video}/shares", json={})).json()

    def there_and_back(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0012")
        command.upgrade(alembic_config(connection), "head")

    async with site.get(Database).write() as session:
        await (await session.connection()).run_sync(there_and_back)

    answer = await site.ann.client.get(f"/api/v1/projects/{project['id']}")
    assert [(clip["video_id"], clip["speed"]) for clip in answer.json()["clips"]] == [(video, 1), (None, 1)]
    assert (await site.ann.client.get(f"/api/v1/shares/{share['id']}")).json()["comments"] == "off"
