"""What all adapters share: a provider's HTTP API, to which its key goes, and the hosts of its results, to which not.

    http = Http("replicate", "https://api.replicate.com/v1", auth={"authorization": "Bearer ..."}, client_factory=...)
    answer = await http.call("POST", "/predictions", json={...}, submit=True)
    async with http.open(url, start=0) as download: ...

An adapter maps what is its protocol's own (`passes`); every other error is mapped here, by `refusals` and `downloads`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from playhead import __version__
from playhead.generate.errors import OutcomeUnknown, ProviderNotConfigured, ProviderUnavailable
from playhead.generate.provider import Download
from playhead.generate.providers.answers import Answer, clean
from playhead.generate.providers.downloads import open_url
from playhead.generate.providers.hosts import Hosts
from playhead.generate.providers.refusals import refusal_of
from playhead.kit.text import shorten
from playhead.kit.units import MIB
from playhead.kit.urls import HostUnknown, UrlRefused

if TYPE_CHECKING:
    import httpx2

ClientFactory = Callable[[], "httpx2.AsyncClient"]
"""Opens a client that follows no redirects, such as ``Outgoing.client``."""

TIMEOUT_S: Final = 60.0
"""From the look-up of the host to the last byte of a response; downloads have their own limits."""

MAX_ANSWER: Final = 16 * MIB
"""A prediction may hold a clip of several MB as a data URL, and long logs."""


MIN_SECRET: Final = 8
"""Length of what is left out of a provider's words; a shorter word is no secret, and may be a part of any other."""


class Http:
    """A provider's HTTP API. Its client is opened at the first request; close it at the end.

    Args:
        name: Of the provider, for people.
        auth: Headers with the key.
        secret: The key, which is left out of everything that the provider says.
        client_factory: See `ClientFactory`.
        own_hosts: Patterns of further hosts of its API; see `Hosts`.
        keyed_hosts: Patterns of hosts of results that take the key, besides those of its API.
        result_hosts: Patterns of hosts of results that do not.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        client_factory: ClientFactory,
        auth: Mapping[str, str] | None = None,
        secret: str | None = None,
        own_hosts: Collection[str] = (),
        keyed_hosts: Collection[str] = (),
        result_hosts: Collection[str] = (),
    ) -> None:
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.own = Hosts(self.base_url, own_hosts)
        self.keyed = Hosts(self.base_url, [*own_hosts, *keyed_hosts])
        self.results = Hosts(self.base_url, [*own_hosts, *keyed_hosts, *result_hosts])
        self._auth = dict(auth or {})
        self._secret = secret if secret and len(secret) >= MIN_SECRET else None
        self._client_factory = client_factory
        self._client: httpx2.AsyncClient | None = None

    async def call(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        submit: bool = False,
        passes: Collection[int] = (),
    ) -> Answer:
        """Send a request once, with the key, and read the response. Redirects are not followed.

        Args:
            target: A path below the base URL, or a URL that the provider gave; one of a foreign host is refused.
            submit: Whether it may make something, so that no response means that nobody knows.
            passes: Statuses of errors that are returned, not raised.

        Raises:
            ProviderError: see `refusals.refusal_of` for responses, and `Provider.submit`.
        """
        await _loaded()
        request = self._request(method, target, json, headers, params)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                answer = await self._send(request)
        except Exception as error:
            failure = self._failure(error, submit=submit)
            if failure is error:
                raise
            raise failure from error
        if 200 <= answer.status < 300 or answer.status in passes:
            return answer
        raise refusal_of(self.name, answer, submit=submit, secret=self._secret)

    @asynccontextmanager
    async def open(self, url: str, *, start: int = 0) -> AsyncIterator[Download]:
        """Open a result from a byte on, at one of its hosts; each redirect is checked, and goes without the key.

        Raises:
            ResultNotReady, ResultExpired, ResultRefused: see `Provider.open_result`.
        """
        await _loaded()
        auth = self._auth if self.keyed.allow(url) else {}
        async with open_url(self.client, url, name=self.name, start=start, hosts=self.results, auth=auth) as download:
            yield download

    @property
    def client(self) -> "httpx2.AsyncClient":
        """The client of all requests."""
        if self._client is None:
            self._client = self._client_factory()
        return self._client

    async def close(self) -> None:
        """Close its connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def clean(self, text: str) -> str:
        """What a provider says, fit for people: one line of at most 300 characters, without the key."""
        return clean(text, self._secret)

    def _request(
        self, method: str, target: str, json: Any, headers: Mapping[str, str] | None, params: Mapping[str, str] | None
    ) -> "httpx2.Request":
        import httpx2

        url = target if "://" in target else f"{self.base_url}{target}"
        if not self.own.allow(url):
            raise ProviderUnavailable(f"{self.name} named an address that is not its own: {shorten(url, 100)}.")
        given = {"user-agent": f"Playhead/{__version__}", "accept": "application/json", **self._auth, **(headers or {})}
        try:
            return self.client.build_request(method, url, json=json, headers=given, params=params)
        except (httpx2.InvalidURL, ValueError, TypeError):  # without its text, which may quote the key
            raise self._malformed() from None

    async def _send(self, request: "httpx2.Request") -> Answer:
        response = await self.client.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise ValueError(f"its response is larger than {MAX_ANSWER // MIB} MiB")
            if self._secret:  # an error may quote it, and its words reach people
                body = body.replace(self._secret.encode(), b"(key)")
            return Answer(response.status_code, {**response.headers}, bytes(body))
        finally:
            await response.aclose()

    def _failure(self, error: Exception, *, submit: bool) -> Exception:
        import httpx2

        if isinstance(error, UrlRefused) and not isinstance(error, HostUnknown):
            return ProviderNotConfigured(f"The address of {self.name} is not opened: {error}")
        if isinstance(error, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol):
            return self._malformed()
        timed_out = isinstance(error, TimeoutError | httpx2.TimeoutException)
        said = "timeout" if timed_out else clean(str(error) or type(error).__name__, self._secret).rstrip(".")
        if isinstance(error, HostUnknown | httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return ProviderUnavailable(f"{self.name} cannot be reached: {said}.")
        if not isinstance(error, httpx2.HTTPError | OSError | ValueError):
            return error
        if submit:
            return OutcomeUnknown(f"{self.name} did not respond to the request, which may have arrived: {said}.")
        return ProviderUnavailable(f"{self.name} did not respond: {said}.")

    def _malformed(self) -> ProviderNotConfigured:
        return ProviderNotConfigured(
            f"The address or the key of {self.name} is malformed.", hint="Enter them again in its settings."
        )


async def _loaded() -> None:
    """Import the HTTP client in a thread: a fifth of a second in which callbacks are answered."""
    if "httpcore2" not in sys.modules:
        await asyncio.to_thread(lambda: [import_module(name) for name in ("httpx2", "httpcore2")])
