"""Streams given by their URL: HLS is told from other HTTP by its first bytes; the rest ffmpeg opens."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playhead.api.outgoing import Outgoing
from playhead.errors import PlayheadError
from playhead.kit.urls import HTTP, HostUnknown, UrlRefused, check_url
from playhead.live.capture.capture import Opened
from playhead.live.errors import AddressRefused, Offline, SiteBroken, SourceError, SourceRefused
from playhead.live.sources import SCHEMES

if TYPE_CHECKING:
    import httpx2

    from playhead.live.tools import SiteTools

HEAD_BYTES: Final = 1 << 20
"""Most bytes of a playlist that are read to see which qualities it offers."""

TIMEOUT_S: Final = 10.0


async def look_at_stream(url: str, tools: "SiteTools") -> tuple[dict[str, Opened], str]:
    """What opens a stream, by quality, and what kind of stream it is.

    Raises:
        Offline: nothing answers, or the server has no such stream now.
        SourceRefused: the server asks for a login.
        AddressRefused: the address must not be opened.
        SiteBroken: the server failed.
    """
    try:
        if urlsplit(url).scheme in HTTP:
            return await _over_http(url, tools)
        await check_url(url, SCHEMES, allow_private=tools.allow_private)  # as its capture does again
    except UrlRefused as error:
        raise refusal(error) from None
    return {"source": Opened(kind="push", url=url)}, urlsplit(url).scheme


def refusal(error: UrlRefused) -> SourceError:
    """The error that a refused URL stands for. A host that has no address may have one again."""
    return Offline(str(error)) if isinstance(error, HostUnknown) else AddressRefused(str(error))


async def _over_http(url: str, tools: "SiteTools") -> tuple[dict[str, Opened], str]:
    import httpx2

    client = Outgoing(allow_private=tools.allow_private).client(timeout_s=TIMEOUT_S, follow_redirects=True)
    try:
        async with client, client.stream("GET", url) as response:
            _raise_for(response)
            head = await _head(response)
            final = str(response.url)
    except httpx2.TransportError as error:
        raise Offline(f"{urlsplit(url).hostname} does not answer ({type(error).__name__}).") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise SiteBroken(f"{urlsplit(url).hostname} could not be read ({type(error).__name__}).") from None
    if head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"#EXTM3U"):
        return _of_playlist(head, url, final), "hls"
    return {"source": Opened(kind="push", url=final)}, "http"


def _of_playlist(head: bytes, url: str, final: str) -> dict[str, Opened]:
    """The qualities of a playlist. Each opens the whole of it: the fetcher finds the variant, and its audio."""
    from playhead.media.hls.read import MultivariantPlaylist, read_playlist

    try:
        playlist = read_playlist(head.decode("utf-8", errors="replace"), final)
    except PlayheadError as error:
        raise SiteBroken(error.detail) from None
    opened = Opened(kind="hls", url=url)
    if not isinstance(playlist, MultivariantPlaylist):
        return {"source": opened}
    ordered = sorted(playlist.variants, key=lambda each: (each.height or 0, each.bandwidth))
    names = [
        f"{each.height}p{round(each.fps) if each.fps and each.fps > 31 else ''}"
        if each.height
        else each.name or f"{each.bandwidth // 1000}k"
        for each in ordered
    ]
    return dict.fromkeys(names or ["source"], opened)


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


async def _head(response: "httpx2.Response") -> bytes:
    """The first bytes: of a playlist all, of anything else one block."""
    head = b""
    async for block in response.aiter_bytes(65536):
        head += block
        if not head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"#EXTM3U"[: len(head)]) or len(head) >= HEAD_BYTES:
            break
    return head
