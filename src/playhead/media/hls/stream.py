"""A video, or a span of it, as HLS: which of its tracks can be streamed, and under which codec names."""

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
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.presentation import shown

PACKAGER = "2"
"""A part of every ETag: another number once other bytes are made of the same file."""

PICTURES = ("avc1.", "avc3.", "hvc1.", "hev1.", "av01.", "vp09.")
SOUNDS = ("mp4a.", "Opus", "opus", "ac-3", "ec-3", "fLaC")
"""Beginnings of codec names that players of HLS know; each browser leaves out some."""

JOINED_PICTURES = ("avc1.", "avc3.")
JOINED_SOUNDS = ("mp4a.40.2", "mp4a.40.5", "mp4a.40.29")
"""What clips of different origin may have within one playlist: what every browser plays."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Pictures, and sound that goes with them.

    Attributes:
        codecs: Of the pictures, then of the sound.
        left_out: Why the sound is silence although the video has some; empty where nothing is left out.
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


def whole_stream(movie: Movie) -> Stream:
    """The video as it is.

    Raises:
        NotStreamable: a track cannot be cut into segments, or is coded as no player of HLS knows.
    """
    track = _pictures(movie)
    picture = PictureStream(movie, track)
    name = _named(track, PICTURES, "pictures")
    audio = _sound(movie)
    if audio is None:
        return Stream(picture, None, (name,))
    heard = _named(audio, SOUNDS, "sound")
    return Stream(picture, SoundStream(movie, audio, picture, whole=True), (name, heard))


def picture_stream(movie: Movie) -> tuple[PictureStream, str]:
    """The pictures alone, with their codec: a rung of a ladder, whose sound is the original's.

    Raises:
        NotStreamable: as `whole_stream`.
    """
    track = _pictures(movie)
    return PictureStream(movie, track), _named(track, PICTURES, "pictures")


def cut_stream(
    movie: Movie, start_s: Fraction, end_s: Fraction, *, followed: bool, sound: Movie | None = None
) -> Stream:
    """A span of a video, to be played between others: H.264 with AAC, or with silence.

    Args:
        followed: It is not the last.
        sound: Where its sound comes from, if not from *movie*.

    Raises:
        NotStreamable: its pictures are no H.264, or cannot be cut into segments.
    """
    track = _pictures(movie)
    name = _named(track, JOINED_PICTURES, "pictures")
    picture = PictureStream(movie, track, start_s, end_s, followed=followed, sound=sound)
    heard, left_out = _joined_sound(sound or movie, picture)
    return Stream(picture, heard, (name, codec_string(heard.entry)), left_out)


def _joined_sound(movie: Movie, picture: PictureStream) -> tuple[SoundStream, str]:
    track = _sound(movie)
    if track is not None:
        try:
            _named(track, JOINED_SOUNDS, "sound")
            return SoundStream(movie, track, picture, whole=False), ""
        except NotStreamable as error:
            return SoundStream(movie, None, picture, whole=False), error.detail
    return SoundStream(movie, None, picture, whole=False), ""


def _pictures(movie: Movie) -> Track:
    if movie.video is None or not len(movie.video.samples):
        raise NotStreamable("it has no pictures")
    return movie.video


def _sound(movie: Movie) -> Track | None:
    """The sound, unless its edit list leaves nothing of it."""
    return movie.audio if movie.audio is not None and shown(movie, movie.audio).edits else None


def _named(track: Track, known: tuple[str, ...], what: str) -> str:
    """The codec of a track."""
    try:
        name = codec_string(track.entry)
    except Mp4Unreadable:
        name = track.entry.fourcc
    if not name.startswith(known):
        verb = "are" if what == "pictures" else "is"
        raise NotStreamable(f"its {what} {verb} {codec_name(name)}, which not every player takes")
    return name


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
