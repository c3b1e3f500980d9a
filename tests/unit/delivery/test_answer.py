"""A store that can presign serves viewers itself, and is asked nothing."""

from datetime import UTC, datetime
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from playhead.api.problems import answer_problems
from playhead.delivery.answer import answer
from playhead.delivery.handover import Handover
from playhead.delivery.media import Kind, Media, MediaCatalog
from playhead.delivery.sources import Sources
from playhead.services import Services
from playhead.storage.store import Store
from tests.fixtures.media_site import StoredMedia

ROW = StoredMedia("videos/x/original", 100, "ab" * 32, "video/mp4", "a.mp4", datetime(2024, 1, 1, tzinfo=UTC))


class PresigningStore:
    """Signs; every other call would be an AttributeError."""

    async def presign(self, key: str, *, expires_s: int) -> str:
        return f"https://bucket.example/{key}?expires={expires_s}"


class OneVideo:
    """A catalog of one."""

    async def media(self, video_id: str, kind: Kind) -> Media | None:
        return ROW if kind == "file" else None

    async def owner(self, video_id: str) -> str | None:
        return "ann"


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = FastAPI()
    store = cast(Store, PresigningStore())
    services = app.state.services = Services()
    services.add(Handover, lambda: Handover(store))
    services.add(Sources, lambda: Sources(store))
    services.add(MediaCatalog, lambda: cast(MediaCatalog, OneVideo()))
    answer_problems(app)

    @app.api_route("/{kind}", methods=["GET", "HEAD"])
    async def media(request: Request, kind: Kind) -> Response:
        return await answer(request, "vid_x", kind, cache_control="private, max-age=60", download=False, life_s=60)

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def test_a_viewer_is_sent_to_the_store(client: httpx2.AsyncClient) -> None:
    response = await client.get("/file", headers={"Range": "bytes=0-9"})

    assert response.status_code == 307
    assert response.headers["location"] == "https://bucket.example/videos/x/original?expires=60"
    assert response.headers["cache-control"] == "no-store"


TABLE: list[tuple[str, dict[str, str], int]] = [
    ("HEAD", {}, 200),
    ("GET", {"If-None-Match": "*"}, 304),
    ("GET", {"If-Match": '"x"'}, 412),
    ("GET", {"Range": "bytes=100-"}, 416),
]


@pytest.mark.parametrize(("method", "headers", "status"), TABLE)
async def test_what_needs_no_bytes_is_answered_here(
    client: httpx2.AsyncClient, method: str, headers: dict[str, Any], status: int
) -> None:
    """A URL that was presigned for GET fails for HEAD, and our ETag is not the store's."""
    response = await client.request(method, "/file", headers=headers)

    assert response.status_code == status
    if status == 200:
        assert (response.headers["content-length"], response.headers["content-type"]) == ("100", "video/mp4")


async def test_what_the_catalog_does_not_know_is_404(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/poster")).status_code == 404
