"""The API's client: one place that knows addresses, keys, problems and which calls may be tried again."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from playhead import __version__
from playhead.cli.address import PROXY_VARIABLES, open_client, proxies_in_force, read_address
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, NotFound, PlayheadError, Unavailable
from playhead.kit.environment import variable

DEFAULT_URL = "http://127.0.0.1:8000"
PREFIX = "/api/v1"

_AGAIN = frozenset({502, 503, 504})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTEMPTS = 4


class NoServer(Unavailable):
    """Nothing listens where Playhead should be."""

    code = "no_server"
    title = "No Playhead answers"


class LineLost(Unavailable):
    """The server was there, and then it was not."""

    code = "line_lost"
    title = "The connection was lost"


class Refused(PlayheadError):
    """The server answered with a problem (RFC 9457); ``body`` is the whole document."""

    code = "refused"
    title = "The server refused"
    fault = "caller"

    def __init__(self, status: int, body: dict[str, Any], *, retry_after_s: float | None = None) -> None:
        super().__init__(_sentence(status, body), hint=body.get("hint"))
        self.answered = status
        self.body = body
        self.problem: str = body.get("code", "")
        self.request_id: str | None = body.get("request_id")
        self.retry_after_s = retry_after_s


class Api:
    """Speaks to one server. Use as a context manager; it holds connections.

    Args:
        url: Where the server is, without ``/api/v1``; a user in it is for a proxy in front.
        key: An API key; None asks as nobody.
        transport: In place of the network, for tests.

    Raises, from every call:
        Refused: the server answered with an error.
        NoServer: nothing listens at *url*.
        LineLost: the connection ended before the answer did.
    """

    def __init__(self, url: str, key: str | None, *, transport: httpx2.BaseTransport | None = None) -> None:
        set_on_retry_hooks([])  # a retry is not worth a log line on a terminal
        address = read_address(url)
        self.url, self.is_local = address.url, address.is_local
        headers = {"User-Agent": f"playhead-cli/{__version__}", "Accept": "application/json"}
        if key and address.user:
            headers["X-API-Key"] = key  # the other header is the proxy's
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
        """Read one resource below ``/api/v1``; parameters that are None are left out."""
        return self.request("GET", path, params=params).json()

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Change something; gives the answer's JSON, or None where there is none."""
        response = self.request(method, path, **options)
        return response.json() if response.content else None

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Ask below ``/api/v1``. Reads are tried again while the server is busy or the line drops."""
        if "params" in options:
            options["params"] = {name: value for name, value in options["params"].items() if value is not None}
        attempts = _ATTEMPTS if method in _SAFE else 1
        try:
            for attempt in stamina.retry_context(on=_worth_another_try, attempts=attempts, timeout=60):
                with attempt:
                    return self.once(method, PREFIX + path, **options)
        except httpx2.TransportError as error:
            raise LineLost(f"The connection to {self.url} was lost: {reason(error)}.", hint="Try again.") from error
        raise AssertionError("a retry context ends by returning or raising")

    def once(self, method: str, url: str, **options: Any) -> httpx2.Response:
        """Ask once, at a path from the server's root."""
        with self.named_failures():
            response = self.http.request(method, url, **options)
        if response.is_error:
            raise problem_of(response)
        return response

    def items(self, path: str, *, limit: int, **params: Any) -> list[dict[str, Any]]:
        """Read a cursor-paged list until *limit* items or its end."""
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
        """Follow server-sent events until the server ends them. After *silence_s* the read times out."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        timeout = httpx2.Timeout(silence_s, connect=5)
        with self.named_failures(), self.http.sse(PREFIX + path, headers=headers, timeout=timeout) as source:
            if source.response.is_error:
                source.response.read()
                raise problem_of(source.response)
            yield from source

    @contextmanager
    def named_failures(self) -> Iterator[None]:
        """Turn "connection refused" into a sentence; other transport errors pass."""
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise self._unreached(error) from error
        except httpx2.ProxyError as error:
            raise NoServer(
                f"The proxy between here and {self.url} refused: {reason(error)}.",
                hint=f"{PROXY_VARIABLES} names it; NO_PROXY names servers that need none.",
            ) from error

    def _unreached(self, error: Exception) -> NoServer:
        if isinstance(trust := _cause(error), ssl.SSLCertVerificationError):
            return NoServer(
                f"The certificate of {self.url} is not trusted: {trust.verify_message}.",
                hint="SSL_CERT_FILE names a file with the certificate of its authority.",
            )
        if isinstance(trust, ssl.SSLError):
            return NoServer(
                f"{self.url} does not speak TLS as expected ({reason(error)}).", hint="Is it http:// and not https://?"
            )
        by = " by the proxy of the environment" if not self.is_local and proxies_in_force() else ""
        why = "" if self.is_local else f" ({reason(error)})"
        return NoServer(
            f"No Playhead answers at {self.url}{by}{why}.",
            hint="Start it with `playhead serve`, or name another with --url or PLAYHEAD_URL.",
        )


def connect(terminal: Terminal) -> Api:
    """Open the client that the options and the environment ask for."""
    url = terminal.url or variable(os.environ, "PLAYHEAD_URL") or DEFAULT_URL
    return Api(url, read_key(terminal.key_file))


def read_key(key_file: str | None) -> str | None:
    """Take the API key from a file, else from ``PLAYHEAD_API_KEY``; never from a flag, which others can see."""
    if key_file is None:
        return variable(os.environ, "PLAYHEAD_API_KEY")
    try:
        text = Path(key_file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"The key file {key_file} cannot be read: {error}.") from error
    if not text:
        raise InvalidInput(f"The key file {key_file} is empty.")
    return text


def reason(error: Exception) -> str:
    """Say a transport error in a few words; some have none of their own."""
    return str(error).rstrip(".") or type(error).__name__


def _cause(error: BaseException) -> BaseException | None:
    """The error of TLS behind one of the client."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
        if isinstance(error, ssl.SSLError):
            return error
    return None


def problem_of(response: httpx2.Response) -> Refused:
    """Read a problem document; a proxy's HTML page becomes a short sentence."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {"detail": f"The server answered {response.status_code} {response.reason_phrase}."}
    body.setdefault("request_id", response.headers.get("x-request-id"))
    wait = response.headers.get("retry-after", "")
    if response.status_code == 401 and response.headers.get("www-authenticate", "").lower().startswith("basic"):
        body["detail"] = f"{response.url.host} asks for a user and password before Playhead is reached."
        body["hint"] = "Name them in the address: PLAYHEAD_URL=https://user:password@host."
    elif response.status_code == 401:
        body["hint"] = (
            f"{response.url.scheme}://{response.url.netloc.decode()} was asked; PLAYHEAD_URL names another server."
        )
    return Refused(response.status_code, body, retry_after_s=float(wait) if wait.isdecimal() else None)


def _sentence(status: int, body: dict[str, Any]) -> str:
    detail = body.get("detail") or body.get("title") or f"The server answered {status}."
    if not isinstance(detail, str):
        detail = str(detail)
    fields = [f"{_place(item)}: {item.get('msg')}" for item in body.get("errors") or [] if isinstance(item, dict)]
    if status == 401 and "PLAYHEAD_API_KEY" not in detail and "before Playhead" not in detail:
        fields.append("Give an API key in PLAYHEAD_API_KEY or --key-file; `playhead keys create` makes one.")
    return " ".join([detail, *fields])


def _place(item: dict[str, Any]) -> str:
    place = item.get("loc", "")
    return ".".join(map(str, place)) if isinstance(place, list) else str(place)


def _worth_another_try(error: Exception) -> bool | float:
    if isinstance(error, Refused):
        if error.answered == 429 or error.answered in _AGAIN:
            return min(error.retry_after_s, 30.0) if error.retry_after_s else True
        return False
    return isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.UnsupportedProtocol)
