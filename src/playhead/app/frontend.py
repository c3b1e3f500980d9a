"""The built UI: its hashed files for ever, its page never from a cache, and no page where a file is missing."""

from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

IMMUTABLE: Final = "public, max-age=31536000, immutable"

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Playhead</title>
<body><h1>The interface was not built</h1>
<p>The API works. Build it with <code>python scripts/build_web.py</code>, then reload this page.</p></body></html>"""


def webui_folder() -> Path:
    """Where the build hook puts the UI."""
    return Path(str(resources.files("playhead"))) / "webui"


def add_frontend(app: FastAPI) -> None:
    """Serve the UI below every other route of the app."""
    folder = webui_folder()
    if not (folder / "index.html").is_file():
        _add_notice(app)
        return

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return FileResponse(folder / "favicon.ico", headers={"Cache-Control": "public, max-age=86400"})

    app.frontend("/", directory=str(folder), fallback="index.html")
    app.add_middleware(FrontendCaching, assets=folder / "assets")


class FrontendCaching:
    """``immutable`` on hashed files, ``no-cache`` on the page, 404 for a missing file instead of the page."""

    def __init__(self, app: ASGIApp, *, assets: Path) -> None:
        self.app = app
        self._assets = frozenset(
            f"/assets/{path.relative_to(assets).as_posix()}" for path in assets.rglob("*") if path.is_file()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(("/api/", "/v/")):
            await self.app(scope, receive, send)
            return
        asset = path.startswith("/assets/")
        if asset and path not in self._assets:
            await Response("Not found\n", 404, {"Cache-Control": "no-store"}, "text/plain")(scope, receive, send)
            return

        async def cached(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                if b"cache-control" not in names:
                    value = IMMUTABLE if asset and message["status"] == 200 else "no-cache"
                    message["headers"] = [*message["headers"], (b"cache-control", value.encode())]
            await send(message)

        await self.app(scope, receive, cached)


def _add_notice(app: FastAPI) -> None:
    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return Response(status_code=204)

    @app.get("/{rest:path}", include_in_schema=False)
    async def not_built(rest: str) -> HTMLResponse:
        return HTMLResponse(_NOT_BUILT, 404 if rest else 200, {"Cache-Control": "no-store"})
