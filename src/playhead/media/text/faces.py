"""Font files that text is drawn with: the packaged one, then those of a folder for letters that it lacks.

Fonts of the system are never used, so every worker draws the same. What is here needs no drawing library.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import fontpkg_noto_sans

from playhead.media.text.coverage import Coverage, coverage_of

PACKAGED: Final = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
SUFFIXES: Final = (".ttf", ".otf", ".ttc")
MAX_FONTS: Final = 32
"""Font files of a folder that are read, by name."""

_INVISIBLE: Final = ("Cf", "Cc", "Zs", "Zl", "Zp")


class Faces:
    """The packaged face and those of a folder.

    Args:
        folder: Folder of more font files; read once.
    """

    def __init__(self, folder: Path | None = None) -> None:
        more = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES) if folder else []
        found = ((path, coverage_of(path)) for path in (PACKAGED, *more[:MAX_FONTS]))
        self._faces: dict[Path, Coverage] = {path: covers for path, covers in found if covers is not None}

    def path_of(self, char: str) -> Path | None:
        """The first file with a letter; None when none has it."""
        if unicodedata.category(char) in _INVISIBLE:
            return PACKAGED
        return next((path for path, covers in self._faces.items() if covers.has(char)), None)

    def missing(self, text: str) -> str:
        """Letters that no file has, each once."""
        return "".join(char for char in dict.fromkeys(text) if self.path_of(char) is None)


@lru_cache(maxsize=4)
def faces_in(folder: Path | None) -> Faces:
    """The faces of a folder, remembered; its files are not expected to change while the process runs."""
    return Faces(folder)


def visible(text: str) -> str:
    """A text without what no font draws: controls, joiners, marks of direction; line feeds stay."""
    text = unicodedata.normalize("NFC", text)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cf", "Cc"))
