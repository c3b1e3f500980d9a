"""The built UI: hashed files cached forever, the page never, and 404 instead of the page where a file is missing."""

import base64
import hashlib
import mimetypes
import re
from importlib import resources
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playhead.app.share_pages import add_share_pages

IMMUTABLE: Final = "public, max-age=31536000, immutable"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Those that the build makes copies in, the smallest first."""

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Playhead</title>
<body><h1>The interface was not built</h1>
<p>The API works. Build it with <code>python scripts/build_web.py</code>, then reload this page.</p></body></html>"""


def webui_folder() -> Path:
    """Where the build hook puts the UI."""
    return Path(str(resources.files("playhead"))) / "webui"


def inline_scripts() -> list[str]:
    """Hashes of the scripts in the page itself, as a Content-Security-Policy names them."""
    page = webui_folder() / "index.html"
    if not page.is_file():
        return []
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def add_frontend(app: FastAPI) -> None:
    """Serve the UI below every other route of the app."""
    folder = webui_folder()
    if not (folder / "index.html").is_file():
        _add_notice(app)
        return

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return FileResponse(folder / "favicon.ico", headers={"Cache-Control": "public, max-age=86400"})

    add_share_pages(app, folder / "index.html")
    app.frontend("/", directory=str(folder), fallback="index.html")
    app.add_middleware(FrontendFiles, assets=folder / "assets")


class FrontendFiles:
    """Static files: hashed ones cached forever, compressed where the build made a copy; the page never cached.

    A missing file is 404: the page instead of it would be a script error that a reload does not fix.
    """

    def __init__(self, app: ASGIApp, *, assets: Path) -> None:
        self.app = app
        files = (path for path in assets.rglob("*") if path.is_file())
        self._assets = {f"/assets/{path.relative_to(assets).as_posix()}": path for path in files}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(("/api/", "/v/")):
            await self.app(scope, receive, send)
        elif path.startswith("/assets/"):
            await self._asset(scope)(scope, receive, send)
        else:
            await self.app(scope, receive, _revalidated(send))

    def _asset(self, scope: Scope) -> Response:
        path, method = scope["path"], scope["method"]
        file = self._assets.get(path)
        if file is None or method not in ("GET", "HEAD"):
            return Response("Not found\n", 404, {"Cache-Control": "no-store"}, "text/plain")
        headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in ENCODINGS:
            packed = self._assets.get(path + suffix)
            if packed is not None and accepts(accepted, encoding):
                kind = mimetypes.guess_type(path)[0]
                return FileResponse(packed, headers=headers | {"Content-Encoding": encoding}, media_type=kind)
        return FileResponse(file, headers=headers)


def accepts(header: str, encoding: str) -> bool:
    """Tell whether an ``Accept-Encoding`` names an encoding, other than with ``q=0`` (RFC 9110, 12.5.3)."""
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == encoding:
            return not re.fullmatch(r"q=0(\.0*)?", weight.strip())
    return False


def _revalidated(send: Send) -> Send:
    async def cached(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            if b"cache-control" not in names:
                message["headers"] = [*message["headers"], (b"cache-control", b"no-cache")]
        await send(message)

    return cached


def _add_notice(app: FastAPI) -> None:
    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return Response(status_code=204)

    @app.get("/{rest:path}", include_in_schema=False)
    async def not_built(rest: str) -> HTMLResponse:
        return HTMLResponse(_NOT_BUILT, 404 if rest else 200, {"Cache-Control": "no-store"})
