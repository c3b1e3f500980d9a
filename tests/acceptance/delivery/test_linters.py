"""What two linters for HTTP say of every route that gives media: nothing that is bad, and no warning that is right."""

from collections.abc import Iterable, Iterator

import httpx2
import pytest

from tests.acceptance.delivery.conftest import Film, Pages
from tests.fixtures.linters import Remark, httplint, redbot
from tests.fixtures.server import Server

SIGNED = {
    "file": ("file", ""),
    "poster": ("poster", ""),
    "thumbnail": ("thumbnail", ""),
    "storyboard": ("storyboard", ""),
    "sheet": ("storyboard", "storyboard.jpg"),
    "preview": ("preview", ""),
    "hls": ("hls", ""),
    "video list": ("hls", "video.m3u8"),
    "audio list": ("hls", "audio.m3u8"),
    "video init": ("hls", "video-init.mp4"),
    "audio init": ("hls", "audio-init.mp4"),
    "video segment": ("hls", "video-0.m4s"),
    "audio segment": ("hls", "audio-0.m4s"),
    "reel": ("reel", ""),
    "nothing": ("file", "nothing.mp4"),
    "another's link": ("file", "poster.jpg"),
}
"""Each kind of URL: the link that it is of, and the name that stands in place of that link's own."""


def path_of(film: Film, name: str) -> str:
    """The signed path of a kind of URL."""
    kind, other = SIGNED[name]
    path, _, query = film.links[kind].partition("?")
    return f"{path[: path.rindex('/')]}/{other}?{query}" if other else f"{path}?{query}"


NO_MP4 = "it looks like\n<code>undefined/undefined</code>"
"""The linters know no MP4, and warn of what they do not know."""

NO_MULTIPART = "This response is partial, but doesn't have a Content-Range header."
"""httplint knows no multipart/byteranges, in which the header must not be (RFC 9110 section 15.3.7.2)."""


def complaints(remarks: Iterable[Remark], *, but: str = "") -> list[str]:
    """All that is bad, and all warnings that are right."""
    return [
        f"{remark} {remark.detail}"
        for remark in remarks
        if remark.level in ("bad", "warning") and NO_MP4 not in remark.detail and remark.summary != but
    ]


@pytest.fixture(scope="module")
def seen(media_server: Server, film: Film) -> dict[str, list[Remark]]:
    """What REDbot says of each signed URL."""
    urls = [media_server.url + path_of(film, name) for name in SIGNED]
    return dict(zip(SIGNED, redbot(urls), strict=True))


@pytest.mark.parametrize("name", SIGNED)
def test_redbot_finds_nothing_bad_at_a_signed_link(seen: dict[str, list[Remark]], name: str) -> None:
    assert complaints(seen[name]) == []


@pytest.mark.parametrize("name", [name for name in SIGNED if name not in ("nothing", "another's link")])
def test_redbot_sees_ranges_and_validation_at_work(seen: dict[str, list[Remark]], name: str) -> None:
    good = {remark.summary for remark in seen[name] if remark.level == "good"}

    assert "A ranged request returned the correct partial content." in good
    assert "If-None-Match conditional requests are supported." in good


def test_redbot_finds_nothing_bad_at_the_api(media_server: Server, film: Film) -> None:
    urls = [f"{media_server.url}/api/v1/videos/{film.id}/{name}" for name in ("stream", "thumbnail", "thumbnail?t=2")]

    for remarks in redbot(urls, [("Authorization", f"Bearer {media_server.admin_key}")]):
        assert complaints(remarks) == []


@pytest.fixture(scope="module")
def client(media_server: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=media_server.url, trust_env=False, timeout=30) as client:
        yield client


REQUESTS: dict[str, tuple[str, dict[str, str], int]] = {
    "HEAD": ("HEAD", {}, 200),
    "GET from another site": ("GET", {"Origin": "{listed}"}, 200),
    "GET from a stranger": ("GET", {"Origin": "{stranger}"}, 200),
    "one range": ("GET", {"Range": "bytes=0-9"}, 206),
    "several ranges": ("GET", {"Range": "bytes=0-0,-1"}, 206),
    "no such range": ("GET", {"Range": "bytes=99999999999-"}, 416),
    "a version that is held": ("GET", {"If-None-Match": "*"}, 304),
    "another version": ("GET", {"If-Match": '"other"'}, 412),
    "a wrong method": ("POST", {}, 405),
    "a preflight": ("OPTIONS", {"Origin": "{listed}", "Access-Control-Request-Method": "GET"}, 204),
    "a stranger's preflight": ("OPTIONS", {"Origin": "{stranger}", "Access-Control-Request-Method": "GET"}, 403),
}
"""Method, headers, and the status that they bring."""


@pytest.mark.parametrize("kind", ["file", "poster", "storyboard", "hls"])
@pytest.mark.parametrize("asked", REQUESTS)
def test_httplint_finds_nothing_bad_at_an_answer(
    client: httpx2.Client, film: Film, pages: Pages, kind: str, asked: str
) -> None:
    method, headers, status = REQUESTS[asked]
    headers = {name: text.format(listed=pages.listed, stranger=pages.stranger) for name, text in headers.items()}

    response = client.request(method, film.links[kind], headers=headers)

    assert response.status_code == status
    several = response.headers.get("content-type", "").startswith("multipart/byteranges")
    assert complaints(httplint(response), but=NO_MULTIPART if several else "") == []
    if status >= 400:
        assert response.headers["cache-control"] == "no-store"
