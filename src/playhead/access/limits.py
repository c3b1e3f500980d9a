"""Failure limits of guessable secrets: passwords of accounts and share links, setup tokens.

Counted per process, in memory; only failures count.
"""

import ipaddress
import time
from functools import cached_property
from typing import TYPE_CHECKING

from playhead.errors import TooManyRequests

if TYPE_CHECKING:
    from fastapi import Request
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

PER_ACCOUNT = "5/minute"
"""Failures for one email from one address: a person mistypes, a program guesses."""

PER_ADDRESS = "30 per 10 minutes"
"""Failures from one address, whatever the email: one password tried on many accounts."""


def client_address(request: "Request") -> str:
    """The key that failures are counted by: the peer's address; of IPv6 the /64, which one client holds entirely.

    Forwarded headers play no part here: the server resolves those of trusted proxies before the request arrives.
    """
    host = request.client.host if request.client else "local"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


SET_BACK_S = 5.0
"""Backward jump beyond which a clock was set, not corrected."""


class FailureLimits:
    """Refusal of further attempts after too many failures.

    Args:
        to: What was attempted, for the message.
    """

    def __init__(self, to: str = "sign in") -> None:
        self._to = to
        self._ahead = _wall_ahead()

    def check(self, account: str, address: str) -> None:
        """Refuse an attempt that exceeds a limit.

        Raises:
            TooManyRequests: 5 failures a minute for this account and address, or 30 in 10 minutes for the address.
        """
        self._forget_the_future()
        for item, keys in self._windows(account, address):
            if not self._limiter.test(item, *keys):
                stats = self._limiter.get_window_stats(item, *keys)
                wait_s = max(1, round(stats.reset_time - time.time() + 0.5))
                raise TooManyRequests(
                    f"There were {item.amount} failed tries to {self._to}. The next is possible in {wait_s} s.",
                    retry_after_s=wait_s,
                )

    def failed(self, account: str, address: str) -> None:
        """Count a failure."""
        for item, keys in self._windows(account, address):
            self._limiter.hit(item, *keys)

    def succeeded(self, account: str, address: str) -> None:
        """Forgive the account's failures; the address keeps its own, or one good account would buy endless attempts."""
        (item, keys), _ = self._windows(account, address)
        self._limiter.clear(item, *keys)

    def _forget_the_future(self) -> None:
        """Drop failures that a clock set back has put hours ahead, which would count until then."""
        before, self._ahead = self._ahead, _wall_ahead()
        if self._ahead < before - SET_BACK_S:
            self._limiter.storage.reset()

    def _windows(self, account: str, address: str) -> "tuple[tuple[RateLimitItem, tuple[str, ...]], ...]":
        per_account, per_address = self._items
        return (per_account, ("account", account, address)), (per_address, ("address", address))

    @cached_property
    def _items(self) -> "tuple[RateLimitItem, RateLimitItem]":
        from limits import parse  # 120 ms to import: with the first sign-in, not with the process

        return parse(PER_ACCOUNT), parse(PER_ADDRESS)

    @cached_property
    def _limiter(self) -> "MovingWindowRateLimiter":
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())


def _wall_ahead() -> float:
    """Lead of the wall clock over the monotonic one, in seconds."""
    return time.time() - time.monotonic()
