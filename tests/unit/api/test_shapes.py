"""Cursors from callers."""

import pytest

from playhead.api.cursors import encode_cursor, read_cursor, read_id_cursor
from playhead.api.errors import InvalidCursor
from playhead.kit.ids import new_id


def test_a_cursor_of_this_list_is_read() -> None:
    user_id = new_id("usr")

    assert read_id_cursor(encode_cursor(user_id), "usr") == user_id
    assert read_cursor(encode_cursor("b", 1.5, user_id), 3) == ["b", 1.5, user_id]


@pytest.mark.parametrize(
    "cursor", ["", "!", encode_cursor("vid_1"), encode_cursor(1), encode_cursor("a", "b"), encode_cursor("\0")]
)
def test_any_other_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        read_id_cursor(cursor, "usr")


def test_what_no_database_takes_is_refused() -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(encode_cursor("\0"), 1)
