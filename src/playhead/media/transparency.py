"""Transparency of videos, as judged by the programs that decode, from objects of libav."""

from typing import Any

ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""Decoders of alpha in WebM, a second stream that libav's own decoders of these codecs leave out."""

_SIDE = 32
_VARIED = 16


def alpha_decoder(stream: Any) -> str | None:
    """The decoder that a video stream needs for its alpha; None for libav's default."""
    has_alpha = stream.metadata.get("alpha_mode") == "1"
    return ALPHA_DECODERS.get(stream.codec_context.codec.canonical_name) if has_alpha else None


def is_transparent(frame: Any) -> bool:
    """Whether a decoded frame has an alpha that counts.

    A fully transparent frame that yet holds an image comes from a recorder that left the fourth byte of its
    pixels at 0, as in AVI: that image is meant to be seen. An alpha with a plane of its own was put there on purpose.
    """
    if not any(component.is_alpha for component in frame.format.components):
        return False
    if len(frame.planes) > 1:
        return True
    plane = frame.reformat(width=_SIDE, height=_SIDE, format="rgba", threads=1).planes[0]
    rows = bytes(plane)
    pixels = b"".join(rows[at : at + 4 * _SIDE] for at in range(0, plane.line_size * _SIDE, plane.line_size))
    colours = (pixels[colour::4] for colour in range(3))
    return any(pixels[3::4]) or all(max(values) - min(values) < _VARIED for values in colours)
