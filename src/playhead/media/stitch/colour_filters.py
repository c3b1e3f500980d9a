"""FFmpeg filters that make of a clip's colours, whatever they are, what the rest of a filter graph can work with."""

from dataclasses import replace

from playhead.media.colours import HDR_TRANSFERS, SCALED, UNSPECIFIED, scaled_matrix, settle
from playhead.media.stitch.plan import ClipPlan

_GBR = 0
_CONSTANT_LUMINANCE = 10
_ZSCALE = frozenset((8, 10, 12, 14))
"""Matrices that only ``zscale`` reads: YCgCo, constant luminance (not of PQ and HLG), chroma derived, ICtCp."""

_ALPHA = "premultiply=inplace=1,lutrgb=a=negval,colorchannelmixer=ra={:.6f}:ga={:.6f}:ba={:.6f},format=gbrp"
"""Colour times alpha, plus background times what alpha leaves of it."""


def named_colours(clip: ClipPlan) -> list[str]:
    """Name the colours of HDR and of rare matrices, which no filter guesses; bring the latter to a common matrix.

    Nothing for SDR of a matrix that is read anyway or not said, nor where only ffmpeg knows the colours.
    """
    colour = settle(clip.colour, clip.height)
    if not clip.height or clip.hdr != (colour.transfer in HDR_TRANSFERS):
        return []
    if not clip.hdr and clip.colour.matrix in (_GBR, UNSPECIFIED, *SCALED):
        return []
    rare = colour.matrix in _ZSCALE and not (clip.hdr and colour.matrix == _CONSTANT_LUMINANCE)
    plain = scaled_matrix(colour)
    names = f"color_primaries={colour.primaries}:color_trc={colour.transfer}"
    names += f":colorspace={colour.matrix if rare else plain}"
    if colour.matrix != _GBR:  # red, green and blue have full range whatever they are tagged with
        names += f":range={'pc' if colour.full_range else 'tv'}"
    return [f"setparams={names}", *([f"zscale=m={plain}"] if rare else [])]


def unsaid_matrix(clip: ClipPlan) -> int | None:
    """The matrix to read a clip with that does not say it; None where it does, or where only ffmpeg knows."""
    if not clip.height or clip.colour.matrix not in (_GBR, UNSPECIFIED):
        return None
    return settle(replace(clip.colour, matrix=UNSPECIFIED), clip.height).matrix


def laid_on(background: str) -> str:
    """Lay pictures with alpha on a colour.

    Blends red, green and blue as coded, before any scaling: neither does what is hidden bleed over the edges, nor does
    chroma of fewer samples smear them.

    Args:
        background: ``#rrggbb``.
    """
    red, green, blue = (int(background[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "format=gbrap," + _ALPHA.format(red, green, blue)
