"""Probe of a video file: its facts, read in a limited process of its own, or a refusal in a sentence."""

import asyncio
import json
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.kit.units import format_duration
from playhead.media.errors import (
    COPY_AGAIN,
    DimensionsTooLarge,
    NoVideoTrack,
    ProbeFailed,
    ProbeTimeout,
    UnreadableVideo,
    VideoTooLong,
)
from playhead.media.extents.extent import remarks_on
from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.mp4.movie import Colour
from playhead.media.reader import ReaderTimeout, inspect, read_in_child
from playhead.media.sniff import Container


@dataclass(frozen=True, slots=True)
class Change:
    """A place where the coding of a track changes.

    Attributes:
        at_s: From the start of the file.
        to: New format in words: ``640×360``, ``48000 Hz``, ``5.1``.
    """

    at_s: float
    to: str


@dataclass(frozen=True, slots=True)
class Jump:
    """A place where the file's clock jumps or starts again; reading goes on there without a gap.

    Attributes:
        at_s: From the start of the file, in the time that Playhead reads it with.
        by_s: Size of the jump; negative if the clock goes back.
    """

    at_s: float
    by_s: float


@dataclass(frozen=True, slots=True)
class VideoStream:
    """The first video track that is not a cover.

    Attributes:
        codec: libav's name: ``h264``, ``hevc``, ``vp9``, ``av1``...
        width, height: As displayed, in pixels: rotation and pixel aspect are applied.
        rotation: Whole degrees that a player turns the stored frame by, clockwise: 0, 90, 180 or 270 in nearly every
            file.
        fps: Average, exact where the file says so.
        frames: Number of frames; None if they would have to be counted.
        hdr: Whether the transfer is PQ or HLG.
        mirrored: Whether the stored frame is flipped left to right before it is turned.
        alpha: Whether frames have transparency.
        track: libav's index of the stream in its file.
        start_s, end_s: When the first frame appears and the last one ends, from the start of the file; an *end_s* of
            0 is not known.
        hold_s: Upper bound of the time that one frame is shown; 0 is not known.
        delay_s: Delay with which libav presents its frames, compared with the file.
        changes: Changes of the frame size or the pixel format.
        colour: Colour of the first frame; None is not known.
        interlaced: Whether frames may be coded as fields.
        aspects: Changes of the pixel aspect: ``(second, width over height)``, the first one included.
        profile: FFmpeg's name: ``High``, ``Main 10``; empty where it is not known.
        level: The codec's own number (`kit.names.level_name`); 0 is not known.
        bitrate: Average bits per second; 0 is not known.
        keyframes: Number of keyframes; 0 is not known.
        gop_s: The longest time from one keyframe to the next, or to the end.
        constant: Whether the frame rate is constant; None is not known.
    """

    codec: str
    width: int
    height: int
    rotation: int
    fps: Fraction
    frames: int | None
    pix_fmt: str
    hdr: bool
    mirrored: bool = False
    alpha: bool = False
    track: int = 0
    start_s: float = 0.0
    end_s: float = 0.0
    hold_s: float = 0.0
    delay_s: float = 0.0
    changes: tuple[Change, ...] = ()
    colour: Colour | None = None
    interlaced: bool = False
    aspects: tuple[tuple[float, float], ...] = ()
    profile: str = ""
    level: int = 0
    bitrate: int = 0
    keyframes: int = 0
    gop_s: float = 0.0
    constant: bool | None = None


@dataclass(frozen=True, slots=True)
class AudioStream:
    """An audio track.

    Attributes:
        sample_rate: Sample rate in Hz.
        track: libav's index of the stream in its file; -1 is not known: the first one.
        start_s, end_s: As of a `VideoStream`.
        language: ISO 639-2; empty if unknown.
        title: Name of the track in the file.
        default: Whether the file marks it as the one to play.
        purpose: ``commentary``, ``hearing_impaired``, ``audio_description``; empty for the normal audio.
        silent: Whether it holds nothing but silence; None: not examined.
        hold_s: The longest step from one packet to the next; 0 is not known.
        changes: Changes of the sample rate or the channel layout.
        profile, bitrate: As of a `VideoStream`.
    """

    codec: str
    sample_rate: int
    channels: int
    track: int = -1
    start_s: float = 0.0
    end_s: float = 0.0
    language: str = ""
    title: str = ""
    default: bool = False
    purpose: str = ""
    silent: bool | None = None
    hold_s: float = 0.0
    changes: tuple[Change, ...] = ()
    profile: str = ""
    bitrate: int = 0


@dataclass(frozen=True, slots=True)
class TextStream:
    """A subtitle track of text.

    Attributes:
        codec: libav's name: ``mov_text``, ``subrip``, ``webvtt``, ``ass``...
        track, language, title, default, purpose: As of an `AudioStream`.
    """

    codec: str
    track: int
    language: str = ""
    title: str = ""
    default: bool = False
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """Facts of one file.

    Attributes:
        container: ``mp4``, ``mov``, ``webm``, ``mkv``, ``avi``, ``mpegts``...
        duration_s: To the end of the last frame, found in the packets; of the audio where that goes on for more
            than half a second.
        audio: The track that is played; one of *audio_tracks*.
        text_tracks: Subtitle tracks of text.
        zero_s: Time of the file's own clock at its start, when the earliest track begins; None is not known.
        jumps: Jumps of that clock.
        remarks: Sentences about what else is notable, for people.
    """

    container: str
    duration_s: float
    size_bytes: int
    video: VideoStream
    audio: AudioStream | None
    audio_tracks: tuple[AudioStream, ...] = ()
    text_tracks: tuple[TextStream, ...] = ()
    zero_s: float | None = None
    jumps: tuple[Jump, ...] = ()
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; the frame rate as ``30000/1001``."""
        facts = asdict(self)
        facts["video"]["fps"] = str(self.video.fps)
        return facts

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Probe":
        """The inverse of `to_dict`; what an older version did not know has its default."""
        read: dict[str, Any] = {
            "video": _video_stream(facts["video"]),
            "audio": None if facts["audio"] is None else _audio_stream(facts["audio"]),
            "audio_tracks": tuple(map(_audio_stream, facts.get("audio_tracks", ()))),
            "text_tracks": tuple(TextStream(**track) for track in facts.get("text_tracks", ())),
            "jumps": tuple(Jump(**jump) for jump in facts.get("jumps", ())),
            "remarks": tuple(facts.get("remarks", ())),
        }
        return cls(**{**facts, **read})


AUDIO_OVER_S = 0.5
"""Seconds after the last frame from which on audio extends the duration."""


def duration_s(video: VideoStream, audio: AudioStream | None) -> float:
    """Duration of a file with one of its audio tracks, or without: to the end of its video, or of audio that goes
    on for long after it."""
    return audio.end_s if audio is not None and audio.end_s > video.end_s + AUDIO_OVER_S else video.end_s


def _video_stream(facts: dict[str, Any]) -> VideoStream:
    colour = None if facts.get("colour") is None else Colour(**facts["colour"])
    read = {"fps": Fraction(facts["fps"]), "changes": _changes(facts), "colour": colour}
    aspects = tuple((at_s, aspect) for at_s, aspect in facts.get("aspects", ()))
    return VideoStream(**{**facts, **read, "aspects": aspects})


def _audio_stream(facts: dict[str, Any]) -> AudioStream:
    return AudioStream(**{**facts, "changes": _changes(facts)})


def _changes(facts: dict[str, Any]) -> tuple[Change, ...]:
    return tuple(Change(**change) for change in facts.get("changes", ()))


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """Limits of a file."""

    max_pixels: int = MAX_PIXELS
    max_duration_s: float = 24 * 3600
    timeout_s: float = 40.0


async def probe(path: Path, *, limits: ProbeLimits | None = None) -> Probe:
    """Examine a file: first bytes and box sizes here, everything else in a child that holds nothing but the file.

    A frame from the start and one from the middle are decoded, so that damage shows here and not in a stitch. The
    index of an MP4 gives the start and end of each track; of any other file all packets are read.

    Raises:
        UnreadableVideo: or a subclass for a known cause; the sentence is meant for people.
        ProbeFailed: the examination itself failed.
        OSError: the file cannot be opened.
    """
    limits = limits or ProbeLimits()
    container, size, extent = await asyncio.to_thread(inspect, path)
    answer = await _ask(path, container, limits)
    if "problem" in answer:
        raise _refusal(answer, limits)
    facts = answer.pop("indexed")
    indexed = None if facts is None else replace(Probe.from_dict(facts), container=container.name)
    found = _joined(indexed, answer) if indexed is not None else _scanned(container, size, answer)
    found = replace(found, remarks=(*found.remarks, *remarks_on(extent, size, found.duration_s)))
    if found.duration_s > limits.max_duration_s:
        raise VideoTooLong(
            f"This video is {format_duration(found.duration_s)} long; the limit is "
            f"{format_duration(limits.max_duration_s)}."
        )
    return found


def _joined(indexed: Probe, answer: dict[str, Any]) -> Probe:
    """The probe of an MP4: times from its index, coding and orientation from libav, which has decoded frames."""
    seen = _video_stream(answer["video"])
    known = indexed.video
    video = replace(known, **{name: getattr(seen, name) for name in _SEEN})
    video = replace(
        video,
        hdr=seen.hdr or known.hdr,
        alpha=seen.alpha or known.alpha,
        profile=seen.profile or known.profile,
        level=seen.level or known.level,
    )
    tracks = _heard(indexed, answer["audio_tracks"])
    texts = tuple(TextStream(**track) for track in answer["text_tracks"])
    alone = replace(indexed, video=video, audio=None, audio_tracks=tracks, text_tracks=texts)
    alone = replace(alone, duration_s=duration_s(video, None))
    return _choose(alone)


def _heard(indexed: Probe, listed: Sequence[dict[str, Any]]) -> tuple[AudioStream, ...]:
    """The audio tracks that libav can decode, in the times of the index."""
    known = {track.track: track for track in indexed.audio_tracks}
    return tuple(_named(known[facts["track"]], _audio_stream(facts)) for facts in listed if facts["track"] in known)


def _named(known: AudioStream, heard: AudioStream) -> AudioStream:
    names = _HEARD if known.codec == heard.codec else (*_HEARD, "codec", "sample_rate", "channels")
    return replace(known, **{name: getattr(heard, name) for name in names})


def _choose(found: Probe) -> Probe:
    from playhead.media.audio_tracks import with_audio

    return with_audio(found)


_SEEN = ("codec", "width", "height", "rotation", "mirrored", "pix_fmt", "colour", "track")
_HEARD = ("language", "title", "default", "purpose", "silent", "profile")


def _scanned(container: Container, size: int, answer: dict[str, Any]) -> Probe:
    gaps = answer.pop("gaps")
    remarks = [
        *answer.get("remarks", ()),
        *jump_remarks([jump["at_s"] for jump in answer["jumps"]]),
        *_gap_remarks(gaps),
    ]
    facts = {"container": container.name, "size_bytes": size, **answer, "remarks": remarks}
    return _choose(Probe.from_dict(facts))


def jump_remarks(jumps_s: Sequence[float]) -> list[str]:
    """Remarks about a clock that jumps at some seconds of a file; none where it does not."""
    if not jumps_s:
        return []
    places = ", ".join(map(format_duration, jumps_s[:_LISTED]))
    more = f" and {len(jumps_s) - _LISTED} more" if len(jumps_s) > _LISTED else ""
    return [f"The clock of this file jumps at {places}{more}; what follows is joined without a gap."]


def _gap_remarks(gaps: list[tuple[float, float]]) -> list[str]:
    if not gaps:
        return []
    places = ", ".join(f"{format_duration(at_s)} ({length_s:.1f} s)" for at_s, length_s in gaps[:_LISTED])
    more = f" and {len(gaps) - _LISTED} more" if len(gaps) > _LISTED else ""
    return [f"Nothing was recorded at {places}{more}; the last frame is held there."]


_LISTED = 5


async def _ask(path: Path, container: Container, limits: ProbeLimits) -> dict[str, Any]:
    try:
        code, output, log = await read_in_child(
            "examine", path, container, timeout_s=limits.timeout_s, max_pixels=limits.max_pixels
        )
    except ReaderTimeout:
        return {"problem": "timeout"}
    if code == 0:
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError as error:
            raise ProbeFailed("The reader gave an answer that cannot be read.") from error
        return answer
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"problem": "timeout"}
    if -code in CRASHES:
        return {"problem": "crashed"}
    raise ProbeFailed(f"The reader ended with code {code}: {log[-1] if log else 'it said nothing'}")


def _refusal(answer: dict[str, Any], limits: ProbeLimits) -> UnreadableVideo:
    problem = answer["problem"]
    reason = str(answer.get("reason") or "nothing in it could be decoded").rstrip(".")
    reason = _REASONS.get(reason, reason[:1].lower() + reason[1:])
    if problem in _PLAIN:
        kind, words, hint = _PLAIN[problem]
        return kind(words, hint=hint)
    if problem == "no_video":
        held = "audio and a cover image" if answer["cover"] else "audio" if answer["audio"] else "data"
        refusal = NoVideoTrack(f"This file holds {held}, but no video.")
        refusal.audio = bool(answer["audio"])
        return refusal
    if problem == "dimensions":
        size, most = f"{answer['width']}×{answer['height']}", limits.max_pixels // 1_000_000
        return DimensionsTooLarge(f"A frame is {size} pixels; the limit is {most} million pixels.")
    where = f" around {format_duration(answer['at_s'])}" if problem == "damaged" else ""
    return UnreadableVideo(f"Couldn't read this file as a video{where}: {reason}.", hint=COPY_AGAIN)


CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
"""Signals that a file can cause in the reader; any other has another cause."""

_REASONS = {
    "Input/output error": "it refers to places beyond its own end",
    "End of file": "it ends before its first frame",
    "Invalid data found when processing input": "its data is damaged",
    "Not yet implemented in FFmpeg, patches welcome": "it uses a part of its format that is rarely used",
}
"""Plain words for messages of libav."""

_PLAIN: dict[str, tuple[type[UnreadableVideo], str, str | None]] = {
    "timeout": (ProbeTimeout, "This file could not be read in time. It may be damaged.", None),
    "clock": (UnreadableVideo, "The clock of this file jumps more than 1,000 times.", COPY_AGAIN),
    "memory": (ProbeTimeout, "Reading this file takes more memory than Playhead allows. It may be damaged.", None),
    "codec": (UnreadableVideo, "This video uses a codec that Playhead does not know.", None),
    "no_size": (DimensionsTooLarge, "The frames of this video have no size, or one far beyond the limit.", None),
    "crashed": (UnreadableVideo, "This file is damaged in a way that stops the reader.", COPY_AGAIN),
}
"""Error, sentence and hint of each problem."""
