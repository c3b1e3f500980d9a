"""The transport of `api.outgoing`: each request, redirected ones too, goes to an address that was checked."""

import functools
import ssl

import httpx2

from playhead.kit.urls import HTTP, check_url


class CheckedTransport(httpx2.AsyncBaseTransport):
    """HTTP over addresses that `kit.urls.check_url` let through. It ignores proxies: nobody checks their look-ups.

    Connections are kept by host name. A pool keeps them by address, so it would send a request for one host over the
    connection of another that shares its address, whose certificate was checked for that other name.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._of_host: dict[str, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request.

        Raises:
            UrlRefused: its host leads to an address that is not opened.
        """
        url = request.url
        checked = await check_url(str(url.copy_with(fragment=None)), HTTP, allow_private=self._allow_private)
        # The Host header stays, and TLS asks for the name: only the look-up is done with.
        request.extensions = {**request.extensions, "sni_hostname": url.host}
        request.url = url.copy_with(host=checked.addresses[0])
        try:
            return await self._transport(url.host).handle_async_request(request)
        finally:
            request.url = url  # redirects and errors name what was requested

    async def aclose(self) -> None:
        """Close its connections."""
        for transport in self._of_host.values():
            await transport.aclose()

    def _transport(self, host: str) -> httpx2.AsyncHTTPTransport:
        if host not in self._of_host:
            self._of_host[host] = httpx2.AsyncHTTPTransport(verify=_trust(), trust_env=False)
        return self._of_host[host]


@functools.cache
def _trust() -> ssl.SSLContext:
    """The authorities, read once: that takes 17 ms, and each look at a source has a client of its own."""
    return httpx2.create_ssl_context(trust_env=False)
