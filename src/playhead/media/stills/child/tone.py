"""High dynamic range brought down to what a JPEG can show, by one table over all three colours.

Not a colourist's work, but neither grey nor burnt: diffuse white (203 cd/m2, ITU-R BT.2408) lands at 80 % of the
light that a screen gives, what is brighter is rolled off above it.
"""

import math
from functools import cache

from PIL import Image, ImageFilter

PQ, HLG = 16, 18  # ITU-T H.273 table 3: SMPTE ST 2084, ARIB STD-B67
_BT2020 = 9  # table 2

_STEPS = 21
"""Of the table in each direction: 9,261 colours take 40 ms, and between them Pillow interpolates."""

_WHITE = 203.0  # cd/m2
_PEAK = 1000.0 / _WHITE
"""Brighter than this, as a multiple of diffuse white, is full."""

_TO_BT709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
"""Light in BT.2020 to light in BT.709 (ITU-R BT.2407)."""

_Colour = tuple[float, float, float]


def from_hdr(image: Image.Image, transfer: int, primaries: int) -> Image.Image:
    """Give a picture of standard range; one that is so already is given back as it is."""
    return image.filter(_table(transfer, primaries)) if transfer in (PQ, HLG) else image


@cache
def _table(transfer: int, primaries: int) -> ImageFilter.Color3DLUT:
    light = _pq_light if transfer == PQ else _hlg_light
    axis = [light(step / (_STEPS - 1)) for step in range(_STEPS)]

    def shown(red: float, green: float, blue: float) -> _Colour:
        colour = tuple(axis[round(value * (_STEPS - 1))] for value in (red, green, blue))
        if primaries == _BT2020:
            colour = tuple(sum(map(math.prod, zip(row, colour, strict=True))) for row in _TO_BT709)
        first, second, third = (_srgb(_rolled_off(max(0.0, value))) for value in colour)
        return first, second, third

    return ImageFilter.Color3DLUT.generate(_STEPS, shown)


def _pq_light(coded: float) -> float:
    # SMPTE ST 2084, as a multiple of diffuse white.
    root = coded ** (32 / 2523)
    linear = max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return float(10_000.0 * linear ** (8192 / 1305) / _WHITE)


def _hlg_light(coded: float) -> float:
    # ITU-R BT.2100: scene light, then the system gamma of a 1000 cd/m2 screen.
    scene = coded * coded / 3 if coded <= 0.5 else (math.exp((coded - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return float(1000.0 * scene**1.2 / _WHITE)


def _rolled_off(light: float) -> float:
    # Reinhard's curve with a white point: straight in the shadows, 1 at the peak.
    return min(1.0, 1.6 * light * (1 + light / (_PEAK * _PEAK)) / (1 + light))


def _srgb(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
