"""Text from outside, made fit to keep and to show."""

import re
import unicodedata

_BLANK = re.compile(r"\s+")
_URL = re.compile(r"\b[\w+.-]+://[^\s'\"]+")
_FOLDERS = re.compile(r"(?<![\w.])/(?:[^\s/'\"]+/)+")


def one_line(text: str) -> str:
    """Fold a text to one line that every database and terminal takes.

    Control characters and line breaks become spaces, lone surrogates U+FFFD; letters, quotes and emoji stay.
    """
    safe = text.encode("utf-8", "replace" if _has_surrogate(text) else "strict").decode("utf-8")
    safe = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in safe)
    return _BLANK.sub(" ", unicodedata.normalize("NFC", safe)).strip()


def plain_text(text: str) -> str:
    """Fold a text of several lines as `one_line` folds each of them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(one_line, lines)).strip()


def shorten(text: str, length: int) -> str:
    """Cut a text to at most *length* characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def without_places(text: str) -> str:
    """Leave out what a stranger need not know: addresses, and the folders of files."""
    return _FOLDERS.sub("", _URL.sub("…", text))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)
