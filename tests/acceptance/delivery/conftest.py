"""One server for all tests of this folder in a process; they count nothing and restart nothing."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.server import Server, running_server

PLAYER = b"<!doctype html><title>A player elsewhere</title><body></body>"


class _Page(BaseHTTPRequestHandler):
    """The same empty page under each path."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PLAYER)))
        self.end_headers()
        self.wfile.write(PLAYER)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Pages:
    """Two sites; to a browser ``localhost`` and ``127.0.0.1`` are strangers, not the same site on two ports."""

    listed: str
    stranger: str


@pytest.fixture(scope="package")
def pages() -> Iterator[Pages]:
    with ExitStack() as stack:
        ports = []
        for _ in range(2):
            site = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _Page))
            threading.Thread(target=site.serve_forever, daemon=True).start()
            stack.callback(site.shutdown)
            ports.append(site.server_address[1])
        yield Pages(*(f"http://localhost:{port}" for port in ports))


@pytest.fixture(scope="package")
def media_server(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Server]:
    """Players of one other site may read its media."""
    with running_server(tmp_path_factory.mktemp("media"), cors_origins=f'["{pages.listed}"]') as server:
        yield server


@dataclass(frozen=True)
class Film:
    """An uploaded video with all that is made of it.

    Attributes:
        links: Signed paths by kind.
    """

    id: str
    links: dict[str, str]


@pytest.fixture(scope="package")
def film(media_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Film:
    with Editor(media_server) as editor:
        clip = make_clip(tmp_path_factory.mktemp("clip"), seconds=8, size=(320, 180))
        video = editor.upload(clip)["id"]
        assert editor.prepared(video)["state"] == "ready"

        def link(kind: str) -> str | None:
            answer = editor.http.post(f"/api/v1/videos/{video}/playback", json={"kind": kind})
            return str(answer.json()["path"]) if answer.status_code == 200 else None

        kinds = ("file", "hls", "poster", "thumbnail", "storyboard", "preview")
        links = {kind: wait_for(kind, lambda kind=kind: link(kind)) for kind in kinds}  # type: ignore[misc]
        project = editor.post("/projects", {"title": "A reel", "clips": [{"video_id": video}]})["id"]
        links["reel"] = editor.post(f"/projects/{project}/preview", {})["path"]
    return Film(video, links)
