"""Faces that text is drawn with: the packaged one, then the files of a folder for letters that it lacks.

Fonts of the system are never used, so every worker draws the same. Letters are placed one after the other (Pillow's
basic layout): scripts that need shaping, such as Arabic, are drawn unshaped, and `text_problems` says so.
"""

import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import fontpkg_noto_sans
from PIL import ImageFont, features
from PIL import __version__ as pillow_version

Font = ImageFont.FreeTypeFont

PACKAGED: Final = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
SUFFIXES: Final = (".ttf", ".otf", ".ttc")
MAX_FONTS: Final = 32
"""Font files of a folder that are read, by name."""

_NOT_A_LETTER: Final = "\U0010ffff"
_PROBE_EM: Final = 24
_INVISIBLE: Final = ("Cf", "Cc", "Zs", "Zl", "Zp")


class Fonts:
    """The packaged face and those of a folder.

    Args:
        folder: Folder of more font files; read once.
    """

    def __init__(self, folder: Path | None = None) -> None:
        more = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES) if folder else ()
        self._paths = (PACKAGED, *(path for path in more[:MAX_FONTS] if _opens(path)))

    @property
    def identity(self) -> str:
        """What decides the pixels besides the words, for the digest of a render."""
        files = " ".join(_sha256(path)[:16] for path in self._paths)
        return f"fonts {files}; Pillow {pillow_version}; FreeType {features.version('freetype2')}; layout 1"

    def runs(self, text: str, em: int, weight: int) -> list[tuple[str, Font]]:
        """A text in runs of one face; a letter that no face has is drawn as the packaged face's box."""
        found: list[tuple[str, Path]] = []
        for char in text:
            path = self._path_of(char) or PACKAGED
            if found and found[-1][1] == path:
                found[-1] = (found[-1][0] + char, path)
            else:
                found.append((char, path))
        return [(run, _font(path, em, weight)) for run, path in found]

    def missing(self, text: str) -> str:
        """Letters that no face has, each once."""
        return "".join(char for char in dict.fromkeys(text) if self._path_of(char) is None)

    def _path_of(self, char: str) -> Path | None:
        if unicodedata.category(char) in _INVISIBLE:
            return PACKAGED
        return next((path for path in self._paths if _has(path, char)), None)


@lru_cache(maxsize=4)
def fonts_in(folder: Path | None) -> Fonts:
    """The fonts of a folder, remembered; its files are not expected to change while the process runs."""
    return Fonts(folder)


def visible(text: str) -> str:
    """A text without what no font draws: controls, joiners, marks of direction; line feeds stay."""
    text = unicodedata.normalize("NFC", text)
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cf", "Cc"))


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


@lru_cache(maxsize=8192)
def _has(path: Path, char: str) -> bool:
    """Whether a face has a letter: it draws all others as one box."""
    return bytes(_font(path, _PROBE_EM, 400).getmask(char)) != _box(path)


@lru_cache(maxsize=MAX_FONTS + 1)
def _box(path: Path) -> bytes:
    return bytes(_font(path, _PROBE_EM, 400).getmask(_NOT_A_LETTER))


@lru_cache(maxsize=MAX_FONTS + 1)
def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _opens(path: Path) -> bool:
    try:
        ImageFont.truetype(path, _PROBE_EM, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return False
    return True
