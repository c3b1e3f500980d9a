"""Colours as a player takes them: unspecified code points are filled in (ITU-T H.273)."""

from playhead.media.mp4.movie import Colour

UNSPECIFIED = 2
HDR_TRANSFERS = (16, 18)
"""SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)."""

BT709, BT601, BT2020 = 1, 6, 9
"""Code points that primaries and matrix have in common; BT.601 with 525 lines."""

SCALED = frozenset((1, 4, 5, 6, 7, 9))
"""Matrices that libswscale reads; it refuses frames that are tagged with another (FFmpeg 9)."""

_HD_LINES = 720
_RESERVED = (0, 3)
_SAME_TRANSFER = (1, 6, 14, 15)  # one curve under four numbers: H.273 table 3
_601_MATRICES = (5, 6)  # one matrix under two numbers: H.273 table 4
_601_PRIMARIES = (5, 6)  # 625 and 525 lines
_2020_MATRICES = (9, 10, 14)  # and ICtCp, which is defined on the same primaries


def settle(colour: Colour, lines: int) -> Colour:
    """A colour whose unspecified code points are filled in, with one number for those that mean the same.

    The matrix, else the primaries, decides for the rest. If neither is specified, HDR is BT.2020; anything else is
    BT.709 from 720 lines up and BT.601 below, as browsers and televisions take it.
    """
    primaries, transfer = (
        UNSPECIFIED if value in _RESERVED else value for value in (colour.primaries, colour.transfer)
    )
    matrix = colour.matrix
    default = _default(matrix if matrix != UNSPECIFIED else primaries, lines, hdr=transfer in HDR_TRANSFERS)
    primaries = default if primaries == UNSPECIFIED else primaries
    matrix = default if matrix == UNSPECIFIED else BT601 if matrix in _601_MATRICES else matrix
    if transfer == UNSPECIFIED or transfer in _SAME_TRANSFER:
        transfer = BT601 if matrix == BT601 else BT709
    return Colour(primaries, transfer, matrix, colour.full_range)


def _default(said: int, lines: int, *, hdr: bool) -> int:
    if said == UNSPECIFIED:
        return BT2020 if hdr else BT709 if lines >= _HD_LINES else BT601
    if said in _601_MATRICES:
        return BT601
    return BT2020 if said in _2020_MATRICES or (hdr and said != BT709) else BT709


def scaled_matrix(colour: Colour) -> int:
    """Matrix of a settled colour if libswscale reads it, else the one that belongs to its primaries."""
    if colour.matrix in SCALED:
        return colour.matrix
    return BT2020 if colour.primaries == BT2020 or colour.transfer in HDR_TRANSFERS else BT709


def usual(colour: Colour) -> bool:
    """Whether a settled colour is BT.709 or BT.601, which a reel can have."""
    shape = (colour.transfer, colour.matrix)
    return (colour.primaries == 1 and shape == (1, 1)) or (colour.primaries in _601_PRIMARIES and shape == (6, 6))
