"""HLS bodies: playlists, init segments and segments of a video, or of a span of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from playhead.catalog.captions.tracks import CaptionTracks
from playhead.catalog.files import MediaFile
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.captions import subtitles_of
from playhead.delivery.bodies.composite import Composite
from playhead.delivery.bodies.streams import Served, ServedRendition, Streams
from playhead.delivery.errors import HlsNotAvailable, MediaNotFound
from playhead.delivery.links.target import INDEX, Target
from playhead.media.hls.audio import SegmentedAudio
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.playlist import AudioRendition, Subtitles, Variant, media_playlist, multivariant_playlist
from playhead.media.hls.stream import PACKAGER, segment_list, variant_of
from playhead.media.hls.video import SegmentedVideo

PLAYLIST = b"application/vnd.apple.mpegurl"
INDEX_FRESH_S = 60
"""Seconds until a multivariant playlist must be revalidated: renditions may have been added."""


@dataclass(frozen=True, slots=True)
class _Track:
    stream: SegmentedVideo | SegmentedAudio
    file: MediaFile
    name: str


async def hls_body(streams: Streams, captions: CaptionTracks, target: Target, query: str) -> Body:
    """The body of a target of kind ``hls`` or `SPAN`.

    Args:
        query: Query of the URIs in a playlist, with its question mark.

    Raises:
        MediaNotFound: no such video, track or segment, or its bytes are gone.
        HlsNotAvailable: the video cannot be streamed; the error gives the reason.
    """
    if target.track == INDEX:
        served = await streams.whole(target.subject)
        tracks = await captions.shown(target.subject)
        text = await _index(streams, target.subject, served, query, subtitles_of(target.subject, tracks, query))
        # Another audio track may be chosen, and a caption track edited, at any time.
        fresh_s = INDEX_FRESH_S if served.audio == "audio" and not tracks else 0
        return Body.of_text(text, PLAYLIST, served.video_file.modified_at, fresh_s=fresh_s)
    track = await _track(streams, target)
    if target.part == "list":
        text = media_playlist([segment_list(track.stream, target.track, query)], start_s=track.stream.first_s)
        return Body.of_text(text, PLAYLIST, track.file.modified_at)
    return _segment_body(track, target)


def _segment_body(track: _Track, target: Target) -> Body:
    try:
        parts = [track.stream.init()] if isinstance(target.part, str) else _segment(track.stream, target.part)
    except NotStreamable as error:
        raise HlsNotAvailable(target.subject, error.detail) from error
    return Body.of_segment(
        Composite.of(parts),
        track.file,
        b"audio/mp4" if isinstance(track.stream, SegmentedAudio) else b"video/mp4",
        decided_by=f"{track.file.sha256} {target.name or None} {track.name} {target.part} {PACKAGER}",
    )


def _segment(stream: SegmentedVideo | SegmentedAudio, number: int) -> Sequence[bytes | tuple[int, int]]:
    if number >= len(stream.cuts) - 1:
        raise MediaNotFound(f"The stream has {len(stream.cuts) - 1} segments; there is no number {number}.")
    return stream.segment(number)


async def _track(streams: Streams, target: Target) -> _Track:
    if not target.is_audio and target.track != "video":
        if target.name:
            raise MediaNotFound("A span has a video and an audio track, nothing else.")
        rendition = await streams.rendition(target.subject, target.track)
        return _Track(rendition.video, rendition.file, rendition.name)
    served = await _served(streams, target)
    if not target.is_audio:
        return _Track(served.stream.video, served.video_file, target.track)
    if served.stream.audio is None:
        raise MediaNotFound(f"Video {target.subject} has no sound.")
    return _Track(served.stream.audio, served.audio_file, served.audio)


async def _served(streams: Streams, target: Target) -> Served:
    if (span := target.span) is not None:
        return await streams.span(target.subject, span, target.audio_index)
    return await streams.whole(target.subject, target.audio_index)


async def _index(streams: Streams, video_id: str, served: Served, query: str, subtitles: Sequence[Subtitles]) -> str:
    audio = served.stream.audio
    variants = [variant_of(served.stream.video, served.stream.codecs, audio, f"video.m3u8{query}")]
    others = [each for each in await streams.renditions(video_id) if each.file.sha256 != served.video_file.sha256]
    variants += [_variant(rendition, served, query) for rendition in others]
    return multivariant_playlist(variants, await _audio(streams, video_id, served, query), subtitles)


async def _audio(streams: Streams, video_id: str, served: Served, query: str) -> list[AudioRendition]:
    """The chosen audio track, then the others that a player can change to."""
    if served.stream.audio is None:
        return []
    first = await streams.audio_name(video_id, served)
    others = await streams.other_audio(video_id, served)
    return [
        AudioRendition(f"{served.audio}.m3u8{query}", first, served.stream.channels),
        *[AudioRendition(f"{each.audio}.m3u8{query}", name, each.stream.channels, lang) for each, name, lang in others],
    ]


def _variant(rendition: ServedRendition, served: Served, query: str) -> Variant:
    codecs = (rendition.codec, *served.stream.codecs[1:])
    return variant_of(rendition.video, codecs, served.stream.audio, f"{rendition.name}.m3u8{query}")
