"""How a decoded picture becomes one to look at: upright, in shape, in colours that any screen shows, compressed."""

import io
from typing import Any

from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from PIL import Image, ImageOps

from playhead.media.orientation import UPRIGHT, Orientation, orientation
from playhead.media.stills.child.tone import from_hdr

DARK, BRIGHT, SPREAD = 28.0, 228.0, 10.0
"""Mean luma and mean distance from it, of 255: outside these a picture is black, white or a plain card."""

_SIDE = 48


def liveliness(frame: VideoFrame) -> tuple[bool, float]:
    """Tell whether a picture shows something, and how much compared with others that do not."""
    mean, spread = _luma(frame)
    return DARK <= mean <= BRIGHT and spread >= SPREAD, spread + min(mean, 255 - mean) / 8


def _luma(frame: VideoFrame) -> tuple[float, float]:
    plane = frame.reformat(width=_SIDE, height=_SIDE, format="gray", threads=1).planes[0]
    rows = bytes(plane)
    pixels = b"".join(rows[at : at + _SIDE] for at in range(0, plane.line_size * _SIDE, plane.line_size))
    mean = sum(pixels) / len(pixels)
    return mean, sum(abs(value - mean) for value in pixels) / len(pixels)


def upright(frame: VideoFrame, stretch: float, width: int, height: int | None = None) -> Image.Image:
    """Draw a picture as it is meant to be seen, within a width and a height in pixels, never enlarged.

    Args:
        stretch: Width of a stored pixel over its height.
    """
    shown = round(frame.width * stretch), frame.height
    way = _orientation(frame)
    across, down = (shown[1], shown[0]) if way.swaps_sides else shown
    shrink = min(1.0, width / across, height / down if height else 1.0)
    size = max(2, round(shown[0] * shrink)), max(2, round(shown[1] * shrink))
    return _turned(_rgb(frame, size), way)


def _orientation(frame: VideoFrame) -> Orientation:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return UPRIGHT if matrix is None else orientation(bytes(matrix), byte_order="=")


def _turned(image: Image.Image, way: Orientation) -> Image.Image:
    image = ImageOps.mirror(image) if way.mirrored else image
    quarter = way.rotation % 90 == 0
    return image.rotate(-way.rotation, Image.Resampling.BICUBIC, expand=quarter) if way.rotation else image


def _rgb(frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
    # Unmarked pictures are taken as every player takes them: high definition as BT.709, smaller ones as BT.601.
    space = frame.colorspace if frame.colorspace != _UNSPECIFIED else None
    unmarked = Colorspace.ITU709 if frame.height >= 720 else Colorspace.ITU601
    scaled = frame.reformat(
        width=size[0],
        height=size[1],
        format="rgb24",
        src_colorspace=space if space is not None else unmarked,
        src_color_range=frame.color_range or None,
        interpolation=Interpolation.AREA,
        threads=1,
    )
    image: Image.Image = scaled.to_image()  # type: ignore[no-untyped-call]
    return from_hdr(image, int(frame.color_trc or 0), int(frame.color_primaries or 0))


_UNSPECIFIED = 2  # ITU-T H.273 table 4


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Compress a picture."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def animated_webp(images: list[Image.Image], each_ms: int, quality: int) -> bytes:
    """Compress pictures into one that moves, for ever."""
    out = io.BytesIO()
    images[0].save(
        out, "WEBP", save_all=True, append_images=images[1:], duration=each_ms, loop=0, quality=quality, method=2
    )
    return out.getvalue()
