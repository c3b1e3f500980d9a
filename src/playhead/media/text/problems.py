"""What a text loses when it is drawn, said before a render: letters that no font has, scripts that are not shaped."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from playhead.media.text.faces import Faces, visible

_COMPLEX: Final = (
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x08FF, "Arabic"),
    (0x0900, 0x0DFF, "an Indic script"),
    (0x0E00, 0x0EFF, "Thai or Lao"),
    (0x0F00, 0x0FFF, "Tibetan"),
    (0x1000, 0x109F, "Burmese"),
    (0x1780, 0x17FF, "Khmer"),
    (0xFB1D, 0xFDFF, "Hebrew or Arabic"),
    (0xFE70, 0xFEFF, "Arabic"),
)
_MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Something that will not be drawn as it is written.

    Attributes:
        where: The text's name, such as ``caption 3``.
        characters: Letters without a glyph; empty where a script is not shaped.
        detail: A sentence for people.
    """

    where: str
    characters: str
    detail: str


def text_problems(texts: Iterable[tuple[str, str]], faces: Faces) -> list[TextProblem]:
    """What some texts lose.

    Args:
        texts: Each with a name that people know it by, such as ``caption 3``.
    """
    found: list[TextProblem] = []
    for where, text in texts:
        shown = visible(text)
        if missing := faces.missing(shown):
            found.append(TextProblem(where, missing, _missing(where, missing)))
        if script := _unshaped(shown):
            found.append(TextProblem(where, "", _not_shaped(where, script)))
    return found


def _missing(where: str, characters: str) -> str:
    names = ", ".join(f"{char} (U+{ord(char):04X})" for char in characters[:_MOST_SHOWN])
    more = f" and {len(characters) - _MOST_SHOWN} more" if len(characters) > _MOST_SHOWN else ""
    return (
        f"No font has {names}{more} of {where}; a box is drawn instead. "
        "Put a font file with these letters into the folder of the setting fonts."
    )


def _not_shaped(where: str, script: str) -> str:
    return (
        f"{where[:1].upper()}{where[1:]} has {script}: its letters are drawn one by one from left to right, "
        "without joining or reordering. As a soft caption track it is shown right."
    )


def _unshaped(text: str) -> str:
    """Name of the first script that needs a shaper."""
    for char in text:
        for first, last, name in _COMPLEX:
            if first <= ord(char) <= last:
                return name
        if unicodedata.bidirectional(char) in ("R", "AL"):
            return "a script that is written from right to left"
    return ""
