"""Videos as HLS: from the link to the last segment, over both kinds of store."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from tests.fixtures.clips import make_clip
from tests.fixtures.site import Member, Site
from tests.fixtures.stored_clips import store_clip, store_rung

TYPES = {"m3u8": "application/vnd.apple.mpegurl", "video": "video/mp4", "audio": "audio/mp4"}


async def link(member: Member, video_id: str, **wish: Any) -> httpx2.Response:
    """Ask for a playback link."""
    return await member.client.post(f"/api/v1/videos/{video_id}/playback", json={"kind": "hls", **wish})


async def opened(site: Site, video_id: str) -> str:
    """The URL of a video's multivariant playlist."""
    answer = await link(site.ann, video_id)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


def uris(playlist: str) -> list[str]:
    """Every URI of a playlist, in order."""
    named = re.findall(r'URI="([^"]+)"', playlist)
    return named + [line for line in playlist.splitlines() if line and not line.startswith("#")]


async def get(site: Site, url: str, **headers: str) -> httpx2.Response:
    """Without any credential."""
    return await site.anonymous.get(url, headers=headers)


async def all_pieces(site: Site, url: str) -> dict[str, httpx2.Response]:
    """All that a player would fetch, by the last segment of its URL."""
    found: dict[str, httpx2.Response] = {}
    waiting = [url]
    while waiting:
        each = waiting.pop()
        answer = await get(site, each)
        assert answer.status_code == 200, (each, answer.text[:300])
        name = each.split("?")[0].rsplit("/", 1)[1]
        found[name] = answer
        if name.endswith(".m3u8"):
            waiting += [urljoin(each, uri) for uri in uris(answer.text)]
    return found


@pytest.fixture
async def video(site: Site, clips: Path) -> str:
    """Eight seconds in two segments."""
    clip = make_clip(clips, seconds=8, size=(160, 90), gop=60, name="eight.mp4")
    return await store_clip(site, clip, duration_s=8.0)


async def test_a_link_leads_to_every_piece(site: Site, video: str, clips: Path) -> None:
    """All by the one signature, typed, cacheable by the browser alone, and together as large as the file's media."""
    pieces = await all_pieces(site, await opened(site, video))

    assert sorted(pieces) == [
        *("audio-0.m4s", "audio-1.m4s", "audio-init.mp4", "audio.m3u8", "index.m3u8"),
        *("video-0.m4s", "video-1.m4s", "video-init.mp4", "video.m3u8"),
    ]
    for name, answer in pieces.items():
        assert answer.headers["content-type"] == TYPES["m3u8" if name.endswith("m3u8") else name[:5]]
        lasting = r"private, max-age=60" if name == "index.m3u8" else r"private, max-age=\d{4,}, immutable"
        assert re.fullmatch(lasting, answer.headers["cache-control"])
        assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["etag"])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert int(answer.headers["content-length"]) == len(answer.content)
    media = b"".join(pieces[f"{track}-{n}.m4s"].content for track in ("video", "audio") for n in (0, 1))
    file = (clips / "eight.mp4").read_bytes()
    mdat = file.index(b"mdat")
    size = int.from_bytes(file[mdat - 4 : mdat], "big") - 8
    assert size < len(media) < size + 4 * 20_000
    assert len({answer.headers["etag"] for answer in pieces.values()}) == len(pieces)


async def test_a_segment_has_ranges_and_conditions_like_a_file(site: Site, video: str) -> None:
    """Its body is put together from a head and spans of the file; nobody can tell (RFC 9110 sections 13 and 14)."""
    url = (await opened(site, video)).replace("index.m3u8", "video-0.m4s")
    whole = await get(site, url)
    head_end = whole.content.index(b"mdat") + 4
    rows: list[tuple[dict[str, str], int, bytes]] = [
        ({"range": "bytes=0-0"}, 206, whole.content[:1]),
        ({"range": f"bytes={head_end - 3}-{head_end + 3}"}, 206, whole.content[head_end - 3 : head_end + 4]),
        ({"range": "bytes=-500"}, 206, whole.content[-500:]),
        ({"range": "bytes=3000-"}, 206, whole.content[3000:]),
        ({"range": "bytes=0-9", "if-range": whole.headers["etag"]}, 206, whole.content[:10]),
        ({"range": "bytes=0-9", "if-range": '"other"'}, 200, whole.content),
        ({"if-none-match": whole.headers["etag"]}, 304, b""),
    ]
    for headers, status, body in rows:
        answer = await get(site, url, **headers)
        assert (answer.status_code, answer.content) == (status, body), headers
    for headers, status, code in (
        ({"range": f"bytes={len(whole.content)}-"}, 416, "range_not_satisfiable"),
        ({"if-match": '"other"'}, 412, "media_changed"),
    ):
        answer = await get(site, url, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    head = await site.anonymous.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


async def test_a_signature_is_good_for_the_stream_of_one_video_and_nothing_else(
    site: Site, video: str, clips: Path
) -> None:
    other = await store_clip(site, make_clip(clips, seconds=1, size=(160, 90), mark=9))
    url = await opened(site, video)
    query = url.split("?")[1]
    file_link = (await link(site.ann, video, kind="file")).json()["url"].split("?")[1]
    for wrong in (
        f"/v/{other}/video-0.m4s?{query}",
        f"/v/{video}/original.mp4?{query}",
        f"/v/{video}/last-0-1000000-original-video-0.m4s?{query}",
        f"/v/{video}/video-0.m4s?{file_link}",
        f"/v/{video}/video-0.m4s",
        f"/v/{video}/video-0.m4s?{query[:-4]}AAAA",
    ):
        answer = await get(site, wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "signature_invalid"), wrong


async def test_strangers_get_no_link(site: Site, video: str) -> None:
    assert (await link(Member(site.bob.user, site.anonymous), video)).status_code == 401
    assert (await link(site.bob, video)).status_code == 404


@pytest.mark.parametrize("name", ["video-2.m4s", "1080p.m3u8", "last.m3u8", "720p-init.mp4"])
async def test_what_the_stream_does_not_have_is_404(site: Site, video: str, name: str) -> None:
    answer = await get(site, (await opened(site, video)).replace("index.m3u8", name))

    assert (answer.status_code, answer.json()["code"]) == (404, "media_not_found")


async def test_a_video_without_an_mp4_index_has_no_stream_and_says_why(site: Site, clips: Path) -> None:
    clip = make_clip(clips, seconds=1, size=(160, 90), codec="vp9")
    video_id = await store_clip(site, clip, container="webm")

    answer = await link(site.ann, video_id)

    assert (answer.status_code, answer.json()["code"]) == (404, "hls_not_available")
    assert "it is no MP4 whose index can be read" in answer.json()["detail"]


async def test_renditions_are_variants_over_the_sound_of_the_original(site: Site, video: str, clips: Path) -> None:
    small = make_clip(clips, seconds=8, size=(96, 54), gop=90, audio=False, name="small.mp4")
    await store_rung(site, video, small, "54p", 54)

    pieces = await all_pieces(site, await opened(site, video))

    index = pieces["index.m3u8"].text
    assert re.findall(r"RESOLUTION=(\S+?),", index) == ["160x90", "96x54"]
    assert index.count('AUDIO="sound"') == 2
    assert {"54p.m3u8", "54p-init.mp4", "54p-0.m4s"} <= pieces.keys()
    small_bits, large_bits = sorted(int(bits) for bits in re.findall(r"[:,]BANDWIDTH=(\d+)", index))
    assert small_bits < large_bits


async def test_a_rendition_stands_in_for_an_original_that_has_no_stream(site: Site, clips: Path) -> None:
    video_id = await store_clip(site, make_clip(clips, seconds=1, size=(160, 90), codec="vp9"), container="webm")
    await store_rung(site, video_id, make_clip(clips, seconds=1, size=(96, 54), name="rung.mp4"), "54p", 54)

    pieces = await all_pieces(site, await opened(site, video_id))

    assert re.findall(r"RESOLUTION=(\S+?),", pieces["index.m3u8"].text) == ["96x54"]
    assert {"video-0.m4s", "audio-0.m4s"} <= pieces.keys()


async def test_a_deleted_video_stops_playing(site: Site, video: str) -> None:
    url = await opened(site, video)
    assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204

    for name in ("index.m3u8", "video.m3u8", "video-0.m4s", "audio-init.mp4"):
        assert (await get(site, url.replace("index.m3u8", name))).status_code == 404
