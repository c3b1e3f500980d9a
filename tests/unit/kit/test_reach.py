"""Who can follow a link, as far as its host says."""

import pytest

from playhead.kit.reach import Reach, reach_of


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://localhost:8000", "computer"),
        ("http://video.localhost", "computer"),
        ("http://127.0.0.1:8000", "computer"),
        ("http://127.8.8.8", "computer"),
        ("http://[::1]:8000", "computer"),
        ("http://[::ffff:127.0.0.1]", "computer"),
        ("http://0.0.0.0:8000", "computer"),
        ("http://192.168.1.20:8000", "network"),
        ("http://10.0.0.4", "network"),
        ("http://172.20.0.3", "network"),
        ("http://100.101.102.103", "network"),
        ("http://169.254.10.1", "network"),
        ("http://[fd00::4]", "network"),
        ("http://[fe80::1%25eth0]", "network"),
        ("http://nas:8000", "network"),
        ("http://nas.local", "network"),
        ("http://playhead.home.arpa.", "network"),
        ("https://video.example.com", "internet"),
        ("https://8.8.8.8", "internet"),
        ("https://172.32.0.1", "internet"),
    ],
)
def test_a_link_reaches_as_far_as_its_host(url: str, reach: Reach) -> None:
    """Loopback, private and link-local addresses, and names that no public server knows."""
    assert reach_of(url) == reach
