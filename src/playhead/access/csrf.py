"""Protection against cross-site requests by what the browser says of their origin, without a token.

``Sec-Fetch-Site`` (W3C Fetch Metadata) cannot be set by a page. Browsers send it to https and localhost alone, so
over plain http to another host ``Origin`` decides; every browser sends that with unsafe methods.
"""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from playhead.access.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_DEFAULT_PORTS = {"http": 80, "https": 443}


def sender(headers: Mapping[str, str]) -> Literal["own", "foreign", "unknown"]:
    """The site that made a request: our own (or the address bar), a foreign one, or unknown.

    Args:
        headers: By lower-case name.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return "own" if site in ("same-origin", "none") else "foreign"
    origin = headers.get("origin")
    if origin is None:
        return "unknown"
    return "own" if _same_host(origin, headers.get("host", "")) else "foreign"


def refuse_foreign(headers: Mapping[str, str]) -> None:
    """Guard a request that carries no credential yet (sign-in): a program without a browser may pass.

    Raises:
        Forbidden: a page of another site sent it.
    """
    if sender(headers) == "foreign":
        raise _refusal()


def require_own(headers: Mapping[str, str]) -> None:
    """Guard an unsafe request that is authenticated by a cookie.

    Raises:
        Forbidden: a page of another site sent it, or its origin is unknown.
    """
    if sender(headers) != "own":
        raise _refusal()


def _refusal() -> Forbidden:
    return Forbidden(
        "A cookie is accepted here only from Playhead's own pages; neither Sec-Fetch-Site nor Origin says so.",
        hint="Programs use an API key: `Authorization: Bearer ph_...`.",
        code="cross_site_request",
        title="This request came from another site",
    )


def _same_host(origin: str, host: str) -> bool:
    try:
        parts, own = urlsplit(origin), urlsplit(f"//{host}")
        port, own_port = parts.port, own.port
    except ValueError:  # a port that is not a number, unbalanced brackets
        return False
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None or not parts.hostname:
        return False
    return (parts.hostname, port or default) == (own.hostname, own_port or default)
