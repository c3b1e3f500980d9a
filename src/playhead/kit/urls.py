"""URLs that users give us, checked before anything opens them: scheme, form, and where the host leads.

A name is resolved and all of its addresses are checked, so that ``http://intranet/`` and a public name with a private
address are refused alike. Whoever connects must use the addresses that were checked: a second look-up may differ.
"""

import asyncio
import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443, "rtmp": 1935, "rtmps": 443, "rtsp": 554, "rtsps": 322}
"""Default ports of schemes; SRT has none."""

HTTP = frozenset({"http", "https"})

MAX_LENGTH = 2000


class UrlRefused(ValueError):
    """A URL that is not opened; the text says why, and is fit for a person."""


class HostUnknown(UrlRefused):
    """A host without an address, perhaps only while the network or the name server is away."""


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """A URL and the addresses that its host had when it was checked.

    Attributes:
        addresses: IP addresses, at least one.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


def parse_url(url: str, schemes: Collection[str]) -> SplitResult:
    """Read a URL without looking its host up.

    Raises:
        UrlRefused: not a URL, another scheme, no host, or control characters in it.
    """
    if len(url) > MAX_LENGTH:
        raise UrlRefused(f"The URL has {len(url)} characters; at most {MAX_LENGTH} are read.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise UrlRefused("The URL has spaces, line breaks or other characters that a URL cannot have.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UrlRefused(f"This is not a URL: {error}.") from None
    if parts.scheme not in schemes:
        names = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise UrlRefused(f"A URL begins with {names}" + (f", not with {parts.scheme}:." if parts.scheme else "."))
    try:
        port = parts.port
    except ValueError:
        raise UrlRefused("The port of the URL is not a number from 1 to 65535.") from None
    if not parts.hostname:
        raise UrlRefused("The URL names no host.")
    if port is None and parts.scheme not in PORTS:
        raise UrlRefused(f"A URL with {parts.scheme}:// names a port, as {parts.scheme}://{parts.hostname}:9000.")
    return parts


async def check_url(url: str, schemes: Collection[str], *, allow_private: bool) -> CheckedUrl:
    """Read a URL and look its host up.

    Args:
        allow_private: Whether addresses of this computer and of private networks may be opened.

    Raises:
        UrlRefused: see `parse_url`; or one of the host's addresses is not public.
        HostUnknown: the host has no address.
    """
    parts = parse_url(url, schemes)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HostUnknown(f"{host} has no address: {reason}.") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(address):
            raise UrlRefused(f"{host} leads to {address}, which is not a public address.")
    return CheckedUrl(url, host, port, addresses)


def is_public(address: str) -> bool:
    """Whether an IP address is on the internet, not on this computer, a private network or none at all."""
    found = ip_address(address.partition("%")[0])
    found = _embedded(found) or found
    return found.is_global and not found.is_multicast


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.packed[:12] == b"\x00\x64\xff\x9b" + bytes(8):  # NAT64
        return IPv4Address(address.packed[12:])
    return None
