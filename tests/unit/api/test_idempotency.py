"""Reading ``Idempotency-Key``."""

import pytest

from playhead.api.idempotency import read_key
from playhead.errors import InvalidInput


@pytest.mark.parametrize(
    ("header", "key"),
    [("abc", "abc"), ('"abc"', "abc"), (" abc ", "abc"), ('"a b"', "a b"), ("a", "a"), ("x" * 255, "x" * 255)],
)
def test_a_key_may_be_bare_or_quoted(header: str, key: str) -> None:
    assert read_key(header) == key


@pytest.mark.parametrize("header", ["", '""', '" "', "x" * 256, "a\tb", "é", "a\0"])
def test_a_key_is_visible_ascii(header: str) -> None:
    with pytest.raises(InvalidInput, match="Idempotency-Key has"):
        read_key(header)
