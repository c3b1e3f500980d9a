"""Finding the credential in a request."""

import pytest

from playhead.access.credentials import Credential, read_credential
from playhead.access.errors import InvalidCredential

COOKIES = {"__Host-playhead": "secure", "playhead_session": "plain"}


@pytest.mark.parametrize(
    ("headers", "secure", "found"),
    [
        ({}, True, ("session", "secure")),
        ({}, False, ("session", "plain")),
        ({"authorization": "Bearer ph_a_b"}, False, ("key", "ph_a_b")),
        ({"authorization": "bearer  ph_a_b "}, False, ("key", "ph_a_b")),
        ({"x-api-key": " ph_a_b "}, False, ("key", "ph_a_b")),
        ({"authorization": "Bearer ph_a_b", "x-api-key": "ph_a_b"}, False, ("key", "ph_a_b")),
    ],
)
def test_a_key_comes_before_the_cookie_of_the_connection(
    headers: dict[str, str], secure: bool, found: tuple[str, str]
) -> None:
    credential = read_credential(headers, COOKIES, secure=secure)

    assert credential is not None
    assert (credential.kind, credential.text) == found


@pytest.mark.parametrize("cookies", [{}, {"playhead_session": "plain"}, {"__Host-playhead": ""}])
def test_over_https_the_plain_cookie_counts_for_nothing(cookies: dict[str, str]) -> None:
    assert read_credential({}, cookies, secure=True) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "ph_a_b"},
        {"authorization": "Token ph_a_b"},
        {"x-api-key": ""},
        {"x-api-key": "", "authorization": "Basic YW5uOnB3"},
        {"authorization": "Bearer ph_one", "x-api-key": "ph_two"},
    ],
)
def test_an_unclear_key_is_refused_though_a_cookie_is_there(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidCredential):
        read_credential(headers, COOKIES, secure=True)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer eyJhbGciOiJub25lIn0", "Basic YW5uOnB3", "Digest username=ann", "Negotiate YII"],
)
def test_what_is_for_a_proxy_in_front_does_not_count(authorization: str) -> None:
    """Browsers send it along with every request once the proxy has asked for it."""
    headers = {"authorization": authorization}

    assert read_credential(headers, COOKIES, secure=True) == Credential("session", "secure")
    assert read_credential(headers | {"x-api-key": "ph_a_b"}, COOKIES, secure=True) == Credential("key", "ph_a_b")
    assert read_credential(headers, {}, secure=True) is None


def test_a_credential_does_not_show() -> None:
    assert "ph_a_b" not in repr(Credential("key", "ph_a_b"))
