"""Asset URLs by the rules of the strictest provider, from a local folder and from a real S3 server.

GET and HEAD, 200, no redirect, the true type and length, no cookie and no header, at most 512 characters.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from playhead.access.signed import Signer
from playhead.catalog.asset_urls import MAX_LIFE_S, PROBE, Asset, AssetUrl, AssetUrls
from playhead.catalog.images.images import Images
from playhead.db.database import Database
from playhead.delivery.transfers.registry import Transfers
from playhead.kit.clock import utc_now
from playhead.storage.store import Presigning, Store
from tests.fixtures.images import gradient, stored
from tests.fixtures.s3 import S3Server
from tests.fixtures.site import Site, open_site
from tests.fixtures.tiers import thorough

HOST = "https://" + "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + ".example.com"
JPEG = stored(gradient(size=(500, 400)), "JPEG")
SIZE = 300_000


@pytest.fixture(params=["s3", pytest.param("local", marks=thorough)])
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    store = None
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        store = server.store_url(server.new_bucket())
    async with open_site(tmp_path, sqlite_url, store=store, public_url=HOST) as opened:
        assert isinstance(opened.get(Store), Presigning) == (request.param == "s3")
        yield opened


async def fetched(site: Site, made: AssetUrl) -> bytes:
    """The bytes, by the rules."""
    assert made.url.startswith(f"{HOST}/")
    assert len(made.url) <= 512
    local = made.url.removeprefix(HOST)
    head = await site.anonymous.head(local)
    body = await site.anonymous.get(local)
    part = await site.anonymous.get(local, headers={"Range": "bytes=0-99"})
    assert (head.status_code, body.status_code, part.status_code) == (200, 200, 206)
    for answer in (head, body):
        assert answer.headers["content-type"] == made.content_type
        assert answer.headers["content-length"] == str(made.size_bytes)
        assert "set-cookie" not in answer.headers
    assert head.content == b""
    assert (len(body.content), part.content) == (made.size_bytes, body.content[:100])
    return body.content


async def test_what_a_provider_fetches(site: Site) -> None:
    """A video's original with the type of its bytes, whatever its name says, and an image; both sent by this server."""
    video_id = await site.stored_video(size=SIZE, container="webm", filename="clip.exe")
    image = await site.get(Images).add(site.ann.user.id, "A still", JPEG, "upload")
    urls = site.get(AssetUrls)
    video, still = await urls.of_video(video_id, MAX_LIFE_S), await urls.of_image(image.id, MAX_LIFE_S)

    assert (video.content_type, video.size_bytes) == ("video/webm", SIZE)
    assert (still.content_type, still.size_bytes) == ("image/jpeg", len(JPEG))
    assert await fetched(site, video) == bytes(SIZE)
    assert await fetched(site, still) == JPEG
    assert utc_now() + timedelta(hours=71) < video.expires_at <= utc_now() + timedelta(days=3)
    sent = [(each.video_id, each.kind, each.viewer.who, each.outcome) for each in site.get(Transfers).recent]
    assert sorted(set(sent)) == sorted((subject, "asset", "link", "complete") for subject in (video_id, image.id))


async def test_a_wrong_or_expired_token_is_401_even_with_a_session(site: Site) -> None:
    """As a problem; each token is for one file, until it expires or the links are revoked."""
    video_id = await site.stored_video(size=1000)
    image = await site.get(Images).add(site.ann.user.id, "A still", JPEG, "upload")
    other = await site.get(Images).add(site.ann.user.id, "Another", JPEG, "upload")
    urls, an_hour_ago = site.get(AssetUrls), _urls_at(site, utc_now() - timedelta(hours=1))
    good = (await urls.of_image(image.id, 900)).url.removeprefix(HOST)
    bad = [
        (await an_hour_ago.of_image(image.id, 900)).url.removeprefix(HOST),
        (await an_hour_ago.of_video(video_id, 900)).url.removeprefix(HOST),
        good.replace(image.id, other.id),
        good.replace(image.id, video_id),
        f"{good}&kind=poster",
        good[:-1],
        good.partition("=")[0] + "=",
    ]
    for client in (site.anonymous, site.ann.client):
        assert (await client.get(good)).status_code == 200
        for url in bad:
            answer = await client.get(url)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), url


async def test_the_probe_is_a_tiny_image(site: Site) -> None:
    made = site.get(AssetUrls).token(Asset(PROBE), ttl_s=60)
    path = Asset(PROBE).path(made.token)
    head, body = await site.anonymous.head(path), await site.anonymous.get(path)

    assert [answer.status_code for answer in (head, body)] == [200, 200]
    assert body.headers["content-type"] == "image/png"
    assert head.headers["content-length"] == str(len(body.content))
    assert (await site.anonymous.get(path[:-1])).status_code == 401
    assert (await site.ann.client.get(f"/api/v1/assets/{PROBE}")).status_code == 404


def _urls_at(site: Site, now: datetime) -> AssetUrls:
    return AssetUrls(site.get(Database), site.get(Signer), public_url=HOST, clock=lambda: now)
