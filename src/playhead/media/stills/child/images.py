"""Images from decoded frames: upright, with square pixels, in colours that any screen shows, compressed."""

import io
from dataclasses import replace
from typing import Any

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation
from PIL import Image, ImageOps

from playhead.media.colours import scaled_matrix, settle
from playhead.media.mp4.movie import Colour
from playhead.media.orientation import UPRIGHT, Orientation, orientation
from playhead.media.stills.child.tone import PLANAR, from_coded
from playhead.media.transparency import is_transparent

DARK, BRIGHT, DEVIATION = 28.0, 228.0, 10.0
"""Bounds of mean luma and mean deviation from it, of 255: outside these a frame is black, white or a plain card."""

_SIDE = 48


def liveliness(frame: VideoFrame) -> tuple[bool, float]:
    """Whether a frame shows something, and a score to compare those that do not."""
    mean, deviation = _luma(frame)
    return DARK <= mean <= BRIGHT and deviation >= DEVIATION, deviation + min(mean, 255 - mean) / 8


def _luma(frame: VideoFrame) -> tuple[float, float]:
    pixels = _drawn(frame, (_SIDE, _SIDE)).convert("L").tobytes()
    mean = sum(pixels) / len(pixels)
    return mean, sum(abs(value - mean) for value in pixels) / len(pixels)


def upright(frame: VideoFrame, pixel_aspect: float, width: int, height: int | None = None) -> Image.Image:
    """A frame as it is meant to be seen, within a width and a height in pixels, never enlarged.

    Args:
        pixel_aspect: Width of a stored pixel over its height.
    """
    shown = round(frame.width * pixel_aspect), frame.height
    way = _orientation(frame)
    across, down = (shown[1], shown[0]) if way.swaps_sides else shown
    shrink = min(1.0, width / across, height / down if height else 1.0)
    size = max(2, round(shown[0] * shrink)), max(2, round(shown[1] * shrink))
    return _turned(_drawn(frame, size), way)


def _orientation(frame: VideoFrame) -> Orientation:
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    return UPRIGHT if matrix is None else orientation(bytes(matrix), byte_order="=")


def _turned(image: Image.Image, way: Orientation) -> Image.Image:
    image = ImageOps.mirror(image) if way.mirrored else image
    quarter = way.rotation % 90 == 0
    return image.rotate(-way.rotation, Image.Resampling.BICUBIC, expand=quarter) if way.rotation else image


def _drawn(frame: VideoFrame, size: tuple[int, int]) -> Image.Image:
    """A frame as it is stored, in the colours of a screen, scaled to a size in pixels; transparent parts are black."""
    colour = settle(_tagged(frame), frame.height)
    if not is_transparent(frame):
        return from_coded(_planes(frame, colour, size), colour)
    whole = _planes(frame, colour, (frame.width, frame.height), alpha=True)
    black = Image.new("RGB", whole.size)
    colour = replace(colour, matrix=scaled_matrix(colour))
    black.paste(from_coded(whole.convert("RGB"), colour), mask=whole.getchannel("A"))
    return black.resize(size, Image.Resampling.BOX)  # not before: hidden colours would bleed over the edges


def _tagged(frame: VideoFrame) -> Colour:
    full_range = frame.color_range == ColorRange.JPEG
    return Colour(int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace), full_range)


def _planes(frame: VideoFrame, colour: Colour, size: tuple[int, int], *, alpha: bool = False) -> Image.Image:
    """Scaled red, green and blue; the three planes as they are where the matrix is one that `from_coded` knows."""
    matrix = scaled_matrix(colour)
    said, frame.colorspace = frame.colorspace, matrix
    try:
        scaled = frame.reformat(
            width=size[0],
            height=size[1],
            format="rgba" if alpha else "yuv444p" if colour.matrix in PLANAR else "rgb24",
            src_colorspace=matrix,
            src_color_range=frame.color_range or None,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA,
            threads=1,
        )
    finally:
        frame.colorspace = said
    bands = ["RGBA" if alpha else "RGB"] if len(scaled.planes) == 1 else ["L"] * 3
    images = [
        Image.frombuffer(band, size, bytes(plane), "raw", band, plane.line_size, 1)
        for band, plane in zip(bands, scaled.planes, strict=True)
    ]
    return images[0] if len(images) == 1 else Image.merge("RGB", images)


def jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Compress an image as JPEG."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """Compress an image as PNG, without loss."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)  # a fifth larger than the best, in a fifth of the time
    return out.getvalue()


def animated_webp(images: list[Image.Image], each_ms: int, quality: int) -> bytes:
    """Compress images into an endless animation."""
    out = io.BytesIO()
    images[0].save(
        out, "WEBP", save_all=True, append_images=images[1:], duration=each_ms, loop=0, quality=quality, method=2
    )
    return out.getvalue()
