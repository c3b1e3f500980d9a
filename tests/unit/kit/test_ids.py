"""Ids: form, order, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id, made_at, new_id


def test_ids_sort_in_the_order_they_were_made() -> None:
    """Also those made within one millisecond."""
    made = [new_id("vid") for _ in range(2000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_says_what_it_names() -> None:
    """Its prefix, then 26 characters; it is no id of another type."""
    made = new_id("prj")

    assert len(made) == len("prj_") + 26
    assert is_id("prj", made)
    assert not is_id("vid", made)


def test_an_id_says_when_it_was_made() -> None:
    """To the millisecond; a text that is none says nothing."""
    before = utc_now()
    made = made_at(new_id("clp"))

    assert before.timestamp() - 0.001 <= made.timestamp() <= utc_now().timestamp()
    with pytest.raises(ValueError, match="is not an id"):
        made_at("clp_")


@pytest.mark.parametrize(
    "text", ["", "vid", "vid_", "vid_" + "0" * 25, "vid_" + "0" * 27, "vid_" + "u" * 26, "vid_" + "8" + "0" * 25]
)
def test_what_is_no_id(text: str) -> None:
    """Too short, too long, a letter that Crockford left out, more than 128 bits."""
    assert not is_id("vid", text)


@given(st.text())
def test_no_id_can_be_a_path(text: str) -> None:
    """Nothing that passes holds a separator, a dot or a line break, whatever comes before or after it."""
    made = new_id("vid")
    for candidate in (text, f"vid_{text}", f"{made}{text}" if text else "", f"{text}{made}" if text else ""):
        assert not is_id("vid", candidate) or candidate.removeprefix("vid_").isalnum()
    assert not is_id("vid", f"{made}\n")
