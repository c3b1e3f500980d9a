"""The trash: gone for people and links, back when it is restored, deleted when its time is over."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.access.tables import AuditRow
from playhead.catalog.deletions import Deletions
from playhead.catalog.tables import PendingDeletionRow, VideoRow
from playhead.catalog.trash import Trash
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.storage import keys
from playhead.storage.errors import StoreUnavailable
from playhead.storage.local import LocalStore
from playhead.storage.store import Store
from tests.contract.app.test_public_routes import routes_of
from tests.fixtures.site import Site, open_site

TRASH = "/api/v1/trash"


async def trash(site: Site, video_id: str, **params: str) -> int:
    answer = await site.ann.client.delete(f"/api/v1/videos/{video_id}", params={"trash": "true", **params})
    return answer.status_code


async def stored(site: Site, video_id: str) -> list[str]:
    return [found.key async for found in site.get(Store).list(keys.video_prefix(video_id))]


async def audited(site: Site, video_id: str) -> list[tuple[str, str, dict[str, object]]]:
    async with site.get(Database).read() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.subject_id == video_id).order_by(AuditRow.id))
        return [(row.action, row.actor, row.facts) for row in rows]


async def test_a_trashed_video_is_gone_from_every_route(site: Site) -> None:
    """404 on each route of a video, by links that were made before as well; its bytes stay."""
    video = await site.stored_video(title="Gone")
    client = site.ann.client
    share = (await client.post(f"/api/v1/videos/{video}/shares", json={})).json()
    link = (await client.post(f"/api/v1/videos/{video}/playback", json={"kind": "file"})).json()["path"]
    assert (await site.anonymous.get(link)).status_code == 200

    assert await trash(site, video) == 204

    for method, path in sorted(routes_of(site)):
        if "{video_id}" not in path or path.startswith(TRASH):
            continue
        url = re.sub(r"\{(?!video_id)\w+\}", lambda _: "x", path).replace("{video_id}", video)
        answer = await client.request(method, url, json={} if method in ("POST", "PATCH", "PUT") else None)
        assert answer.status_code in ((404, 422) if method == "POST" else (404, 403)), (method, path, answer.text)
    assert (await site.anonymous.get(link)).status_code == 404
    assert (await site.anonymous.get(f"/api/v1/shared/{share['url'].rpartition('/')[2]}")).status_code == 404
    assert (await client.get(f"/api/v1/shares/{share['id']}")).status_code == 404
    assert (await client.get("/api/v1/videos")).json()["items"] == []
    assert (await client.get("/api/v1/videos/ids")).json() == {"ids": [], "total": 0}
    assert len(await stored(site, video)) == 1


async def test_a_restored_video_is_as_it_was(site: Site) -> None:
    """With its links, shares and clips; a project cannot take clips of it meanwhile."""
    video = await site.stored_video(title="Back")
    client = site.ann.client
    body = {"title": "Trip", "clips": [{"video_id": video}]}
    project = (await client.post("/api/v1/projects", json=body)).json()
    link = (await client.post(f"/api/v1/videos/{video}/playback", json={"kind": "file"})).json()["path"]
    assert await trash(site, video) == 409
    assert await trash(site, video, force="true") == 204
    clips = (await client.get(f"/api/v1/projects/{project['id']}")).json()["clips"]
    assert clips[0]["problem"]["code"] == "video_deleted"
    assert (await client.post("/api/v1/projects", json=body)).status_code == 400

    answer = await client.post(f"{TRASH}/{video}/restore")

    assert (answer.status_code, answer.json()["title"], answer.json()["keep"]) == (200, "Back", False)
    assert (await client.post(f"{TRASH}/{video}/restore")).status_code == 200
    assert (await site.anonymous.get(link)).status_code == 200
    clips = (await client.get(f"/api/v1/projects/{project['id']}")).json()["clips"]
    assert clips[0]["problem"] is None
    assert (await client.get(TRASH)).json()["items"] == []


async def test_the_trash_says_what_is_in_it_and_until_when(site: Site) -> None:
    """Of its owner alone, the last one first, with its bytes and who put it there."""
    first, second = await site.stored_video(title="First"), await site.stored_video(title="Second", size=5000)
    for video in (first, second):
        await trash(site, video)

    found: dict[str, Any] = (await site.ann.client.get(TRASH, params={"limit": "1"})).json()
    rest = (await site.ann.client.get(TRASH, params={"limit": "1", "cursor": found["next_cursor"]})).json()

    assert (found["videos"], found["size_bytes"]) == (2, 6000)
    [newest], [oldest] = found["items"], rest["items"]
    assert (newest["title"], newest["trashed_by"], newest["reason"]) == ("Second", "ann@example.org", "requested")
    assert newest["deleted_at"] > newest["trashed_at"]
    assert (oldest["id"], rest["next_cursor"]) == (first, None)
    assert (await site.bob.client.get(TRASH)).json()["items"] == []
    assert (await site.bob.client.post(f"{TRASH}/{first}/restore")).status_code == 404
    assert (await site.bob.client.delete(f"{TRASH}/{first}")).status_code == 404


async def test_what_is_emptied_is_deleted_with_its_bytes(site: Site) -> None:
    """One of them, or all; what is not in the trash stays. Each deletion is recorded with who, why and bytes."""
    one, other, kept = [await site.stored_video() for _ in range(3)]
    for video in (one, other):
        await trash(site, video)

    assert (await site.ann.client.delete(f"{TRASH}/{kept}")).status_code == 404
    assert (await site.ann.client.delete(f"{TRASH}/{one}")).status_code == 204
    assert (await site.ann.client.delete(TRASH)).json() == {"videos": 1, "size_bytes": 1000}

    assert [len(await stored(site, video)) for video in (one, other, kept)] == [0, 0, 1]
    actions = [(action, actor, facts["size_bytes"]) for action, actor, facts in await audited(site, one)]
    assert actions == [(name, "ann@example.org", 1000) for name in ("video.trash", "video.delete")]


async def test_its_time_in_the_trash_ends_with_its_bytes(tmp_path: Path, migrated_url: str) -> None:
    """The sweep deletes what was there for the whole window, and nothing that is younger."""
    async with open_site(tmp_path, migrated_url, trash_window=timedelta(days=2)) as site:
        old, young = [await site.stored_video() for _ in range(2)]
        for video in (old, young):
            await trash(site, video)
        async with site.get(Database).write() as session:
            row = await session.get_one(VideoRow, old)
            row.trashed_at = utc_now() - timedelta(days=2)

        assert await site.get(Trash).sweep() == 1

        assert [len(await stored(site, video)) for video in (old, young)] == [0, 1]
        assert (await audited(site, old))[-1][:2] == ("video.delete", "trash")


async def test_a_crash_between_row_and_bytes_leaves_a_record_of_them(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store does not answer: the row is gone, its bytes are still known, and go once it does."""
    video = await site.stored_video()
    await trash(site, video)

    async def unavailable(_: LocalStore, prefix: str) -> int:
        raise StoreUnavailable(f"{prefix} cannot be deleted.")

    with monkeypatch.context() as broken:
        broken.setattr(LocalStore, "delete_prefix", unavailable)
        assert (await site.ann.client.delete(TRASH)).status_code == 200
    async with site.get(Database).write() as session:
        pending = await session.get_one(PendingDeletionRow, keys.video_prefix(video))
        assert pending.attempts == 1
        pending.created_at -= timedelta(minutes=2)
    assert len(await stored(site, video)) == 1

    await site.get(Deletions).sweep()

    assert await stored(site, video) == []


async def test_jobs_still_see_a_video_in_the_trash(site: Site) -> None:
    """Its bytes have an owner: what looks for bytes without one must not take them."""
    video = await site.stored_video()
    await trash(site, video)

    async with site.get(Database).read() as session:
        assert await visible_video(session, video) is None
        assert await session.get(VideoRow, video) is not None


async def test_a_permanent_deletion_is_as_before(site: Site) -> None:
    """Without ``trash`` nothing is kept, and it is recorded."""
    video = await site.stored_video()

    assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204

    assert await stored(site, video) == []
    assert [action for action, _, _ in await audited(site, video)] == ["video.delete"]
    assert (await site.ann.client.post(f"{TRASH}/{new_id('vid')}/restore")).status_code == 404
