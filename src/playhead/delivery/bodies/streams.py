"""HLS streams of videos, planned from their indexes on request and kept for the next segment."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar, cast

from playhead.catalog.files import MediaFile, Rendition
from playhead.catalog.indexes import Indexes
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound
from playhead.delivery.links.target import ORIGINAL, RENDITION_TRACK, ClipSpan
from playhead.delivery.media_cache import MediaCache
from playhead.errors import PlayheadError
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.stream import Stream, cut_stream, video_only, whole_stream
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie

REMEMBERED = 256
"""Streams whose plan is kept, at a few kilobytes each beside the mapped index."""

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Served:
    """A stream, and the files that its segments are spans of.

    Attributes:
        audio: Name of its audio track in URLs: ``audio``, or ``audio2`` where it is one of several, by its index, so
            that another choice leads to other URLs.
    """

    stream: Stream
    video_file: MediaFile
    audio_file: MediaFile
    audio: str = "audio"


@dataclass(frozen=True, slots=True)
class ServedRendition:
    """The video track of a rendition."""

    name: str
    video: SegmentedVideo
    codec: str
    file: MediaFile


class Streams:
    """Streams of ready videos, of their renditions, and of spans of both. The caller has checked who may see them."""

    def __init__(self, cache: MediaCache, indexes: Indexes) -> None:
        self._cache = cache
        self._indexes = indexes
        self._made: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    async def whole(self, video_id: str, audio: int | None = None) -> Served:
        """A video as it is, or its best rendition where the original cannot be streamed.

        Args:
            audio: Index of the audio track; None for the chosen one.

        Raises:
            MediaNotFound: no such ready video, no such audio track, or its bytes are gone.
            HlsNotAvailable: neither can be streamed; the reason is that of the original.
        """
        media = await self._original(video_id)
        try:
            return await self._whole(media, await self._audio_choice(video_id, media, audio))
        except (NotStreamable, Mp4Unreadable) as error:
            for rendition in await self._cache.renditions(video_id):
                try:
                    return await self._whole(rendition.file)
                except (NotStreamable, Mp4Unreadable):
                    continue
            raise HlsNotAvailable(video_id, reason_of(error)) from error

    async def other_audio(self, video_id: str, served: Served) -> list[tuple[Served, str, str]]:
        """The streams of the other audio tracks of a video, each with the name and the language of the track.

        Left out is what the same variants cannot be played with: other codecs, and tracks that cannot be streamed.
        """
        found = []
        for track, (name, language) in (await self._cache.audio_names(video_id)).items():
            if served.audio in ("audio", f"audio{track}"):
                continue
            with suppress(HlsNotAvailable, MediaNotFound):
                other = await self.whole(video_id, track)
                if other.audio == f"audio{track}" and other.stream.codecs == served.stream.codecs:
                    found.append((other, name, language))
        return found

    async def audio_name(self, video_id: str, served: Served) -> str:
        """What a player calls the audio track of a stream."""
        names = await self._cache.audio_names(video_id)
        return next((name for track, (name, _) in names.items() if served.audio == f"audio{track}"), "Sound")

    async def renditions(self, video_id: str) -> list[ServedRendition]:
        """The renditions of a video that can be streamed, the largest first."""
        served = [await self._rendition(each) for each in await self._cache.renditions(video_id)]
        return [each for each in served if each is not None]

    async def rendition(self, video_id: str, name: str) -> ServedRendition:
        """One rendition.

        Raises:
            MediaNotFound: none of this name can be streamed.
        """
        for each in await self._cache.renditions(video_id):
            if each.name == name and (served := await self._rendition(each)):
                return served
        raise MediaNotFound(f"Video {video_id} has no rendition {name}.")

    async def span(self, video_id: str, span: ClipSpan, audio: int | None = None) -> Served:
        """A span of a video.

        Args:
            audio: As of `whole`.

        Raises:
            MediaNotFound: no such ready video, no such rendition, or no such audio track.
            HlsNotAvailable: it cannot be divided into segments.
        """
        original = await self._original(video_id)
        file = original if span.source == ORIGINAL else await self._rendition_file(video_id, span.source)
        try:
            return await self._span(file, original, span, await self._audio_choice(video_id, original, audio))
        except (NotStreamable, Mp4Unreadable) as error:
            raise HlsNotAvailable(video_id, reason_of(error)) from error

    async def best_span(self, video_id: str, start_us: int, end_us: int, *, followed: bool) -> tuple[ClipSpan, Served]:
        """A span from the original, or from the largest rendition with what the original lacks: a video track and an
        audio track that every player takes.

        Raises:
            MediaNotFound: no such ready video.
            HlsNotAvailable: there is none; the reason is that of the original.
        """
        span = ClipSpan(start_us, end_us, ORIGINAL, followed)
        refused: HlsNotAvailable | None = None
        found: list[tuple[ClipSpan, Served]] = []
        try:
            found.append((span, await self.span(video_id, span)))
        except HlsNotAvailable as error:
            refused = error
        if not found or found[0][1].stream.left_out or not _plays_everywhere(found[0][1].stream):
            found += await self._rendition_spans(video_id, span)
        if refused is not None and not found:
            raise refused
        return min(found, key=lambda each: (bool(each[1].stream.left_out), not _plays_everywhere(each[1].stream)))

    async def _rendition_spans(self, video_id: str, span: ClipSpan) -> list[tuple[ClipSpan, Served]]:
        """The same span from every rendition that has it."""
        found: list[tuple[ClipSpan, Served]] = []
        for rendition in await self._cache.renditions(video_id):
            other = replace(span, source=rendition.name)
            with suppress(HlsNotAvailable, MediaNotFound):
                found.append((other, await self.span(video_id, other)))
        return found

    async def _original(self, video_id: str) -> MediaFile:
        media = await self._cache.find(video_id, "file")
        if media is None:
            raise MediaNotFound(f"Video {video_id} has no file that can be played.")
        return media

    async def _rendition_file(self, video_id: str, name: str) -> MediaFile:
        for rendition in await self._cache.renditions(video_id):
            if rendition.name == name:
                return rendition.file
        raise MediaNotFound(f"Video {video_id} has no rendition {name}.")

    async def _audio_choice(self, video_id: str, original: MediaFile, audio: int | None) -> tuple[int, ...]:
        """The audio tracks that may be played, best first; empty: all."""
        if audio is None:
            return tuple(await self._cache.audio_tracks(video_id))
        movie = await self._movie(original)
        if movie.audio_track(audio) is None and audio not in movie.unread:  # silence replaces what cannot be read
            raise MediaNotFound(f"Video {video_id} has no audio track {audio}.")
        return (audio,)

    async def _whole(self, media: MediaFile, audio: tuple[int, ...] = ()) -> Served:
        movie = await self._movie(media)
        stream = await self._remembered((media.sha256, audio), lambda: whole_stream(movie, audio))
        return Served(stream, media, media, _audio_name(stream, audio))

    async def _rendition(self, rendition: Rendition) -> ServedRendition | None:
        if RENDITION_TRACK.fullmatch(rendition.name) is None:
            return None
        try:
            movie = await self._movie(rendition.file)
            made = await self._remembered((rendition.file.sha256, "video"), lambda: video_only(movie))
        except (NotStreamable, Mp4Unreadable):
            return None
        return ServedRendition(rendition.name, *made, rendition.file)

    async def _span(self, file: MediaFile, original: MediaFile, span: ClipSpan, audio: tuple[int, ...]) -> Served:
        movie = await self._movie(file)
        audio_movie, audio_file = movie, file
        if file is not original and movie.audio is None:  # a rendition without audio is played with the original's
            audio_movie, audio_file = await self._movie(original), original
        audio = audio if audio_file is original else ()
        start_s, end_s = Fraction(span.start_us, 1_000_000), Fraction(span.end_us, 1_000_000)
        stream = await self._remembered(
            (file.sha256, audio_file.sha256, span, audio),
            lambda: cut_stream(movie, start_s, end_s, followed=span.followed, audio_movie=audio_movie, audio=audio),
        )
        return Served(stream, file, audio_file, _audio_name(stream, audio))

    async def _movie(self, media: MediaFile) -> Movie:
        return await self._indexes.movie(media.key, media.sha256, media.size_bytes)

    async def _remembered(self, key: tuple[Any, ...], make: Callable[[], _Made]) -> _Made:
        """A plan from memory, or made in a thread: an hour of video takes a few milliseconds."""
        if key in self._made:
            self._made.move_to_end(key)
            return cast(_Made, self._made[key])
        made = await asyncio.to_thread(make)
        self._made[key] = made
        while len(self._made) > REMEMBERED:
            self._made.popitem(last=False)
        return made


_EVERYWHERE = re.compile(r"avc1\.(42|4d|58|64)", re.IGNORECASE)
"""H.264 of 8 bits and 4:2:0: the profiles up to High (RFC 6381)."""


def _plays_everywhere(stream: Stream) -> bool:
    return _EVERYWHERE.match(stream.codecs[0]) is not None


def _audio_name(stream: Stream, audio: tuple[int, ...]) -> str:
    if not audio or stream.audio is None:
        return "audio"
    track = stream.audio.track
    return f"audio{track if track >= 0 else audio[0]}"  # silence is named after the track that it replaces


def reason_of(error: PlayheadError) -> str:
    """The reason why there is no stream, as the second half of a sentence."""
    return error.detail if isinstance(error, NotStreamable) else "it is no MP4 whose index can be read"
