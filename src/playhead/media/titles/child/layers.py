"""Layers of a title clip: cards and mark on transparent ground, a glow, and the image behind them."""

import json
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from playhead.media.titles.child.type_setting import Block, font_for, set_text

_GLOW_SIDE = 256
_MARK_ALPHA = 170


def main(request: bytes) -> int:
    """Draw what a request asks for into its folder; print where each layer goes."""
    wanted = json.loads(request)
    folder = Path(wanted["folder"])
    width, height = int(wanted["width"]), int(wanted["height"])
    image = wanted.get("image")
    if image is not None and not _background(int(image), (width, height), folder / "background.png"):
        print(json.dumps({"problem": "image"}))  # noqa: T201
        return 0
    _glow(tuple(wanted["glow"]), folder / "glow.png")
    cards = [_card(text, width, height, folder / f"card{number}.png") for number, text in enumerate(wanted["cards"])]
    mark = _mark(wanted["mark"], width, height, folder / "mark.png")
    print(json.dumps({"cards": cards, "mark": mark}))  # noqa: T201
    return 0


def _card(text: str, width: int, height: int, path: Path) -> dict[str, int]:
    """Draw words in the middle of the title-safe area, with a soft shadow."""
    block = set_text(text, most_width=int(width * 0.8), most_height=int(height * 0.6), short=min(width, height))
    pad = block.size // 2
    canvas = Image.new("RGBA", (_even(block.width + 2 * pad), _even(block.height + 2 * pad)), (0, 0, 0, 0))
    _write(canvas, block, pad, (0, 0, 0, 190))
    canvas = canvas.filter(ImageFilter.GaussianBlur(block.size / 9))
    _write(canvas, block, pad, (255, 255, 255, 255))
    canvas.save(path, compress_level=1)
    return {"x": (width - canvas.width) // 2, "y": (height - canvas.height) // 2}


def _write(canvas: Image.Image, block: Block, pad: int, colour: tuple[int, int, int, int]) -> None:
    ImageDraw.Draw(canvas).multiline_text(
        (canvas.width / 2, pad - block.top),
        block.text,
        font=block.font,
        fill=colour,
        spacing=block.spacing,
        align="center",
        anchor="ma",
        stroke_width=block.weight,
        stroke_fill=colour,
    )


def _mark(text: str, width: int, height: int, path: Path) -> dict[str, int]:
    size = max(11, round(min(width, height) * 0.026))
    font = font_for(text, size)
    left, top, right, bottom = font.getbbox(text)
    canvas = Image.new("RGBA", (_even(int(right - left) + 4), _even(int(bottom - top) + 4)), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).text((2 - left, 2 - top), text, font=font, fill=(255, 255, 255, _MARK_ALPHA))
    canvas.save(path)
    return {"x": round(width * 0.05), "y": round(height * 0.95) - canvas.height}


def _glow(colour: tuple[Any, ...], path: Path) -> None:
    fading = ImageOps.invert(Image.radial_gradient("L").point([min(255, int(value * 1.42)) for value in range(256)]))
    light = Image.new("RGBA", (_GLOW_SIDE, _GLOW_SIDE), (*colour, 255))
    light.putalpha(fading.point([int(value * 0.55) for value in range(256)]))
    light.save(path, compress_level=1)


def _background(descriptor: int, size: tuple[int, int], path: Path) -> bool:
    """Cut an image to the shape of the clip, at twice its size so that a zoom is smooth, darker for the words."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with open(descriptor, "rb", closefd=False) as file, Image.open(file) as image:
            whole = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    fitted = ImageOps.fit(whole, (size[0] * 2, size[1] * 2), Image.Resampling.BICUBIC)
    fitted.point([int(value * 0.72) for value in range(256)] * 3).save(path, compress_level=1)
    return True


def _even(length: float) -> int:
    return int(length + 1) // 2 * 2
