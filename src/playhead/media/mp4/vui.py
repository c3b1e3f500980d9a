"""Video usability information, common to H.264 and HEVC: pixel aspect and colour (annex E of each)."""

from typing import NamedTuple

from playhead.media.mp4.bits import BitReader
from playhead.media.mp4.movie import Colour

_ASPECTS = (
    (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
    (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
)  # fmt: skip
_EXTENDED = 255


class Vui(NamedTuple):
    """The first fields of video usability information; None where it says nothing."""

    pixel_aspect: tuple[int, int] | None = None
    colour: Colour | None = None


def read_vui(bits: BitReader) -> Vui:
    """Read as far as both standards agree: up to the place of chroma samples."""
    aspect = _aspect(bits) if bits.flag() else None
    if bits.flag():
        bits.skip(1)
    colour = _colour(bits) if bits.flag() else None
    if bits.flag():
        bits.ue()
        bits.ue()
    return Vui(aspect, colour)


def _aspect(bits: BitReader) -> tuple[int, int] | None:
    code = bits.u(8)
    if code == _EXTENDED:
        across, down = bits.u(16), bits.u(16)
        return (across, down) if across and down else None
    return _ASPECTS[code - 1] if 0 < code <= len(_ASPECTS) else None


def _colour(bits: BitReader) -> Colour:
    bits.skip(3)
    full = bits.flag()
    if not bits.flag():
        return Colour(full_range=full)
    return Colour(bits.u(8), bits.u(8), bits.u(8), full_range=full)


def sized(coded: tuple[int, int], crop: tuple[int, int, int, int], unit: tuple[int, int]) -> tuple[int, int]:
    """Width and height once the edges are cut.

    Args:
        crop: Left, right, top, bottom, in *unit* pixels.
    """
    return coded[0] - unit[0] * (crop[0] + crop[1]), coded[1] - unit[1] * (crop[2] + crop[3])
