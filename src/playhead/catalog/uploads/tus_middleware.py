"""ASGI middleware for tus clients: method override, cross-origin requests, a trailing slash.

Adds ``Tus-Resumable`` to every response under ``/uploads``, errors and replayed ones too, as tus 1.0.0 demands.
"""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.catalog.uploads.tus import VERSION

API: Final = "/api/v1/"
UPLOADS: Final = "/api/v1/uploads"

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "PATCH", "POST", "DELETE"})

_REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, Tus-Resumable, Upload-Checksum, Upload-Concat, "
    "Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-API-Key, X-HTTP-Method-Override, "
    "X-Request-Id, X-Requested-With"
)
_EXPOSED_HEADERS = (
    "Idempotent-Replayed, Location, Playhead-Video, Retry-After, Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size, "
    "Tus-Resumable, Tus-Version, Upload-Concat, Upload-Defer-Length, Upload-Expires, Upload-Length, Upload-Metadata, "
    "Upload-Offset, X-Request-Id"
)
_PREFLIGHT_AGE_S = 7200
"""Chromium's maximum."""


class TusMiddleware:
    """Middleware before the router.

    A method in ``X-HTTP-Method-Override`` takes the place of the request's own before anything is checked, so that all
    checks, that of cookies too, are those of the method that is carried out. Other origins get no
    ``Access-Control-Allow-Credentials``: their pages upload with a key.

    Args:
        origins: Origins of other sites whose pages may upload; ``*`` for all.
    """

    def __init__(self, app: ASGIApp, *, origins: Iterable[str] = ()) -> None:
        self.app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        scope = _without_slash(scope)
        if scope["path"] != UPLOADS and not scope["path"].startswith(f"{UPLOADS}/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        added = [("Tus-Resumable", VERSION), *self._cors(headers)]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields = MutableHeaders(raw=list(message.get("headers", ())))
                for name, value in added:
                    fields.add_vary_header(value) if name == "Vary" else fields.__setitem__(name, value)
                message = {**message, "headers": fields.raw}
            await send(message)

        await self.app(_overridden(scope, headers), receive, with_headers)

    def _cors(self, headers: Headers) -> list[tuple[str, str]]:
        if not self._origins:
            return []
        origin = headers.get("origin")
        allowed = "*" if "*" in self._origins else origin if origin in self._origins else None
        vary = [] if "*" in self._origins else [("Vary", "Origin")]
        if origin is None or allowed is None:
            return vary
        return [
            *vary,
            ("Access-Control-Allow-Origin", allowed),
            ("Access-Control-Expose-Headers", _EXPOSED_HEADERS),
            ("Access-Control-Allow-Methods", ", ".join(sorted(METHODS))),
            ("Access-Control-Allow-Headers", _REQUEST_HEADERS),
            ("Access-Control-Max-Age", str(_PREFLIGHT_AGE_S)),
        ]


def _without_slash(scope: Scope) -> Scope:
    """A redirect would be followed without the body by some clients, and to the wrong scheme behind some proxies."""
    path: str = scope["path"]
    if not path.endswith("/"):
        return scope
    raw: bytes = scope.get("raw_path") or b""
    return {**scope, "path": path.rstrip("/"), "raw_path": raw.rstrip(b"/")}


def _overridden(scope: Scope, headers: Headers) -> Scope:
    method = headers.get("x-http-method-override", "").strip().upper()
    if scope["method"] not in ("GET", "POST") or method not in METHODS:
        return scope
    return {**scope, "method": method}
