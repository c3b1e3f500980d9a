"""Qualities: which of those that a source offers is the one that was wanted."""

import re
from collections.abc import Sequence
from typing import Final

SYNONYMS: Final = frozenset({"best", "worst", "best-unfiltered", "worst-unfiltered"})

_LINES = re.compile(r"(\d{3,4})p(\d+)?")


def choose(offered: Sequence[str], wanted: str) -> str:
    """The quality to record: the wanted one, the next smaller, else the smallest. Something is recorded always.

    Args:
        offered: Names from the smallest to the largest, at least one, without synonyms.
        wanted: One of them, ``best`` or ``worst``; ``720p`` is any of 720 lines.
    """
    videos = [name for name in offered if not name.startswith("audio")] or list(offered)
    if wanted in offered:
        return wanted
    if wanted.startswith("worst"):
        return videos[0]
    height = _height(wanted)
    if height is None:
        return videos[-1]
    fitting = [name for name in videos if (_height(name) or height + 1) <= height]
    return fitting[-1] if fitting else videos[0]


def sort_key(name: str) -> tuple[int, int, str]:
    """Orders names by lines and frame rate: audio alone first, ``source`` and its like last."""
    if name.startswith("audio"):
        return (0, 0, name)
    found = _LINES.match(name)
    return (int(found[1]), int(found[2] or 30), name) if found else (100_000, 0, name)


def _height(name: str) -> int | None:
    found = _LINES.match(name)
    return int(found[1]) if found else None
