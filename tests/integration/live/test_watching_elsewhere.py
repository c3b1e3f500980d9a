"""A recording that grows, watched on a host that has its objects in a real S3 store, and none of its files."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.shipping import Shipping
from playhead.live.stream import RecordingStreams
from playhead.live.tables import RecordingRow
from playhead.settings import Settings
from playhead.storage.store import Store
from tests.fixtures.live_files import add_part, fragment, growing_content
from tests.fixtures.s3 import S3Server
from tests.fixtures.site import Site, open_site


@dataclass
class Elsewhere:
    """A recording on another host.

    Attributes:
        folder: Of the recordings there.
    """

    site: Site
    id: str
    folder: Path
    shipping: Shipping

    async def ship(self) -> None:
        await self.shipping.ship(self.id)

    async def there(self) -> str:
        """The playlist on the host that records."""
        streams = RecordingStreams(self.site.get(Database), self.folder, self.shipping)
        return await streams.playlist(self.id, "")

    async def url(self) -> str:
        answer = await self.site.ann.client.post(f"/api/v1/recordings/{self.id}/playback")
        return str(answer.json()["url"])

    async def get(self, url: str, **headers: str) -> httpx2.Response:
        return await self.site.anonymous.get(url, headers=headers)

    async def end(self) -> None:
        async with self.site.get(Database).write() as session:
            (await session.get_one(RecordingRow, self.id)).state = "finalizing"


@pytest.fixture
async def elsewhere(
    s3_server: S3Server, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Elsewhere]:
    """Objects end amid fragments, and amid their heads."""
    for name in ("playhead.live.stream.SCAN_S", "playhead.live.stream.STATE_S", "playhead.live.stream.FETCH_S"):
        monkeypatch.setattr(name, 0.0)
    monkeypatch.setattr("playhead.live.shipping.SPAN", 1000)
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    store_url = s3_server.store_url(s3_server.new_bucket())
    async with open_site(tmp_path / "api", sqlite_url, store=store_url) as site:
        now = utc_now()
        row = RecordingRow(
            id=new_id("rec"),
            owner_id=site.ann.user.id,
            title="A broadcast",
            source={"platform": "url", "url": "rtmp://example.org/live"},
            state="recording",
            gaps=[],
            started_at=now,
            updated_at=now,
        )
        async with site.get(Database).write() as session:
            session.add(row)
        folder = tmp_path / "recorder"
        yield Elsewhere(site, row.id, folder, Shipping(site.get(Store), folder, interval_s=10.0))


def bare(text: str) -> str:
    """A playlist without what differs between hosts: the query of each URI, and how far players stay behind."""
    return re.sub(r"HOLD-BACK=[\d.]+", "", re.sub(r"\?[^\s\"]+", "", text))


def uris(text: str) -> list[str]:
    return re.findall(r'live-[^"\s]+', text)


async def test_it_is_as_on_the_host_that_records(elsewhere: Elsewhere) -> None:
    """Playlist, header and segments, while it grows, over two parts and at its end."""
    path = add_part(elsewhere.folder / elsewhere.id, 9, clock="a")
    await elsewhere.ship()
    url = await elsewhere.url()

    first = await elsewhere.get(url)
    assert bare(first.text) == bare(await elsewhere.there())
    assert "HOLD-BACK=16.0" in first.text
    pieces = [await elsewhere.get(urljoin(url, uri)) for uri in uris(first.text)]
    assert b"".join(piece.content for piece in pieces) == path.read_bytes()[: len(growing_content(8))]

    with path.open("ab") as out:
        out.write(fragment(18, keyframe=False) + fragment(19, keyframe=False) + fragment(20, keyframe=True))
    assert (await elsewhere.get(url)).text == first.text
    await elsewhere.ship()
    assert bare((await elsewhere.get(url)).text) == bare(await elsewhere.there())

    other = add_part(elsewhere.folder / elsewhere.id, 5, clock="b")
    await elsewhere.ship()
    await elsewhere.end()
    last = (await elsewhere.get(url)).text
    assert bare(last) == bare(await elsewhere.there())
    assert last.endswith("#EXT-X-ENDLIST\n")
    pieces = [await elsewhere.get(urljoin(url, uri)) for uri in uris(last)]
    assert b"".join(piece.content for piece in pieces) == path.read_bytes() + other.read_bytes()


async def test_a_segment_in_several_objects_answers_ranges(elsewhere: Elsewhere) -> None:
    """So it does for a process that has not made the playlist; the ETag is that of the host that records."""
    path = add_part(elsewhere.folder / elsewhere.id, 9)
    await elsewhere.ship()
    url = await elsewhere.url()
    segment = urljoin(url, f"{uris(await elsewhere.there())[1]}?{urlsplit(url).query}")

    whole, part = await elsewhere.get(segment), await elsewhere.get(segment, range="bytes=10-1500")
    assert part.status_code == 206
    assert part.content == whole.content[10:1501]

    here = elsewhere.site.get(Settings).live / elsewhere.id
    here.mkdir(parents=True)
    (here / path.name).write_bytes(path.read_bytes())
    await elsewhere.site.get(Store).delete_prefix(f"recordings/{elsewhere.id}/")
    local = await elsewhere.get(segment)
    assert (local.content, local.headers["etag"]) == (whole.content, whole.headers["etag"])


async def test_what_was_taken_from_the_store_is_gone(elsewhere: Elsewhere) -> None:
    add_part(elsewhere.folder / elsewhere.id, 9)
    await elsewhere.ship()
    url = await elsewhere.url()
    segment = urljoin(url, uris((await elsewhere.get(url)).text)[1])

    await elsewhere.site.get(Store).delete_prefix(f"recordings/{elsewhere.id}/")

    assert (await elsewhere.get(segment)).status_code == 404
    await elsewhere.end()
    assert (await elsewhere.get(url)).json()["code"] == "live_ended"
