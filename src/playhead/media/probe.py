"""What a video file is: read in a limited process of its own, told as data or refused in a sentence."""

import asyncio
import json
import signal
from dataclasses import asdict, dataclass
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
from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.reader import ReaderTimeout, look, read_in_child
from playhead.media.sniff import Container


@dataclass(frozen=True, slots=True)
class VideoStream:
    """The first picture track that is not a cover.

    Attributes:
        codec: libav's name: ``h264``, ``hevc``, ``vp9``, ``av1``...
        width, height: As displayed, in pixels: rotation and the shape of the pixels are applied.
        rotation: Clockwise degrees that a player turns the stored picture by: 0, 90, 180 or 270.
        fps: Average, exact where the file says so.
        frames: None where it would have to be counted.
        hdr: The transfer is PQ or HLG.
    """

    codec: str
    width: int
    height: int
    rotation: int
    fps: Fraction
    frames: int | None
    pix_fmt: str
    hdr: bool


@dataclass(frozen=True, slots=True)
class AudioStream:
    """The first sound track; *sample_rate* in Hz."""

    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Facts of one file.

    Attributes:
        container: ``mp4``, ``mov``, ``webm``, ``mkv``, ``avi``, ``mpegts``...
        duration_s: To the end of the last picture, found in the packets; of the sound where that goes on for more
            than half a second.
    """

    container: str
    duration_s: float
    size_bytes: int
    video: VideoStream
    audio: AudioStream | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; the frame rate as ``30000/1001``."""
        facts = asdict(self)
        facts["video"]["fps"] = str(self.video.fps)
        return facts

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Probe":
        """The inverse of `to_dict`."""
        video = VideoStream(**{**facts["video"], "fps": Fraction(facts["video"]["fps"])})
        audio = None if facts["audio"] is None else AudioStream(**facts["audio"])
        return cls(facts["container"], facts["duration_s"], facts["size_bytes"], video, audio)


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """What a file may ask for."""

    max_pixels: int = MAX_PIXELS
    max_duration_s: float = 24 * 3600
    timeout_s: float = 40.0


async def probe(path: Path, *, limits: ProbeLimits | None = None) -> Probe:
    """Examine a file: first bytes and box sizes here, everything else in a child that holds nothing but the file.

    One picture from the start and one from the middle are decoded, and the end is looked up, so that damage shows
    here and not in a stitch.

    Raises:
        UnreadableVideo: or the subclass that says why; the sentence is meant for people.
        ProbeFailed: the examination itself failed.
        OSError: the file cannot be opened.
    """
    limits = limits or ProbeLimits()
    container, size = await asyncio.to_thread(look, path)
    answer = await _ask(path, container, limits)
    if "problem" in answer:
        raise _refusal(answer, limits)
    found = Probe.from_dict({"container": container.name, "size_bytes": size, **answer})
    if found.duration_s > limits.max_duration_s:
        raise VideoTooLong(
            f"This video is {format_duration(found.duration_s)} long; the limit is "
            f"{format_duration(limits.max_duration_s)}."
        )
    return found


async def _ask(path: Path, container: Container, limits: ProbeLimits) -> dict[str, Any]:
    try:
        code, output, log = await read_in_child(
            "probe_child.py", path, container, timeout_s=limits.timeout_s, max_pixels=limits.max_pixels
        )
    except ReaderTimeout:
        return {"problem": "timeout"}
    if code == 0:
        answer: dict[str, Any] = json.loads(output)
        return answer
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"problem": "timeout"}
    if code < 0:
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
        held = "sound and a cover picture" if answer["cover"] else "sound" if answer["audio"] else "data"
        return NoVideoTrack(f"This file holds {held}, but no video.")
    if problem == "dimensions":
        size, most = f"{answer['width']}×{answer['height']}", limits.max_pixels // 1_000_000
        return DimensionsTooLarge(f"The picture is {size} pixels; the limit is {most} million pixels.")
    where = f" around {format_duration(answer['at_s'])}" if problem == "damaged" else ""
    return UnreadableVideo(f"Couldn't read this file as a video{where}: {reason}.", hint=COPY_AGAIN)


_REASONS = {"Input/output error": "it refers to places beyond its own end"}
"""libav's words that say nothing to people."""

_PLAIN: dict[str, tuple[type[UnreadableVideo], str, str | None]] = {
    "timeout": (ProbeTimeout, "This file could not be read in time. It may be damaged.", None),
    "memory": (ProbeTimeout, "Reading this file takes more memory than Playhead allows. It may be damaged.", None),
    "codec": (UnreadableVideo, "This video uses a codec that Playhead does not know.", None),
    "no_size": (DimensionsTooLarge, "The picture of this video has no size, or one far beyond the limit.", None),
    "crashed": (UnreadableVideo, "This file is damaged in a way that stops the reader.", COPY_AGAIN),
}
"""For each problem: the error, its sentence and its hint."""
