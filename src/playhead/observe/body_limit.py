"""A bound on request bodies that are read into memory; uploads stream and have a limit of their own."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.kit.units import MIB, format_bytes

UPLOADS = (
    ("POST", r"/api/v1/videos/?"),
    ("POST", r"/api/v1/uploads/?"),
    ("PATCH", r"/api/v1/uploads/[^/]+"),
)
"""Routes whose bodies stream to the store: method, and a pattern of the whole path."""

CALLBACKS = (("POST", r"/api/v1/webhooks/[^/]+/?"),)
CALLBACK_BYTES = 10 * MIB
"""Callbacks of generation providers hold logs and data URLs; one that is refused is lost."""

CAPTIONS = (("POST", r"/api/v1/videos/[^/]+/captions/?"), ("PUT", r"/api/v1/captions/[^/]+/cues/?"))
CAPTIONS_BYTES = 20 * MIB
"""Ten hours of words with their times."""


class BodyLimit:
    """Ends the reading of a body that is too large, or grows to be, with 413.

    The error is raised where the body is read, after the principal was checked, and is written by the app's
    own handler. The connection ends with it: the rest of the body could be gigabytes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit_bytes: int = MIB,
        exempt: Sequence[tuple[str, str]] = UPLOADS,
    ) -> None:
        self.app = app
        self.limit_bytes = limit_bytes
        self._exempt = _compiled(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_exempt(scope):
            await self.app(scope, receive, send)
            return
        came, limit = 0, self._limit_of(scope)
        declared_too_large = _declares_more(Headers(scope=scope).get("content-length", ""), limit)

        async def bounded() -> Message:
            nonlocal came
            if declared_too_large:
                raise _too_large(limit)
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise _too_large(limit)
            return message

        await self.app(scope, bounded, send)

    def _is_exempt(self, scope: Scope) -> bool:
        return _fits(scope, self._exempt)

    def _limit_of(self, scope: Scope) -> int:
        own = next((most for routes, most in _LARGER if _fits(scope, routes)), 0)
        return max(self.limit_bytes, own)


def _compiled(routes: Sequence[tuple[str, str]]) -> list[tuple[str, re.Pattern[str]]]:
    return [(method, re.compile(pattern)) for method, pattern in routes]


_LARGER = ((_compiled(CALLBACKS), CALLBACK_BYTES), (_compiled(CAPTIONS), CAPTIONS_BYTES))


def _fits(scope: Scope, routes: Sequence[tuple[str, re.Pattern[str]]]) -> bool:
    method, path = scope["method"], scope["path"]
    return any(method == each and pattern.fullmatch(path) for each, pattern in routes)


def _declares_more(length: str, limit: int) -> bool:
    return length.isdecimal() and (len(length) > 18 or int(length) > limit)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The body is larger than {format_bytes(limit)}.", headers={"Connection": "close"})
