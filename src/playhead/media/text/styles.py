"""Looks of captions, and the areas of a frame that words keep to. Numbers alone, so that a browser draws the same."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from playhead.errors import InvalidInput
from playhead.media.edit.model import CaptionBackground, CaptionPlace, CaptionStyle

MIN_SIZE, MAX_SIZE = 0.02, 0.2
"""Height of the letters, as a share of the reel's height."""

CAPTION_SIZE: Final = 0.05

WIDTH_FACTOR: Final = 1.6
"""The em is at most *size* times this times the width, so that words fit an upright frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Look of captions. Lengths are shares of the em, but *size*.

    Attributes:
        size: Em, as a share of the frame's height.
        weight: Of the face: 400 is regular, 700 bold.
        background: A ``box`` behind each line, an ``outline`` around the letters, or nothing.
        padding: From the letters to the edge of the box; *radius* of its corners.
        outline: Width of the outline.
        highlight: Colour of the word that is spoken; empty: no word is highlighted.
        highlight_kind: Whether the letters of that word or a box behind it take the colour.
        line_height: From one baseline to the next.
    """

    name: str
    title: str
    size: float = CAPTION_SIZE
    weight: int = 600
    place: CaptionPlace = "bottom"
    background: CaptionBackground = "box"
    colour: str = "#ffffff"
    background_colour: str = "#000000"
    background_opacity: float = 0.75
    padding: float = 0.22
    radius: float = 0.16
    outline_colour: str = "#000000"
    outline: float = 0.07
    highlight: str = ""
    highlight_kind: Literal["text", "box"] = "text"
    uppercase: bool = False
    max_lines: int = 2
    line_height: float = 1.32


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeArea:
    """Margins that words keep, as shares of the frame's width and height; for frames narrower than *below_ratio*."""

    name: str
    below_ratio: float
    left: float
    right: float
    top: float
    bottom: float


PRESETS: Final[tuple[Preset, ...]] = (
    Preset(name="standard", title="Standard"),
    Preset(name="outline", title="Outline", background="outline"),
    Preset(
        name="bold",
        title="Bold",
        size=0.065,
        weight=800,
        background="outline",
        outline=0.1,
        highlight="#ffd60a",
        uppercase=True,
    ),
    Preset(
        name="karaoke",
        title="Karaoke",
        size=0.055,
        weight=700,
        background="outline",
        highlight="#e5484d",
        highlight_kind="box",
    ),
    Preset(name="minimal", title="Minimal", size=0.04, weight=500, background="outline", outline=0.045),
)

SAFE_AREAS: Final[tuple[SafeArea, ...]] = (
    SafeArea(name="portrait", below_ratio=0.8, left=0.06, right=0.06, top=0.1, bottom=0.2),
    SafeArea(name="square", below_ratio=1.25, left=0.05, right=0.05, top=0.05, bottom=0.08),
    SafeArea(name="landscape", below_ratio=100.0, left=0.05, right=0.05, top=0.05, bottom=0.05),
)
"""Apps lay their buttons and words over the lowest fifth of an upright video."""


def check_preset(name: str) -> None:
    """See that a preset exists.

    Raises:
        InvalidInput
    """
    names = [preset.name for preset in PRESETS]
    if name not in names:
        raise InvalidInput(f"Captions have no preset {name!r}.", hint=f"There are {', '.join(names)}.")


def preset_of(style: CaptionStyle) -> Preset:
    """The look that a style means: its preset with what it says otherwise.

    Raises:
        InvalidInput: no preset has this name.
    """
    check_preset(style.preset)
    found = next(preset for preset in PRESETS if preset.name == style.preset)
    return replace(
        found,
        size=found.size if style.size is None else min(max(style.size, MIN_SIZE), MAX_SIZE),
        place=style.place or found.place,
        background=style.background or found.background,
        colour=style.colour or found.colour,
        highlight=found.highlight if style.highlight is None else style.highlight,
    )


def safe_area(width: int, height: int) -> SafeArea:
    """The margins of a frame."""
    return next(area for area in SAFE_AREAS if width / height < area.below_ratio)


def em_of(size: float, width: int, height: int) -> int:
    """Pixels of the em, at least 8."""
    return max(8, round(size * min(height, WIDTH_FACTOR * width)))
