"""``/system``: what an admin sees of an installation, and that nobody else sees any of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from playhead.access.access import Access
from playhead.access.users import insert_user
from playhead.app.endpoints.system import settings_shown
from playhead.app.loading import load
from playhead.app.system import KEEP_S, Sums, store_place
from playhead.catalog.tables import ArtifactRow
from playhead.db.database import Database
from playhead.jobs.heartbeat import now_of
from playhead.jobs.tables import JobRow, WorkerRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.settings import Settings
from tests.fixtures.site import Site


async def system(site: Site) -> dict[str, Any]:
    """As an admin reads it."""
    async with site.get(Database).write() as session:
        eve = await insert_user(
            session, email="eve@example.org", name=None, role="admin", password_hash="!", now=utc_now()
        )
    key = await site.get(Access).keys.create(None, user_id=eve.id, name="test")
    answer = await site.anonymous.get("/api/v1/system", headers={"Authorization": f"Bearer {key.key}"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def queue(site: Site, state: str, *, worker: str | None = None, age_s: float = 0) -> str:
    """Put a stitch into the table of jobs."""
    row = JobRow(
        id=new_id("job"),
        kind="stitch",
        owner_id=site.ann.user.id,
        title="Trip",
        args={},
        state=state,
        worker=worker,
        created_at=utc_now() - timedelta(seconds=age_s),
        attempt_progress=0.0,
    )
    async with site.get(Database).write() as session:
        session.add(row)
    return row.id


async def test_the_system_is_for_admins(site: Site) -> None:
    """It names paths, hosts and settings: a stranger is 401, a member 403, and neither answer says anything of them."""
    for client, status in ((site.anonymous, 401), (site.ann.client, 403)):
        answer = await client.get("/api/v1/system")
        assert answer.status_code == status
        assert str(site.get(Settings).data) not in answer.text


async def test_an_admin_sees_room_workers_and_what_waits(each_site: Site) -> None:
    """Sums of the catalog by kind; of a worker that went silent, what it means; of a queue, since when it waits."""
    site = each_site
    now = utc_now()
    video = await site.ready_video(size_bytes=1000, poster_size_bytes=7, poster_sha256="0" * 64)
    await site.ready_video(size_bytes=500, origin="reel")
    made = {"video_id": video, "sha256": "0" * 64, "facts": {}, "created_at": now}
    async with site.get(Database).write() as session:
        for name, kind, size in (("720p", "rendition", 300), ("d", "download", 200), ("s.jpg", "storyboard", 3)):
            session.add(ArtifactRow(**made, name=name, kind=kind, size_bytes=size))
        now_s = now_of(site.get(Database))
        for name, host, ago_s in (("new", "near", 0), ("old", "far", 60)):
            row = {"id": name, "host": host, "pid": 7, "started": now_s - 600, "seen": now_s - ago_s}
            await session.execute(insert(WorkerRow).values(row))
    running = await queue(site, "running", worker="new")
    await queue(site, "queued", age_s=90)
    await queue(site, "queued", age_s=10)

    found = await system(site)

    uses = {use["name"]: (use["count"], use["size_bytes"]) for use in found["storage"]["uses"]}
    assert uses["originals"] == (1, 1000)
    assert uses["reels"] == (1, 500)
    assert uses["renditions"] == (2, 500)
    assert uses["pictures"] == (2, 10)
    assert uses["renders"] == uses["uploads"] == (0, 0)
    assert found["storage"]["store"] == "folder"
    assert found["storage"]["disk_free_bytes"] > 0
    workers = {one["id"]: one for one in found["workers"]}
    assert (workers["new"]["state"], workers["new"]["problem"]) == ("ready", None)
    assert [job["id"] for job in workers["new"]["jobs"]] == [running]
    assert (workers["old"]["state"], workers["old"]["host"]) == ("lost", "far")
    assert "takes its jobs over" in workers["old"]["problem"]
    [waits] = found["queues"]
    assert (waits["kind"], waits["queued"], waits["running"]) == ("stitch", 2, 1)
    assert waits["oldest_queued_at"] < (now - timedelta(seconds=60)).isoformat()
    assert {check["name"] for check in found["checks"]} == {"database", "store", "worker", "disk"}
    assert found["database"]["kind"] == ("SQLite" if site.get(Database).is_sqlite else "PostgreSQL")
    assert found["database"]["size_bytes"] > 0
    assert [one["name"] for one in found["settings"]] == list(Settings.model_fields)


async def test_sums_are_kept_for_half_a_minute(site: Site) -> None:
    """However many admins look, a large catalog is added up twice a minute."""
    now = 0.0
    sums = Sums(site.get(Database), site.get(Settings), clock=lambda: now)
    before = await sums.read()
    await site.ready_video()

    now = KEEP_S - 1
    assert await sums.read() is before
    now = KEEP_S
    assert (await sums.read())[0].uses[0].count == 1


def test_settings_are_shown_with_their_source_and_without_secrets(monkeypatch: Any) -> None:
    """A flag is told from the variable that it overrides; sizes and lengths are written as people write them."""
    monkeypatch.setenv("PLAYHEAD_PORT", "9000")
    monkeypatch.setenv("PLAYHEAD_DATABASE", "postgresql://ada:secret@db/v?password=secret")
    monkeypatch.setenv("PLAYHEAD_PLAYBACK_TTL", "5400")

    shown = {one["name"]: one for one in settings_shown(load(port=8123))}

    assert (shown["port"]["text"], shown["port"]["origin"]) == ("8123", "command line")
    assert shown["database"]["origin"] == "environment PLAYHEAD_DATABASE"
    assert "secret" not in str(shown["database"])
    assert (shown["playback_ttl"]["text"], shown["playback_ttl"]["value"]) == ("90 min", "PT1H30M")
    assert shown["upload_max"]["text"] == "21.5 GB"
    assert (shown["embed_origins"]["text"], shown["embed_origins"]["origin"]) == (None, "default")


def test_a_store_is_named_without_its_options() -> None:
    assert store_place("s3://bucket/prefix?endpoint=http://minio:9000") == ("s3", "s3://bucket/prefix")
    assert store_place("file:///srv/video") == ("folder", "/srv/video")
