"""The schema of generations, taken back and brought up again, on each kind of database."""

from alembic import command
from sqlalchemy import Connection

from playhead.db.database import Database
from playhead.db.migrate import alembic_config
from tests.fixtures.site import Site


async def test_clips_of_videos_outlive_the_way_back(site: Site) -> None:
    """Prompts alone have no place in the schema before; all else stays."""
    video = await site.ready_video()
    clips = [{"video_id": video}, {"prompt": {"text": "Waves"}}]
    project = (await site.ann.client.post("/api/v1/projects", json={"title": "A", "clips": clips})).json()

    def there_and_back(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0010")
        command.upgrade(alembic_config(connection), "head")

    async with site.get(Database).write() as session:
        await (await session.connection()).run_sync(there_and_back)

    found = (await site.ann.client.get(f"/api/v1/projects/{project['id']}")).json()
    assert [clip["video_id"] for clip in found["clips"]] == [video]
