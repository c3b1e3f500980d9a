"""Fonts of faces at a size and weight, for Pillow.

Letters are placed one after the other (Pillow's basic layout): scripts that need shaping, such as Arabic, are drawn
unshaped, and `text_problems` says so.
"""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from playhead.media.text.faces import PACKAGED, Faces

Font = ImageFont.FreeTypeFont


def runs(faces: Faces, text: str, em: int, weight: int) -> list[tuple[str, Font]]:
    """A text in runs of one font; a letter that no face has is drawn as the packaged face's box."""
    found: list[tuple[str, Path]] = []
    for char in text:
        path = faces.path_of(char) or PACKAGED
        if found and found[-1][1] == path:
            found[-1] = (found[-1][0] + char, path)
        else:
            found.append((char, path))
    return [(run, _font(path, em, weight)) for run, path in found]


@lru_cache(maxsize=64)
def _font(path: Path, em: int, weight: int) -> Font:
    font = ImageFont.truetype(path, em, layout_engine=ImageFont.Layout.BASIC)
    try:
        axes = font.get_variation_axes()
    except (OSError, NotImplementedError):  # one weight alone
        return font
    font.set_variation_by_axes([_on_axis(axis, weight) for axis in axes])
    return font


def _on_axis(axis: ImageFont.Axis, weight: int) -> float:
    if axis["name"] != b"Weight":
        return axis["default"] or 0
    return min(max(weight, axis["minimum"] or weight), axis["maximum"] or weight)
