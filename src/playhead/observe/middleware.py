"""Request id, access line and metrics of every request. Pure ASGI: nothing is buffered."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.kit.ids import new_id
from playhead.observe.metrics import Metrics

UNMATCHED = "(unmatched)"
CLIENT_GONE = 499
"""Status of a client that left before the answer: counted, never sent (nginx's number for it)."""

_SANE_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}", re.ASCII)
_PROBES = frozenset({"/livez", "/readyz", "/metrics"})

log = structlog.get_logger("playhead.access")


class RequestLog:
    """The outermost of our middlewares.

    Sets ``request.state.request_id``, binds it to every log line, and sends it as ``X-Request-Id``. An
    inbound one of 8 to 64 plain characters is kept, so that a proxy's log and ours can be joined.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        seen = _Seen(request_id, send)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, seen.send)
            except Exception:
                seen.status = seen.status or 500
                raise
            finally:
                self._finish(scope, seen)

    def _finish(self, scope: Scope, seen: "_Seen") -> None:
        status = seen.status or CLIENT_GONE
        route = route_of(scope)
        now = time.perf_counter()
        head_s = (seen.head_at or now) - seen.began
        self.metrics.request(scope["method"], route, status, head_s)
        level = "debug" if route in _PROBES and status < 500 else "warning" if status >= 500 else "info"
        getattr(log, level)(
            "request",
            method=scope["method"],
            route=route,
            path=scope["path"][:200],
            status=status,
            head_s=round(head_s, 4),
            duration_s=round(now - seen.began, 4),
            size_bytes=seen.size_bytes,
            principal=_principal_of(scope),
        )


def request_id_of(inbound: str | None) -> str:
    """A valid inbound id, or a new one."""
    return inbound if inbound is not None and _SANE_ID.fullmatch(inbound) else new_id("req")


def route_of(scope: Scope) -> str:
    """The route's template, with the prefixes it was included under; known once the app has answered."""
    context = (scope.get("fastapi") or {}).get("effective_route_context")
    route = context if context is not None else scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    return template if isinstance(template, str) else UNMATCHED


@dataclass(slots=True)
class _Seen:
    """What went by on its way out."""

    request_id: str
    _send: Send
    status: int = 0
    size_bytes: int = 0
    head_at: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.head_at = time.perf_counter()
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers["x-request-id"] = self.request_id
            message = {**message, "headers": headers.raw}
        elif message["type"] == "http.response.body":
            self.size_bytes += len(message.get("body", b""))
        elif message["type"] == "http.response.zerocopysend":
            self.size_bytes += message.get("count") or 0
        await self._send(message)


def _principal_of(scope: Scope) -> str | None:
    principal: Any = scope.get("state", {}).get("principal")
    return getattr(principal, "user_id", None)
