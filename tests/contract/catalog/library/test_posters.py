"""The poster that somebody chooses: seen wherever the video is, under an URL of its own, and taken back."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from playhead.catalog.library.storage_report import StorageReports
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures import clips
from tests.fixtures.images import gradient, stored
from tests.fixtures.site import Site, open_site
from tests.fixtures.sync import read_number


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does."""
    async with open_site(tmp_path / "data", sqlite_url) as opened:
        yield opened


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def video_with_poster(site: Site, folder: Path) -> str:
    """A video of 3 s with numbered frames, and an automatic poster that is none of them."""
    data = clips.make_clip(folder, seconds=3, mark=7, gop=15, size=(320, 180)).read_bytes()
    automatic = stored(gradient(size=(64, 36)), "JPEG")
    video = await site.ready_video(duration_s=3.0, container="mp4", size_bytes=len(data))
    await site.get(Store).write(keys.original(video), _once(data))
    written = await site.get(Store).write(keys.poster(video), _once(automatic))
    async with site.get(Database).write() as session:
        row = await session.get_one(VideoRow, video)
        row.poster_sha256, row.poster_size_bytes = written.sha256, written.size_bytes
    return video


async def choose(site: Site, video: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await site.ann.client.put(f"/api/v1/videos/{video}/poster", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def image_of(answer: httpx2.Response) -> Image.Image:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg"), answer.text
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


async def made(site: Site, video: str) -> list[str]:
    found = site.get(Store).list(keys.video_prefix(video))
    return sorted([each.key.rpartition("/")[2] async for each in found])


async def test_a_frame_becomes_the_poster_and_the_automatic_one_comes_back(site: Site, tmp_path: Path) -> None:
    video = await video_with_poster(site, tmp_path)
    path = f"/api/v1/videos/{video}"
    before = (await site.ann.client.get(path)).json()

    chosen = await choose(site, video, at_s=1.0)

    assert (chosen["poster"], chosen["version"]) == ({"at_s": 1.0, "image_id": None}, before["version"] + 1)
    assert chosen["poster_url"].partition("?")[0] != before["poster_url"].partition("?")[0]
    shown = await site.anonymous.get(chosen["poster_url"])
    assert read_number(image_of(shown), 7) == 30
    assert "immutable" in shown.headers["cache-control"]
    assert read_number(image_of(await site.ann.client.get(f"{path}/thumbnail")), 7) == 30
    old = await site.anonymous.get(before["poster_url"])
    assert (old.content, "max-age=0" in old.headers["cache-control"]) == (shown.content, True)

    other = await choose(site, video, at_s=2.0)
    assert read_number(image_of(await site.anonymous.get(other["poster_url"])), 7) == 60
    assert len([name for name in await made(site, video) if name.startswith("poster-")]) == 1

    back = (await site.ann.client.delete(f"{path}/poster")).json()
    assert (back["poster"], back["poster_url"].partition("?")[0]) == (None, before["poster_url"].partition("?")[0])
    assert image_of(await site.anonymous.get(back["poster_url"])).size == (64, 36)
    assert await made(site, video) == ["original", "poster.jpg"]
    assert [use.kind for use in (await site.get(StorageReports).read(None)).uses] == ["originals", "stills"]


async def test_an_image_becomes_the_poster_and_may_go(site: Site, tmp_path: Path) -> None:
    """The poster is a copy of it: JPEG, with black where it is transparent."""
    video = await video_with_poster(site, tmp_path)
    transparent = Image.new("RGBA", (200, 100), (255, 0, 0, 0))
    transparent.paste((0, 255, 0, 255), (0, 0, 100, 100))
    sent = await site.ann.client.post("/api/v1/images", content=stored(transparent, "PNG"))
    image = sent.json()["id"]

    chosen = await choose(site, video, image_id=image)
    await site.ann.client.delete(f"/api/v1/images/{image}")

    shown = image_of(await site.anonymous.get(chosen["poster_url"]))
    assert shown.size == (200, 100)
    red, green, _ = shown.getpixel((40, 50))  # type: ignore[misc]
    assert (red < 10, green > 245, max(shown.getpixel((160, 50))) < 10) == (True, True, True)  # type: ignore[arg-type]


async def test_what_cannot_be_a_poster_is_refused(site: Site, tmp_path: Path) -> None:
    video = await video_with_poster(site, tmp_path)
    preparing = await site.ready_video(state="preparing")

    assert (await choose(site, video, 400))["code"] == "poster_invalid"
    assert (await choose(site, video, 400, at_s=1, image_id="img_1"))["code"] == "poster_invalid"
    assert (await choose(site, video, 404, image_id="img_1"))["code"] == "image_not_found"
    assert (await choose(site, preparing, 409, at_s=1))["code"] == "video_not_ready"
    theirs = await site.bob.client.put(f"/api/v1/videos/{video}/poster", json={"at_s": 1})
    assert theirs.status_code == 404
    assert await made(site, video) == ["original", "poster.jpg"]
