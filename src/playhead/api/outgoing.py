"""HTTP clients for URLs that users give us."""

from typing import TYPE_CHECKING

from playhead.kit.urls import HTTP, CheckedUrl, check_url

if TYPE_CHECKING:
    import httpx2


class Outgoing:
    """Opens HTTP clients that refuse addresses of this computer and of private networks.

    Attributes:
        allow_private: Whether they are opened all the same (setting ``allow_private_urls``).
    """

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private

    def client(self, *, timeout_s: float = 20.0, follow_redirects: bool = False) -> "httpx2.AsyncClient":
        """Open a client; close it at the end. Its requests raise `UrlRefused`, besides the errors of httpx2."""
        import httpx2

        from playhead.api.checked_transport import CheckedTransport

        transport = CheckedTransport(allow_private=self.allow_private)
        return httpx2.AsyncClient(transport=transport, timeout=timeout_s, follow_redirects=follow_redirects)

    async def check(self, url: str) -> CheckedUrl:
        """Check a URL now, to refuse it where it was entered.

        Raises:
            UrlRefused: it is not opened.
        """
        return await check_url(url, HTTP, allow_private=self.allow_private)
