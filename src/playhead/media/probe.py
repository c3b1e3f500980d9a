"""What a video file is: read in a limited process of its own, told as data or refused in a sentence."""

import asyncio
import functools
import importlib.util
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.kit.units import GIB, format_duration
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import (
    DimensionsTooLarge,
    NoVideoTrack,
    ProbeFailed,
    ProbeTimeout,
    UnreadableVideo,
    VideoTooLong,
)
from playhead.media.sniff import HEAD_BYTES, Container, sniff
from playhead.media.truncation import check_whole

_MEMORY_BYTES = 3 * GIB
_CPU_S = 25


@dataclass(frozen=True, slots=True)
class VideoStream:
    """The first picture track that is not a cover.

    Attributes:
        codec: libav's name: ``h264``, ``hevc``, ``vp9``, ``av1``...
        width, height: As displayed, in pixels: rotation is applied.
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
    """What a file may ask for; 40 million pixels leave room for 8K (33 million)."""

    max_pixels: int = 40_000_000
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
    container, size = await asyncio.to_thread(_look, path)
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


def _look(path: Path) -> tuple[Container, int]:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        container = sniff(file.read(HEAD_BYTES))
        check_whole(file, size, container)
    return container, size


async def _ask(path: Path, container: Container, limits: ProbeLimits) -> dict[str, Any]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        program = [
            sys.executable,
            "-I",
            "-S",
            str(Path(__file__).with_name("probe_child.py")),
            str(_av_folder()),
        ]
        command = [*program, str(descriptor), container.demuxer, str(limits.max_pixels)]
        bounds = Limits(memory_bytes=_MEMORY_BYTES, cpu_s=_CPU_S, file_bytes=0)
        async with child(command, limits=bounds, pass_fds=[descriptor]) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                async with asyncio.timeout(limits.timeout_s):
                    output, log = await asyncio.gather(process.stdout.read(1 << 20), log_tail(process.stderr))
                    code = await process.wait()
            except TimeoutError:
                return {"problem": "timeout"}
    finally:
        os.close(descriptor)
    if code == 0:
        answer: dict[str, Any] = json.loads(output)
        return answer
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"problem": "timeout"}
    if code < 0:
        return {"problem": "crashed", "signal": signal.Signals(-code).name}
    raise ProbeFailed(f"The reader ended with code {code}: {' | '.join(log[-3:]) or 'it said nothing'}")


@functools.cache
def _av_folder() -> Path:
    spec = importlib.util.find_spec("av")
    if spec is None or not spec.submodule_search_locations:
        raise ProbeFailed("PyAV is not installed.", hint="Install Playhead with its dependencies.")
    return Path(spec.submodule_search_locations[0]).parent


def _refusal(answer: dict[str, Any], limits: ProbeLimits) -> UnreadableVideo:
    problem = answer["problem"]
    reason = str(answer.get("reason") or "nothing in it could be decoded").rstrip(".")
    reason = reason[:1].lower() + reason[1:]
    if problem in _PLAIN:
        kind, words = _PLAIN[problem]
        return kind(words)
    if problem == "no_video":
        held = "sound and a cover picture" if answer["cover"] else "sound" if answer["audio"] else "data"
        return NoVideoTrack(f"This file holds {held}, but no video.")
    if problem == "dimensions":
        size, most = f"{answer['width']} x {answer['height']}", limits.max_pixels // 1_000_000
        return DimensionsTooLarge(f"The picture is {size} pixels; the limit is {most} million pixels.")
    where = f" around {format_duration(answer['at_s'])}" if problem == "damaged" else ""
    return UnreadableVideo(f"Couldn't read this file as a video{where}: {reason}.", hint="Upload it again.")


_PLAIN: dict[str, tuple[type[UnreadableVideo], str]] = {
    "timeout": (ProbeTimeout, "This file could not be read in time. It may be damaged."),
    "memory": (ProbeTimeout, "Reading this file takes more memory than Playhead allows. It may be damaged."),
    "codec": (UnreadableVideo, "This video uses a codec that Playhead does not know."),
    "no_size": (DimensionsTooLarge, "The picture of this video has no size, or one far beyond the limit."),
    "crashed": (UnreadableVideo, "This file is damaged in a way that stops the reader. Upload it again."),
}
