"""Cursors: opaque, read back as they were written, refused when they are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.api.cursors import decode_cursor, encode_cursor

VALUES = st.none() | st.text() | st.integers() | st.floats(allow_nan=False)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_cursor_is_read_back_as_it_was_written(position: list[str | float | None]) -> None:
    """In characters that a URL carries as they are."""
    cursor = encode_cursor(*position)

    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor, len(position)) == position


@given(st.text())
def test_any_other_text_is_refused_as_a_value(text: str) -> None:
    """With a ValueError, never another error."""
    try:
        position = decode_cursor(text, 2)
    except ValueError:
        return
    assert len(position) == 2


@pytest.mark.parametrize("length", [1, 3])
def test_a_cursor_of_another_list_is_refused(length: int) -> None:
    """It holds another number of values."""
    with pytest.raises(ValueError, match="not a cursor of this list"):
        decode_cursor(encode_cursor("a", "b"), length)
