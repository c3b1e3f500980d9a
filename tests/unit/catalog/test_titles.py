"""Titles and filenames from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.catalog.titles import MAX_FILENAME, MAX_TITLE, clean_filename, clean_title, title_from
from playhead.errors import InvalidInput


@pytest.mark.parametrize("text", ["", "  ", "\n\0", "x" * (MAX_TITLE + 1)])
def test_a_title_that_cannot_be_used_is_refused(text: str) -> None:
    """Nothing left of it, or too long."""
    with pytest.raises(InvalidInput) as caught:
        clean_title(text)

    assert caught.value.code == "title_invalid"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/home/ann/a b.mp4", "a b.mp4"),
        ("C:\\Videos\\a.mp4", "a.mp4"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.mp4", "a Set-Cookie: x.mp4"),
        ("folder/", None),
        (None, None),
    ],
)
def test_a_filename_is_the_last_part_of_a_path(text: str | None, name: str | None) -> None:
    """On one line."""
    assert clean_filename(text) == name


@pytest.mark.parametrize(
    ("name", "title"),
    [("holiday.final.mp4", "holiday.final"), (".mp4", "mp4"), (".", "Untitled video"), (None, "Untitled video")],
)
def test_a_file_gives_its_title(name: str | None, title: str) -> None:
    """Its name without the ending, and words where that is nothing."""
    assert title_from(name) == title


@given(st.text())
def test_every_filename_gives_a_title_that_is_kept(text: str) -> None:
    """Whatever a client sends."""
    name = clean_filename(text)
    title = title_from(name)

    assert name is None or 0 < len(name) <= MAX_FILENAME
    assert clean_title(title) == title
