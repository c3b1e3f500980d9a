"""Origins of the web: scheme, host and port, as browsers write them (RFC 6454 section 6.2)."""

import re
from urllib.parse import urlsplit

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(text: str) -> str:
    """Write an origin as a browser's ``Origin`` header does: in lower case, without the scheme's own port.

    Raises:
        ValueError: *text* is not an origin, such as a URL with a path.
    """
    match = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    port = int(match["port"]) if match and match["port"] else None
    if match is None or port == 0 or (port or 1) > 65_535:
        raise ValueError(f"{text!r} is not an origin: write scheme and host, such as https://www.example.com, no path")
    shown = "" if port in (None, _DEFAULT_PORTS[match["scheme"]]) else f":{port}"
    return f"{match['scheme']}://{match['host']}{shown}"


def public_origin(url: str) -> str:
    """Read the address that people reach a server by; only an origin will do, as its pages lie at the root.

    Raises:
        ValueError: with what is wrong.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.netloc:
        raise ValueError("must start with http:// or https:// and a host")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user or password")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must end after the host and port: Playhead needs a host name of its own, not a path on one")
    return origin(f"{parts.scheme}://{parts.netloc}")
