"""Filters by words of title and category."""

from typing import Any

import pytest

from playhead.live.filters import why_not


def filters(**words: Any) -> dict[str, Any]:
    """Filters with these words of the title."""
    return {"title": {"include": [], "exclude": [], **words}, "category": {"include": [], "exclude": ["slots"]}}


@pytest.mark.parametrize(
    ("words", "title", "category", "wanted"),
    [
        ({}, None, None, True),
        ({}, "Anything", "Slots", False),
        ({"include": ["podcast", "TALK"]}, "Evening talks", "Just Chatting", True),
        ({"include": ["podcast"]}, "Evening talks", None, False),
        ({"include": ["podcast"]}, None, None, False),
        ({"exclude": ["rerun"]}, "[RERUN] Evening", None, False),
        ({"include": ["evening"], "exclude": ["rerun"]}, "Evening", None, True),
        ({"include": ["straße"]}, "STRASSE", None, True),
    ],
)
def test_words_decide(words: dict[str, Any], title: str | None, category: str | None, wanted: bool) -> None:
    """One to include must occur, none to exclude may; letters in either case."""
    reason = why_not(filters(**words), title, category)

    assert (reason is None) is wanted
    assert reason is None or reason.endswith(".")
