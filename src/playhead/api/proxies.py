"""Which client a request is from, when proxies stand in front."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

Client = Callable[[str, Mapping[bytes, bytes]], str]
"""Names the client of a request, by its peer and its headers."""


def client_of(trusted_proxies: Sequence[str]) -> Client:
    """What names a client as uvicorn's own middleware does, for requests that never reach it.

    Args:
        trusted_proxies: Addresses and networks whose ``X-Forwarded-For`` is believed.
    """
    if not trusted_proxies:
        return lambda peer, _: peer
    trusted = _trusted(trusted_proxies)

    def client(peer: str, headers: Mapping[bytes, bytes]) -> str:
        forwarded = headers.get(b"x-forwarded-for")
        if forwarded is None or peer not in trusted:
            return peer
        return trusted.get_trusted_client_address(forwarded.decode("latin-1"))[0] or peer

    return client


def proxies(trusted_proxies: Sequence[str]) -> Container[str]:
    """The addresses that are in one of the networks."""
    return _trusted(trusted_proxies) if trusted_proxies else frozenset()


def _trusted(trusted_proxies: Sequence[str]) -> Any:
    return ProxyHeadersMiddleware(_no_app, list(trusted_proxies)).trusted_hosts


async def _no_app(*_: object) -> None:
    """Never called."""
