"""Image files from outside: examined and shrunk by the decoder process, as no decoder is safe with them."""

from dataclasses import dataclass
from typing import Any, Final

from playhead.errors import InvalidInput
from playhead.media.stills.errors import NoStill
from playhead.media.stills.pool import StillsPool

MAX_IMAGE_PIXELS: Final = 50_000_000
"""Most pixels of an image: 8192 x 6144, decoded in 200 MB. Generators take at most 4K."""

THUMBNAIL_WIDTHS: Final = (320, 960)
"""Widths of the thumbnails of an image in pixels; they are never enlarged."""

POSTER_WIDTH: Final = 1280
"""Width of a poster that is made from an image, in pixels; never enlarged."""

_TYPES = frozenset({"image/png", "image/jpeg", "image/webp"})
_MOST_BYTES = 80 << 20
"""Of the thumbnails and the first frame of an animation."""

_KINDS = "PNG, JPEG, WebP and GIF"


class UnreadableImage(InvalidInput):
    """A file that is not an image, or not one that can be used; the sentence is meant for its owner."""

    code = "unreadable_image"
    title = "This file cannot be read as an image"


@dataclass(frozen=True, slots=True)
class ExaminedImage:
    """An image that was decoded whole.

    Attributes:
        content_type: Of what is to be stored.
        width, height: As displayed. Pixels.
        thumbnails: WebP by width, of `THUMBNAIL_WIDTHS`.
        frame: PNG to be stored instead of the file: the first frame of an animation. None: the file itself.
    """

    content_type: str
    width: int
    height: int
    thumbnails: dict[int, bytes]
    frame: bytes | None


async def examine_image(pool: StillsPool, file: int) -> ExaminedImage:
    """Decode an image file.

    Args:
        file: Descriptor of a regular file; it stays the caller's.

    Raises:
        UnreadableImage: not an image that can be used, and why.
        StillsBusy: too many are being decoded.
    """
    request = {"operation": "image", "max_pixels": MAX_IMAGE_PIXELS, "widths": THUMBNAIL_WIDTHS}
    try:
        async with pool.turn():
            facts, blob = await pool.run(file, request, most_bytes=_MOST_BYTES)
    except NoStill as error:
        raise UnreadableImage(
            "Decoding this image takes more time or memory than it may.", hint="Save it anew, or smaller."
        ) from error
    if "refused" in facts:
        raise _refusal(facts)
    return _read(facts, blob)


async def poster_of_image(pool: StillsPool, file: int) -> bytes:
    """JPEG of an image that was examined before, at most `POSTER_WIDTH` wide, what is transparent over black.

    Raises:
        UnreadableImage: it cannot be decoded any more.
        StillsBusy: too many are being decoded.
    """
    request = {"operation": "cover", "max_pixels": MAX_IMAGE_PIXELS, "width": POSTER_WIDTH}
    try:
        async with pool.turn():
            facts, blob = await pool.run(file, request, most_bytes=_MOST_BYTES)
    except NoStill as error:
        raise _damaged() from error
    if "refused" in facts or not blob:
        raise _refusal(facts) if "refused" in facts else _damaged()
    return blob


def _read(facts: dict[str, Any], blob: bytes) -> ExaminedImage:
    """Read an answer; the child has read hostile bytes, so it is not trusted to be well formed."""
    try:
        content_type, width, height = str(facts["content_type"]), int(facts["width"]), int(facts["height"])
        sizes = [int(size) for size in facts["sizes"]]
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged() from error
    well_formed = content_type in _TYPES and 0 < width * height <= MAX_IMAGE_PIXELS
    if not well_formed or len(sizes) != len(THUMBNAIL_WIDTHS) or min(sizes) <= 0 or sum(sizes) > len(blob):
        raise _damaged()
    thumbnails, at = {}, 0
    for thumbnail_width, size in zip(THUMBNAIL_WIDTHS, sizes, strict=True):
        thumbnails[thumbnail_width] = blob[at : at + size]
        at += size
    return ExaminedImage(content_type, width, height, thumbnails, blob[at:] or None)


def _refusal(facts: dict[str, Any]) -> UnreadableImage:
    if facts["refused"] == "unknown":
        return UnreadableImage(
            f"This file is not an image that can be read. {_KINDS} are.",
            hint="Convert it to PNG or JPEG, then upload it again.",
            code="not_an_image",
            title="This is not an image",
        )
    if facts["refused"] == "large":
        return UnreadableImage(
            f"The image has {facts.get('width')} x {facts.get('height')} pixels; at most {MAX_IMAGE_PIXELS:,} in all "
            "are read.",
            hint="Make it smaller, then upload it again.",
            code="image_dimensions_too_large",
            title="Image size too large",
        )
    return _damaged()


def _damaged() -> UnreadableImage:
    return UnreadableImage(
        "The image is damaged: it could not be decoded to its end.", hint="Copy or save it anew.", code="image_damaged"
    )
