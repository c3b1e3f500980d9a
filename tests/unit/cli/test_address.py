"""Addresses of servers as people write them, and proxies of the environment."""

import pytest

from playhead.cli.address import Address, open_client, read_address
from playhead.errors import InvalidInput


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (" https://video.example.com/ ", "https://video.example.com"),
        ("http://[::1]:8000//", "http://[::1]:8000"),
        ("https://ann:p%40ss@video.example.com", "https://video.example.com"),
    ],
)
def test_an_address_is_scheme_host_and_port(text: str, url: str) -> None:
    assert read_address(text).url == url


def test_a_user_in_the_address_is_for_a_proxy_in_front_and_never_shows() -> None:
    address = read_address("https://ann:p%40ss@video.example.com")

    assert address.user == ("ann", "p@ss")
    assert "p@ss" not in repr(address)


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("localhost:8000", "must start with http://", "Did you mean http://localhost:8000?"),
        ("video.example.com", "must start with http://", "Did you mean http://video.example.com?"),
        ("http://127.0.0.1:8000/api/v1", "end after host and port", "Did you mean http://127.0.0.1:8000?"),
        ("https://video.example.com/playhead/", "end after host", "Did you mean https://video.example.com?"),
        ("http://::1:8000", "is not an address", "For example http://127.0.0.1:8000"),
        ("http://127.0.0.1:99999", "is not an address", "For example http://127.0.0.1:8000"),
        ("http://[::1", "is not an address", "For example"),
        ("ftp://ann:secret@host", "not 'ftp://...@host'", "For example"),
        ("http://", "must start with", "For example"),
    ],
)
def test_another_address_is_refused_with_the_one_that_is_meant(text: str, sentence: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_address(text)

    assert sentence in refused.value.detail
    assert hint in str(refused.value.hint)


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_this_machine_is_never_asked_by_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Not even by one that could not be used."""
    monkeypatch.setenv("ALL_PROXY", "socks4://host:1")

    with open_client(Address(f"http://{f'[{host}]' if ':' in host else host}:8000", host)) as client:
        assert not [mount for mount in client._mounts.values() if mount is not None]


@pytest.mark.parametrize(
    ("name", "value"),
    [("http_proxy", ""), ("ALL_PROXY", "socks5h://host:1080"), ("HTTP_PROXY", "host:3128"), ("NO_PROXY", "*")],
)
def test_usual_proxies_of_the_environment_are_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """SOCKS too; a host without a scheme is one of HTTP."""
    monkeypatch.setenv(name, value)

    open_client(read_address("http://video.example.com")).close()


@pytest.mark.parametrize("value", ["socks4://ann:secret@host:1", "socks://host:1", "http://host:port", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_one_sentence(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ALL_PROXY", value)

    with pytest.raises(InvalidInput, match="A proxy in the environment cannot be used") as refused:
        open_client(read_address("http://video.example.com"))

    assert "ALL_PROXY" in str(refused.value.hint)
    assert "secret" not in refused.value.detail
