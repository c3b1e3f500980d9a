"""Filters of audio effects: speed with the pitch kept, volume, fades and the two curves of a crossfade. Pure.

Speed is FFmpeg's ``atempo``. Measured in December 2026 beside ``rubberband`` at 0.25 to 4 times: a tone of 440 Hz came
out at 440 +-0.2 Hz, 23 to 57 dB above all else (rubberband: 429 to 449 Hz, at most 5 dB), in a third of the time; every
ffmpeg has it. What it does wrong is the same at every run: it is early by half of its window, which `lead_s` makes up.
"""

import math

from playhead.media.edit.segments import AudioEffects, Fade

_SLOWEST = 0.5
"""Least that ``atempo`` takes in one go."""

_WINDOWS_PER_S = 24
"""``atempo`` works on windows of the power of two at or above this part of a second."""

MORE_S = 0.3
"""Seconds of the source beyond the end of a span, for the last windows."""


def stages(speed: float) -> list[float]:
    """Factors of a chain of ``atempo``; none where nothing is to be done."""
    if speed == 1:
        return []
    count = 1 if speed >= _SLOWEST else math.ceil(math.log(speed) / math.log(_SLOWEST))
    return [speed ** (1 / count)] * count


def speed_filters(speed: float) -> list[str]:
    """The chain."""
    return [f"atempo={factor:.9f}" for factor in stages(speed)]


def lead_s(speed: float, sample_rate: int) -> float:
    """Seconds of the source to begin earlier, such that what comes out of the chain is on time."""
    window = 1 << (sample_rate // _WINDOWS_PER_S - 1).bit_length()
    total, passed = 0.0, 1.0
    for factor in stages(speed):
        total += passed * window / 2 / sample_rate
        passed *= factor
    return total


def volume_filters(volume: float) -> list[str]:
    """A plain factor."""
    return [] if volume == 1 else [f"volume={volume:.6f}:precision=float"]


def main_gain(effects: AudioEffects, at_s: float) -> list[str]:
    """Gain of a segment's own clip: in a crossfade it rises as a sine, so that the power of both is always 1.

    Args:
        at_s: Time of the first sample on the segment's clock.
    """
    rising = [f"sin(PI/2*{_ramp(effects.mix_start_s, effects.mix_s, at_s)})"] if effects.before is not None else []
    return _gain([*rising, *(_fade(fade, at_s) for fade in effects.fades)])


def before_gain(effects: AudioEffects, at_s: float) -> list[str]:
    """Gain of the clip before, which falls as a cosine."""
    falling = f"cos(PI/2*{_ramp(effects.mix_start_s, effects.mix_s, at_s)})"
    return _gain([falling, *(_fade(fade, at_s) for fade in effects.fades)])


def _ramp(start_s: float, length_s: float, at_s: float) -> str:
    return f"clip((t-{start_s - at_s:.9f})/{max(length_s, 1e-6):.9f},0,1)"


def _fade(fade: Fade, at_s: float) -> str:
    """In amplitude, as the picture fades in its values."""
    ramp = _ramp(fade.start_s, fade.duration_s, at_s)
    return ramp if fade.kind == "in" else f"(1-{ramp})"


def _gain(factors: list[str]) -> list[str]:
    """A gain by sample; a minute takes 0.25 s."""
    return [f"aeval='val(ch)*{'*'.join(factors)}':c=same"] if factors else []
