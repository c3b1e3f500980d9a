"""Colours as a player takes them: what a clip leaves unsaid is filled in (ITU-T H.273)."""

from playhead.media.mp4.movie import Colour

UNSPECIFIED = 2
HDR_TRANSFERS = (16, 18)
"""SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)."""

_HD_LINES = 720
_SAME_TRANSFER = (1, 6, 14, 15)  # one curve under four numbers: H.273 table 3
_601_MATRICES = (5, 6)  # one matrix under two numbers: H.273 table 4
_601_PRIMARIES = (5, 6)  # 625 and 525 lines


def settle(colour: Colour, lines: int) -> Colour:
    """Fill in what is not said, and use one number where several mean the same.

    Unsaid means BT.709 from 720 lines up and BT.601 below, as browsers and televisions take it; what is said about
    the matrix or the primaries decides for the rest.
    """
    said = colour.matrix if colour.matrix != UNSPECIFIED else colour.primaries
    small = lines < _HD_LINES if said == UNSPECIFIED else said in _601_MATRICES
    default = 6 if small else 1
    primaries, transfer, matrix = (
        default if value == UNSPECIFIED else value for value in (colour.primaries, colour.transfer, colour.matrix)
    )
    matrix = 6 if matrix in _601_MATRICES else matrix
    if transfer in _SAME_TRANSFER:
        transfer = 6 if matrix == 6 else 1
    return Colour(primaries, transfer, matrix, colour.full_range)


def usual(colour: Colour) -> bool:
    """Tell whether a settled colour is BT.709 or BT.601, which a reel can have."""
    shape = (colour.transfer, colour.matrix)
    return (colour.primaries == 1 and shape == (1, 1)) or (colour.primaries in _601_PRIMARIES and shape == (6, 6))
