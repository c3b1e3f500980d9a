"""Hosts of a provider: where its key may go, and where its results may come from."""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}


class Hosts:
    """An allow-list: the host and port of a base URL, and patterns.

    Args:
        patterns: ``files.example`` is this host, ``*.files.example`` every host below it, both over https alone;
            ``files.example:9000`` is that port, over http, too.
    """

    def __init__(self, base_url: str, patterns: Collection[str] = ()) -> None:
        self._base = _origin(urlsplit(base_url))
        self._patterns = [pattern.lower() for pattern in patterns]

    def allow(self, url: str) -> bool:
        """Whether a URL leads to one of them."""
        try:
            parts = urlsplit(url)
            found = _origin(parts)
        except ValueError:
            return False
        if parts.username is not None or found is None:
            return False
        return found == self._base or any(_fits(pattern, *found) for pattern in self._patterns)


def _origin(parts: SplitResult) -> tuple[str, str, int] | None:
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname.rstrip("."), parts.port or PORTS[parts.scheme]


def _fits(pattern: str, scheme: str, host: str, port: int) -> bool:
    name, _, wanted = pattern.partition(":")
    scheme_fits = str(port) == wanted if wanted else (scheme, port) == ("https", 443)
    host_fits = host.endswith(name[1:]) and host != name[2:] if name.startswith("*.") else host == name
    return scheme_fits and host_fits
