"""HLS streams of a video or a span of it: the tracks that can be streamed, and their codec names."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.kit.names import codec_name
from playhead.media.hls.audio import SegmentedAudio
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.playlist import SegmentList, Variant, bandwidth
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.movie import Movie, SampleEntry, Track
from playhead.media.mp4.presentation import shown

PACKAGER = "2"
"""Part of every ETag: counted up once other bytes are made of the same file."""

VIDEO_CODECS = ("avc1.", "avc3.", "hvc1.", "hev1.", "av01.", "vp09.")
AUDIO_CODECS = ("mp4a.", "Opus", "opus", "ac-3", "ec-3", "fLaC")
"""Beginnings of codec names that players of HLS know; each browser leaves out some."""

EVERYWHERE = ("mp4a.40.", "Opus", "opus", "fLaC")
"""Those of them that all browsers play."""

JOINED_VIDEO_CODECS = ("avc1.", "avc3.")
JOINED_AUDIO_CODECS = ("mp4a.40.2", "mp4a.40.5", "mp4a.40.29")
"""What clips of different origin may have within one playlist: what every browser plays."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Segmented video with its audio.

    Attributes:
        codecs: Codecs of the video, then of the audio.
        left_out: Reason why the audio is not the chosen track; empty if it is, or without audio.
    """

    video: SegmentedVideo
    audio: SegmentedAudio | None
    codecs: tuple[str, ...]
    left_out: str = ""

    @property
    def channels(self) -> int:
        """Channels of the audio; 2 where it does not say."""
        if self.audio is None:
            return 2
        config = aac_config(self.audio.entry)
        return (config.channels if config else 0) or self.audio.entry.channels or 2


def whole_stream(movie: Movie, audio: Sequence[int] = ()) -> Stream:
    """Stream of a whole video.

    Args:
        audio: Indexes of the audio tracks that may be heard, the chosen one first; empty: all, in file order. The
            first that every browser plays is taken, else the first that some player takes.

    Raises:
        NotStreamable: a track cannot be cut into segments, or is coded as no player of HLS knows.
    """
    track = _video_track(movie)
    video = SegmentedVideo(movie, track)
    name = _named(track, VIDEO_CODECS)
    tracks = _audible(movie, audio)
    likely = sorted(tracks, key=lambda heard: not _codec(heard.entry).startswith(EVERYWHERE))
    chosen, refused = _first_audio(movie, likely, AUDIO_CODECS, video, whole=True)
    if chosen is None and refused:
        raise refused[0]
    if chosen is None:
        return Stream(video, None, (name,))
    left_out = "" if chosen.track == tracks[0].index else _unheard(tracks[0])
    return Stream(video, chosen, (name, _codec(chosen.entry)), left_out)


def video_only(movie: Movie) -> tuple[SegmentedVideo, str]:
    """Segments and codec of the video alone, as of a rendition, whose audio is the original's.

    Raises:
        NotStreamable: as `whole_stream`.
    """
    track = _video_track(movie)
    return SegmentedVideo(movie, track), _named(track, VIDEO_CODECS)


def cut_stream(
    movie: Movie,
    start_s: Fraction,
    end_s: Fraction,
    *,
    followed: bool,
    audio_movie: Movie | None = None,
    audio: Sequence[int] = (),
) -> Stream:
    """Stream of a span of a video, to be played between others: H.264 with AAC, or with silence.

    Args:
        followed: Whether another span follows.
        audio_movie: File of its audio, if not *movie*.
        audio: As of `whole_stream`; the first that is AAC is taken.

    Raises:
        NotStreamable: its video is not H.264, or cannot be cut into segments.
    """
    track = _video_track(movie)
    name = _named(track, JOINED_VIDEO_CODECS)
    video = SegmentedVideo(movie, track, start_s, end_s, followed=followed, audio_movie=audio_movie)
    heard, left_out = _joined_audio(audio_movie or movie, video, audio)
    return Stream(video, heard, (name, codec_string(heard.entry)), left_out)


def _joined_audio(movie: Movie, video: SegmentedVideo, audio: Sequence[int]) -> tuple[SegmentedAudio, str]:
    chosen, refused = _first_audio(movie, _audible(movie, audio), JOINED_AUDIO_CODECS, video, whole=False)
    return chosen or SegmentedAudio(movie, None, video, whole=False), refused[0].detail if refused else ""


def _audible(movie: Movie, audio: Sequence[int]) -> list[Track]:
    """Audio tracks that may be heard, best first."""
    wanted = [movie.audio_track(index) for index in audio] if audio else movie.audio_tracks
    return [track for track in wanted if track is not None and shown(movie, track).edits]


def _unheard(track: Track) -> str:
    try:
        _named(track, EVERYWHERE)
    except NotStreamable as error:
        return error.detail
    return "its audio cannot be cut into segments"


def _first_audio(
    movie: Movie, tracks: Sequence[Track], known: tuple[str, ...], video: SegmentedVideo, *, whole: bool
) -> tuple[SegmentedAudio | None, list[NotStreamable]]:
    """The first of some tracks that can be streamed, and why those before it cannot."""
    refused: list[NotStreamable] = []
    for track in tracks:
        try:
            _named(track, known)
            return SegmentedAudio(movie, track, video, whole=whole), refused
        except NotStreamable as error:
            refused.append(error)
    if movie.unread and not refused:
        refused.append(NotStreamable("its audio is described in a way that is not known"))
    return None, refused


def _video_track(movie: Movie) -> Track:
    if movie.video is None or not len(movie.video.samples):
        raise NotStreamable("it has no video track")
    return movie.video


def _named(track: Track, known: tuple[str, ...]) -> str:
    """Codec name of a track."""
    name = _codec(track.entry)
    if not name.startswith(known):
        raise NotStreamable(f"its {track.kind} is {codec_name(name)}, which not every player takes")
    return name


def _codec(entry: SampleEntry) -> str:
    try:
        return codec_string(entry)
    except Mp4Unreadable:
        return entry.fourcc


def segment_list(stream: SegmentedVideo | SegmentedAudio, name: str, query: str = "") -> SegmentList:
    """The segments of a track as a playlist lists them: ``{name}-init.mp4`` and ``{name}-{n}.m4s``."""
    count = len(stream.cuts) - 1
    segments = [f"{name}-{number}.m4s{query}" for number in range(count)]
    return SegmentList(f"{name}-init.mp4{query}", segments, stream.bounds_s)


def variant_of(video: SegmentedVideo, codecs: tuple[str, ...], audio: SegmentedAudio | None, uri: str) -> Variant:
    """A rendition as the multivariant playlist lists it."""
    peak, average = bandwidth(video.sizes, video.bounds_s)
    if audio is not None:
        loudest, usual = bandwidth(audio.sizes, audio.bounds_s)
        peak, average = peak + loudest, average + usual
    width, height = video.shown_size
    frames = video.timing.visible
    fps = float(frames / (video.bounds_s[-1] - video.lead_s))
    return Variant(uri, peak, average, ",".join(codecs), width, height, fps)
