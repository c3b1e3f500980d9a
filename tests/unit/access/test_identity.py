"""Emails and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.access.identity import clean_name, normalise_email
from playhead.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada.Lovelace+video@EXAMPLE.org\n", "ada.lovelace+video@example.org"),
        ("root@localhost", "root@localhost"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
        ("ju\u0308rgen@example.org", "jürgen@example.org"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "@", "a@", "@b", "a@b@c", "a b@c", "a\u00a0b@c", "a\u200bb@c", "a\0@b", "a@b\ud800", "x" * 253 + "@b"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        normalise_email(typed)

    assert caught.value.code == "invalid_email"


@given(st.text())
def test_any_text_is_an_address_or_refused_and_its_form_is_stable(text: str) -> None:
    try:
        email = normalise_email(text)
    except InvalidInput:
        return
    assert normalise_email(email) == email


@pytest.mark.parametrize("name", ["Ada", "Ada 👩‍💻", 'O\'Brien "Bob"', "李", "x" * 100])
def test_names_of_every_script_are_fine(name: str) -> None:
    assert clean_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\0b", "a\u2028b", "\ud800"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_name(name)

    assert caught.value.code == "invalid_name"
