"""Sources: what a URL stands for, read from its text alone, and how it is shown without its secrets."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from playhead.kit.urls import HTTP, UrlRefused, check_url, parse_url
from playhead.live.errors import SourceUrlInvalid

Platform = Literal["url", "site", "twitch"]

STREAMS: Final = frozenset({"rtmp", "rtmps", "rtsp", "rtsps", "srt"})
"""Schemes that ffmpeg opens; nothing but a connection shows whether such a source is live."""

SCHEMES: Final = HTTP | STREAMS

_MEDIA = re.compile(r"\.(?:m3u8?|ts|m2ts|flv|mp4|m4s|mpd|webm|mkv|aac|mp3)$", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
_TWITCH = re.compile(r"(?:(?:www|m|go)\.)?twitch\.tv")
_LOGIN = re.compile(r"[a-z0-9_]{1,25}")
_NOT_CHANNELS = frozenset({"videos", "directory", "settings", "downloads", "jobs", "p", "search", "subscriptions"})
HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True)
class Source:
    """What is recorded.

    Attributes:
        url: As it is opened; may hold a stream key or a password.
        name: A name for people, for a channel that was given none.
    """

    platform: Platform
    url: str
    name: str

    @property
    def detected(self) -> bool:
        """Whether a request shows if it is live; else only a connection does."""
        return urlsplit(self.url).scheme in HTTP


def read_source(text: str, platform: Platform | None = None) -> Source:
    """Read a URL as a person gives it.

    Args:
        platform: To open a page's address as a stream (``url``), or a stream's by streamlink (``site``).

    Raises:
        SourceUrlInvalid: not a URL of a source.
    """
    url = text.strip()
    if "://" not in url and not _OTHER_SCHEME.match(url):
        url = f"https://{url}"
    try:
        parts = parse_url(url, SCHEMES)
    except UrlRefused as error:
        raise SourceUrlInvalid(str(error)) from None
    if parts.scheme in HTTP and _TWITCH.fullmatch(parts.hostname or "") and platform in (None, "twitch"):
        return _twitch(parts)
    if platform == "twitch":
        raise SourceUrlInvalid("This is not the address of a Twitch channel, such as https://www.twitch.tv/name.")
    is_stream = parts.scheme in STREAMS or _MEDIA.search(parts.path) is not None
    if platform == "site" and parts.scheme in STREAMS:
        raise SourceUrlInvalid(f"streamlink opens web pages, not {parts.scheme}://.")
    return Source(platform or ("url" if is_stream else "site"), url, _name(parts))


async def check_source(source: Source, *, allow_private: bool) -> None:
    """Check that the host of a source may be opened.

    Raises:
        SourceUrlInvalid: it has no address, or not a public one.
    """
    if source.platform == "twitch":
        return
    try:
        await check_url(source.url, SCHEMES, allow_private=allow_private)
    except UrlRefused as error:
        private = "not a public address" in str(error)
        hint = "The operator can allow private networks with the setting allow_private_urls." if private else None
        raise SourceUrlInvalid(str(error), hint=hint) from None


def shown_url(source: dict[str, Any]) -> str:
    """The URL of a source (``{"platform", "url"}``) without stream key, password and tokens."""
    parts = urlsplit(str(source.get("url", "")))
    path, query = parts.path, parts.query
    if parts.scheme in ("rtmp", "rtmps"):
        app, _, key = path.lstrip("/").partition("/")
        path = f"/{app}/{HIDDEN}" if key else f"/{app}"
    if query and source.get("platform") == "url":
        query = HIDDEN
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, f"{HIDDEN}@{host}" if "@" in parts.netloc else host, path, query, ""))


def _twitch(parts: SplitResult) -> Source:
    login = parts.path.strip("/").lower()
    if not _LOGIN.fullmatch(login) or login in _NOT_CHANNELS:
        raise SourceUrlInvalid(
            f"{parts.hostname}{parts.path} is not a Twitch channel.",
            hint="Give the address of the channel: https://www.twitch.tv/name.",
        )
    return Source("twitch", f"https://www.twitch.tv/{login}", login)


def _name(parts: SplitResult) -> str:
    """Host and what the path says besides; of RTMP not the key."""
    last = [] if parts.scheme in ("rtmp", "rtmps") else [part for part in parts.path.split("/") if part][-1:]
    return " ".join([parts.hostname or "", *(re.sub(r"\.\w{2,4}$", "", part)[:60] for part in last)]).strip()
