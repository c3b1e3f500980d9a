"""Origins of the web: scheme, host and port, as browsers write them (RFC 6454 section 6.2)."""

import re

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?",
    re.ASCII,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(text: str) -> str:
    """Write an origin as a browser's ``Origin`` header does: in lower case, without the scheme's own port.

    Raises:
        ValueError: it is none, such as a URL with a path.
    """
    match = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    port = int(match["port"]) if match and match["port"] else None
    if match is None or port == 0 or (port or 1) > 65_535:
        raise ValueError(f"{text!r} is no origin: write scheme and host, such as https://www.example.com, no path")
    shown = "" if port in (None, _DEFAULT_PORTS[match["scheme"]]) else f":{port}"
    return f"{match['scheme']}://{match['host']}{shown}"
