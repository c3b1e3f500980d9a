"""Orientation of a stored frame, from the 3x3 matrix of a track header or of a decoded frame."""

import math
import struct
from typing import NamedTuple

UNITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
"""The matrix that leaves a frame as it is stored."""

_SHIFTS = (16, 16, 30)
"""Fraction bits of the three columns: two of 16.16, one of 2.30."""


class Orientation(NamedTuple):
    """The steps that a stored frame takes before it is shown, in this order.

    Attributes:
        mirrored: Flip it left to right.
        rotation: Whole degrees to turn it clockwise, 0 to 359. A quarter turn swaps width and height; any other angle
            leaves the size as it is and the corners black, as FFmpeg's autorotate does.
    """

    rotation: int = 0
    mirrored: bool = False

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.rotation in (90, 270)


UPRIGHT = Orientation()


def orientation(matrix: bytes, *, byte_order: str = ">") -> Orientation:
    """Read a matrix by the rules of FFmpeg's autorotate, so that stills, probes and reels agree.

    Translation and scale do not count, angles are rounded to degrees. A matrix that maps the frame to a line or a
    point (all zero, as some muxers write it) is ignored: the frame is upright.

    Args:
        matrix: 36 bytes: a, b, u, c, d, v, x, y, w of ISO/IEC 14496-12 section 8.3.2, as in libav's display matrix;
            a shorter one is ignored.
        byte_order: Byte order as in `struct`: ``>`` in a file, ``=`` in libav's memory.
    """
    if len(matrix) < 36:
        return UPRIGHT
    a, b, _, c, d = struct.unpack_from(f"{byte_order}5i", matrix)
    across, down = math.hypot(a, c), math.hypot(b, d)
    if not across or not down:
        return UPRIGHT
    degrees = round(math.degrees(math.atan2(b / down, a / across))) % 360
    if degrees % 90 or a * d >= b * c:
        return Orientation(degrees)
    return Orientation((degrees + 180) % 360, mirrored=True)


def combined(track: bytes, movie: bytes) -> bytes:
    """The matrix of a track followed by the one of its movie header, 36 bytes each, as stored; usually the first."""
    if movie == UNITY or len(movie) < 36 or len(track) < 36:
        return track
    first, then = struct.unpack(">9i", track), struct.unpack(">9i", movie)
    product = (
        sum(first[row * 3 + step] * then[step * 3 + column] >> _SHIFTS[step] for step in range(3))
        for row in range(3)
        for column in range(3)
    )
    return struct.pack(">9I", *(number & 0xFFFFFFFF for number in product))
