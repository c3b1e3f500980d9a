"""What a signed link stands on, read back from its ``k``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.access.grant import Grant

SHARE = "shr_01k3q9h2v7e8t9m5x0c4d6f8ga"


@given(st.integers(0, 10**9 - 1), st.sampled_from(["", SHARE]))
def test_a_grant_is_read_as_it_was_written(generation: int, share_id: str) -> None:
    grant = Grant(generation, share_id)

    assert Grant.of(f"k1.{grant.text}" if grant.text else "k1") == grant


def test_a_plain_link_shows_nothing() -> None:
    assert Grant().text == ""


@pytest.mark.parametrize(
    "k", ["k1.", "k1.-1", "k1.01", "k1.1.shr_x", f"k1.{SHARE}", f"k1.1.{SHARE}.1", "k1.\u0661", "k1.1 "]
)
def test_what_we_never_write_is_not_read(k: str) -> None:
    assert Grant.of(k) is None
