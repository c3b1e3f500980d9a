"""Showing a share in other sites' pages: oEmbed, its discovery, and who may frame what."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import update

from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from tests.contract.delivery.shares.sharing import outcome, share, token_of
from tests.fixtures.site import Site, open_site


async def ask(site: Site, url: str, **more: Any) -> httpx2.Response:
    """As a consumer of oEmbed does."""
    return await site.anonymous.get("/oembed", params={"url": url, **more})


async def test_a_link_describes_its_player(site: Site, video: str) -> None:
    """After oEmbed 1.0, for either address of the share; any site may read it."""
    made = await share(site.ann, video)
    async with site.get(Database).write() as session:
        await session.execute(update(VideoRow).values(poster_sha256="1" * 64, poster_size_bytes=9))
    for url in (made["url"], made["embed_url"], made["url"] + "/", made["url"] + "?t=10", made["url"] + "#x"):
        answer = await ask(site, url, format="json")
        embed = answer.json()

        assert answer.status_code == 200, url
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert (embed["version"], embed["type"], embed["provider_name"]) == ("1.0", "video", "Playhead")
        assert (embed["title"], embed["width"], embed["height"]) == ('The "beach" & more', 640, 360)
        assert f'src="{made["embed_url"]}" width="640" height="360"' in embed["html"]
        assert 'title="The &quot;beach&quot; &amp; more"' in embed["html"]
        assert (embed["thumbnail_width"], embed["thumbnail_height"]) == (640, 360)
        assert embed["thumbnail_url"].startswith(f"http://playhead.test/v/{video}/poster.jpg?")


@pytest.mark.parametrize(
    ("bounds", "size"),
    [
        ({"maxwidth": 320}, (320, 180)),
        ({"maxheight": 90}, (160, 90)),
        ({"maxwidth": 1280, "maxheight": 9999}, (1280, 720)),
    ],
)
async def test_a_player_fits_into_the_bounds(
    site: Site, video: str, bounds: dict[str, int], size: tuple[int, int]
) -> None:
    embed = (await ask(site, (await share(site.ann, video))["url"], **bounds)).json()

    assert (embed["width"], embed["height"]) == size


async def test_what_is_not_for_everybody_is_not_described(site: Site, video: str) -> None:
    """401 behind a password, 404 for what leads nowhere, 501 for XML: the words of oEmbed's section 2.3.4.1."""
    made, locked = await share(site.ann, video), await share(site.ann, video, password="open sesame")
    ended = await share(site.ann, video)
    await site.ann.client.delete(f"/api/v1/shares/{ended['id']}")
    token = token_of(made)
    rows = [
        (made["url"], "xml", 501),
        (locked["url"], "json", 401),
        (ended["url"], "json", 404),
        ("http://playhead.test/s/" + "0" * 26, "json", 404),
        (f"http://elsewhere.test/s/{token}", "json", 404),
        (f"http://playhead.test.evil.test/s/{token}", "json", 404),
        (f"http://playhead.test@evil.test/s/{token}", "json", 404),
        (f"javascript://playhead.test/s/{token}", "json", 404),
        (f"http://playhead.test/library/{token}", "json", 404),
        (f"/s/{token}", "json", 404),
    ]
    for url, wanted, status in rows:
        answer = await ask(site, url, format=wanted)
        assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store"), url


@pytest.mark.parametrize("page", ["s", "embed"])
async def test_the_page_of_a_link_tells_where_to_ask(site: Site, video: str, page: str) -> None:
    """Discovery as of oEmbed's section 4, and a card for chats; nothing of a link with a password."""
    made, locked = await share(site.ann, video), await share(site.ann, video, password="open sesame")
    shown = await site.anonymous.get(f"/{page}/{token_of(made)}", headers={"accept": "*/*"})
    closed = await site.anonymous.get(f"/{page}/{token_of(locked)}")
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', shown.text)

    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (shown.headers["cache-control"], shown.headers["x-robots-tag"]) == ("private, no-cache", "noindex")
    assert found
    assert '<div id="root">' in shown.text
    address = urlsplit(unescape(found[1]))
    assert parse_qs(address.query)["url"] == [made["url"]]
    assert await outcome(site, f"{address.path}?{address.query}") == (200, None)
    assert '<meta property="og:title" content="The &quot;beach&quot; &amp; more" />' in shown.text
    assert "json+oembed" in closed.text
    assert "beach" not in closed.text
    assert (await site.anonymous.head(f"/{page}/{token_of(made)}")).status_code == 200


async def test_only_the_player_may_be_framed(tmp_path: Path) -> None:
    """By our own pages and by the sites that the operator named; everything else by nobody."""
    database = f"sqlite:///{tmp_path}/playhead.db"
    async with open_site(tmp_path, database, embed_origins=("https://www.example.com",)) as site:
        player = await site.anonymous.get("/embed/" + "0" * 26)
        others = [await site.anonymous.get(path) for path in ("/s/" + "0" * 26, "/", "/library", "/api/v1/status")]

    assert ancestors(player) == "'self' https://www.example.com"
    assert [ancestors(each) for each in others] == ["'none'"] * 4


async def test_by_default_our_own_pages_alone_may_frame_the_player(site: Site) -> None:
    assert ancestors(await site.anonymous.get("/embed/" + "0" * 26)) == "'self'"


def ancestors(answer: httpx2.Response) -> str:
    """Who may show a page in a frame."""
    (found,) = re.findall(r"frame-ancestors ([^;]+)", answer.headers["content-security-policy"])
    return str(found)
