"""Setting of words: the largest size at which a text fits, and a font that has its letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts")
_FONT_NAMES = ("NotoSans-Regular", "NotoSansCJK-Regular", "NotoSansArabic-Regular", "DejaVuSans", "Arial Unicode")
_NOT_A_LETTER = "\U0010ffff"
_SIZES = (0.15, 0.13, 0.11, 0.095, 0.082, 0.07, 0.06, 0.05, 0.042)
"""Of the shorter side."""

_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of words, set.

    Attributes:
        top: Offset of the ink from the line's origin.
        weight: Stroke around the letters, which makes a regular face bolder.
    """

    text: str
    font: Font
    size: int
    width: int
    height: int
    top: int
    spacing: float
    weight: int


def set_text(text: str, *, most_width: int, most_height: int, short: int) -> Block:
    """Set a text as large as it fits; at the smallest size, as many lines as fit.

    Letters that no face has are left out.
    """
    text = _legible(text)
    block = None
    for share in _SIZES:
        block = _set(text, round(short * share), most_width)
        if block.width <= most_width and block.height <= most_height and block.text.count("\n") < _MOST_LINES:
            return block
    assert block is not None
    lines = block.text.split("\n")
    fitting = max(1, most_height * len(lines) // max(1, block.height))
    return _measured("\n".join(lines[:fitting]), block.font, block.size)


def font_for(text: str, size: int) -> Font:
    """Pillow's own face, or one of the system's where that has more of the letters."""
    best, least = _own(size), _missing(text, _own(size))
    for path in _system_fonts() if least else ():
        font = ImageFont.truetype(path, size)
        missing = _missing(text, font)
        if len(missing) < len(least):
            best, least = font, missing
        if not least:
            break
    return best


def _set(text: str, size: int, most_width: int) -> Block:
    font = font_for(text, size)
    return _measured("\n".join(_lines(text, font, most_width)), font, size)


def _measured(text: str, font: Font, size: int) -> Block:
    weight, spacing = max(0, size // 40), size * 0.3
    pen = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = pen.multiline_textbbox(
        (0, 0), text, font=font, spacing=spacing, align="center", anchor="ma", stroke_width=weight
    )
    return Block(text, font, size, int(right - left), int(bottom - top), int(top), spacing, weight)


def _lines(text: str, font: Font, most: int) -> Iterator[str]:
    line = ""
    for word in _pieces(text, font, most):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > most:
            yield line
            longer = word
        line = longer
    yield line


def _pieces(text: str, font: Font, most: int) -> Iterator[str]:
    """Words; one that is wider than a line is cut, as writing without blanks must be."""
    for word in text.split():
        rest = word
        while font.getlength(rest) > most and len(rest) > 1:
            cut = max(1, int(len(rest) * most / font.getlength(rest)))
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


@lru_cache(maxsize=32)
def _own(size: int) -> Font:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache(maxsize=1)
def _system_fonts() -> tuple[str, ...]:
    found = {
        path.stem: str(path)
        for folder in _FONT_FOLDERS
        for pattern in ("*.ttf", "*.ttc", "*.otf")
        for path in sorted(Path(folder).rglob(pattern))
    }
    return tuple(found[name] for name in _FONT_NAMES if name in found)


def _legible(text: str) -> str:
    missing = _missing(text, font_for(text, 24))
    return " ".join("".join(letter for letter in text if letter not in missing).split()) or "…"


def _missing(text: str, font: Font) -> set[str]:
    """Letters that a face draws as its box for "no such letter"."""
    box = bytes(font.getmask(_NOT_A_LETTER))
    return {letter for letter in text if not letter.isspace() and bytes(font.getmask(letter)) == box}
