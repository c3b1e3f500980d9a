"""``If-Match`` with a version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.api.if_match import read_if_match
from playhead.errors import InvalidInput


@pytest.mark.parametrize(
    ("header", "version"),
    [(None, None), ("*", None), (" * ", None), ('"7"', 7), ("7", 7), ('W/"7"', 7), (' "12" ', 12)],
)
def test_a_version_is_read(header: str | None, version: int | None) -> None:
    """As our ETag gives it, or as people type it."""
    assert read_if_match(header) == version


@pytest.mark.parametrize("header", ["", "x", '"7", "8"', "-1", "1e3", '"' + "9" * 10 + '"', "²"])
def test_anything_else_is_refused(header: str) -> None:
    """400: a change on a version that nobody named could overwrite another's."""
    with pytest.raises(InvalidInput, match="If-Match is"):
        read_if_match(header)


@given(st.text())
def test_no_header_fails_in_another_way(header: str) -> None:
    """A number, nothing, or the one error."""
    try:
        version = read_if_match(header)
    except InvalidInput:
        return
    assert version is None or version >= 0
