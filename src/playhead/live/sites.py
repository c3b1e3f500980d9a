"""Sites: what a source offers now, asked of streamlink, of yt-dlp where that has no plugin, or of the stream itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playhead.kit.text import one_line, shorten, without_places
from playhead.kit.urls import HTTP, UrlRefused, check_url
from playhead.live.capture.capture import Opened
from playhead.live.errors import Offline, SiteBroken, SiteUnknown, SourceError, SourceRefused
from playhead.live.qualities import SYNONYMS, choose, sort_key
from playhead.live.sources import STREAMS
from playhead.live.streams import look_at_stream, refusal
from playhead.live.tools import Output, SiteTools

_LOGIN = ("login", "log in", "logged in", "sign in", "subscri", "unauthorized", "forbidden", "credential", "403", "401")
_PRIVATE = (
    "private video",
    "members-only",
    "members only",
    "age-restricted",
    "confirm your age",
    "geo",
    "not available in your",
)
_OFFLINE = (
    "not currently live",
    "is offline",
    "not live",
    "no playable streams",
    "will begin",
    "has ended",
    "premieres in",
)
_UNREACHED = ("failed to resolve", "max retries exceeded", "connection refused", "timed out", "network is unreachable")
_UNKNOWN = ("no plugin can handle", "unsupported url", "no suitable extractor", "no suitable infoextractor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a source offers now; it is live.

    Attributes:
        by: ``streamlink``, ``yt-dlp``, ``hls`` or the scheme.
        qualities: What opens each, the smallest first.
        stream_id: The site's id of the broadcast.
        ended: The source says itself that it has ended.
    """

    by: str
    qualities: dict[str, Opened] = field(repr=False)
    title: str | None = None
    category: str | None = None
    stream_id: str | None = None
    ended: bool = False


async def resolve(source: dict[str, Any], quality: str, tools: SiteTools) -> Opened:
    """Find what a capture connects to.

    Args:
        source: ``{"platform", "url"}``.
        quality: Of one that is not offered, the next smaller.

    Raises:
        Offline: it is not live.
        SourceRefused: it needs a login, or its address must not be opened.
        SiteUnknown, SiteBroken, ToolMissing: it cannot be read.
    """
    offer = await _offer(source, tools)
    return offer.qualities[choose(list(offer.qualities), quality)]


async def look(source: dict[str, Any], tools: SiteTools) -> Offer:
    """Find out what a source offers, and that it is live; raises as `resolve`.

    Whether a source that pushes (RTMP, RTSP, SRT) is live only a connection shows.
    """
    offer = await _offer(source, tools)
    if offer.ended:
        raise Offline("The broadcast has ended; its playlist is still there.")
    return offer


async def _offer(source: dict[str, Any], tools: SiteTools) -> Offer:
    url = str(source["url"])
    if source.get("platform") == "twitch" and tools.twitch_source_url:
        url = tools.twitch_source_url.replace("{login}", url.rstrip("/").rpartition("/")[2])
    if source.get("platform") == "url" or url != source["url"]:
        stream = await look_at_stream(url, tools)
        return Offer(by=stream.kind, qualities=stream.qualities, ended=stream.ended)
    if urlsplit(url).scheme in STREAMS:
        raise SiteUnknown("streamlink opens web pages; record this URL as a stream (platform url).")
    if source.get("platform") != "twitch":
        await _check(url, tools)
    try:
        return await _streamlink(url, tools)
    except SiteUnknown as error:
        if tools.find_yt_dlp() is None:
            raise SiteUnknown(error.detail, hint="With yt-dlp installed more sites can be recorded.") from None
        return await _yt_dlp(url, tools)


async def _streamlink(url: str, tools: SiteTools) -> Offer:
    command = tools.streamlink_command()
    async with tools.streamlink_options() as options:
        output = await tools.run("streamlink", [*command, *options, "--json", "--", url])
    found = _object(output, "streamlink")
    streams = found.get("streams")
    if not isinstance(streams, dict) or not streams:
        raise failure(str(found.get("error") or ""), output, "streamlink")
    opened = {name: _of_streamlink(name, stream, url, command) for name, stream in streams.items()}
    metadata = found.get("metadata") or {}
    return Offer(
        by="streamlink",
        qualities=_ordered(opened),
        title=_text(metadata.get("title")),
        category=_text(metadata.get("category")),
        stream_id=_text(metadata.get("id")),
    )


def _of_streamlink(name: str, stream: dict[str, Any], url: str, command: Sequence[str]) -> Opened:
    """What a stream of streamlink opens: HLS is fetched by us, plain HTTP by ffmpeg; all else streamlink writes.

    Its name comes from the site: behind ``--`` it cannot be an option.
    """
    kind, target = stream.get("type"), str(stream.get("url") or "")
    headers = {str(key): str(value) for key, value in (stream.get("headers") or {}).items()}
    if kind == "hls" and target:
        return Opened(kind="hls", url=target, headers=headers)
    if kind == "http" and target and stream.get("method", "GET") == "GET":
        return Opened(kind="push", url=target, headers=headers)
    options = ("--no-config", "--no-plugin-sideloading", "--webbrowser=no", "--quiet", "--stdout")
    return Opened(kind="push", url=url, by_tool=True, argv=(*command, *options, "--", url, name))


async def _yt_dlp(url: str, tools: SiteTools) -> Offer:
    program = tools.find_yt_dlp()
    assert program is not None
    options = ("--ignore-config", "--no-playlist", "--no-cache-dir", "--socket-timeout", "15", "--skip-download")
    # Its generic extractor opens whatever a page names.
    words = [str(program), *options, "--use-extractors", "default,-generic", "--dump-single-json", "--", url]
    output = await tools.run("yt-dlp", words)
    found = _object(output, "yt-dlp")
    if not found.get("formats"):
        raise failure("", output, "yt-dlp")
    if found.get("is_live") is not True:
        raise Offline("This page is not live.")
    opened = {
        _format_name(each): Opened(kind="hls", url=str(each["url"]), headers=dict(each.get("http_headers") or {}))
        for each in found["formats"]
        if str(each.get("protocol", "")).startswith("m3u8") and each.get("vcodec") != "none" and each.get("url")
    }
    if not opened:
        raise SiteBroken("yt-dlp found no HLS stream with video on this page.")
    categories = found.get("categories") or [None]
    return Offer(
        by="yt-dlp",
        qualities=_ordered(opened),
        title=_text(found.get("title")),
        category=_text(categories[0]),
        stream_id=_text(found.get("id")),
    )


def _format_name(each: dict[str, Any]) -> str:
    height, fps = each.get("height"), each.get("fps")
    if not height:
        return str(each.get("format_id") or "live")[:32]
    return f"{height}p{round(fps) if fps and fps > 30 else ''}"


def failure(words: str, output: Output, tool: str) -> SourceError:
    """What a tool's words mean. They are matched, not shown: they name URLs, and nobody but its authors knows them."""
    text = " ".join([words, *output.log]).lower()
    if any(part in text for part in _UNREACHED):
        return SiteBroken(f"{tool} could not reach the site.", hint="Check the network of this server.")
    if any(part in text for part in _UNKNOWN):
        return SiteUnknown(f"{tool} does not know this site.")
    if any(part in text for part in _PRIVATE):
        return SourceRefused("The site shows this only to some people: members, those of age, or of some countries.")
    if any(part in text for part in _LOGIN):
        return SourceRefused(
            "The site asks for a login or a subscription.",
            hint="For Twitch, set twitch_user_token to the token of an account that may watch.",
        )
    if any(part in text for part in _OFFLINE):
        return Offline("The source is not live.")
    last = shorten(without_places(one_line(words or (output.log[-1] if output.log else ""))), 300)
    return SiteBroken(
        f"{tool} could not read this page" + (f": {last}" if last else f" (exit code {output.code})."),
        hint=f"Sites change: update {tool}. Playhead tries again.",
    )


def _object(output: Output, tool: str) -> dict[str, Any]:
    try:
        found = json.loads(output.text)
    except ValueError:
        raise failure("", output, tool) from None
    if not isinstance(found, dict):
        raise SiteBroken(f"{tool} answered with something else than an object.")
    return found


def _ordered(opened: dict[str, Opened]) -> dict[str, Opened]:
    """Without synonyms and spares, the smallest first."""
    names = [name for name in opened if name not in SYNONYMS and "_alt" not in name] or list(opened)
    return {name: opened[name] for name in sorted(names, key=sort_key)}


def _text(value: object) -> str | None:
    return shorten(one_line(str(value)), 500) or None if value else None


async def _check(url: str, tools: SiteTools) -> None:
    try:
        await check_url(url, HTTP, allow_private=tools.allow_private)
    except UrlRefused as error:
        raise refusal(error) from None
