"""CORS for players on other origins (Fetch standard, section 3.3).

Not Starlette's ``CORSMiddleware``: it sends ``Vary: Origin`` only to allowed origins, so that a cache in front serves
the response to a request without an origin to one with an origin, and the player fails.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.api.problems import problem_response

RawHeaders = list[tuple[bytes, bytes]]

MEDIA_PATHS = ("/v/",)

EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "Date",
    "ETag",
    "Retry-After",
    "X-Request-Id",
)
"""Headers that scripts may read besides the safelisted ones (``Cache-Control``, ``Content-Type``, ...)."""

REQUEST_HEADERS = (
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Range",
)
"""Headers that scripts may send; browsers refuse all others."""

PREFLIGHT_AGE_S = 86_400
"""The longest time that any browser caches a preflight: Firefox a day, Chromium two hours."""


class CrossOrigin:
    """The allowed origins.

    Args:
        origins: Written by `kit.origins.origin`, or ``*`` for all; none lets no other origin in.
    """

    def __init__(self, origins: Iterable[str] = ()) -> None:
        listed = frozenset(origins)
        self._strangers = _answer(b"*") if "*" in listed else _answer(None) if listed else []
        self._listed = {} if "*" in listed else {each.encode(): _answer(each.encode()) for each in listed}

    def cors_headers(self, origin: bytes | None) -> RawHeaders:
        """Headers of every response of a media route, errors included: a player reads their status.

        They replace headers of the same name; `Vary` is added to.

        Args:
            origin: The request's ``Origin``; None where there is none.
        """
        return self._strangers if origin is None else self._listed.get(origin, self._strangers)

    def allows(self, origin: bytes) -> bool:
        """Whether scripts of an origin may read media."""
        return any(name == b"access-control-allow-origin" for name, _ in self.cors_headers(origin))

    def has_own(self, origin: bytes) -> bool:
        """Whether an origin gets headers of its own."""
        return origin in self._listed

    def preflight_headers(self, origin: bytes) -> RawHeaders:
        """Headers of the response to a preflight of an allowed origin."""
        return [
            *(field for field in self.cors_headers(origin) if field[0] not in _OF_ANSWERS),
            (b"access-control-allow-methods", b"GET, HEAD"),
            (b"access-control-allow-headers", ", ".join(REQUEST_HEADERS).encode()),
            (b"access-control-max-age", b"%d" % PREFLIGHT_AGE_S),
            (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]


class MediaCors:
    """Middleware that adds the headers of a `CrossOrigin` to responses under some paths, and answers preflights."""

    def __init__(self, app: ASGIApp, *, cross_origin: CrossOrigin, paths: tuple[str, ...] = MEDIA_PATHS) -> None:
        self.app = app
        self.cross_origin = cross_origin
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.paths):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers["origin"].encode("latin-1") if "origin" in headers else None
        if origin is not None and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await self._preflight(origin, Request(scope))(scope, receive, send)
            return
        added = self.cross_origin.cors_headers(origin)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": merged(list(message.get("headers", ())), added)}
            await send(message)

        await self.app(scope, receive, with_headers)

    def _preflight(self, origin: bytes, request: Request) -> Response:
        if self.cross_origin.allows(origin):
            response = Response(status_code=204)
            response.raw_headers = merged(
                [(b"cache-control", b"no-store")], self.cross_origin.preflight_headers(origin)
            )
            return response
        return problem_response(
            request,
            status=403,
            code="origin_not_allowed",
            title="Origin not allowed",
            detail=f"{origin.decode('latin-1')[:200]} is none of the origins whose players may read media.",
            hint="The operator can add it to PLAYHEAD_CORS_ORIGINS.",
            headers={"Vary": "Origin"},
        )


def merged(headers: RawHeaders, added: RawHeaders) -> RawHeaders:
    """The headers of a response merged with those of `CrossOrigin`."""
    fields = MutableHeaders(raw=headers)
    for name, value in added:
        if name == b"vary":
            fields.add_vary_header(value.decode())
        else:
            fields[name.decode()] = value.decode("latin-1")
    return fields.raw


def _answer(allowed: bytes | None) -> RawHeaders:
    """Where other origins play at all, all of them may show what they cannot read: a media element without
    ``crossorigin`` sends no origin, and the link is the permission."""
    headers = [(b"cross-origin-resource-policy", b"cross-origin")]
    if allowed is not None:
        headers.append((b"access-control-allow-origin", allowed))
        headers.append((b"access-control-expose-headers", ", ".join(EXPOSED).encode()))
    if allowed != b"*":
        headers.append((b"vary", b"Origin"))
    return headers


_OF_ANSWERS = (b"cross-origin-resource-policy", b"access-control-expose-headers")
