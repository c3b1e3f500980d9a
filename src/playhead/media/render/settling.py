"""Effects of a segment, settled on the frames of the reel: the same pixels wherever the segment stands in it."""

import math
from dataclasses import replace
from fractions import Fraction

from playhead.media.edit.segments import VideoEffects


def settled(effects: VideoEffects, fps: Fraction, late_s: Fraction = Fraction(0)) -> VideoEffects:
    """Move every time to the frame of the reel that is nearest to it.

    Args:
        late_s: How much later the segment begins in the reel than it should; less than a frame.
    """

    def snapped(at_s: float) -> float:
        return frame_time(math.floor((Fraction(at_s) - late_s) * fps + Fraction(1, 2)), fps)

    def length(start_s: float, seconds: float) -> float:
        return round(snapped(start_s + seconds) - snapped(start_s), 9)

    mixes = effects.before is not None
    return replace(
        effects,
        mix_start_s=snapped(effects.mix_start_s) if mixes else 0.0,
        mix_s=length(effects.mix_start_s, effects.mix_s) if mixes else 0.0,
        fades=tuple(
            replace(fade, start_s=snapped(fade.start_s), duration_s=length(fade.start_s, fade.duration_s))
            for fade in effects.fades
        ),
        layers=tuple(
            replace(layer, start_s=snapped(layer.start_s), end_s=snapped(layer.end_s)) for layer in effects.layers
        ),
    )


def frame_time(frame: int, fps: Fraction) -> float:
    """When a frame is shown, in seconds; to the billionth, so that equal times are equal numbers."""
    return round(float(frame / fps), 9)
