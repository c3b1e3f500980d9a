"""Identity of what draws words, for the digests of renders; without Pillow, which a server need not load for it."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_DRAWING = 1
"""Raised when the same words and fonts give other pixels."""


@lru_cache(maxsize=4)
def text_identity(folder: Path | None = None) -> str:
    """Identity of the drawing, its fonts and the library below it.

    Args:
        folder: Folder of more fonts; its files are not expected to change while the process runs.
    """
    packaged = f"drawing {_DRAWING}; pillow {version('pillow')}; noto-sans {version('fontpkg-noto-sans')}"
    if folder is None:
        return packaged
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return " ".join(
        [packaged, *(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}" for path in files)]
    )
