"""Text from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.kit.text import one_line, shorten


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \n\t b  ", "a b"),
        ("a\0b", "a b"),
        ("a\u2028b", "a b"),
        ("e\u0301", "é"),
        ("“It’s” 🎬", "“It’s” 🎬"),
        ("\x1b[31mred", "[31mred"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line(text: str, line: str) -> None:
    """Blanks are folded, control characters go, letters, quotes and emoji stay."""
    assert one_line(text) == line


@given(st.text(st.characters()))
def test_one_line_is_what_every_database_takes(text: str) -> None:
    """Valid UTF-8 without control characters or line ends, and folding it again changes nothing."""
    line = one_line(text)

    line.encode()
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert one_line(line) == line


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_fits(text: str, length: int) -> None:
    """At most so many characters; a text that fits is left alone."""
    cut = shorten(text, length)

    assert len(cut) <= length
    assert cut == text or cut.endswith("…")
