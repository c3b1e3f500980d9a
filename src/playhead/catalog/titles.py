"""Titles of videos and projects: one rule for both."""

from dataclasses import dataclass
from pathlib import PurePath

from playhead.errors import InvalidInput
from playhead.kit.text import one_line, shorten

MAX_TITLE = 500
MAX_FILENAME = 255


@dataclass(frozen=True, slots=True)
class VideoName:
    """Title and filename of a video."""

    title: str
    filename: str | None


def clean_title(text: str) -> str:
    """Fold a title to one line.

    Raises:
        InvalidInput: nothing is left of it, or more than 500 characters.
    """
    title = one_line(text)
    if not title:
        raise _invalid("The title is empty.", hint="Give it at least one letter.")
    if len(title) > MAX_TITLE:
        raise _invalid(f"The title has {len(title):,} characters; at most {MAX_TITLE} are kept.", hint="Shorten it.")
    return title


def clean_filename(text: str | None) -> str | None:
    """The last part of a path from outside, for display alone: it never nears the file system."""
    name = one_line((text or "").replace("\\", "/").rpartition("/")[2])
    return shorten(name, MAX_FILENAME) or None


def title_from(filename: str | None, *, what: str = "video") -> str:
    """A title for a file that came without one: its name without the ending."""
    stem = PurePath(filename).stem.strip(". ") if filename else ""
    return shorten(stem, MAX_TITLE) or f"Untitled {what}"


def _invalid(detail: str, *, hint: str) -> InvalidInput:
    return InvalidInput(detail, hint=hint, code="title_invalid", title="That title cannot be used")
