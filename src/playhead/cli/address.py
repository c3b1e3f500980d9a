"""The address of a server, and the HTTP client that reaches it, through a proxy if the environment sets one."""

import ipaddress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

import httpx2

from playhead.errors import InvalidInput

PROXY_VARIABLES = "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY"


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a server.

    Attributes:
        url: Scheme, host and port.
        user: Name and password for a proxy in front (HTTP Basic).
    """

    url: str
    host: str
    user: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, which no proxy can reach."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return _is_own(ipaddress.ip_address(self.host))
        except ValueError:
            return False


def read_address(text: str) -> Address:
    """Parse ``http://127.0.0.1:8000`` or ``https://user:password@video.example.com/``.

    Raises:
        InvalidInput: *text* is not an address.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInput(f"{_masked(text)!r} is not an address: {error}.", hint=_EXAMPLE) from error
    if parts.scheme not in ("http", "https") or not host:
        meant = f"http://{text}" if text and "://" not in text and not text.startswith("/") else None
        raise InvalidInput(
            f"The server's address must start with http:// or https://, not {_masked(text)!r}.",
            hint=f"Did you mean {meant}?" if meant and "@" not in meant else _EXAMPLE,
        )
    url = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port is not None else ''}"
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise InvalidInput("The server's address must end after host and port.", hint=f"Did you mean {url}?")
    user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Address(url, host, user)


def open_client(address: Address, **options: Any) -> httpx2.Client:
    """A client for that server. The environment may set a proxy, which this machine is never reached through.

    Raises:
        InvalidInput: a proxy in the environment cannot be used.
    """
    if address.is_local:
        verify = httpx2.create_ssl_context() if address.url.startswith("https") else False  # also by SSL_CERT_FILE
        return httpx2.Client(base_url=address.url, auth=address.user, trust_env=False, verify=verify, **options)
    try:
        return httpx2.Client(base_url=address.url, auth=address.user, **options)
    except (ValueError, ImportError, httpx2.InvalidURL) as error:
        raise InvalidInput(
            f"A proxy in the environment cannot be used: {_masked(str(error)).rstrip('.')}.",
            hint=f"Set {PROXY_VARIABLES} to http://host:port or socks5://host:port. NO_PROXY lists servers to reach "
            "without one.",
        ) from error


def proxies_in_force() -> bool:
    """Whether the environment sets a proxy."""
    return any(getproxies().get(scheme) for scheme in ("http", "https", "all"))


def _is_own(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _masked(text: str) -> str:
    """*text* without user and password."""
    before, at, after = text.rpartition("@")
    return f"{before.partition('://')[0]}://...@{after}" if at and "://" in before else after if at else text


_EXAMPLE = "For example http://127.0.0.1:8000 or https://video.example.com."
