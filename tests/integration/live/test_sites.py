"""Pages and streams: what they offer, asked of tools as child processes and of a real HTTP server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from playhead.live import tools as site_tools
from playhead.live.errors import Offline, SiteBroken, SiteUnknown, SourceRefused, ToolMissing
from playhead.live.sites import look, resolve
from playhead.live.tools import SiteTools
from tests.fixtures import fake_site_tools

MULTIVARIANT = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,FRAME-RATE=30
360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=6000000,RESOLUTION=1920x1080,FRAME-RATE=60
1080.m3u8
"""
PAGES = {
    "/live.m3u8": (200, MULTIVARIANT.encode()),
    "/plain": (200, b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n#EXTINF:2,\n1.ts\n"),
    "/over.m3u8": (200, b"#EXTM3U\n#EXTINF:2,\n1.ts\n#EXT-X-ENDLIST\n"),
    "/past.m3u8": (200, b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\nover.m3u8\n"),
    "/radio": (200, b"\xff\xf1" + bytes(200_000)),
    "/none.m3u8": (404, b""),
    "/mine.m3u8": (403, b""),
    "/broken.m3u8": (500, b""),
}


class Pages(BaseHTTPRequestHandler):
    """A server of these pages."""

    def do_GET(self) -> None:
        status, body = PAGES.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Address of a server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def tools(tmp_path: Path) -> SiteTools:
    """The fake tools, with a token."""
    streamlink, yt_dlp = fake_site_tools.install(tmp_path)
    return SiteTools(streamlink=streamlink, yt_dlp=yt_dlp, twitch_token="hidden", allow_private=True)


def page(name: str) -> dict[str, str]:
    """A page that the fake tools know."""
    return {"platform": "twitch", "url": f"https://example.com/{name}"}


async def test_streamlink_says_what_a_page_offers(tools: SiteTools) -> None:
    """Title, category and qualities, the smallest first; one of them is opened with its headers."""
    offer = await look(page("live"), tools)
    opened = await resolve(page("live"), "720p", tools)

    assert (offer.by, offer.title, offer.category, offer.stream_id) == ("streamlink", "Evening talk", "Science", "42")
    assert list(offer.qualities) == ["audio_only", "480p", "1080p60"]
    assert (opened.kind, opened.url, opened.headers) == ("hls", "https://cdn.example.com/480.m3u8", {"Referer": "x"})


async def test_a_token_is_in_a_file_and_never_in_the_list_of_processes(tools: SiteTools, tmp_path: Path) -> None:
    """The file is gone afterwards."""
    await look(page("live"), tools)
    noted = json.loads((tmp_path / "streamlink.noted").read_text())

    assert noted["config"] == ["twitch-api-header=Authorization=OAuth hidden\n"]
    assert not any("hidden" in word for word in noted["argv"])
    assert not any(Path(word.partition("=")[2]).exists() for word in noted["argv"] if word.startswith("--config="))
    assert "hidden" not in repr(tools)


async def test_channels_of_twitch_can_be_opened_elsewhere_in_tests(origin: str, tools: SiteTools) -> None:
    elsewhere = replace(tools, twitch_source_url=f"{origin}/{{login}}.m3u8")

    assert (await look({"platform": "twitch", "url": "https://www.twitch.tv/live"}, elsewhere)).by == "hls"


async def test_what_is_not_hls_is_written_by_streamlink(tools: SiteTools) -> None:
    opened = await resolve(page("muxed"), "best", tools)

    assert (opened.by_tool, opened.argv[-2:]) == (True, ("https://example.com/muxed", "best"))


async def test_a_quality_that_looks_like_an_option_is_none(tools: SiteTools) -> None:
    """The site chooses its name."""
    opened = await resolve(page("optional"), "best", tools)

    assert opened.argv[-3:] == ("--", "https://example.com/optional", "--output=/srv/x")


async def test_yt_dlp_reads_pages_that_streamlink_does_not_know(tools: SiteTools) -> None:
    """Of its formats the HLS ones."""
    offer = await look(page("unknown"), tools)

    assert (offer.by, offer.title, list(offer.qualities)) == ("yt-dlp", "By the other tool", ["720p60"])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("offline", Offline),
        ("login", SourceRefused),
        ("broken", SiteBroken),
        ("unreached", SiteBroken),
        ("other", SiteUnknown),
    ],
)
async def test_failures_of_a_tool_have_names(tools: SiteTools, name: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        await look(page(name), tools)

    assert "example.com" not in str(caught.value)


async def test_a_tool_is_ended_that_takes_too_long_or_writes_too_much(
    tools: SiteTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_tools, "MAX_OUTPUT", 1 << 20)
    hasty = SiteTools(streamlink=tools.streamlink, timeout_s=0.5)

    with pytest.raises(SiteBroken, match="no answer within"):
        await look(page("slow"), hasty)
    with pytest.raises(SiteBroken, match="wrote more than"):
        await look(page("endless"), tools)


async def test_a_missing_tool_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing) as caught:
        await look(page("live"), SiteTools(streamlink=tmp_path / "nothing"))

    assert "install" in str(caught.value.hint).lower()


async def test_first_bytes_tell_hls_from_other_http(origin: str, tools: SiteTools) -> None:
    """Whatever the address ends with."""
    offers = {
        path: await look({"platform": "url", "url": origin + path}, tools)
        for path in ("/live.m3u8", "/plain", "/radio")
    }

    assert [(offer.by, list(offer.qualities)) for offer in offers.values()] == [
        ("hls", ["360p", "1080p60"]),
        ("hls", ["source"]),
        ("http", ["source"]),
    ]
    assert offers["/radio"].qualities["source"].kind == "push"
    assert offers["/live.m3u8"].qualities["360p"].quality == "360p"


@pytest.mark.parametrize("path", ["/over.m3u8", "/past.m3u8"])
async def test_a_playlist_that_ended_is_not_live(origin: str, tools: SiteTools, path: str) -> None:
    """A detector would record it again and again; a person who wants it gets it."""
    source = {"platform": "url", "url": origin + path}

    with pytest.raises(Offline, match="has ended"):
        await look(source, tools)
    assert (await resolve(source, "best", tools)).kind == "hls"


@pytest.mark.parametrize(
    ("path", "error"), [("/none.m3u8", Offline), ("/mine.m3u8", SourceRefused), ("/broken.m3u8", SiteBroken)]
)
async def test_the_status_of_a_server_says_why_there_is_no_stream(
    origin: str, tools: SiteTools, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await look({"platform": "url", "url": origin + path}, tools)


async def test_private_addresses_are_refused_unless_they_are_allowed(origin: str) -> None:
    """As a stream of any scheme, and as a page."""
    guarded = SiteTools(allow_private=False)

    for source in (
        {"platform": "url", "url": f"{origin}/live.m3u8"},
        {"platform": "url", "url": "rtmp://127.0.0.1/live/key"},
        {"platform": "site", "url": f"{origin}/page"},
    ):
        with pytest.raises(SourceRefused, match="not a public address"):
            await look(source, guarded)
