"""Image files from outside: decoded whole, once, so that whatever is stored can be shown."""

import io
import os
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from playhead.media.stills.child.images import jpeg, png

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""Formats that are read."""

_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
"""Media types; MPO is what many cameras write as JPEG, with a second image behind the first."""

_MOVING = ("PNG", "WEBP", "GIF")
_QUALITY = 80
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)
"""What Pillow raises for damaged files."""


def read_image(file: int, *, max_pixels: int, widths: Sequence[int]) -> tuple[dict[str, Any], bytes]:
    """Facts of an image and its thumbnails as WebP, one after the other; what cannot be read is a fact, too.

    Returns:
        ``refused`` with a reason; or ``content_type``, ``width`` and ``height`` as displayed, ``sizes`` of the
        thumbnails in bytes, and ``frame``: whether the rest is the first frame of something that moves, as PNG.
    """
    return _guarded(file, lambda stream: _read(stream, max_pixels, widths))


def read_cover(file: int, *, max_pixels: int, width: int) -> tuple[dict[str, Any], bytes]:
    """JPEG of an image within a width; what cannot be read is a fact, as in `read_image`."""

    def cover(stream: io.BufferedReader) -> tuple[dict[str, Any], bytes]:
        shown = _within(_shown(_loaded(stream, max_pixels)[0]), width)
        flat = Image.new("RGB", shown.size)
        flat.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
        return {"size": flat.size}, jpeg(flat)

    return _guarded(file, cover)


def _guarded(
    file: int, read: Callable[[io.BufferedReader], tuple[dict[str, Any], bytes]]
) -> tuple[dict[str, Any], bytes]:
    with suppress(OSError):
        os.lseek(file, 0, os.SEEK_SET)
    with os.fdopen(os.dup(file), "rb") as stream:
        try:
            return read(stream)
        except UnidentifiedImageError:
            return {"refused": "unknown"}, b""
        except _TooLarge as error:
            return {"refused": "large", "width": error.width, "height": error.height}, b""
        except _DAMAGED:
            return {"refused": "damaged"}, b""


class _TooLarge(Exception):
    """An image with too many pixels."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self.width, self.height = width, height


def _read(stream: io.BufferedReader, max_pixels: int, widths: Sequence[int]) -> tuple[dict[str, Any], bytes]:
    image, content_type, moves = _loaded(stream, max_pixels)
    shown = _shown(image)
    thumbnails = [_webp(_within(shown, width)) for width in widths]
    facts = {"width": image.width, "height": image.height, "sizes": list(map(len, thumbnails)), "frame": moves}
    return {**facts, "content_type": "image/png" if moves else content_type}, b"".join(
        [*thumbnails, *([png(shown)] if moves else [])]
    )


def _loaded(stream: io.BufferedReader, max_pixels: int) -> tuple[Image.Image, str, bool]:
    """An upright image, its media type, and whether it moves."""
    Image.MAX_IMAGE_PIXELS = None  # the limit here is ours, and comes before the first pixel
    with Image.open(stream, formats=FORMATS) as opened:
        if opened.width * opened.height > max_pixels:
            raise _TooLarge(opened.width, opened.height)
        content_type, moves = _TYPES[str(opened.format)], _moves(opened)
        opened.load()
        return ImageOps.exif_transpose(opened), content_type, moves


def _moves(opened: Image.Image) -> bool:
    """Whether its first frame is stored instead: generators take no animations, and few of them a GIF."""
    return opened.format in _MOVING and (opened.format == "GIF" or getattr(opened, "n_frames", 1) > 1)


def _shown(image: Image.Image) -> Image.Image:
    """The image in 8 bits of red, green and blue, with its transparency."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _within(image: Image.Image, width: int) -> Image.Image:
    """The image within a width and twice that height, never enlarged."""
    shrink = min(1.0, width / image.width, 2 * width / image.height)
    size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
    return image if shrink == 1 else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()
