"""The stitch plan: pure data that says for each clip which frames it becomes, and why it is rendered."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from playhead.media.errors import InvalidSpan
from playhead.media.format import ReelFormat
from playhead.media.probe import Probe

SAMPLE_RATE = 48_000
"""Of every reel's sound, in Hz, stereo."""

_SLACK_S = 0.1
"""An end this far beyond the video is the video's end: times are rounded on their way through a browser."""

_CODEC_NAMES = {"h264": "H.264", "hevc": "HEVC", "vp9": "VP9", "vp8": "VP8", "av1": "AV1", "mpeg4": "MPEG-4"}


@dataclass(frozen=True, slots=True)
class ClipSource:
    """A clip as the project has it: the half-open span of a video, *end_s* None for its end."""

    clip_id: str
    video_id: str
    probe: Probe
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """What becomes of one clip.

    Attributes:
        start_s, end_s: Half-open span of the source.
        action: ``encode`` renders it anew, ``copy`` keeps its packets.
        reason: Why, in words for people.
        frames: Of the reel, at least 1.
        first_frame: Where in the reel it begins.
        has_audio, hdr, pixels: Of the source; pixels per frame.
    """

    clip_id: str
    video_id: str
    start_s: float
    end_s: float
    action: Literal["encode", "copy"]
    reason: str
    frames: int
    first_frame: int
    has_audio: bool
    hdr: bool
    pixels: int


@dataclass(frozen=True, slots=True)
class StitchPlan:
    """A whole reel; its sound is cut at the same instants as its picture, so nothing can drift."""

    format: ReelFormat
    clips: tuple[ClipPlan, ...]
    has_audio: bool
    frames: int
    duration_s: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {**asdict(self), "format": self.format.to_dict(), "clips": [asdict(clip) for clip in self.clips]}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "StitchPlan":
        """The inverse of `to_dict`."""
        clips = tuple(ClipPlan(**clip) for clip in facts["clips"])
        return cls(
            ReelFormat.from_dict(facts["format"]), clips, facts["has_audio"], facts["frames"], facts["duration_s"]
        )


def plan_stitch(clips: Sequence[ClipSource], format: ReelFormat) -> StitchPlan:  # noqa: A002
    """Plan a reel.

    Frame counts are differences of the rounded running time, so the reel is as long as its clips together within
    half a frame, however many there are; only clips shorter than a frame add to that, as each shows at least one.

    Raises:
        InvalidSpan: a span that is empty or not within its video.
    """
    has_audio = any(clip.probe.audio is not None for clip in clips)
    planned: list[ClipPlan] = []
    elapsed, first = Fraction(0), 0
    for clip in clips:
        start_s, end_s = _span(clip)
        elapsed += (Fraction(end_s) - Fraction(start_s)) * format.fps
        end = max(first + 1, math.floor(elapsed + Fraction(1, 2)))
        planned.append(
            ClipPlan(
                clip_id=clip.clip_id,
                video_id=clip.video_id,
                start_s=start_s,
                end_s=end_s,
                action="encode",
                reason=_reason(clip.probe, format, has_audio=has_audio),
                frames=end - first,
                first_frame=first,
                has_audio=clip.probe.audio is not None,
                hdr=clip.probe.video.hdr,
                pixels=clip.probe.video.width * clip.probe.video.height,
            )
        )
        first = end
    return StitchPlan(format, tuple(planned), has_audio, first, float(first / format.fps))


def sample_at(frame: int, fps: Fraction) -> int:
    """The sound sample that belongs to the start of a frame of the reel."""
    return math.floor(Fraction(frame) / fps * SAMPLE_RATE + Fraction(1, 2))


def samples_of(clip: ClipPlan, fps: Fraction) -> int:
    """How many samples of the reel a clip has: from its first frame to the next clip's."""
    return sample_at(clip.first_frame + clip.frames, fps) - sample_at(clip.first_frame, fps)


def _span(clip: ClipSource) -> tuple[float, float]:
    length = clip.probe.duration_s
    end_s = length if clip.end_s is None else clip.end_s
    if not (math.isfinite(clip.start_s) and math.isfinite(end_s)) or not 0 <= clip.start_s < end_s:
        raise InvalidSpan(f"Clip {clip.clip_id} must end after it starts: {clip.start_s:g} s to {end_s:g} s.")
    if end_s > length + _SLACK_S or clip.start_s >= length:
        raise InvalidSpan(
            f"Clip {clip.clip_id} reaches from {clip.start_s:g} s to {end_s:g} s, but its video ends at {length:g} s."
        )
    return clip.start_s, min(end_s, length)


def _reason(probe: Probe, format: ReelFormat, *, has_audio: bool) -> str:  # noqa: A002
    video, found = probe.video, []
    if (video.width, video.height) != (format.width, format.height):
        found.append(f"{video.width}x{video.height} against {format.width}x{format.height}")
    if abs(video.fps - format.fps) > Fraction(1, 1000):
        found.append(f"{_rate(video.fps)} fps against {_rate(format.fps)}")
    if video.codec != "h264":
        found.append(f"{_CODEC_NAMES.get(video.codec, video.codec)} against H.264")
    if video.rotation:
        found.append(f"turned by {video.rotation} degrees")
    if video.hdr:
        found.append("HDR: brought to standard range")
    if has_audio and probe.audio is None:
        found.append("no sound: silence is added")
    return ", ".join(found) or "matches; rendered so that frames and sound meet exactly at the cut"


def _rate(fps: Fraction) -> str:
    return f"{float(fps):.3f}".rstrip("0").rstrip(".")
