"""Names that people give to collections, saved searches and tags."""

from collections.abc import Iterable
from typing import Final

from playhead.errors import InvalidInput
from playhead.kit.text import one_line

MAX_NAME: Final = 100
MAX_TAG: Final = 50
MAX_TAGS: Final = 50
"""Tags of one video."""


def clean_name(text: str, *, what: str) -> str:
    """Fold the name of a collection or a saved search to one line.

    Raises:
        InvalidInput: nothing is left of it, or more than 100 characters.
    """
    name = one_line(text)
    if not name:
        raise _invalid(f"The name of the {what} is empty.", hint="Give it at least one letter.")
    if len(name) > MAX_NAME:
        raise _invalid(f"The name has {len(name):,} characters; at most {MAX_NAME} are kept.", hint="Shorten it.")
    return name


def folded(name: str) -> str:
    """The form in which two names are the same; a letter may fold to two."""
    return name.casefold()[: 2 * MAX_NAME]


def clean_tags(texts: Iterable[str]) -> list[str]:
    """Fold tags: one line, lower case, each once, in order.

    Raises:
        InvalidInput: an empty tag, one of more than 50 characters, or more than 50 tags.
    """
    tags = list(dict.fromkeys(_clean_tag(text) for text in texts))
    if len(tags) > MAX_TAGS:
        raise InvalidInput(
            f"These are {len(tags)} tags; a video has at most {MAX_TAGS}.",
            hint="Leave some out, or use a collection.",
            code="too_many_tags",
            title="Too many tags",
        )
    return tags


def _clean_tag(text: str) -> str:
    tag = one_line(text).lstrip("#").strip().casefold()
    if not tag or len(tag) > MAX_TAG:
        what = "empty" if not tag else f"{len(tag)} characters long; at most {MAX_TAG} are kept"
        raise InvalidInput(
            f"A tag is {what}.", hint="A tag is a word or a few.", code="tag_invalid", title="That tag cannot be used"
        )
    return tag


def _invalid(detail: str, *, hint: str) -> InvalidInput:
    return InvalidInput(detail, hint=hint, code="name_invalid", title="That name cannot be used")
