"""Images: uploaded, listed, shown, taken out of videos, deleted."""

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from playhead.catalog.asset_urls import AssetUrls
from playhead.catalog.deletions import Deletions
from playhead.catalog.images import images as module
from playhead.catalog.images.images import Images
from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import PendingDeletionRow, VideoRow
from playhead.db.database import Database
from playhead.errors import InvalidInput
from playhead.kit.ids import new_id
from playhead.media.probe import probe
from playhead.settings import Settings
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures import clips
from tests.fixtures.images import gradient, moving, stored
from tests.fixtures.site import Member, Site, open_site
from tests.fixtures.sync import read_number
from tests.fixtures.tiers import thorough

PNG = stored(gradient(size=(700, 300)), "PNG")


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    async with open_site(tmp_path / "data", sqlite_url) as opened:
        yield opened


async def upload(member: Member, data: bytes = PNG, **query: str) -> dict[str, Any]:
    answer = await member.client.post("/api/v1/images", content=data, params=query)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def kept(site: Site) -> list[str]:
    """Keys of images in the store."""
    return [found.key async for found in site.get(Store).list("images/")]


async def leases(site: Site) -> list[PendingDeletionRow]:
    async with site.get(Database).read() as session:
        return list(await session.scalars(select(PendingDeletionRow)))


async def test_an_upload_is_shown_as_it_is(site: Site) -> None:
    """Its bytes with their type and length, and a thumbnail; raw or in a form."""
    made = await upload(site.ann, filename="Sunset beach.png")
    form = await site.ann.client.post("/api/v1/images", files={"file": ("x.png", PNG)}, data={"title": "In a form"})

    facts = {name: made[name] for name in ("title", "origin", "content_type", "width", "height", "size_bytes")}
    assert facts == {
        "title": "Sunset beach",
        "origin": "upload",
        "content_type": "image/png",
        "width": 700,
        "height": 300,
        "size_bytes": len(PNG),
    }
    assert (form.status_code, form.json()["title"]) == (201, "In a form")
    for method in ("GET", "HEAD"):
        file = await site.ann.client.request(method, made["url"])
        assert (file.status_code, file.headers["content-type"]) == (200, "image/png")
        assert file.headers["content-length"] == str(len(PNG))
        assert file.content == (PNG if method == "GET" else b"")
    small = await site.ann.client.get(made["thumbnail_url"])
    large = await site.ann.client.get(made["thumbnail_url"], params={"w": 5000})
    assert small.headers["content-type"] == "image/webp"
    assert [Image.open(io.BytesIO(answer.content)).size for answer in (small, large)] == [(320, 137), (700, 300)]
    again = await site.ann.client.get(made["thumbnail_url"], headers={"If-None-Match": small.headers["etag"]})
    assert again.status_code == 304


@thorough
async def test_of_an_animation_the_first_frame_is_kept(site: Site) -> None:
    made = await upload(site.ann, moving("GIF"))
    file = await site.ann.client.get(made["url"])

    assert (made["content_type"], file.headers["content-type"]) == ("image/png", "image/png")
    assert Image.open(io.BytesIO(file.content)).convert("RGB").getpixel((1, 1)) == (255, 0, 0)


async def test_what_is_no_image_is_refused_and_nothing_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 10_000)
    rows: list[tuple[bytes, dict[str, str], int, str]] = [
        (b"", {}, 400, "upload_empty"),
        (b"hello", {}, 400, "not_an_image"),
        (PNG[:300], {}, 400, "image_damaged"),
        (bytes(10_001), {}, 413, "image_too_large"),
        (PNG, {"Content-Type": "text/plain"}, 415, "body_type_invalid"),
        (PNG, {"Content-Encoding": "gzip"}, 415, "body_type_invalid"),
    ]
    for data, headers, status, code in rows:
        answer = await site.ann.client.post("/api/v1/images", content=data, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (code, answer.text)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield bytes(5000)

    answer = await site.ann.client.post("/api/v1/images", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "image_too_large")
    assert (await kept(site), await leases(site)) == ([], [])
    assert (await site.ann.client.get("/api/v1/images")).json() == {"items": [], "next_cursor": None}


async def test_images_are_their_owners(site: Site) -> None:
    """A stranger's is missing, as one that never was; an admin may read it."""
    made = await upload(site.ann)
    path = f"/api/v1/images/{made['id']}"
    requests = [("GET", path), ("GET", f"{path}/file"), ("GET", f"{path}/thumbnail"), ("DELETE", path)]
    for method, url in [*requests, ("POST", f"{path}/asset-token"), ("GET", f"/api/v1/assets/{made['id']}")]:
        for missing in (url, url.replace(made["id"], new_id("img")), url.replace(made["id"], "img_x")):
            assert (await site.bob.client.request(method, missing)).status_code == 404, (method, missing)
    assert (await site.bob.client.get("/api/v1/images")).json()["items"] == []
    await site.make_admin(site.bob)

    assert (await site.bob.client.get(f"{path}/file")).content == PNG


@thorough
async def test_images_come_in_pages_newest_first(site: Site) -> None:
    made = [(await upload(site.ann, title=str(number)))["id"] for number in range(3)]
    first = (await site.ann.client.get("/api/v1/images", params={"limit": 2})).json()
    rest = await site.ann.client.get("/api/v1/images", params={"limit": 2, "cursor": first["next_cursor"]})

    assert [item["id"] for item in (*first["items"], *rest.json()["items"])] == made[::-1]
    assert (await site.ann.client.get("/api/v1/images", params={"origin": "frame"})).json()["items"] == []


async def test_a_deleted_image_is_gone_with_its_bytes(site: Site) -> None:
    made = await upload(site.ann)
    token = (await site.ann.client.post(f"/api/v1/images/{made['id']}/asset-token")).json()
    assert len(await kept(site)) == 3

    deleted = await site.ann.client.delete(f"/api/v1/images/{made['id']}")

    assert (deleted.status_code, await kept(site), await leases(site)) == (204, [], [])
    gone = [await site.ann.client.get(url) for url in (made["url"], made["thumbnail_url"], token["url"])]
    assert [answer.status_code for answer in gone] == [404, 404, 404]


@thorough
async def test_lost_bytes_are_404(site: Site) -> None:
    made = await upload(site.ann)
    await site.get(Store).delete_prefix(keys.image_prefix(made["id"]))

    answers = [await site.ann.client.get(made[name]) for name in ("url", "thumbnail_url")]

    assert [answer.status_code for answer in answers] == [404, 404]


@thorough
async def test_bytes_that_could_not_be_listed_are_removed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is listed before its bytes are stored, and nothing stays stored that is not listed."""

    async def broken(*_: object) -> None:
        raise InvalidInput("The database is full.")

    monkeypatch.setattr(Deletions, "keep", broken)
    answer = await site.ann.client.post("/api/v1/images", content=PNG)
    monkeypatch.undo()

    assert (answer.status_code, await kept(site)) == (400, [])


async def video_of(site: Site, path: Path) -> str:
    """A ready video with the bytes of a file."""
    found = await probe(path)
    video_id = await site.ready_video(title="Waves", size_bytes=path.stat().st_size)

    async def data() -> AsyncIterator[bytes]:
        yield path.read_bytes()

    written = await site.get(Store).write(keys.original(video_id), data())
    async with site.get(Database).write() as session:
        row = await session.get_one(VideoRow, video_id)
        row.probe, row.duration_s, row.sha256 = found.to_dict(), found.duration_s, written.sha256
    return video_id


async def test_the_first_and_last_frame_of_a_video(site: Site, tmp_path: Path) -> None:
    """The very frames, once each, whoever asks at the same time; they outlive their video."""
    video_id = await video_of(site, clips.make_clip(tmp_path, seconds=2, gop=100, mark=5))
    images, owner = site.get(Images), site.ann.user.id

    first = await images.from_frame(owner, video_id, "first")
    lasts = await asyncio.gather(*(images.from_frame(owner, video_id, "last") for _ in range(3)))

    assert {row.id for row in lasts} == {(await images.from_frame(owner, video_id, "last")).id}
    assert len(await kept(site)) == 6
    await site.ann.client.delete(f"/api/v1/videos/{video_id}")
    for row, number in ((first, 0), (lasts[0], 59)):
        answer = await site.ann.client.get(f"/api/v1/images/{row.id}/file")
        frame = Image.open(io.BytesIO(answer.content))
        assert (row.origin, row.width, row.height) == ("frame", 320, 180)
        assert (frame.format, read_number(frame, 5)) == ("PNG", number)
    assert (first.title, lasts[0].title) == ("First frame of Waves", "Last frame of Waves")


@thorough
async def test_copies_that_a_dead_process_left_are_swept(site: Site) -> None:
    work = site.get(Settings).work
    for name, age_s in (("frame-old", 100_000), ("frame-new", 10)):
        (work / name).mkdir(parents=True)
        (work / name / "copy").write_bytes(b"x")
        os.utime(work / name, times=(time.time() - age_s,) * 2)

    assert await site.get(Images).sweep() == 1
    assert [path.name for path in work.glob("frame-*")] == ["frame-new"]


@thorough
async def test_images_can_be_added_by_other_parts(site: Site, tmp_path: Path) -> None:
    """From bytes or a file, which stays where it is."""
    path = tmp_path / "x.png"
    path.write_bytes(PNG)
    images = site.get(Images)

    rows = [await images.add(site.ann.user.id, "A still", source, "upload") for source in (PNG, path)]

    assert [(row.sha256, row.title) for row in rows] == [(rows[0].sha256, "A still")] * 2
    async with site.get(Database).read() as session:
        found = await images.find(session, rows[0].id)
        assert isinstance(found, ImageRow)
        assert await images.find(session, "img_nonsense") is None


async def test_without_a_public_address_no_asset_url_is_made(site: Site) -> None:
    """It says which setting to make."""
    made = await upload(site.ann)
    urls = site.get(AssetUrls)
    for making in (urls.of_image(made["id"], 900), urls.of_video(await site.ready_video(), 900)):
        with pytest.raises(InvalidInput) as refused:
            await making
        assert "PLAYHEAD_PUBLIC_URL" in str(refused.value.hint)
