"""Signed links on every media route: forged, expired, made for something else, or ended since."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import update

from playhead.access.access import Access
from playhead.access.grant import Grant
from playhead.app.api import create_app
from playhead.app.domains import open_services
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.links.target import ANIMATION, PROJECT, SPAN, Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.transfers.registry import Transfers
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.settings import Settings
from tests.contract.app.test_public_routes import routes_of
from tests.contract.delivery.shares.sharing import link, outcome, own_link, share
from tests.fixtures.site import Site

Sign = Callable[[SignedLinks, str, Grant], str]

SPAN_NAME = "cut-0-1000000-original"
HLS = (
    *("index.m3u8", "video.m3u8", "video-init.mp4", "video-0.m4s"),
    *("audio.m3u8", "720p.m3u8", "720p-init.mp4", "720p-0.m4s"),
)


def _sign(target: Callable[[str], Target], *, download: bool = False) -> Sign:
    return lambda links, video, grant: links.sign(target(video), download=download, grant=grant).path


def _hls(name: str) -> Sign:
    sign = _sign(lambda video: Target.opening("hls", video))
    return lambda links, video, grant: sign(links, video, grant).replace("index.m3u8", name)


def _span(name: str) -> Sign:
    def sign(links: SignedLinks, video: str, grant: Grant) -> str:
        expires = links.now() + 600
        return f"/v/{video}/{name}" + links.query(Target(SPAN, video, SPAN_NAME), expires, grant=grant).text

    return sign


LINKS: dict[str, Sign] = {
    "original.mp4": _sign(lambda video: Target("file", video, extension="mp4")),
    "original.mp4 as a download": _sign(lambda video: Target("file", video), download=True),
    "rendition-720p.mp4": _sign(lambda video: Target("file", video, name="720p")),
    "poster.jpg": _sign(lambda video: Target("poster", video)),
    "thumbnail.jpg": lambda links, video, grant: (
        links.sign(Target("thumbnail", video), grant=grant).path + "&t=1&w=320"
    ),
    "storyboard.vtt": _sign(lambda video: Target("storyboard", video, extension="vtt")),
    "storyboard.jpg": _sign(lambda video: Target("storyboard", video, extension="jpg")),
    "preview.webp": _sign(lambda video: Target(ANIMATION, video)),
    **{name: _hls(name) for name in HLS},
    **{
        f"{SPAN_NAME}-{name}": _span(f"{SPAN_NAME}-{name}") for name in ("video-init.mp4", "video-0.m4s", "audio-0.m4s")
    },
}
"""Every form of a URL under ``/v/{video_id}/``; the playlists of a project's preview have a test of their own."""


async def test_the_table_below_knows_every_media_route(site: Site) -> None:
    """A route that delivers media by a signed query has a row, or is checked by nobody."""
    known = [f"/v/{new_id('vid')}/{name.split()[0]}" for name in LINKS]
    for method, path in routes_of(site):
        if path.startswith("/v/"):
            form = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            assert any(form.fullmatch(url) for url in known), (method, path)


async def test_a_link_is_checked_in_full_on_every_media_route(site: Site, video: str) -> None:
    """HEAD as GET, whether the file is there or not: a link that is no good learns no more than that."""
    made = await share(site.ann, video)
    of_share, other = Grant(0, made["id"]), await site.ready_video()
    links = site.get(SignedLinks)
    stale = SignedLinks(site.get(Access).signer, lambda: utc_now() - timedelta(days=3), site.get(MediaCache))
    for sign in LINKS.values():
        good, shared = sign(links, video, Grant()), sign(links, video, of_share)
        rows = [
            (good, None),
            (shared, None),
            (good.replace("&s=", "&s=x"), "signature_invalid"),
            (re.sub(r"\?.*", "", good), "signature_invalid"),
            (sign(links, other, Grant()).replace(other, video), "signature_invalid"),
            (shared.replace(made["id"], new_id("shr")), "signature_invalid"),
            (shared.replace(f".0.{made['id']}", ""), "signature_invalid"),
            (good.replace("&k=", "&k=1."), "signature_invalid"),
            (sign(stale, video, Grant()), "signature_expired"),
            (sign(links, video, Grant(1)), "signature_revoked"),
            (sign(links, video, Grant(0, new_id("shr"))), "signature_revoked"),
            (sign(links, other, of_share), "signature_revoked"),
        ]
        for url, code in rows:
            head, answer = await site.anonymous.head(url), await outcome(site, url)
            if code is None:
                assert answer[0] in (200, 404), url
            else:
                assert (head.status_code, answer) == (403, (403, code)), url
    await site.ann.client.delete(f"/api/v1/shares/{made['id']}")
    for sign in LINKS.values():
        assert await outcome(site, sign(links, video, of_share)) == (403, "signature_revoked")
    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")
    for sign in LINKS.values():
        assert await outcome(site, sign(links, video, Grant())) == (403, "signature_revoked")


async def test_all_links_to_a_video_end_at_once_and_new_ones_are_good(site: Site, video: str) -> None:
    """Of the owner and of shares; the pages of the shares make new ones, unless they were to end as well."""
    made = await share(site.ann, video)
    old = [await own_link(site.ann, video), await own_link(site.ann, video, download=True), await link(site, made)]
    assert [(await outcome(site, each))[0] for each in old] == [200] * 3

    answer = await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke", json={})

    assert answer.status_code == 204
    assert [await outcome(site, each) for each in old] == [(403, "signature_revoked")] * 3
    renewed = [await own_link(site.ann, video), await link(site, made)]
    assert [await outcome(site, each) for each in renewed] == [(200, None)] * 2
    shown = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    assert shown["version"] == 1
    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke", json={"shares": True})
    assert [await outcome(site, each) for each in renewed] == [(403, "signature_revoked")] * 2
    assert (await site.ann.client.get(f"/api/v1/shares/{made['id']}")).json()["revoked_at"] is not None


async def test_a_plain_link_looks_as_ever(site: Site, video: str) -> None:
    """``?e=&k=&s=`` and the id of the key alone; what ends a link shows only after it was used, or for a share."""
    first = await own_link(site.ann, video)
    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")
    second = await own_link(site.ann, video)
    shared = await link(site, await share(site.ann, video))

    assert re.fullmatch(r"/v/vid_\w+/original\.mp4\?e=\d+&k=\w{6}&s=[\w-]{43}", first)
    assert re.search(r"&k=\w{6}\.1&s=", second)
    assert re.search(r"&k=\w{6}\.1\.shr_\w{26}&s=", shared)


async def test_pictures_of_the_library_have_links_that_are_good_after_an_end(site: Site, video: str) -> None:
    async with site.get(Database).write() as session:
        await session.execute(update(VideoRow).values(poster_sha256="1" * 64, poster_size_bytes=9))
    old = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()["poster_url"]

    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")

    new = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()["poster_url"]
    assert (await outcome(site, old))[0] == 403
    assert (await outcome(site, new))[0] != 403


async def test_the_preview_of_a_project_ends_with_the_links_of_its_videos(site: Site, video: str) -> None:
    """Its playlists would otherwise hand out new links to their spans for as long as they live."""
    made = await site.ann.client.post("/api/v1/projects", json={"title": "A trip"})
    project = made.json()["id"]
    clips = [{"video_id": video, "start_s": 0, "end_s": 1}]
    put = await site.ann.client.put(
        f"/api/v1/projects/{project}/clips", json=clips, headers={"If-Match": made.headers["etag"]}
    )
    assert put.status_code == 200, put.text
    version = put.json()["version"]
    links, target = site.get(SignedLinks), Target.opening(PROJECT, project, str(version))
    good = links.sign(target, grant=Grant(0)).path
    assert (await outcome(site, good))[0] != 403

    await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")

    for name in (f"reel-{version}.m3u8", f"reel-{version}-video.m3u8"):
        ended = good.replace(f"reel-{version}.m3u8", name)
        assert await outcome(site, ended) == (403, "signature_revoked")
    assert (await outcome(site, links.sign(target, grant=Grant(1)).path))[0] != 403


@pytest.fixture
async def other_process(site: Site) -> AsyncIterator[httpx2.AsyncClient]:
    """A second server on the same data folder, as another process of the host would be."""
    services = open_services(site.get(Settings))
    transport = httpx2.ASGITransport(app=create_app(services), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://playhead.test") as client:
        yield client
    await services.close()


@pytest.mark.parametrize("how", ["share revoked", "share expired", "links ended", "video deleted"])
async def test_what_ends_in_one_process_ends_in_the_others_of_its_host(
    site: Site, video: str, other_process: httpx2.AsyncClient, how: str
) -> None:
    """At once, although they remember what they looked up a moment ago."""
    made = await share(site.ann, video)
    signed = await link(site, made)
    assert (await other_process.get(signed)).status_code == 200

    if how == "share revoked":
        await site.ann.client.delete(f"/api/v1/shares/{made['id']}")
    elif how == "share expired":
        soon = (utc_now() + timedelta(hours=1)).isoformat()
        await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"expires_at": soon})
        async with site.get(Database).write() as session:
            await session.execute(update(ShareRow).values(expires_at=utc_now()))
    elif how == "links ended":
        await site.ann.client.post(f"/api/v1/videos/{video}/playback/revoke")
    else:
        await site.ann.client.delete(f"/api/v1/videos/{video}")

    assert (await other_process.get(signed)).status_code == (404 if how == "video deleted" else 403)


async def test_a_transfer_is_known_by_its_share(site: Site, video: str) -> None:
    """So that the list of transfers tells viewers of one link from those of another."""
    made = await share(site.ann, video)
    for url in (await link(site, made), await own_link(site.ann, video)):
        await site.anonymous.get(url)

    assert [each.viewer.who for each in site.get(Transfers).recent] == ["link", made["id"]]
