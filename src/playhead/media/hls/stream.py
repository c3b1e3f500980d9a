"""A video, or a span of it, as HLS: which of its tracks can be streamed, and under which codec names."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.kit.names import codec_name
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.picture import PictureStream
from playhead.media.hls.playlist import Stretch, Variant, bandwidth
from playhead.media.hls.sound import SoundStream
from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.movie import Movie, SampleEntry, Track
from playhead.media.mp4.presentation import shown

PACKAGER = "2"
"""A part of every ETag: another number once other bytes are made of the same file."""

PICTURES = ("avc1.", "avc3.", "hvc1.", "hev1.", "av01.", "vp09.")
SOUNDS = ("mp4a.", "Opus", "opus", "ac-3", "ec-3", "fLaC")
"""Beginnings of codec names that players of HLS know; each browser leaves out some."""

EVERYWHERE = ("mp4a.40.", "Opus", "opus", "fLaC")
"""Of these, what all browsers play."""

JOINED_PICTURES = ("avc1.", "avc3.")
JOINED_SOUNDS = ("mp4a.40.2", "mp4a.40.5", "mp4a.40.29")
"""What clips of different origin may have within one playlist: what every browser plays."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Pictures, and sound that goes with them.

    Attributes:
        codecs: Of the pictures, then of the sound.
        left_out: Why the sound is not that of the chosen audio track; empty where it is, and without sound.
    """

    picture: PictureStream
    sound: SoundStream | None
    codecs: tuple[str, ...]
    left_out: str = ""

    @property
    def channels(self) -> int:
        """Of the sound; 2 where it does not tell."""
        if self.sound is None:
            return 2
        config = aac_config(self.sound.entry)
        return (config.channels if config else 0) or self.sound.entry.channels or 2


def whole_stream(movie: Movie, audio: Sequence[int] = ()) -> Stream:
    """The video as it is.

    Args:
        audio: Indexes of the audio tracks that may be heard, the chosen one first; empty: all, in file order. The
            first that every browser plays is taken, else the first that some player takes.

    Raises:
        NotStreamable: a track cannot be cut into segments, or is coded as no player of HLS knows.
    """
    track = _pictures(movie)
    picture = PictureStream(movie, track)
    name = _named(track, PICTURES, "pictures")
    tracks = _audible(movie, audio)
    likely = sorted(tracks, key=lambda heard: not _codec(heard.entry).startswith(EVERYWHERE))
    sound, refused = _first_sound(movie, likely, SOUNDS, picture, whole=True)
    if sound is None and refused:
        raise refused[0]
    if sound is None:
        return Stream(picture, None, (name,))
    left_out = "" if sound.track == tracks[0].index else _unheard(tracks[0])
    return Stream(picture, sound, (name, _codec(sound.entry)), left_out)


def picture_stream(movie: Movie) -> tuple[PictureStream, str]:
    """The pictures alone, with their codec: a rung of a ladder, whose sound is the original's.

    Raises:
        NotStreamable: as `whole_stream`.
    """
    track = _pictures(movie)
    return PictureStream(movie, track), _named(track, PICTURES, "pictures")


def cut_stream(
    movie: Movie,
    start_s: Fraction,
    end_s: Fraction,
    *,
    followed: bool,
    sound: Movie | None = None,
    audio: Sequence[int] = (),
) -> Stream:
    """A span of a video, to be played between others: H.264 with AAC, or with silence.

    Args:
        followed: It is not the last.
        sound: Where its sound comes from, if not from *movie*.
        audio: As of `whole_stream`; the first that is AAC is taken.

    Raises:
        NotStreamable: its pictures are no H.264, or cannot be cut into segments.
    """
    track = _pictures(movie)
    name = _named(track, JOINED_PICTURES, "pictures")
    picture = PictureStream(movie, track, start_s, end_s, followed=followed, sound=sound)
    heard, left_out = _joined_sound(sound or movie, picture, audio)
    return Stream(picture, heard, (name, codec_string(heard.entry)), left_out)


def _joined_sound(movie: Movie, picture: PictureStream, audio: Sequence[int]) -> tuple[SoundStream, str]:
    sound, refused = _first_sound(movie, _audible(movie, audio), JOINED_SOUNDS, picture, whole=False)
    return sound or SoundStream(movie, None, picture, whole=False), refused[0].detail if refused else ""


def _audible(movie: Movie, audio: Sequence[int]) -> list[Track]:
    """The audio tracks that may be heard, best first."""
    wanted = [movie.audio_track(index) for index in audio] if audio else movie.audio_tracks
    return [track for track in wanted if track is not None and shown(movie, track).edits]


def _unheard(track: Track) -> str:
    try:
        _named(track, EVERYWHERE, "sound")
    except NotStreamable as error:
        return error.detail
    return "its sound cannot be cut into segments"


def _first_sound(
    movie: Movie, tracks: Sequence[Track], known: tuple[str, ...], picture: PictureStream, *, whole: bool
) -> tuple[SoundStream | None, list[NotStreamable]]:
    """The first of some tracks that can be streamed, and why those before it cannot."""
    refused: list[NotStreamable] = []
    for track in tracks:
        try:
            _named(track, known, "sound")
            return SoundStream(movie, track, picture, whole=whole), refused
        except NotStreamable as error:
            refused.append(error)
    if movie.unread and not refused:
        refused.append(NotStreamable("its sound is described in a way that is not known"))
    return None, refused


def _pictures(movie: Movie) -> Track:
    if movie.video is None or not len(movie.video.samples):
        raise NotStreamable("it has no pictures")
    return movie.video


def _named(track: Track, known: tuple[str, ...], what: str) -> str:
    """The codec of a track."""
    name = _codec(track.entry)
    if not name.startswith(known):
        verb = "are" if what == "pictures" else "is"
        raise NotStreamable(f"its {what} {verb} {codec_name(name)}, which not every player takes")
    return name


def _codec(entry: SampleEntry) -> str:
    try:
        return codec_string(entry)
    except Mp4Unreadable:
        return entry.fourcc


def stretch_of(stream: PictureStream | SoundStream, name: str, query: str = "") -> Stretch:
    """The segments of a track as a playlist lists them: ``{name}-init.mp4`` and ``{name}-{n}.m4s``."""
    count = len(stream.cuts) - 1
    segments = [f"{name}-{number}.m4s{query}" for number in range(count)]
    return Stretch(f"{name}-init.mp4{query}", segments, stream.bounds_s)


def variant_of(picture: PictureStream, codecs: tuple[str, ...], sound: SoundStream | None, uri: str) -> Variant:
    """A rung as the multivariant playlist lists it."""
    peak, average = bandwidth(picture.sizes, picture.bounds_s)
    if sound is not None:
        loudest, usual = bandwidth(sound.sizes, sound.bounds_s)
        peak, average = peak + loudest, average + usual
    width, height = picture.shown_size
    frames = picture.timing.visible
    fps = float(frames / (picture.bounds_s[-1] - picture.lead_s))
    return Variant(uri, peak, average, ",".join(codecs), width, height, fps)
