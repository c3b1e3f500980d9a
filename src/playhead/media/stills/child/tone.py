"""Tone mapping of coded colours to what a JPEG can show, by one 3D table: high dynamic range, rare matrices.

Not a colourist's work, but neither grey nor burnt: diffuse white (203 cd/m2, ITU-R BT.2408) lands at 80 % of the
light that a screen gives, what is brighter is rolled off above it.
"""

import math
from functools import cache

from PIL import Image, ImageFilter

from playhead.media.colours import HDR_TRANSFERS
from playhead.media.mp4.movie import Colour

PQ = 16  # ITU-T H.273 table 3: SMPTE ST 2084
_YCGCO, _ICTCP = 8, 14  # table 4

PLANAR = frozenset((_YCGCO, _ICTCP))
"""Matrices that are undone here, from planes of full range."""

_STEPS = 21
"""Steps of the table in each direction: 9,261 colours take 40 ms, and Pillow interpolates between them."""

_WHITE = 203.0  # cd/m2
_PEAK = 1000.0 / _WHITE
"""Light that is mapped to full, as a multiple of diffuse white."""

_Colour = tuple[float, float, float]
_Matrix = tuple[_Colour, _Colour, _Colour]

_FROM_P3: _Matrix = ((1.2249, -0.2249, 0.0), (-0.0420, 1.0420, 0.0), (-0.0197, -0.0786, 1.0983))
_TO_BT709: dict[int, _Matrix] = {
    9: ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187)),
    11: _FROM_P3,
    12: _FROM_P3,
}
"""Light in other primaries to light in BT.709: BT.2020 (ITU-R BT.2407), P3."""

_FROM_YCGCO: _Matrix = ((1.0, -1.0, 1.0), (1.0, 1.0, 0.0), (1.0, -1.0, -1.0))
_FROM_ICTCP: dict[bool, _Matrix] = {
    True: ((1.0, 0.008609, 0.111030), (1.0, -0.008609, -0.111030), (1.0, 0.560031, -0.320627)),
    False: ((1.0, 0.015719, 0.209581), (1.0, -0.015719, -0.209581), (1.0, 1.021271, -0.605274)),
}
"""To coded long, middle and short: of PQ, of HLG (ITU-R BT.2100 table 7)."""

_FROM_LMS: _Matrix = (
    (3.436607, -2.506452, 0.069845),
    (-0.791330, 1.983600, -0.192271),
    (-0.025950, -0.098914, 1.124864),
)
"""Light that cones see to light in BT.2020."""


def from_coded(image: Image.Image, colour: Colour) -> Image.Image:
    """An image as a screen shows it; one that needs no mapping is returned as it is.

    Args:
        image: Red, green and blue; of a matrix in ``PLANAR`` its three planes.
        colour: As `settle` fills it in.
    """
    if colour.transfer not in HDR_TRANSFERS and colour.matrix not in PLANAR:
        return image
    return image.filter(_table(colour.transfer, colour.primaries, colour.matrix))


@cache
def _table(transfer: int, primaries: int, matrix: int) -> ImageFilter.Color3DLUT:
    def shown(first: float, second: float, third: float) -> _Colour:
        coded = first, second, third
        if matrix == _YCGCO:
            coded = _times(_FROM_YCGCO, (first, second - 0.5, third - 0.5))
        if transfer not in HDR_TRANSFERS:
            return coded
        light = _ictcp_light(coded, transfer) if matrix == _ICTCP else _light(coded, transfer)
        if primaries in _TO_BT709:
            light = _times(_TO_BT709[primaries], light)
        red, green, blue = (_srgb(_rolled_off(max(0.0, value))) for value in light)
        return red, green, blue

    return ImageFilter.Color3DLUT.generate(_STEPS, shown)


def _times(matrix: _Matrix, colour: _Colour) -> _Colour:
    first, second, third = (sum(map(math.prod, zip(row, colour, strict=True))) for row in matrix)
    return first, second, third


def _ictcp_light(coded: _Colour, transfer: int) -> _Colour:
    intensity, blue_yellow, red_green = coded
    cones = _times(_FROM_ICTCP[transfer == PQ], (intensity, blue_yellow - 0.5, red_green - 0.5))
    return _times(_FROM_LMS, _light(cones, transfer))


def _light(coded: _Colour, transfer: int) -> _Colour:
    first, second, third = map(_pq_light if transfer == PQ else _hlg_light, coded)
    return first, second, third


@cache
def _pq_light(coded: float) -> float:
    # SMPTE ST 2084, as a multiple of diffuse white.
    root = min(1.0, max(0.0, coded)) ** (32 / 2523)
    linear = max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return float(10_000.0 * linear ** (8192 / 1305) / _WHITE)


@cache
def _hlg_light(coded: float) -> float:
    # ITU-R BT.2100: scene light, then the system gamma of a 1000 cd/m2 screen.
    coded = min(1.0, max(0.0, coded))
    scene = coded * coded / 3 if coded <= 0.5 else (math.exp((coded - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return float(1000.0 * scene**1.2 / _WHITE)


def _rolled_off(light: float) -> float:
    # Reinhard's curve with a white point: straight in the shadows, 1 at the peak.
    return min(1.0, 1.6 * light * (1 + light / (_PEAK * _PEAK)) / (1 + light))


def _srgb(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
