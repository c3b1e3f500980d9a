"""Recordings that grow as HLS: from the link to the last fragment, and what follows when they end."""

import asyncio
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from playhead.db.database import Database
from playhead.delivery.transfers.registry import Transfers
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.tables import RecordingRow
from playhead.settings import Settings
from tests.fixtures.live_files import add_part, fragment, growing_content
from tests.fixtures.site import Member, Site, open_site


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and rows are read for every request."""
    monkeypatch.setattr("playhead.live.stream.SCAN_S", 0.0)
    monkeypatch.setattr("playhead.live.stream.STATE_S", 0.0)


async def add_recording(site: Site, **facts: Any) -> tuple[str, Path]:
    """A recording of Ann's and its folder."""
    row = recording_row(site.ann.user.id, **facts)
    async with site.get(Database).write() as session:
        session.add(row)
    return row.id, site.get(Settings).live / row.id


def recording_row(owner_id: str, **facts: Any) -> RecordingRow:
    now = utc_now()
    values = {
        "id": new_id("rec"),
        "owner_id": owner_id,
        "title": "A broadcast",
        "source": {"platform": "url", "url": "rtmp://example.org/live"},
        "state": "recording",
        "gaps": [],
        "started_at": now,
        "updated_at": now,
    }
    return RecordingRow(**{**values, **facts})


async def change(site: Site, recording_id: str, **facts: Any) -> None:
    async with site.get(Database).write() as session:
        row = await session.get(RecordingRow, recording_id)
        assert row is not None
        for name, value in facts.items():
            setattr(row, name, value)


async def opened(member: Member, recording_id: str) -> httpx2.Response:
    return await member.client.post(f"/api/v1/recordings/{recording_id}/playback")


async def playlist_url(site: Site, recording_id: str) -> str:
    answer = await opened(site.ann, recording_id)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


async def get(site: Site, url: str, **headers: str) -> httpx2.Response:
    """Without any credential."""
    return await site.anonymous.get(url, headers=headers)


def uris(text: str) -> list[str]:
    return re.findall(r'MAP:URI="([^"]+)"', text) + re.findall(r"^live-\S+", text, re.MULTILINE)


@pytest.fixture
async def growing(site: Site) -> tuple[str, Path]:
    """A recording with nine seconds in one part."""
    recording_id, folder = await add_recording(site)
    return recording_id, add_part(folder, 9)


async def test_a_link_leads_to_the_growing_file(site: Site, growing: tuple[str, Path]) -> None:
    """By one signature; all pieces together are the bytes of the file, up to what is not complete."""
    url = await playlist_url(site, growing[0])

    answer = await get(site, url)
    pieces = [await get(site, urljoin(url, uri)) for uri in uris(answer.text)]

    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert {piece.status_code for piece in pieces} == {200}
    assert {piece.headers["content-type"] for piece in pieces} == {"video/mp4"}
    for piece in pieces:
        assert re.fullmatch(r"private, max-age=\d{4,}, immutable", piece.headers["cache-control"])
    content = growing[1].read_bytes()
    assert b"".join(piece.content for piece in pieces) == content[: len(growing_content(8))]


async def test_a_span_answers_ranges_and_is_a_transfer(site: Site, growing: tuple[str, Path]) -> None:
    url = await playlist_url(site, growing[0])
    segment = urljoin(url, uris((await get(site, url)).text)[1])

    whole, part = await get(site, segment), await get(site, segment, range="bytes=10-19")
    unchanged = await get(site, segment, **{"if-none-match": whole.headers["etag"]})

    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert unchanged.status_code == 304
    kinds = {one.kind for one in site.get(Transfers).recent}
    assert kinds == {"live"}


async def test_the_playlist_follows_the_file(site: Site, growing: tuple[str, Path]) -> None:
    """A torn fragment at the end hides nothing."""
    url = await playlist_url(site, growing[0])
    before = (await get(site, url)).text
    more = fragment(18, keyframe=False) + fragment(19, keyframe=False) + fragment(20, keyframe=True)

    with growing[1].open("ab") as out:
        out.write(more[:-5])
    torn = (await get(site, url)).text
    with growing[1].open("ab") as out:
        out.write(more[-5:])
    after = (await get(site, url)).text

    assert torn == before
    assert after.startswith(before)
    assert len(uris(after)) == len(uris(before)) + 1


async def test_a_player_that_comes_first_waits_for_the_first_segment(site: Site) -> None:
    recording_id, folder = await add_recording(site)
    url = await playlist_url(site, recording_id)

    waiting = asyncio.create_task(get(site, url))
    await asyncio.sleep(0.05)
    add_part(folder, 5)
    answer = await waiting

    assert answer.status_code == 200
    assert len(uris(answer.text)) == 3


async def test_a_recording_without_video_says_that_there_is_none_yet(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playhead.live.stream.FIRST_WAIT_S", 0.1)
    recording_id, _ = await add_recording(site)

    answer = await get(site, await playlist_url(site, recording_id))

    assert (answer.status_code, answer.json()["code"]) == (404, "live_not_yet")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_end_is_listed_and_then_the_video_follows(site: Site, growing: tuple[str, Path]) -> None:
    """First all of the growing file, then 404 once its parts are gone; a new link leads to the video."""
    recording_id, media = growing
    url = await playlist_url(site, recording_id)
    await get(site, url)

    await change(site, recording_id, state="finalising")
    last = (await get(site, url)).text
    media.unlink()
    video_id = await site.ready_video()
    await change(site, recording_id, state="ready", video_id=video_id)
    gone = await get(site, url)
    video = (await opened(site.ann, recording_id)).json()

    assert last.endswith("#EXT-X-ENDLIST\n")
    assert len(uris(last)) == 6
    assert (gone.status_code, gone.json()["code"]) == (404, "live_ended")
    assert video["live"] is False
    assert f"/v/{video_id}/index.m3u8?" in video["url"]


async def test_a_link_is_good_for_its_recording_alone(site: Site, growing: tuple[str, Path]) -> None:
    other, folder = await add_recording(site)
    add_part(folder, 5)
    url = await playlist_url(site, growing[0])

    assert (await get(site, url.replace(growing[0], other))).status_code == 403
    assert (await get(site, url.split("?")[0])).status_code == 403
    assert (await get(site, re.sub(r"live\.m3u8", f"live-{new_id('cap')}-init.mp4", url))).status_code == 404
    assert (await get(site, re.sub(r"live\.m3u8", f"live-{growing[1].stem}-15-9.m4s", url))).status_code == 404


async def test_only_the_owner_gets_a_link(site: Site, growing: tuple[str, Path]) -> None:
    assert (await site.anonymous.post(f"/api/v1/recordings/{growing[0]}/playback")).status_code == 401
    assert (await opened(site.bob, growing[0])).status_code == 404


async def test_directives_are_checked(site: Site, growing: tuple[str, Path]) -> None:
    url = await playlist_url(site, growing[0])

    assert (await get(site, f"{url}&_HLS_msn=x")).status_code == 400
    assert (await get(site, f"{url}&_HLS_msn=2")).status_code == 200
    assert (await get(site, f"{url}&_HLS_skip=YES")).status_code == 200


async def test_with_low_latency_a_reload_and_a_hinted_fragment_wait_for_it(tmp_path: Path, sqlite_url: str) -> None:
    """Both answer with the fragment that is written meanwhile."""
    async with open_site(tmp_path, sqlite_url, live_low_latency=True) as site:
        recording_id, folder = await add_recording(site)
        media = add_part(folder, 9)
        url = await playlist_url(site, recording_id)
        hint = re.findall(r'PRELOAD-HINT:TYPE=PART,URI="([^"]+)"', (await get(site, url)).text)[0]

        waiting = [
            asyncio.create_task(get(site, f"{url}&_HLS_msn=4&_HLS_part=2")),
            asyncio.create_task(get(site, urljoin(url, hint))),
        ]
        await asyncio.sleep(0)
        with media.open("ab") as out:
            out.write(fragment(18, keyframe=False))
        playlist, piece = await asyncio.gather(*waiting)

        assert hint in playlist.text
        assert piece.content == fragment(18, keyframe=False)
