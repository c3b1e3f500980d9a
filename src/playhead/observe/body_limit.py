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
        self._exempt = [(method, re.compile(pattern)) for method, pattern in exempt]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_exempt(scope):
            await self.app(scope, receive, send)
            return
        came = 0
        declared_too_large = self._declares_too_much(Headers(scope=scope).get("content-length", ""))

        async def bounded() -> Message:
            nonlocal came
            if declared_too_large:
                raise self._too_large()
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.limit_bytes:
                raise self._too_large()
            return message

        await self.app(scope, bounded, send)

    def _is_exempt(self, scope: Scope) -> bool:
        method, path = scope["method"], scope["path"]
        return any(method == each and pattern.fullmatch(path) for each, pattern in self._exempt)

    def _declares_too_much(self, length: str) -> bool:
        return length.isdecimal() and (len(length) > 18 or int(length) > self.limit_bytes)

    def _too_large(self) -> HTTPException:
        limit = format_bytes(self.limit_bytes)
        return HTTPException(413, f"The body is larger than {limit}.", headers={"Connection": "close"})
