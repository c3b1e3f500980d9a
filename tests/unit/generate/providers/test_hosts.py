"""Hosts that results may come from, and that keys may go to."""

import pytest

from playhead.generate.providers.hosts import Hosts

HOSTS = Hosts("https://api.example/v1", ["files.example", "*.cdn.example", "10.0.0.5:9000"])


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/v1/predictions/1",
        "https://API.example:443/other",
        "https://files.example/a.mp4?x=1",
        "https://a.cdn.example/a.mp4",
        "https://a.b.cdn.example./a.mp4",
        "http://10.0.0.5:9000/a.mp4",
    ],
)
def test_hosts_of_the_provider_are_allowed(url: str) -> None:
    assert HOSTS.allow(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example/v1",
        "https://api.example:8443/v1",
        "http://files.example/a.mp4",
        "https://files.example:9000/a.mp4",
        "https://cdn.example/a.mp4",
        "https://evilcdn.example/a.mp4",
        "https://files.example.evil/a.mp4",
        "https://files.example@evil.example/a.mp4",
        "https://user@files.example/a.mp4",
        "https://evil.example/#files.example",
        "http://10.0.0.5/a.mp4",
        "file://files.example/etc/passwd",
        "//files.example/a.mp4",
        "https://files.example:99999/",
        "https://[files.example/",
        "",
    ],
)
def test_all_others_are_not(url: str) -> None:
    assert not HOSTS.allow(url)
