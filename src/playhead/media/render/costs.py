"""Estimates of work: a small model of what two cores took in November 2026.

1080p30 with x264 veryfast took 24 s a minute of ordinary video, of which 5 s were decoding. The content moves that
by a factor of three either way: 315 million pixels a second of flat graphics, 60 of strong noise; x265 veryfast took
115 and 45 of the same, SVT-AV1 at preset 9 350 and 107. Tone mapping doubles a clip. A whole track of AAC took 2 s a
minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from playhead.media.edit.segments import VideoEffects
from playhead.media.render.plan import Codec, StitchPlan
from playhead.media.render.tasks import RenderTask

ENCODED_PIXELS = {"h264": 200e6, "hevc": 80e6, "av1": 230e6}
"""Pixels encoded per second."""

DECODED_PIXELS = 790e6
AUDIO_RATE = 30.0
"""Seconds of audio encoded per second."""

START_S = 0.25
"""Seconds to start a tool, open a file and seek in it."""

REEL_S, CLIP_S = 0.3, 0.05
"""Seconds to merge and to check a reel, and each clip in it."""


def video_s(
    codec: Codec, *, pixels: int, frames: int, source_pixels: int, seconds: float, fps: Fraction, hdr: bool
) -> float:
    """Seconds to encode a piece of video.

    Args:
        pixels, source_pixels: Pixels of an encoded frame, and of a decoded one.
        frames, seconds: Number of encoded frames, and their duration.
        fps: Frame rate of the source.
    """
    read = seconds * float(fps) * source_pixels / DECODED_PIXELS
    made = frames * pixels / ENCODED_PIXELS[codec]
    return START_S + (read + made) * (2 if hdr else 1)


MIXED_PIXELS, DRAWN_PIXELS, ZOOMED_PIXELS = 600e6, 900e6, 60e6
"""Pixels per second that are mixed with another picture, overlaid, and zoomed."""


def effects_s(effects: VideoEffects | None, pixels: int) -> float:
    """Seconds that effects take besides the decoding and encoding of some pixels."""
    if effects is None:
        return 0.0
    zooms = [one.zoom != "none" for one in (effects.shown, effects.before) if one is not None]
    found = START_S * (1 if effects.layers or effects.shown.still else 0)
    found += pixels / DRAWN_PIXELS if effects.layers else 0.0
    found += pixels / MIXED_PIXELS * (len(effects.fades) + 2 * (effects.before is not None))
    return found + pixels / ZOOMED_PIXELS * sum(zooms)


def audio_s(seconds: float) -> float:
    """Seconds to encode a piece of audio."""
    return START_S + seconds / AUDIO_RATE


SURVEYED = 0.02
"""Share of the progress bar that the survey takes."""

MERGED_S, VERIFIED_S = 0.01, 0.05
"""Seconds of work for each second of the reel, about."""


@dataclass(frozen=True, slots=True)
class Work:
    """Estimated seconds of work.

    Attributes:
        codec: Codec of the reel.
        render_s: Seconds to render what is missing.
        rest_s: Seconds to merge, to verify, and for what follows.
    """

    codec: str
    render_s: float
    rest_s: float

    @classmethod
    def of(cls, plan: StitchPlan, missing: Sequence[RenderTask], after_s: float) -> Self:
        """Work of a plan of which some pieces are missing."""
        rest_s = sum(_merge_and_verify_s(plan.duration_s)) + after_s
        return cls(plan.format.codec, sum(task.weight for task in missing), rest_s)


@dataclass(frozen=True, slots=True)
class Phases:
    """Starts of the phases of a round on the progress bar, 0..1, by estimated seconds; *end* is the maker's own."""

    render: float
    track: float
    join: float
    verify: float
    end: float

    @classmethod
    def of(cls, plan: StitchPlan, missing: Sequence[RenderTask], after_s: float) -> Self:
        """Divide the bar by seconds of work."""
        track_s = sum(task.weight for task in missing if task.kind == "track")
        render_s = sum(task.weight for task in missing) - track_s
        parts = [render_s, track_s, *_merge_and_verify_s(plan.duration_s), after_s]
        total, begin, starts = sum(parts), 0.0, []
        for seconds in parts:
            starts.append(SURVEYED + (1 - SURVEYED) * begin / total)
            begin += seconds
        return cls(*starts)


def _merge_and_verify_s(duration_s: float) -> tuple[float, float]:
    return 0.2 + MERGED_S * duration_s, 0.5 + VERIFIED_S * duration_s
