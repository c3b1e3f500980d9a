"""Layers of words: captions, titles and cards, drawn by Pillow. The same words, look and faces give the same bytes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from PIL import Image, ImageColor, ImageDraw

from playhead.media.edit.model import CaptionStyle, Card, Cue, Title
from playhead.media.text.faces import Faces
from playhead.media.text.layout import Block, Line, Setter, SetWord
from playhead.media.text.styles import CAPTION_SIZE, Preset, SafeArea, em_of, preset_of, safe_area

Box = tuple[int, int, int, int]
"""Left, top, right and bottom edge in pixels; right and bottom are outside."""

_PLATE: Final = Preset(name="plate", title="", weight=600, padding=0.4, radius=0.12, background_opacity=0.8)
_TITLE_LINES: Final = 3
_ABOVE_CAPTIONS: Final = 3.4
"""Ems of a caption that a lower third stands above the safe area's end: two lines of one fit under it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture with straight alpha, and where it is laid on a frame.

    Attributes:
        image: RGBA; both sides are even.
        x, y: Its upper left corner in the frame: even, so that it fits subsampled colour.
        ink: Bounds in the frame of what is not transparent.
    """

    image: Image.Image
    x: int
    y: int
    ink: Box

    @property
    def box(self) -> Box:
        """Bounds in the frame of the whole picture."""
        return self.x, self.y, self.x + self.image.width, self.y + self.image.height


def draw_caption(
    cue: Cue, word: int | None, style: CaptionStyle, width: int, height: int, faces: Faces
) -> Layer | None:
    """Draw a cue for a frame.

    Args:
        word: Number of the cue's word that is spoken, which changes colours alone; None: no word is highlighted.

    Returns:
        None for a cue without letters.

    Raises:
        InvalidInput: the style's preset does not exist.
    """
    look, area = preset_of(style), safe_area(width, height)
    if not cue.text.strip():
        return None
    text = cue.text.upper() if look.uppercase else cue.text
    em = em_of(look.size, width, height)
    most = _inner_width(area, width, look, em)
    block = _caption_block(Setter(faces, look.weight), text, em, most, look, upright=width < height)
    spoken = word if look.highlight and word is not None and len(cue.words) == len(text.split()) else None
    left, top = (width - block.width) // 2, _top(look.place, area, height, block, _margin(look, block.em))
    return _drawn(block, look, (left, top), "center", (width, height), spoken)


def _caption_block(setter: Setter, text: str, em: int, most: int, look: Preset, *, upright: bool) -> Block:
    """Lines of a caption; its own breaks give way where a line of it is too long for the frame."""
    as_written = setter.set(text, em, most, look.line_height)
    if len(as_written.lines) == text.count("\n") + 1:
        return as_written
    return setter.fit(" ".join(text.split()), em, most, look.max_lines + upright, look.line_height)


def spoken_spans(cue: Cue) -> Iterator[tuple[float, float, int | None]]:
    """Half-open spans of a cue in which one word is spoken, as start, end and its number; None before the first.

    A word lasts until the next begins, so that nothing flickers in the gaps.
    """
    if not cue.words:
        yield cue.start_s, cue.end_s, None
        return
    bounds = [min(max(word.start_s, cue.start_s), cue.end_s) for word in cue.words]
    if bounds[0] > cue.start_s:
        yield cue.start_s, bounds[0], None
    for number, (start_s, end_s) in enumerate(pairwise([*bounds, cue.end_s])):
        if end_s > start_s:
            yield start_s, end_s, number


def draw_title(title: Title, width: int, height: int, faces: Faces) -> Layer | None:
    """Draw words over a frame, such as a lower third; its motion is the renderer's. None without letters."""
    if not title.text.strip():
        return None
    area = safe_area(width, height)
    look = replace(
        _PLATE,
        background="box" if title.background else "outline",
        background_colour=title.background or "#000000",
        colour=title.colour,
    )
    em = em_of(title.size, width, height)
    block = Setter(faces, look.weight).fit(
        title.text, em, _inner_width(area, width, look, em), _TITLE_LINES, look.line_height
    )
    margin = _margin(look, block.em)
    lower = title.place == "lower_third"
    place = "bottom" if lower else title.place
    left = round(area.left * width) + margin if lower else (width - block.width) // 2
    top = _top(place, area, height, block, margin)
    if lower:
        top -= round(_ABOVE_CAPTIONS * em_of(CAPTION_SIZE, width, height))
    return _drawn(block, look, (left, top), "left" if lower else "center", (width, height), None, one_box=True)


def draw_card(card: Card, width: int, height: int, faces: Faces) -> Layer:
    """Draw a title card: an opaque frame."""
    area = safe_area(width, height)
    frame = Image.new("RGBA", (width, height), _rgba(card.background, 1.0))
    most = round(width * (1 - area.left - area.right) * 0.9)
    blocks = [
        Setter(faces, weight).fit(text, em_of(size, width, height), most, lines, 1.25)
        for text, size, weight, lines in ((card.text, 0.1, 700, 4), (card.subtitle, 0.05, 400, 3))
        if text.strip()
    ]
    gap = round(0.04 * height)
    top = (height - sum(block.height for block in blocks) - gap * max(0, len(blocks) - 1)) // 2
    for block in blocks:
        left = round((area.left + 0.02) * width) if card.align == "left" else (width - block.width) // 2
        mask = _letters(block, (left, top), card.align, frame.size, lambda _: True)
        _paint(frame, card.colour, mask)
        top += block.height + gap
    return Layer(frame, 0, 0, (0, 0, width, height))


def _drawn(
    block: Block,
    look: Preset,
    at: tuple[int, int],
    align: str,
    frame: tuple[int, int],
    spoken: int | None,
    *,
    one_box: bool = False,
) -> Layer:
    """Draw a block with its background onto the smallest even picture that holds it."""
    margin = _margin(look, block.em) + 2
    x, y = max(0, at[0] - margin) // 2 * 2, max(0, at[1] - margin) // 2 * 2
    size = (
        _even(min(frame[0] - x, block.width + 2 * margin + 2)),
        _even(min(frame[1] - y, block.height + 2 * margin + 2)),
    )
    canvas, origin = Image.new("RGBA", size, (0, 0, 0, 0)), (at[0] - x, at[1] - y)
    if look.background == "box":
        boxes = [_bounds(block, origin)] if one_box else list(_line_boxes(block, origin, align))
        mask = _rounded(size, boxes, round(look.padding * block.em), round(look.radius * block.em))
        _paint(canvas, look.background_colour, mask, look.background_opacity)
    if look.background == "outline":
        stroke = max(1, round(look.outline * block.em))
        _paint(canvas, look.outline_colour, _letters(block, origin, align, size, lambda _: True, stroke))
    _highlight(canvas, block, look, origin, align, spoken)
    left, top, right, bottom = canvas.getbbox() or (0, 0, *size)
    return Layer(canvas, x, y, (x + left, y + top, x + right, y + bottom))


def _highlight(
    canvas: Image.Image, block: Block, look: Preset, origin: tuple[int, int], align: str, spoken: int | None
) -> None:
    """Draw the letters, with the word that is spoken in its colour."""
    if spoken is not None and look.highlight_kind == "box":
        boxes = [box for box, word in _word_boxes(block, origin, align) if word.number == spoken]
        pad, radius = round(0.08 * block.em), round(look.radius * block.em)
        _paint(canvas, look.highlight, _rounded(canvas.size, boxes, pad, radius))
        spoken = None
    _paint(canvas, look.colour, _letters(block, origin, align, canvas.size, lambda word: word.number != spoken))
    if spoken is not None:
        mask = _letters(block, origin, align, canvas.size, lambda word: word.number == spoken)
        _paint(canvas, look.highlight, mask)


def _letters(
    block: Block,
    origin: tuple[int, int],
    align: str,
    size: tuple[int, int],
    wanted: Callable[[SetWord], bool],
    stroke: int = 0,
) -> Image.Image:
    """Coverage of some words."""
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    for row, line in enumerate(block.lines):
        baseline = origin[1] + block.ascent + row * block.step
        for word in filter(wanted, line.words):
            x: float = origin[0] + _indent(block, line, align) + word.x
            for run, font in word.runs:
                pen.text((round(x), baseline), run, font=font, fill=255, anchor="ls", stroke_width=stroke)
                x += font.getlength(run)
    return mask


def _line_boxes(block: Block, origin: tuple[int, int], align: str) -> Iterable[Box]:
    for row, line in enumerate(block.lines):
        left, top = origin[0] + _indent(block, line, align), origin[1] + row * block.step
        yield left, top, left + line.width, top + block.ascent + block.descent


def _word_boxes(block: Block, origin: tuple[int, int], align: str) -> Iterable[tuple[Box, SetWord]]:
    for (left, top, _, bottom), line in zip(_line_boxes(block, origin, align), block.lines, strict=True):
        for word in line.words:
            yield (left + word.x, top, left + word.x + word.width, bottom), word


def _bounds(block: Block, origin: tuple[int, int]) -> Box:
    return origin[0], origin[1], origin[0] + block.width, origin[1] + block.height


def _rounded(size: tuple[int, int], boxes: Iterable[Box], pad: int, radius: int) -> Image.Image:
    """Coverage of boxes with round corners, drawn at four times the size for smooth edges."""
    mask = Image.new("L", size, 0)
    for left, top, right, bottom in (_near(box, size, 2 * (pad + radius)) for box in boxes):
        wide, high = right - left + 2 * pad, bottom - top + pad
        shape = Image.new("L", (wide * 4, high * 4), 0)
        ImageDraw.Draw(shape).rounded_rectangle((0, 0, wide * 4 - 1, high * 4 - 1), radius * 4, fill=255)
        small = shape.resize((wide, high), Image.Resampling.BOX)
        mask.paste(255, (left - pad, top - pad // 2), small)
    return mask


def _near(box: Box, size: tuple[int, int], beyond: int) -> Box:
    """A box without what is further outside of a picture than its edges are seen."""
    left, top = max(box[0], -beyond), max(box[1], -beyond)
    return left, top, max(left, min(box[2], size[0] + beyond)), max(top, min(box[3], size[1] + beyond))


def _paint(canvas: Image.Image, colour: str, mask: Image.Image, opacity: float = 1.0) -> None:
    """Lay a colour over a picture; composed as a whole, so that soft edges do not darken."""
    layer = Image.new("RGBA", canvas.size, _rgba(colour, 1.0))
    layer.putalpha(mask if opacity >= 1 else mask.point([round(value * opacity) for value in range(256)]))
    canvas.alpha_composite(layer)


def _top(place: str, area: SafeArea, height: int, block: Block, margin: int) -> int:
    if place == "top":
        return round(area.top * height) + margin
    if place == "center":
        return (height - block.height) // 2
    return height - round(area.bottom * height) - margin - block.height


def _margin(look: Preset, em: int) -> int:
    """Pixels around the letters that the background takes."""
    share = {"box": look.padding, "outline": look.outline, "none": 0.0}[look.background]
    return round(max(share, 0.08 if look.highlight_kind == "box" else 0) * em) + 1


def _inner_width(area: SafeArea, width: int, look: Preset, em: int) -> int:
    return max(em, round(width * (1 - area.left - area.right)) - 2 * _margin(look, em))


def _indent(block: Block, line: Line, align: str) -> int:
    return 0 if align == "left" else (block.width - line.width) // 2


def _rgba(colour: str, opacity: float) -> tuple[int, int, int, int]:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, round(255 * opacity)


def _even(length: int) -> int:
    return max(2, (length + 1) // 2 * 2)
