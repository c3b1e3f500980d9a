"""Addresses in one spelling each; what settings refuse is tested there."""

import pytest

from playhead.kit.networks import plain_address


@pytest.mark.parametrize(
    ("peer", "address"),
    [("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "::1"), ("192.0.2.7", "192.0.2.7"), ("::ffff:1", "::ffff:1"), ("", "")],
)
def test_a_peer_of_ipv4_has_its_ipv4_address_on_every_listener(peer: str, address: str) -> None:
    """A socket that listens on ``::`` knows it as ``::ffff:192.0.2.7``, which no IPv4 network holds."""
    assert plain_address(peer) == address
