"""URLs of users: which are opened, and which never are."""

import pytest

from playhead.kit.urls import UrlRefused, check_url, is_public, parse_url

HTTP = ("http", "https")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        "http://",
        "http://host:99999/",
        "http://a b/",
        "http://a\n.example/",
        "http://a\\b/",
        "concat:a|b",
        "https://example.com/" + "a" * 2000,
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        parse_url(url, HTTP)


@pytest.mark.parametrize(
    ("url", "said"),
    [("concat:a|b", "begins with http://"), ("http://host:99999/", "port of the URL"), ("http://", "host")],
)
def test_the_refusal_says_what_is_wrong(url: str, said: str) -> None:
    with pytest.raises(UrlRefused, match=said):
        parse_url(url, HTTP)


def test_a_scheme_without_a_port_of_its_own_needs_one() -> None:
    assert parse_url("srt://host:9000?mode=caller", ("srt",)).port == 9000
    with pytest.raises(UrlRefused, match="names a port"):
        parse_url("srt://host", ("srt",))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
async def test_private_addresses_are_not_public_however_they_are_written(address: str) -> None:
    assert not is_public(address)
    host = f"[{address.partition('%')[0]}]" if ":" in address else address
    with pytest.raises(UrlRefused, match="not a public address"):
        await check_url(f"http://{host}/", HTTP, allow_private=False)


async def test_names_of_this_computer_are_refused_unless_allowed() -> None:
    with pytest.raises(UrlRefused, match="localhost leads to"):
        await check_url("http://localhost:1/", HTTP, allow_private=False)
    checked = await check_url("http://localhost:81/", HTTP, allow_private=True)
    assert checked.port == 81
    assert set(checked.addresses) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
