"""Streams of videos: made from their indexes when they are asked for, remembered for the next segment."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar, cast

from playhead.catalog.indexes import Indexes
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound
from playhead.delivery.media import Media, MediaCatalog, Rung
from playhead.errors import PlayheadError
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.picture import PictureStream
from playhead.media.hls.stream import Stream, cut_stream, picture_stream, whole_stream
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie

REMEMBERED = 256
"""Streams whose plan is kept; each is some kilobytes beside the mapped index."""

ORIGINAL = "original"
RUNG_NAME = re.compile(r"(?!(?:original|index|video|audio[0-9]*)$)[a-z0-9]{1,12}", re.ASCII)

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Served:
    """A stream, and the files that its segments are spans of.

    Attributes:
        audio: What URLs name its sound: ``audio``; ``audio2`` where it is one of several tracks, by its index, so that
            another choice leads to other URLs.
    """

    stream: Stream
    picture: Media
    sound: Media
    audio: str = "audio"


@dataclass(frozen=True, slots=True)
class ServedRung:
    """A rendition's pictures."""

    name: str
    picture: PictureStream
    codec: str
    media: Media


@dataclass(frozen=True, slots=True)
class Cut:
    """A span of a video in whole microseconds.

    Attributes:
        source: Which file its pictures are from: ``original``, or the name of a rung.
        followed: Another clip comes after it.
    """

    start_us: int
    end_us: int
    source: str = ORIGINAL
    followed: bool = True

    @property
    def name(self) -> str:
        """What its URLs begin with; `cut_of` reads it."""
        return f"{'cut' if self.followed else 'last'}-{self.start_us}-{self.end_us}-{self.source}"


_CUT = re.compile(r"(cut|last)-([0-9]{1,13})-([0-9]{1,13})-([a-z0-9]{1,12})", re.ASCII)


def cut_of(name: str) -> Cut | None:
    """Read the name of a span; None when it is not one."""
    match = _CUT.fullmatch(name)
    return Cut(int(match[2]), int(match[3]), match[4], match[1] == "cut") if match else None


class Streams:
    """Streams of ready videos, of their rungs, and of spans of them. The caller has checked who may see them."""

    def __init__(self, catalog: MediaCatalog, indexes: Indexes) -> None:
        self._catalog = catalog
        self._indexes = indexes
        self._made: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    async def whole(self, video_id: str, audio: int | None = None) -> Served:
        """A video as it is; the best rung in its place where the original cannot be streamed.

        Args:
            audio: Index of the audio track; None for the chosen one.

        Raises:
            MediaNotFound: no such ready video, no such audio track, or its bytes are gone.
            HlsNotAvailable: neither can be streamed; the reason is the original's.
        """
        media = await self._original(video_id)
        try:
            return await self._whole(media, await self._heard(video_id, media, audio))
        except (NotStreamable, Mp4Unreadable) as error:
            for rung in await self._catalog.rungs(video_id):
                try:
                    return await self._whole(rung.media)
                except (NotStreamable, Mp4Unreadable):
                    continue
            raise HlsNotAvailable(video_id, reason_of(error)) from error

    async def rungs(self, video_id: str) -> list[ServedRung]:
        """The rungs of a video that can be streamed, the largest first."""
        served = [await self._rung(rung) for rung in await self._catalog.rungs(video_id)]
        return [rung for rung in served if rung is not None]

    async def rung(self, video_id: str, name: str) -> ServedRung:
        """One rung.

        Raises:
            MediaNotFound: there is none of this name.
        """
        for rung in await self._catalog.rungs(video_id):
            if rung.name == name and (served := await self._rung(rung)):
                return served
        raise MediaNotFound(f"Video {video_id} has no rendition {name}.")

    async def cut(self, video_id: str, cut: Cut, audio: int | None = None) -> Served:
        """A span of a video.

        Args:
            audio: As of `whole`.

        Raises:
            MediaNotFound: no such ready video, no such rung, or no such audio track.
            HlsNotAvailable: it cannot be cut into segments.
        """
        media = await self._original(video_id)
        pictures = media
        if cut.source != ORIGINAL:
            pictures = next((r.media for r in await self._catalog.rungs(video_id) if r.name == cut.source), media)
            if pictures is media:
                raise MediaNotFound(f"Video {video_id} has no rendition {cut.source}.")
        try:
            return await self._cut(pictures, media, cut, await self._heard(video_id, media, audio))
        except (NotStreamable, Mp4Unreadable) as error:
            raise HlsNotAvailable(video_id, reason_of(error)) from error

    async def best_cut(self, video_id: str, start_us: int, end_us: int, *, followed: bool) -> tuple[Cut, Served]:
        """A span from the original, or from the largest rung that has what the original lacks: pictures that every
        player takes, or such sound.

        Raises:
            MediaNotFound: no such ready video.
            HlsNotAvailable: there is none; the reason is the original's.
        """
        cut = Cut(start_us, end_us, ORIGINAL, followed)
        refused: HlsNotAvailable | None = None
        found: list[tuple[Cut, Served]] = []
        try:
            found.append((cut, await self.cut(video_id, cut)))
        except HlsNotAvailable as error:
            refused = error
        if not found or found[0][1].stream.left_out:
            found += await self._other_cuts(video_id, cut)
        if refused is not None and not found:
            raise refused
        return next((each for each in found if not each[1].stream.left_out), found[0])

    async def _other_cuts(self, video_id: str, cut: Cut) -> list[tuple[Cut, Served]]:
        """The same span from every rung that has it."""
        found: list[tuple[Cut, Served]] = []
        for rung in await self._catalog.rungs(video_id):
            other = replace(cut, source=rung.name)
            with suppress(HlsNotAvailable, MediaNotFound):
                found.append((other, await self.cut(video_id, other)))
        return found

    async def _original(self, video_id: str) -> Media:
        media = await self._catalog.media(video_id, "file")
        if media is None:
            raise MediaNotFound(f"Video {video_id} has no file that can be played.")
        return media

    async def _heard(self, video_id: str, media: Media, audio: int | None) -> tuple[int, ...]:
        """The audio tracks that may be heard, best first; empty: all."""
        if audio is None:
            return tuple(await self._catalog.audio_tracks(video_id))
        movie = await self._movie(media)
        if movie.audio_track(audio) is None and audio not in movie.unread:  # silence replaces what cannot be read
            raise MediaNotFound(f"Video {video_id} has no audio track {audio}.")
        return (audio,)

    async def _whole(self, media: Media, audio: tuple[int, ...] = ()) -> Served:
        movie = await self._movie(media)
        stream = await self._remembered((media.sha256, audio), lambda: whole_stream(movie, audio))
        return Served(stream, media, media, _audio_name(stream, audio))

    async def _rung(self, rung: Rung) -> ServedRung | None:
        if RUNG_NAME.fullmatch(rung.name) is None:
            return None
        try:
            movie = await self._movie(rung.media)
            made = await self._remembered((rung.media.sha256, "pictures"), lambda: picture_stream(movie))
        except (NotStreamable, Mp4Unreadable):
            return None
        return ServedRung(rung.name, *made, rung.media)

    async def _cut(self, pictures: Media, original: Media, cut: Cut, audio: tuple[int, ...]) -> Served:
        movie = await self._movie(pictures)
        sound, heard = movie, pictures
        if pictures is not original and movie.audio is None:  # a rung without sound goes with the original's
            sound, heard = await self._movie(original), original
        audio = audio if heard is original else ()
        start_s, end_s = Fraction(cut.start_us, 1_000_000), Fraction(cut.end_us, 1_000_000)
        stream = await self._remembered(
            (pictures.sha256, heard.sha256, cut, audio),
            lambda: cut_stream(movie, start_s, end_s, followed=cut.followed, sound=sound, audio=audio),
        )
        return Served(stream, pictures, heard, _audio_name(stream, audio))

    async def _movie(self, media: Media) -> Movie:
        return await self._indexes.movie(media.key, media.sha256, media.size_bytes)

    async def _remembered(self, key: tuple[Any, ...], make: Callable[[], _Made]) -> _Made:
        """In a thread when it is new: the plan of an hour takes some milliseconds."""
        if key in self._made:
            self._made.move_to_end(key)
            return cast(_Made, self._made[key])
        made = await asyncio.to_thread(make)
        self._made[key] = made
        while len(self._made) > REMEMBERED:
            self._made.popitem(last=False)
        return made


def _audio_name(stream: Stream, audio: tuple[int, ...]) -> str:
    if not audio or stream.sound is None:
        return "audio"
    heard = stream.sound.track
    return f"audio{heard if heard >= 0 else audio[0]}"  # silence goes by the track that it replaces


def reason_of(error: PlayheadError) -> str:
    """Why there is no stream, as the second half of a sentence."""
    return error.detail if isinstance(error, NotStreamable) else "it is no MP4 whose index can be read"
