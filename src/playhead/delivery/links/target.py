"""Targets of links: what a path under ``/v/`` names. No other file spells or parses such a path.

Every kind of media under ``/v/`` is listed here, with the form of its paths and the rules that differ by kind.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, Self

from playhead.catalog.files import FileKind

Kind = FileKind | Literal["captions", "thumbnail", "hls", "cut", "reel", "live", "render", "asset", "image"]
"""Kind of media in signatures, transfers and metrics. Not under ``/v/``: ``asset``, a file behind an asset token, and
``image``, an image of the catalog."""

LinkKind = Literal["file", "poster", "hls", "storyboard", "thumbnail", "preview", "chapters", "captions"]
"""Kinds that the API makes links to."""

ANIMATION: Final = "preview"
"""The animated WebP of a video."""

SPAN: Final = "cut"
"""HLS of a span of a video."""

PROJECT: Final = "reel"
"""HLS playlists of a project that is not stitched yet, over spans of its videos."""

LIVE: Final = "live"
"""HLS of a recording while it grows."""

RENDER: Final = "render"
"""A span of a project, rendered as it will be in the reel; its subject is the job that made it."""

IMAGES: Final = frozenset({"poster", "storyboard", "thumbnail", ANIMATION, "image"})
"""Kinds whose links live for one to two windows of twelve hours, and whose transfers are not listed as viewings."""

DOWNLOADS: Final = frozenset({"file", "poster"})
"""Kinds whose signature covers whether the browser saves the file."""

INDEX: Final = "index"
"""Track name of a multivariant playlist."""

CAPTIONS: Final = "captions"
"""The list of a video's caption tracks, and the tracks as WebVTT."""

Part = Literal["", "list", "init"] | int
"""Part of an HLS track: its playlist, its init segment, or the number of a segment."""

ORIGINAL: Final = "original"
RENDITION_TRACK = re.compile(r"(?!(?:original|index|live|video|audio[0-9]*)$)[a-z0-9]{1,12}", re.ASCII)
"""Names of renditions that can be tracks of HLS."""

_AUDIO = re.compile(r"audio([0-9]*)", re.ASCII)
_SPAN = re.compile(r"(cut|last)-([0-9]{1,13})-([0-9]{1,13})-([a-z0-9]{1,12})", re.ASCII)
_CAPTIONS = re.compile(r"(?:(captions)|subtitles)-(cpt_[0-9a-z]{26})-([0-9]{1,9})\.(vtt|m3u8)", re.ASCII)
_NAMED: dict[str, Kind] = {
    "poster.jpg": "poster",
    "thumbnail.jpg": "thumbnail",
    "preview.webp": ANIMATION,
    "chapters.vtt": "chapters",
    "render.mp4": "render",
}
"""Kinds that are one file of a fixed name."""

_NAMES = {kind: name for name, kind in _NAMED.items()}
_PATH = re.compile(
    rf"""/v/(?P<subject>[^/]{{1,64}})/(?:
    original(?:\.(?P<extension>[a-z0-9]{{1,8}}))?
    | rendition-(?P<rendition>[a-z0-9-]{{1,40}})\.mp4
    | (?P<named>{"|".join(map(re.escape, _NAMED))})
    | poster-(?P<poster>[0-9a-f]{{8}})\.jpg
    | storyboard\.(?P<storyboard>jpg|vtt)
    | (?P<words>captions\.json|(?:captions|subtitles)-cpt_[0-9a-z]{{26}}-[0-9]{{1,9}}\.(?:vtt|m3u8))
    | reel-(?P<version>[0-9]{{1,9}})(?:-(?P<list>video|audio))?\.m3u8
    | (?P<live>live)(?:\.m3u8
      | -(?P<capture>cap_[0-9a-z]{{26}})(?:-init\.mp4 | -(?P<first>[0-9]{{1,7}})-(?P<count>[1-9][0-9]{{0,3}})\.m4s))
    | (?:(?P<span>(?:cut|last)-[0-9]{{1,13}}-[0-9]{{1,13}}-[a-z0-9]{{1,12}})-)?
      (?P<track>[a-z0-9]{{1,12}})(?:(?P<playlist>\.m3u8)|(?P<init>-init\.mp4)|-(?P<segment>[0-9]{{1,6}})\.m4s)
    )""",
    re.ASCII | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """A span of a video in whole microseconds, half-open.

    Attributes:
        source: File with its video track: ``original``, or the name of a rendition.
        followed: Whether another clip comes after it.
    """

    start_us: int
    end_us: int
    source: str = ORIGINAL
    followed: bool = True

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read the name of a span; None when it is not one."""
        match = _SPAN.fullmatch(name)
        return cls(int(match[2]), int(match[3]), match[4], match[1] == "cut") if match else None

    @property
    def name(self) -> str:
        """Name in URLs and signatures."""
        return f"{'cut' if self.followed else 'last'}-{self.start_us}-{self.end_us}-{self.source}"


@dataclass(frozen=True, slots=True)
class Target:
    """One file, playlist or segment under ``/v/``.

    Attributes:
        subject: Id of the video; of the project for kind `PROJECT`, of the job for `RENDER`.
        name: What a signature covers besides kind and subject: the name of a rendition or a span, the version of a
            project or of a chosen poster.
        track: Track of HLS: ``video``, ``audio``, one of several such as ``audio2``, a rendition, or `INDEX`; of a
            recording that grows the id of a capture, or `INDEX`; a caption track, whose version is *part*.
        count: Fragments in a segment of a recording that grows; *part* is the first of them.
        extension: File extension where a kind has several: an original's, ``jpg`` and ``vtt`` of a storyboard, ``json``
            and ``vtt`` of captions, ``m3u8`` and ``vtt`` of captions in HLS.
    """

    kind: Kind
    subject: str
    name: str = ""
    track: str = ""
    part: Part = ""
    extension: str = ""
    count: int = 0

    @classmethod
    def opening(cls, kind: Kind, subject: str, name: str = "") -> Self:
        """The target that links of a kind open: of a stream its multivariant playlist, of a storyboard its cues."""
        if kind in ("hls", PROJECT, LIVE):
            return cls(kind, subject, name, INDEX, "list")
        return cls(kind, subject, name, extension={"storyboard": "vtt", CAPTIONS: "json"}.get(kind, ""))

    @classmethod
    def parse(cls, path: str) -> Self | None:
        """Read a path without its query; None when it names nothing. Whether the subject exists is not checked."""
        match = _PATH.fullmatch(path)
        return cls._of(match["subject"], match.groupdict()) if match else None

    @classmethod
    def _of(cls, subject: str, group: dict[str, str | None]) -> Self | None:
        if group["rendition"] or group["poster"]:
            return cls("file" if group["rendition"] else "poster", subject, group["rendition"] or group["poster"] or "")
        if group["named"]:
            return cls(_NAMED[group["named"]], subject)
        if group["storyboard"]:
            return cls("storyboard", subject, extension=group["storyboard"])
        if group["words"]:
            return cls._captions(subject, group["words"])
        if group["version"] or group["live"] or group["track"]:
            return cls._stream(subject, group)
        return cls("file", subject, extension=group["extension"] or "")

    @classmethod
    def _captions(cls, subject: str, name: str) -> Self | None:
        match = _CAPTIONS.fullmatch(name)
        if match is None:
            return cls.opening(CAPTIONS, subject)
        if match[1] and match[4] == "m3u8":
            return None
        kind: Kind = CAPTIONS if match[1] else "hls"
        return cls(kind, subject, track=match[2], part=int(match[3]), extension=match[4])

    @classmethod
    def _stream(cls, subject: str, group: dict[str, str | None]) -> Self | None:
        if group["version"]:
            return cls(PROJECT, subject, str(int(group["version"])), group["list"] or INDEX, "list")
        return cls._live(subject, group) if group["live"] else cls._hls(subject, group)

    @classmethod
    def _hls(cls, subject: str, group: dict[str, str | None]) -> Self | None:
        span, track = group["span"] or "", group["track"] or ""
        part: Part = "list" if group["playlist"] else "init" if group["init"] else int(group["segment"] or 0)
        if part == "list" and span:  # the playlists of spans are the project's
            return None
        if track == INDEX and part != "list":
            return None
        return cls(SPAN if span else "hls", subject, span, track, part)

    @classmethod
    def _live(cls, subject: str, group: dict[str, str | None]) -> Self:
        capture, first, count = group["capture"], group["first"], group["count"]
        if capture is None:
            return cls.opening(LIVE, subject)
        if first is None or count is None:
            return cls(LIVE, subject, track=capture, part="init")
        return cls(LIVE, subject, track=capture, part=int(first), count=int(count))

    @property
    def path(self) -> str:
        """Path without a query; `parse` reads it."""
        return f"/v/{self.subject}/{self.file_name}"

    @property
    def file_name(self) -> str:
        """Last segment of the path; relative URLs between targets of one subject use it alone."""
        if self.kind == "file":
            return f"rendition-{self.name}.mp4" if self.name else _with_extension(ORIGINAL, self.extension)
        if self.kind in ("storyboard", CAPTIONS) and not self.track:
            return f"{self.kind}.{self.extension}"
        if self.kind == PROJECT:
            return f"reel-{self.name}.m3u8" if self.track == INDEX else f"reel-{self.name}-{self.track}.m3u8"
        if self.kind == LIVE:
            return self._live_piece
        if self.kind in ("hls", SPAN, CAPTIONS):
            return self._piece
        return f"poster-{self.name}.jpg" if self.kind == "poster" and self.name else _NAMES[self.kind]

    @property
    def _piece(self) -> str:
        if self.extension:
            return f"{'subtitles' if self.is_subtitles else CAPTIONS}-{self.track}-{self.part}.{self.extension}"
        track = f"{self.name}-{self.track}" if self.name else self.track
        if self.part == "list":
            return f"{track}.m3u8"
        return f"{track}-init.mp4" if self.part == "init" else f"{track}-{self.part}.m4s"

    @property
    def _live_piece(self) -> str:
        if self.track == INDEX:
            return "live.m3u8"
        piece = "init.mp4" if self.part == "init" else f"{self.part}-{self.count}.m4s"
        return f"live-{self.track}-{piece}"

    @property
    def span(self) -> ClipSpan | None:
        """The span that a target of kind `SPAN` is part of."""
        return ClipSpan.parse(self.name) if self.kind == SPAN else None

    @property
    def is_audio(self) -> bool:
        """Whether the track is an audio track."""
        return _AUDIO.fullmatch(self.track) is not None

    @property
    def is_subtitles(self) -> bool:
        """Whether it is a caption track in HLS."""
        return self.kind == "hls" and self.extension != ""

    @property
    def audio_index(self) -> int | None:
        """Index of the audio track that the path names; None for the chosen one."""
        match = _AUDIO.fullmatch(self.track)
        return int(match[1]) if match and match[1] else None


def _with_extension(name: str, extension: str) -> str:
    return f"{name}.{extension}" if extension else name
