"""High dynamic range brought down to what a JPEG can show: a table for the light, a matrix for the colours.

Not a colourist's work, but neither grey nor burnt: diffuse white of PQ (203 cd/m2, ITU-R BT.2408) lands at 80 % of
the range, what is brighter is rolled off above it.
"""

from functools import cache

from PIL import Image

PQ, HLG = 16, 18  # ITU-T H.273 table 3: SMPTE ST 2084, ARIB STD-B67
_BT2020 = 9  # table 2

_WHITE = 203.0  # cd/m2
_PEAK = 1000.0 / _WHITE
"""Brighter than this, as a multiple of diffuse white, is full."""

_TO_BT709 = (1.6605, -0.5876, -0.0728, 0.0, -0.1246, 1.1329, -0.0083, 0.0, -0.0182, -0.1006, 1.1187, 0.0)
"""Linear BT.2020 to linear BT.709 (ITU-R BT.2407). Used on coded values, where it is somewhat too weak: still far
nearer than no matrix at all."""


def from_hdr(image: Image.Image, transfer: int, primaries: int) -> Image.Image:
    """Give a picture of standard range; one that is so already is given back as it is."""
    if transfer not in (PQ, HLG):
        return image
    image = image.point(_table(transfer) * 3)
    return image.convert("RGB", _TO_BT709) if primaries == _BT2020 else image


@cache
def _table(transfer: int) -> list[int]:
    light = _pq_light if transfer == PQ else _hlg_light
    return [round(255 * _srgb(_rolled_off(light(value / 255)))) for value in range(256)]


def _pq_light(coded: float) -> float:
    # SMPTE ST 2084, as a multiple of diffuse white.
    root = coded ** (32 / 2523)
    linear = max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return float(10_000.0 * linear ** (8192 / 1305) / _WHITE)


def _hlg_light(coded: float) -> float:
    # ITU-R BT.2100: scene light, then the system gamma of a 1000 cd/m2 screen.
    scene = (
        coded * coded / 3 if coded <= 0.5 else (2.718281828 ** ((coded - 0.55991073) / 0.17883277) + 0.28466892) / 12
    )
    return float(1000.0 * scene**1.2 / _WHITE)


def _rolled_off(light: float) -> float:
    # Reinhard's curve with a white point: straight in the shadows, 1 at the peak.
    return min(1.0, light * (1 + light / (_PEAK * _PEAK)) / (1 + light) * 1.25)


def _srgb(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
