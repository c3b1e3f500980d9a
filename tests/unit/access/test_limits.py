"""Whom failures are counted for."""

import time

import pytest
from fastapi import Request

from playhead.access.limits import FailureLimits, client_address
from playhead.errors import TooManyRequests


def request_from(client: tuple[str, int] | None) -> Request:
    headers = [(b"x-forwarded-for", b"203.0.113.7"), (b"forwarded", b"for=203.0.113.7")]
    return Request({"type": "http", "client": client, "headers": headers})


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.1", 1), "192.0.2.1"),
        (("testclient", 1), "testclient"),
        (None, "local"),
    ],
)
def test_the_peer_counts_and_no_header_of_its_own(client: tuple[str, int] | None, address: str) -> None:
    assert client_address(request_from(client)) == address


def test_success_forgives_the_account_and_not_the_address() -> None:
    limits = FailureLimits()
    for number in range(29):
        limits.failed(f"{number}@x", "192.0.2.1")
    limits.succeeded("0@x", "192.0.2.1")
    limits.check("0@x", "192.0.2.1")

    limits.failed("0@x", "192.0.2.1")

    with pytest.raises(TooManyRequests) as caught:
        limits.check("new@x", "192.0.2.1")
    assert 1 <= caught.value.retry_after_s <= 601
    limits.check("new@x", "192.0.2.2")


def test_failures_are_forgotten_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they would lock everybody out until it is as late again."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    limits = FailureLimits()
    for _ in range(5):
        limits.failed("a@x", "192.0.2.1")
    now -= 7200

    limits.check("a@x", "192.0.2.1")
