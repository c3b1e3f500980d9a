"""The API client: addresses, API keys, problem documents, and retries of safe calls."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from playhead import __version__
from playhead.cli.address import PROXY_VARIABLES, open_client, proxies_in_force, read_address
from playhead.errors import PlayheadError, Unavailable

PREFIX = "/api/v1"

_RETRYABLE = frozenset({502, 503, 504})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTEMPTS = 4


class ServerUnreachable(Unavailable):
    """Nothing listens at the address of the server."""

    code = "server_unreachable"
    title = "The server is unreachable"


class ConnectionLost(Unavailable):
    """The connection ended before the response did."""

    code = "connection_lost"
    title = "The connection was lost"


class Refused(PlayheadError):
    """A problem document (RFC 9457) from the server; ``body`` is the whole document."""

    code = "refused"
    title = "The server refused the request"
    fault = "caller"

    def __init__(self, status: int, body: dict[str, Any], *, retry_after_s: float | None = None) -> None:
        super().__init__(_sentence(status, body), hint=body.get("hint"))
        self.response_status = status
        self.body = body
        self.problem: str = body.get("code", "")
        self.request_id: str | None = body.get("request_id")
        self.retry_after_s = retry_after_s


class Api:
    """A client of one server. Use as a context manager; it holds connections.

    Args:
        url: Address of the server, without ``/api/v1``; a user in it is for a proxy in front.
        key: API key; None for anonymous requests.
        transport: Replacement of the network, for tests.

    Raises, from every call:
        Refused: the server responded with an error.
        ServerUnreachable: nothing listens at *url*.
        ConnectionLost: the connection ended before the response did.
    """

    def __init__(self, url: str, key: str | None, *, transport: httpx2.BaseTransport | None = None) -> None:
        set_on_retry_hooks([])  # no log line for a retry on a terminal
        address = read_address(url)
        self.url, self.is_local = address.url, address.is_local
        headers = {"User-Agent": f"playhead-cli/{__version__}", "Accept": "application/json"}
        if key and address.user:
            headers["X-API-Key"] = key  # Authorization is for the proxy
        elif key:
            headers["Authorization"] = f"Bearer {key}"
        self.http = open_client(address, headers=headers, timeout=httpx2.Timeout(30, connect=5), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def get(self, path: str, **params: Any) -> Any:
        """GET a resource below ``/api/v1``; parameters that are None are left out."""
        return self.request("GET", path, params=params).json()

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Send a request that changes something, and return the JSON of the response, if any."""
        response = self.request(method, path, **options)
        return response.json() if response.content else None

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send a request below ``/api/v1``; safe methods are retried while the server is busy or unreachable."""
        if "params" in options:
            options["params"] = {name: value for name, value in options["params"].items() if value is not None}
        attempts = _ATTEMPTS if method in _SAFE else 1
        try:
            for attempt in stamina.retry_context(on=_is_retryable, attempts=attempts, timeout=60):
                with attempt:
                    return self.once(method, PREFIX + path, **options)
        except httpx2.TransportError as error:
            raise ConnectionLost(
                f"The connection to {self.url} was lost: {reason(error)}.", hint="Try again."
            ) from error
        raise AssertionError("a retry context ends by returning or raising")

    def once(self, method: str, url: str, **options: Any) -> httpx2.Response:
        """Send a request once, to a path from the root of the server."""
        with self.named_failures():
            response = self.http.request(method, url, **options)
        if response.is_error:
            raise problem_of(response)
        return response

    def items(self, path: str, *, limit: int, **params: Any) -> list[dict[str, Any]]:
        """Read a cursor-paged list to its end, or up to *limit* items."""
        found: list[dict[str, Any]] = []
        cursor = None
        while len(found) < limit:
            page = self.get(path, limit=min(200, limit - len(found)), cursor=cursor, **params)
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                break
        return found[:limit]

    def events(
        self, path: str, *, last_id: str | None = None, silence_s: float = 60
    ) -> Iterator[httpx2.ServerSentEvent]:
        """Follow server-sent events until the server ends the stream; the read times out after *silence_s*."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        timeout = httpx2.Timeout(silence_s, connect=5)
        with self.named_failures(), self.http.sse(PREFIX + path, headers=headers, timeout=timeout) as source:
            if source.response.is_error:
                source.response.read()
                raise problem_of(source.response)
            yield from source

    @contextmanager
    def named_failures(self) -> Iterator[None]:
        """Replace connection errors by an error with a hint; other transport errors pass."""
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise self._unreached(error) from error
        except httpx2.ProxyError as error:
            raise ServerUnreachable(
                f"The proxy for {self.url} refused the connection: {reason(error)}.",
                hint=f"{PROXY_VARIABLES} sets the proxy; NO_PROXY lists servers to reach without one.",
            ) from error

    def _unreached(self, error: Exception) -> ServerUnreachable:
        if isinstance(trust := _cause(error), ssl.SSLCertVerificationError):
            return ServerUnreachable(
                f"The certificate of {self.url} is not trusted: {trust.verify_message}.",
                hint="Set SSL_CERT_FILE to a file with the certificate of its authority.",
            )
        if isinstance(trust, ssl.SSLError):
            return ServerUnreachable(
                f"The TLS handshake with {self.url} failed ({reason(error)}).", hint="Did you mean http://?"
            )
        by = " through the proxy of the environment" if not self.is_local and proxies_in_force() else ""
        why = "" if self.is_local else f" ({reason(error)})"
        return ServerUnreachable(
            f"No Playhead server at {self.url}{by}{why}.",
            hint="Start it with `playhead serve`, or set another address with --url or PLAYHEAD_URL.",
        )


def reason(error: Exception) -> str:
    """A short description of a transport error, some of which have no message."""
    return str(error).rstrip(".") or type(error).__name__


def _cause(error: BaseException) -> BaseException | None:
    """The TLS error that caused an error of the client."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
        if isinstance(error, ssl.SSLError):
            return error
    return None


def problem_of(response: httpx2.Response) -> Refused:
    """Parse a problem document; an HTML page of a proxy becomes a short sentence."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {"detail": f"The server responded with {response.status_code} {response.reason_phrase}."}
    body.setdefault("request_id", response.headers.get("x-request-id"))
    wait = response.headers.get("retry-after", "")
    if response.status_code == 401 and response.headers.get("www-authenticate", "").lower().startswith("basic"):
        body["detail"] = f"{response.url.host} requires a user and password in front of Playhead."
        body["hint"] = "Add them to the address: PLAYHEAD_URL=https://user:password@host."
    elif response.status_code == 401:
        server = f"{response.url.scheme}://{response.url.netloc.decode()}"
        body["hint"] = f"{server} received the request; set PLAYHEAD_URL for another server."
    return Refused(response.status_code, body, retry_after_s=float(wait) if wait.isdecimal() else None)


def _sentence(status: int, body: dict[str, Any]) -> str:
    detail = body.get("detail") or body.get("title") or f"The server responded with {status}."
    if not isinstance(detail, str):
        detail = str(detail)
    errors = [item for item in body.get("errors") or [] if isinstance(item, dict)]
    fields = [f"{_place(item)}: {item.get('msg')}." for item in errors if str(item.get("msg")) not in detail]
    if status == 401 and "PLAYHEAD_API_KEY" not in detail and "in front of Playhead" not in detail:
        fields.append("Set PLAYHEAD_API_KEY or --key-file to an API key; create one with `playhead keys create`.")
    return " ".join([detail, *fields])


def _place(item: dict[str, Any]) -> str:
    place = item.get("loc", "")
    return ".".join(map(str, place)) if isinstance(place, list) else str(place)


def _is_retryable(error: Exception) -> bool | float:
    if isinstance(error, Refused):
        if error.response_status == 429 or error.response_status in _RETRYABLE:
            return min(error.retry_after_s, 30.0) if error.retry_after_s else True
        return False
    return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)
