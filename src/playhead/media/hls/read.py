"""Reader of HLS playlists (RFC 8216), as far as a recorder needs them.

Servers break the rules in small ways, so what is not understood is passed over. A playlist is refused only where its
segments cannot be named or numbered.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urljoin

from playhead.errors import PlayheadError

MAX_SEGMENTS = 200_000
"""Segments of one playlist: five days of 2 s."""

DEFAULT_TARGET_S = 6.0
_MAX_SECONDS = 86_400.0
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
_AD_TITLES = {"Amazon", "Adform", "DCM"}
"""Titles of the segments that Twitch puts over a programme; those of the programme are named ``live``."""

T = TypeVar("T")


class PlaylistUnreadable(PlayheadError):
    """A text that is no HLS playlist, or one that cannot be followed."""

    code = "playlist_unreadable"
    title = "This HLS playlist cannot be read"
    status = 422
    fault = "destination"


Span = tuple[int, int]
"""Bytes of a resource, ``[start, end)``."""


@dataclass(frozen=True, slots=True)
class Init:
    """The media initialization section of segments (``EXT-X-MAP``)."""

    url: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment of a media playlist.

    Attributes:
        sequence: Its media sequence number.
        discontinuity: Discontinuities before it, as the playlist counts them.
        span: Its bytes; None for the whole resource.
        init: What goes before it; None for MPEG-TS.
        at: Wall clock of its first frame; None where the playlist does not say.
        ad: Whether the platform shows an advertisement in it.
        gap: Whether the server does not have it (``EXT-X-GAP``).
        encryption: Method of its encryption; None for none.
    """

    sequence: int
    url: str
    duration_s: float
    discontinuity: int = 0
    span: Span | None = None
    init: Init | None = None
    at: datetime | None = None
    ad: bool = False
    gap: bool = False
    encryption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPlaylist:
    """A media playlist.

    Attributes:
        target_s: Target duration.
        ended: Whether no segments will follow (``EXT-X-ENDLIST``).
        grows: Whether segments stay listed for the whole broadcast (``EXT-X-PLAYLIST-TYPE:EVENT``).
        counts: Whether it says how many discontinuities are not listed any more (``EXT-X-DISCONTINUITY-SEQUENCE``).
    """

    segments: tuple[Segment, ...]
    target_s: float
    ended: bool
    grows: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A quality of a multivariant playlist.

    Attributes:
        name: As the site calls it, such as ``720p60``; None without a name.
        audio: Group of its separate audio; None where the audio is in it.
    """

    url: str
    bandwidth: int = 0
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    name: str | None = None
    audio: str | None = None
    codecs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioRendition:
    """A separate audio rendition (``EXT-X-MEDIA``); without a URL it is in the variants themselves."""

    group: str
    url: str | None
    default: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class MultivariantPlaylist:
    """The qualities of a stream."""

    variants: tuple[Variant, ...]
    audio: tuple[AudioRendition, ...] = ()


def read_playlist(text: str, url: str) -> MediaPlaylist | MultivariantPlaylist:
    """Read a playlist.

    Args:
        url: Where it came from, after redirects: its URLs are relative to it.

    Raises:
        PlaylistUnreadable: it is none, or has more than `MAX_SEGMENTS`.
    """
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    if not lines or not lines[0].startswith("#EXTM3U"):
        raise PlaylistUnreadable("The address gives no HLS playlist: it does not begin with #EXTM3U.")
    if any(line.startswith("#EXT-X-STREAM-INF:") for line in lines):
        return _multivariant(lines, url)
    return _Reading(url).read(lines)


@dataclass(frozen=True, slots=True)
class _AdBreak:
    start: datetime
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(slots=True)
class _Reading:
    """State of a media playlist between its lines: what the next segment has, and what all following ones have."""

    url: str
    sequence: int = 0
    discontinuity: int = 0
    target_s: float = DEFAULT_TARGET_S
    ended: bool = False
    grows: bool = False
    counts: bool = False
    duration_s: float | None = None
    title: str = ""
    gap: bool = False
    span: Span | None = None
    init: Init | None = None
    encryption: str | None = None
    at: datetime | None = None
    spans_end: dict[str, int] = field(default_factory=dict)
    breaks: list[_AdBreak] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    def read(self, lines: list[str]) -> MediaPlaylist:
        pending: tuple[int, int | None] | None = None
        for line in lines:
            name, _, value = line.partition(":")
            if name == "#EXT-X-BYTERANGE":
                pending = _byte_range(value)
            elif line.startswith("#"):
                self._tag(name, value)
            elif line:
                self._segment(line, pending)
                pending = None
        breaks = self.breaks
        segments = [replace(each, ad=each.ad or _is_in(breaks, each.at)) for each in self.segments] if breaks else None
        return MediaPlaylist(
            segments=tuple(segments or self.segments),
            target_s=self.target_s,
            ended=self.ended,
            grows=self.grows,
            counts=self.counts,
        )

    def _tag(self, name: str, value: str) -> None:
        if name == "#EXTINF":
            duration, _, self.title = value.partition(",")
            self.duration_s = _seconds(duration)
        elif name == "#EXT-X-TARGETDURATION":
            self.target_s = _seconds(value) or DEFAULT_TARGET_S
        elif name == "#EXT-X-MEDIA-SEQUENCE":
            self.sequence = _count(value)
        elif name == "#EXT-X-SKIP":
            self.sequence += _count(_attributes(value).get("SKIPPED-SEGMENTS", ""))
        elif name == "#EXT-X-DISCONTINUITY-SEQUENCE":
            self.discontinuity, self.counts = _count(value), True
        elif name == "#EXT-X-DISCONTINUITY":
            self.discontinuity += 1
        elif name == "#EXT-X-PROGRAM-DATE-TIME":
            self.at = _wall_time(value)
        elif name == "#EXT-X-GAP":
            self.gap = True
        elif name == "#EXT-X-ENDLIST":
            self.ended = True
        elif name == "#EXT-X-PLAYLIST-TYPE":
            self.grows = value == "EVENT"
        elif name in _WITH_ATTRIBUTES:
            self._described(name, _attributes(value))

    def _described(self, name: str, attributes: dict[str, str]) -> None:
        if name == "#EXT-X-KEY":
            method = attributes.get("METHOD", "NONE")
            self.encryption = None if method == "NONE" else method
        elif name == "#EXT-X-MAP":
            url = self._resolved(attributes.get("URI", ""))
            span = _byte_range(attributes.get("BYTERANGE", ""))
            self.init = Init(url, span and ((span[1] or 0), (span[1] or 0) + span[0]))
        elif ad_break := _ad_break(attributes):
            self.breaks.append(ad_break)

    def _segment(self, uri: str, pending: tuple[int, int | None] | None) -> None:
        if len(self.segments) >= MAX_SEGMENTS:
            raise PlaylistUnreadable(f"The playlist lists more than {MAX_SEGMENTS} segments.")
        url = self._resolved(uri)
        duration_s = self.target_s if self.duration_s is None else self.duration_s
        segment = Segment(
            sequence=self.sequence,
            url=url,
            duration_s=duration_s,
            discontinuity=self.discontinuity,
            span=self._span(url, pending),
            init=self.init,
            at=self.at,
            ad=self.title.partition("|")[0].strip() in _AD_TITLES,
            gap=self.gap,
            encryption=self.encryption,
        )
        self.segments.append(segment)
        self.sequence += 1
        self.at = _later(self.at, duration_s)
        self.duration_s, self.title, self.gap = None, "", False

    def _span(self, url: str, pending: tuple[int, int | None] | None) -> Span | None:
        """A span without an offset follows the one before it in the same resource (section 4.3.2.2)."""
        if pending is None:
            return None
        size, offset = pending
        start = self.spans_end.get(url, 0) if offset is None else offset
        self.spans_end[url] = start + size
        return start, start + size

    def _resolved(self, uri: str) -> str:
        return _resolved(self.url, uri)


_WITH_ATTRIBUTES = {"#EXT-X-KEY", "#EXT-X-MAP", "#EXT-X-DATERANGE"}


def _multivariant(lines: list[str], url: str) -> MultivariantPlaylist:
    tags = [_attributes(line.partition(":")[2]) for line in lines if line.startswith("#EXT-X-MEDIA:")]
    names = {tag.get("GROUP-ID", ""): tag.get("NAME") for tag in tags if tag.get("TYPE") == "VIDEO"}
    audio = tuple(
        AudioRendition(
            group=tag.get("GROUP-ID", ""),
            url=_resolved(url, tag["URI"]) if tag.get("URI") else None,
            default=tag.get("DEFAULT") == "YES",
            name=tag.get("NAME", ""),
        )
        for tag in tags
        if tag.get("TYPE") == "AUDIO"
    )
    return MultivariantPlaylist(tuple(_variants(lines, url, names)), audio)


def _variants(lines: list[str], url: str, names: dict[str, str | None]) -> Iterator[Variant]:
    attributes: dict[str, str] | None = None
    for line in lines:
        if line.startswith("#EXT-X-STREAM-INF:"):
            attributes = _attributes(line.partition(":")[2])
        elif line and not line.startswith("#") and attributes is not None:
            width, _, height = attributes.get("RESOLUTION", "").partition("x")
            yield Variant(
                url=_resolved(url, line),
                bandwidth=_or_none(_count, attributes.get("BANDWIDTH", "")) or 0,
                width=_or_none(_count, width),
                height=_or_none(_count, height),
                fps=_seconds(attributes.get("FRAME-RATE", "")) or None,
                name=names.get(attributes.get("VIDEO", "")) or attributes.get("NAME") or attributes.get("VIDEO"),
                audio=attributes.get("AUDIO"),
                codecs=attributes.get("CODECS", ""),
            )
            attributes = None


def _ad_break(attributes: dict[str, str]) -> _AdBreak | None:
    """The time that a date range of Twitch covers with an advertisement."""
    is_ad = (
        attributes.get("CLASS") == "twitch-stitched-ad"
        or attributes.get("ID", "").startswith("stitched-ad-")
        or any(name.startswith("X-TV-TWITCH-AD-") for name in attributes)
    )
    start = _wall_time(attributes.get("START-DATE", "")) if is_ad else None
    if start is None:
        return None
    seconds = _or_none(float, attributes.get("DURATION") or attributes.get("PLANNED-DURATION") or "")
    return _AdBreak(start, _wall_time(attributes.get("END-DATE", "")) or _later(start, seconds))


def _is_in(breaks: list[_AdBreak], at: datetime | None) -> bool:
    return at is not None and any(each.covers(at) for each in breaks)


def _attributes(text: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(text)}


def _resolved(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError as error:
        raise PlaylistUnreadable(f"The playlist names an address that is none: {error}.") from None


def _byte_range(text: str) -> tuple[int, int | None] | None:
    """Size and offset of ``n[@o]``; None without one."""
    size, _, offset = text.partition("@")
    return (_count(size), _count(offset) if offset else None) if size else None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise PlaylistUnreadable(f"The playlist has {text[:40]!r} where a number belongs.")
    return int(text)


def _seconds(text: str) -> float:
    """A duration; what is none, or beyond a day, is 0."""
    seconds = _or_none(float, text) or 0.0
    return seconds if 0 <= seconds <= _MAX_SECONDS else 0.0


def _or_none(read: Callable[[str], T], text: str) -> T | None:
    try:
        return read(text)
    except (ValueError, PlaylistUnreadable):
        return None


def _wall_time(text: str) -> datetime | None:
    found = _or_none(datetime.fromisoformat, text.strip())
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _later(at: datetime | None, seconds: float | None) -> datetime | None:
    if at is None or seconds is None:
        return None
    try:
        return at + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
