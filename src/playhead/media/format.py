"""The picture format of a reel: what was asked for, the rest from its clips."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from playhead.media.errors import FormatOutOfBounds
from playhead.media.probe import Probe

MIN_SIDE, MAX_SIDE = 16, 4096
MIN_FPS, MAX_FPS = 1, 60
AUTO_LONGEST_SIDE = 1920
DEFAULT_SIZE = (1920, 1080)
DEFAULT_FPS = Fraction(30)

_WHOLE_RATES = (24, 25, 30, 50, 60)
_NTSC_RATES = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))


@dataclass(frozen=True, slots=True)
class ReelFormat:
    """Every clip becomes this: *width* and *height* even, *fps* constant, *background* (``#rrggbb``) beside it."""

    width: int
    height: int
    fps: Fraction
    background: str = "#000000"

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; the frame rate as ``30000/1001``."""
        return {"width": self.width, "height": self.height, "fps": str(self.fps), "background": self.background}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "ReelFormat":
        """The inverse of `to_dict`."""
        return cls(facts["width"], facts["height"], Fraction(facts["fps"]), facts["background"])


def resolve_format(
    probes: Sequence[Probe],
    *,
    width: int | None = None,
    height: int | None = None,
    fps: float | Fraction | None = None,
    background: str = "#000000",
) -> ReelFormat:
    """Fill in what was not asked for: the orientation, then the size and the rate, that most of the time has.

    Args:
        probes: The clips' videos, each as often as it is used. None at all gives 1920x1080 at 30.
        width, height: Even, 16 to 4096. One alone takes the other from the clips' shape.
        fps: 1 to 60; 29.97 and the like are meant as n * 1000/1001.

    Raises:
        FormatOutOfBounds: a value that no reel can have.
    """
    if re.fullmatch(r"#[0-9a-fA-F]{6}", background) is None:
        raise FormatOutOfBounds(f"The background must look like #1a2b3c, not {background[:20]}.")
    auto_width, auto_height = _usual_size(probes)
    if width is None and height is None:
        width, height = auto_width, auto_height
    elif width is None and height is not None:
        width = _even(height * auto_width / auto_height)
    elif height is None and width is not None:
        height = _even(width * auto_height / auto_width)
    assert width is not None
    assert height is not None
    _check_side("width", width)
    _check_side("height", height)
    return ReelFormat(width, height, _usual_rate(probes) if fps is None else _asked_rate(fps), background.lower())


def snap_rate(fps: Fraction) -> Fraction:
    """The customary rate nearest to a measured one: 29.969 is 30000/1001, 28.7 is 30, 15 is 30, 120 is 60."""
    if fps <= 0:
        return DEFAULT_FPS
    for ntsc in _NTSC_RATES:
        if abs(fps - ntsc) < ntsc / 2000:  # half the way to the whole rate beside it
            return ntsc
    while fps > MAX_FPS * 1.1:
        fps /= 2
    while fps < 20:
        fps *= 2
    return Fraction(min(_WHOLE_RATES, key=lambda whole: abs(whole - fps)))


def _asked_rate(fps: float | Fraction) -> Fraction:
    if not math.isfinite(fps) or not MIN_FPS <= fps <= MAX_FPS:
        raise FormatOutOfBounds(f"The frame rate must be {MIN_FPS} to {MAX_FPS} frames a second, not {float(fps):g}.")
    if isinstance(fps, Fraction):
        return fps.limit_denominator(1001)
    near = math.ceil(fps)
    ntsc = Fraction(near * 1000, 1001)
    return ntsc if fps != near and abs(fps - ntsc) < 0.006 else Fraction(fps).limit_denominator(100)


def _check_side(name: str, value: int) -> None:
    if not MIN_SIDE <= value <= MAX_SIDE:
        raise FormatOutOfBounds(f"The {name} must be {MIN_SIDE} to {MAX_SIDE} pixels, not {value}.")
    if value % 2:
        raise FormatOutOfBounds(f"The {name} must be an even number of pixels, not {value}.")


def _even(value: float) -> int:
    return max(MIN_SIDE, round(value / 2) * 2)


def _usual_size(probes: Sequence[Probe]) -> tuple[int, int]:
    shapes: dict[int, float] = defaultdict(float)
    sizes: dict[tuple[int, int], float] = defaultdict(float)
    for probe in probes:
        width, height = probe.video.width, probe.video.height
        shapes[_orientation(width, height)] += probe.duration_s
        sizes[width, height] += probe.duration_s
    if not sizes:
        return DEFAULT_SIZE
    orientation = max(shapes, key=lambda shape: (shapes[shape], shape))
    width, height = max(
        (size for size in sizes if _orientation(*size) == orientation),
        key=lambda size: (sizes[size], size[0] * size[1]),
    )
    shrink = min(1.0, AUTO_LONGEST_SIDE / max(width, height))
    return _even(width * shrink), _even(height * shrink)


def _orientation(width: int, height: int) -> int:
    return (width > height) - (width < height)


def _usual_rate(probes: Sequence[Probe]) -> Fraction:
    rates: dict[Fraction, float] = defaultdict(float)
    for probe in probes:
        rates[snap_rate(probe.video.fps)] += probe.duration_s
    return max(rates, key=lambda rate: (rates[rate], rate)) if rates else DEFAULT_FPS
