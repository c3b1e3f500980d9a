"""``/v/{video_id}/...``: playlists, init segments and segments of a video, or of a span of one, by a signed query."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from playhead.api.services import service
from playhead.delivery.answer import answer_composite
from playhead.delivery.caching import caching
from playhead.delivery.composite import Composite
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound
from playhead.delivery.media import Kind, Media
from playhead.delivery.streams import Cut, Served, ServedRung, Streams, cut_of
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.picture import PictureStream
from playhead.media.hls.playlist import Variant, media_playlist, multivariant_playlist
from playhead.media.hls.sound import SoundStream
from playhead.media.hls.stream import PACKAGER, stretch_of, variant_of

PLAYLIST = b"application/vnd.apple.mpegurl"
INDEX_FRESH_S = 60
"""The multivariant playlist is asked for again after so long: renditions may have been added."""

_AUDIO = re.compile(r"audio([0-9]*)", re.ASCII)
_PIECE = re.compile(
    r"(?:(?P<cut>(?:cut|last)-[0-9]{1,13}-[0-9]{1,13}-[a-z0-9]{1,12})-)?(?P<track>[a-z0-9]{1,12})"
    r"(?:(?P<list>\.m3u8)|(?P<init>-init\.mp4)|-(?P<number>[0-9]{1,6})\.m4s)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a URL of HLS names.

    Attributes:
        cut: The name of a span; None for the whole video.
        track: ``video``, ``audio`` or one of several such as ``audio2``, a rung; ``index`` for the multivariant
            playlist.
        part: ``list``, ``init``, or the number of a segment.
    """

    cut: str | None
    track: str
    part: str | int


@dataclass(frozen=True, slots=True)
class _Track:
    stream: PictureStream | SoundStream
    media: Media
    name: str


def name_of(text: str) -> Name | None:
    """Read the last segment of a URL; None when it is nothing of HLS. Spans have no playlists of their own."""
    match = _PIECE.fullmatch(text)
    if match is None or (match["cut"] and match["list"]):
        return None
    if match["track"] == "index" and not match["list"]:
        return None
    part: str | int = "list" if match["list"] else "init" if match["init"] else int(match["number"])
    return Name(match["cut"], match["track"], part)


async def answer_hls(request: Request, video_id: str, name: Name, *, query: str, life_s: int) -> Response:
    """Answer a GET or HEAD for a piece of a video's stream; the caller has checked the signature.

    Args:
        query: With its question mark: what the URIs in a playlist are signed by.

    Raises:
        MediaNotFound: no such video, track or segment, or its bytes are gone.
        HlsNotAvailable: it cannot be streamed; the reason is told.
    """
    streams = service(request, Streams)
    if name.part != "list":
        return await _piece(request, video_id, name, await _track(streams, video_id, name), life_s)
    if name.track == "index":
        served = await streams.whole(video_id)
        text = await _index(streams, video_id, served, query)
        fresh_s = INDEX_FRESH_S if served.audio == "audio" else 0  # another track may be chosen at any time
        cache = caching(request).fresh(life_s, fresh_s)
        return await answer_text(request, video_id, "hls", text, modified=served.picture, cache_control=cache)
    track = await _track(streams, video_id, name)
    text = media_playlist([stretch_of(track.stream, name.track, query)], start_s=track.stream.first_s)
    cache = caching(request).lasting(life_s)
    return await answer_text(request, video_id, "hls", text, modified=track.media, cache_control=cache)


class Modified(Protocol):
    """Something that came to be at a moment."""

    @property
    def modified_at(self) -> datetime:
        """When."""
        ...


async def answer_text(
    request: Request, video_id: str, kind: Kind, text: str, *, modified: Modified, cache_control: str
) -> Response:
    """Answer with a playlist."""
    body = text.encode()
    return await answer_composite(
        request,
        video_id,
        kind,
        Composite((body,)),
        media=None,
        content_type=PLAYLIST,
        etag=hashlib.sha256(body).hexdigest(),
        modified_at=modified.modified_at,
        cache_control=cache_control,
    )


async def _piece(request: Request, video_id: str, name: Name, track: _Track, life_s: int) -> Response:
    """An init segment or a segment."""
    try:
        parts = [track.stream.init()] if isinstance(name.part, str) else _segment(track.stream, name.part)
    except NotStreamable as error:
        raise HlsNotAvailable(video_id, error.detail) from error
    body = Composite.of(parts)
    plain = all(isinstance(part, bytes) for part in parts)
    decides = f"{track.media.sha256} {name.cut} {track.name} {name.part} {PACKAGER}".encode()
    etag = hashlib.sha256(b"".join((*(part for part in parts if isinstance(part, bytes)), decides))).hexdigest()
    return await answer_composite(
        request,
        video_id,
        "cut" if name.cut else "hls",
        body,
        media=None if plain else track.media,
        content_type=b"audio/mp4" if isinstance(track.stream, SoundStream) else b"video/mp4",
        etag=etag,
        modified_at=track.media.modified_at,
        cache_control=caching(request).lasting(life_s),
    )


def _segment(stream: PictureStream | SoundStream, number: int) -> Sequence[bytes | tuple[int, int]]:
    if number >= len(stream.cuts) - 1:
        raise MediaNotFound(f"The stream has {len(stream.cuts) - 1} segments; there is no number {number}.")
    return stream.segment(number)


async def _track(streams: Streams, video_id: str, name: Name) -> _Track:
    sound = _AUDIO.fullmatch(name.track)
    if sound or name.track == "video":
        audio = int(sound[1]) if sound and sound[1] else None
        served = await (streams.cut(video_id, _known(name.cut), audio) if name.cut else streams.whole(video_id, audio))
        if not sound:
            return _Track(served.stream.picture, served.picture, name.track)
        if served.stream.sound is None:
            raise MediaNotFound(f"Video {video_id} has no sound.")
        return _Track(served.stream.sound, served.sound, served.audio)
    if name.cut:
        raise MediaNotFound("A span has pictures and sound, nothing else.")
    rung = await streams.rung(video_id, name.track)
    return _Track(rung.picture, rung.media, rung.name)


def _known(name: str) -> Cut:
    cut = cut_of(name)
    if cut is None:
        raise MediaNotFound("The link names no span of a video.")
    return cut


async def _index(streams: Streams, video_id: str, served: Served, query: str) -> str:
    sound = served.stream.sound
    variants = [variant_of(served.stream.picture, served.stream.codecs, sound, f"video.m3u8{query}")]
    others = [rung for rung in await streams.rungs(video_id) if rung.media.sha256 != served.picture.sha256]
    variants += [_variant(rung, served, query) for rung in others]
    uri = None if sound is None else f"{served.audio}.m3u8{query}"
    return multivariant_playlist(variants, uri, served.stream.channels)


def _variant(rung: ServedRung, served: Served, query: str) -> Variant:
    codecs = (rung.codec, *served.stream.codecs[1:])
    return variant_of(rung.picture, codecs, served.stream.sound, f"{rung.name}.m3u8{query}")
