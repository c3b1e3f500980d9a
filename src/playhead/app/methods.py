"""HEAD wherever GET is (RFC 9110 section 9.3.2), and which methods a path has."""

from collections.abc import Iterator
from typing import Any

from fastapi.sse import EventSourceResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def methods_of(app: Any, path: str) -> set[str]:
    """The methods that the routes with this path take; HEAD among them where GET is, but for a feed without an end."""
    found: set[str] = set()
    for route in _routes(app):
        if route.path_regex.match(path):
            found |= route.methods
            if "GET" in route.methods and getattr(route, "response_class", None) is not EventSourceResponse:
                found.add("HEAD")
    return found


class HeadAsGet:
    """Answers HEAD by what GET would say, without its body, where a route does not know HEAD itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not _lacks_head(scope):
            await self.app(scope, receive, send)
            return
        as_get = {**scope, "method": "GET"}
        try:
            await self.app(as_get, receive, _without_body(send))
        finally:
            scope.update({**as_get, "method": "HEAD"})  # the log asks for the route that was found


def _lacks_head(scope: Scope) -> bool:
    own = {
        method for route in _routes(scope["app"]) if route.path_regex.match(scope["path"]) for method in route.methods
    }
    return "GET" in own and "HEAD" not in own and "HEAD" in methods_of(scope["app"], scope["path"])


def _without_body(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
        elif not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return sent


def _routes(app: Any) -> Iterator[Any]:
    """Every route of ours, but for those that catch what no other took."""
    for route in app.routes:
        contexts = getattr(route, "effective_route_contexts", None)
        for each in contexts() if contexts is not None else [route]:
            is_route = getattr(each, "methods", None) and hasattr(each, "path_regex")
            if is_route and not each.path.endswith("{rest:path}"):
                yield each
