"""One file in several uploads (tus 1.0.0, concatenation), as clients do that send its parts side by side."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from playhead.catalog.uploads.uploads import Uploads
from playhead.kit.clock import utc_now
from playhead.storage.errors import StoreUnavailable
from tests.contract.catalog.test_tus import PART, TUS, UPLOADS, metadata, staged
from tests.fixtures.site import Member, Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """On SQLite alone: nothing here depends on the database."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def part(member: Member, data: bytes, length: int | None = None) -> str:
    """Upload a part, or the beginning of one; gives its URL."""
    headers = PART | {"Upload-Concat": "partial", "Upload-Length": str(length or len(data))}
    answer = await member.client.post(UPLOADS, headers=headers, content=data)
    assert answer.status_code == 201, answer.text
    assert answer.headers["upload-concat"] == "partial"
    assert "playhead-video" not in answer.headers
    return str(answer.headers["location"])


async def final(member: Member, *urls: str, **more: str) -> httpx2.Response:
    """Ask for the whole."""
    return await member.client.post(UPLOADS, headers=TUS | {"Upload-Concat": f"final;{' '.join(urls)}"} | more)


async def test_parts_become_one_video_with_the_metadata_of_the_whole(site: Site) -> None:
    """In the order of the header; absolute URLs are read as well, and nothing of the parts stays."""
    second, first = await part(site.ann, b"56789"), await part(site.ann, b"01234")

    named = {"Upload-Metadata": metadata(filename="ferry.mp4")}
    answer = await final(site.ann, f"https://video.example.com{first}", second, **named)
    again = await site.ann.client.head(answer.headers["location"], headers=TUS)
    refused = await site.ann.client.patch(
        answer.headers["location"], content=b"x", headers=PART | {"Upload-Offset": "10"}
    )

    assert (answer.status_code, answer.headers["upload-length"]) == (201, "10")
    assert again.headers["upload-concat"] == f"final;{first} {second}"
    assert refused.status_code == 403
    video = (await site.ann.client.get(f"/api/v1/videos/{answer.headers['playhead-video']}")).json()
    assert (video["title"], video["sha256"]) == ("ferry", hashlib.sha256(b"0123456789").hexdigest())
    assert (await site.ann.client.head(first, headers=TUS)).status_code == 404
    assert not [path for path in await staged(site) if path.startswith("uploads")]


async def test_a_final_upload_needs_finished_parts_of_ones_own_each_once(site: Site) -> None:
    """In words, and the parts stay as they were."""
    mine, half, bobs = await part(site.ann, b"012"), await part(site.ann, b"0", 3), await part(site.bob, b"012")
    whole = (await site.ann.client.post(UPLOADS, headers=TUS | {"Upload-Length": "3"})).headers["location"]

    refusals = [
        await final(site.ann, mine, half),
        await final(site.ann, mine, bobs),
        await final(site.ann, mine, mine),
        await final(site.ann, mine, whole),
        await final(site.ann, mine, **{"Upload-Length": "3"}),
        await final(site.ann),
        await site.ann.client.post(UPLOADS, headers=TUS | {"Upload-Concat": "parts", "Upload-Length": "3"}),
    ]

    assert [answer.status_code for answer in refusals] == [409, 404, 400, 400, 400, 400, 400]
    assert "1 of 3 bytes" in refusals[0].json()["detail"]
    assert (await site.ann.client.head(mine, headers=TUS)).headers["upload-offset"] == "3"
    site.get(Uploads)._clock = lambda: utc_now() + timedelta(days=2)
    assert (await final(site.ann, mine)).status_code == 410


async def test_a_final_upload_whose_end_was_lost_is_found_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store failed before it was made; asking for the same parts, or with HEAD, goes on there. Until then the parts
    are its own."""
    parts = [await part(site.ann, b"012"), await part(site.ann, b"345")]
    with monkeypatch.context() as broken:
        broken.setattr(site.get(Uploads)._staging, "finish_parts", _dies)
        assert (await final(site.ann, *parts)).status_code == 503

    others = [await final(site.ann, parts[0]), await site.ann.client.delete(parts[0], headers=TUS)]
    answer = await final(site.ann, *parts)

    assert [(other.status_code, other.json()["code"]) for other in others] == [(409, "upload_part_used")] * 2
    assert (answer.status_code, "playhead-video" in answer.headers) == (201, True)
    assert len((await site.ann.client.get("/api/v1/videos")).json()["items"]) == 1


async def _dies(*_: object) -> None:
    raise StoreUnavailable("It died.")


async def test_an_abandoned_final_upload_goes_with_its_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep removes all rows and bytes."""
    parts = [await part(site.ann, b"012"), await part(site.ann, b"345")]
    with monkeypatch.context() as broken:
        broken.setattr(site.get(Uploads)._staging, "finish_parts", _dies)
        await final(site.ann, *parts)
    site.get(Uploads)._clock = lambda: utc_now() + timedelta(days=2)

    assert await site.get(Uploads).sweep() == 1

    assert await staged(site) == []
    assert (await site.ann.client.head(parts[0], headers=TUS)).status_code == 404
