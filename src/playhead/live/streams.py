"""Streams given by their URL: HLS is told from other HTTP by its first bytes; the rest ffmpeg opens."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playhead.api.outgoing import Outgoing
from playhead.kit.urls import HTTP, HostUnknown, UrlRefused, check_url
from playhead.live.capture.capture import Opened
from playhead.live.errors import AddressRefused, Offline, SiteBroken, SourceError, SourceRefused
from playhead.live.sources import SCHEMES
from playhead.media.hls.read import MediaPlaylist, MultivariantPlaylist, PlaylistUnreadable, Variant, read_playlist

if TYPE_CHECKING:
    import httpx2

    from playhead.live.tools import SiteTools

HEAD_BYTES: Final = 1 << 20
"""Most bytes of a playlist that are read to see which qualities it offers."""

TIMEOUT_S: Final = 10.0

LOOK_S: Final = 30.0
"""Longest look at a stream: a server that sends a byte now and then is within the time of each read."""

HIGH_FPS: Final = 31
"""Frame rates above it are part of a quality's name: ``720p60``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What a URL of a stream opens.

    Attributes:
        kind: ``hls``, or the scheme.
        qualities: What opens each, the smallest first.
        ended: The server says that nothing will follow, as after a broadcast.
    """

    kind: str
    qualities: dict[str, Opened] = field(repr=False)
    ended: bool = False


async def look_at_stream(url: str, tools: "SiteTools") -> Stream:
    """Find out what opens a stream. Whether a source that pushes is live only a connection shows.

    Raises:
        Offline: nothing answers, or the server has no such stream now.
        SourceRefused: the server asks for a login.
        AddressRefused: the address must not be opened.
        SiteBroken: the server failed.
    """
    scheme = urlsplit(url).scheme
    try:
        if scheme in HTTP:
            return await _over_http(url, tools)
        await check_url(url, SCHEMES, allow_private=tools.allow_private)  # as its capture does again
    except UrlRefused as error:
        raise refusal(error) from None
    return Stream(kind=scheme, qualities={"source": Opened(kind="push", url=url)})


def refusal(error: UrlRefused) -> SourceError:
    """The error that a refused URL stands for. A host that has no address may have one again."""
    return Offline(str(error)) if isinstance(error, HostUnknown) else AddressRefused(str(error))


async def _over_http(url: str, tools: "SiteTools") -> Stream:
    import httpx2

    host = urlsplit(url).hostname
    try:
        async with (
            asyncio.timeout(LOOK_S),
            Outgoing(allow_private=tools.allow_private).client(timeout_s=TIMEOUT_S, follow_redirects=True) as client,
        ):
            head, final = await _fetch(client, url)
            if not is_playlist(head):
                return Stream(kind="http", qualities={"source": Opened(kind="push", url=final)})
            return await _of_playlist(client, head, url, final)
    except TimeoutError:
        raise Offline(f"{host} does not answer within {LOOK_S:.0f} s.") from None
    except httpx2.TransportError as error:
        raise Offline(f"{host} does not answer ({type(error).__name__}).") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise SiteBroken(f"{host} could not be read ({type(error).__name__}).") from None
    except PlaylistUnreadable as error:
        raise SiteBroken(error.detail) from None


async def _of_playlist(client: "httpx2.AsyncClient", head: bytes, url: str, final: str) -> Stream:
    """The qualities of a playlist. Each opens the whole of it: the fetcher finds the variant, and its audio."""
    playlist = read_playlist(_text(head), final)
    if not isinstance(playlist, MultivariantPlaylist):
        return Stream(kind="hls", qualities={"source": Opened(kind="hls", url=url)}, ended=playlist.ended)
    ordered = sorted(playlist.variants, key=lambda each: (each.height or 0, each.bandwidth))
    names = list(dict.fromkeys(map(_name, ordered))) or ["source"]
    ended = bool(ordered) and await _has_ended(client, ordered[0].url)
    return Stream(
        kind="hls", qualities={name: Opened(kind="hls", url=url, quality=name) for name in names}, ended=ended
    )


async def _has_ended(client: "httpx2.AsyncClient", url: str) -> bool:
    """Whether a variant has ended; one that cannot be read has not."""
    try:
        head, final = await _fetch(client, url)
        playlist = read_playlist(_text(head), final)
    except (SourceError, PlaylistUnreadable):
        return False
    return isinstance(playlist, MediaPlaylist) and playlist.ended


def _name(variant: Variant) -> str:
    if variant.height:
        return f"{variant.height}p{round(variant.fps) if variant.fps and variant.fps > HIGH_FPS else ''}"
    return variant.name or f"{variant.bandwidth // 1000}k"


def is_playlist(head: bytes) -> bool:
    """Whether a body begins as an HLS playlist does."""
    return head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"#EXTM3U")


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace").lstrip("\ufeff \r\n")


async def _fetch(client: "httpx2.AsyncClient", url: str) -> tuple[bytes, str]:
    """The first bytes of a resource (of a playlist all), and where it was after redirects."""
    async with client.stream("GET", url) as response:
        _raise_for(response)
        head = b""
        async for block in response.aiter_bytes(65536):
            head += block
            if not is_playlist(head) or len(head) >= HEAD_BYTES:
                break
        return head, str(response.url)


def _raise_for(response: "httpx2.Response") -> None:
    status, host = response.status_code, response.url.host
    if status in (401, 403, 407, 451):
        raise SourceRefused(
            f"{host} refuses access (status {status}).", hint="Check the URL and its password or token."
        )
    if status in (404, 410):
        raise Offline(f"{host} has no such stream now (status {status}).")
    if status >= 400:
        raise SiteBroken(f"{host} answered with status {status}.")
