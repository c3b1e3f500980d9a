"""Images as frames of the reel, and the watermark: untrusted files, decoded once."""

import warnings
from collections.abc import Mapping

from PIL import Image, ImageFilter, ImageOps

from playhead.media.edit.model import Crop, Watermark
from playhead.media.edit.segments import Shown
from playhead.media.text.draw import draw_card
from playhead.media.text.faces import Faces

_FILTER = Image.Resampling.LANCZOS
_BLUR_SHARE = 8


class ImageBroken(Exception):
    """An image that cannot be decoded."""

    def __init__(self, image_id: str) -> None:
        super().__init__(image_id)
        self.image_id = image_id


def still_of(
    shown: Shown, images: Mapping[str, int], size: tuple[int, int], background: str, faces: Faces
) -> Image.Image:
    """A whole frame: a card, or an image as its framing says.

    Args:
        images: Descriptors by id.
        background: Of the reel, where the framing has none.
    """
    if shown.card is not None:
        return draw_card(shown.card, *size, faces).image.convert("RGB")
    framing = shown.framing
    ground = Image.new("RGB", size, framing.background or background)
    image = _cropped(_opened(shown.source_id, images), framing.crop)
    if framing.fit == "fill":
        ground.paste(*_laid(ImageOps.fit(image, size, _FILTER), (0, 0)))
        return ground
    if framing.fit == "blur":
        ground.paste(*_laid(_blurred(image, size), (0, 0)))
    fitted = _contained(image, size)
    place = ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2)
    ground.paste(*_laid(fitted, place))
    return ground


def mark_of(mark: Watermark, images: Mapping[str, int], size: tuple[int, int]) -> tuple[Image.Image, int, int]:
    """The watermark at its size and opacity, with its place in the frame; even, as colour is subsampled."""
    image = _opened(mark.image_id, images)
    width = min(size[0], _even(mark.width * size[0]))
    height = min(size[1], _even(width * image.height / image.width))
    image = image.resize((width, height), _FILTER)
    image.putalpha(image.getchannel("A").point([round(value * mark.opacity) for value in range(256)]))
    margin = round(mark.margin * min(size))
    x = margin if mark.corner.endswith("left") else size[0] - width - margin
    y = margin if mark.corner.startswith("top") else size[1] - height - margin
    return image, max(0, x) // 2 * 2, max(0, y) // 2 * 2


def _opened(image_id: str, images: Mapping[str, int]) -> Image.Image:
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with open(images[image_id], "rb", closefd=False) as file:
            file.seek(0)
            with Image.open(file) as image:
                return ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageBroken(image_id) from error


def _cropped(image: Image.Image, crop: Crop | None) -> Image.Image:
    if crop is None:
        return image
    left, top = round(crop.x * image.width), round(crop.y * image.height)
    right = max(left + 1, round((crop.x + crop.width) * image.width))
    bottom = max(top + 1, round((crop.y + crop.height) * image.height))
    return image.crop((left, top, right, bottom))


def _contained(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    share = min(size[0] / image.width, size[1] / image.height)
    return image.resize((min(size[0], _even(image.width * share)), min(size[1], _even(image.height * share))), _FILTER)


def _blurred(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    small = (max(2, size[0] // _BLUR_SHARE), max(2, size[1] // _BLUR_SHARE))
    soft = ImageOps.fit(image, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(min(small) * 0.06))
    return soft.resize(size, Image.Resampling.BICUBIC)


def _laid(image: Image.Image, place: tuple[int, int]) -> tuple[Image.Image, tuple[int, int], Image.Image]:
    return image, place, image.getchannel("A")


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
