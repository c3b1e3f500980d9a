"""A store that can presign serves viewers itself, and is asked nothing."""

from datetime import UTC, datetime
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from playhead.api.problems import answer_problems
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.respond import Responder
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import Transfers
from playhead.delivery.transfers.sources import Sources
from playhead.observe.metrics import Metrics
from playhead.storage.store import Store
from tests.fixtures.media_site import media_file

ROW = media_file("videos/x/original", 100, "ab" * 32, "video/mp4", "a.mp4", datetime(2024, 1, 1, tzinfo=UTC))


class PresigningStore:
    """Signs; every other call would be an AttributeError."""

    async def presign(self, key: str, *, expires_s: int) -> str:
        return f"https://bucket.example/{key}?expires={expires_s}"


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = FastAPI()
    store = cast(Store, PresigningStore())
    responder = Responder(Sources(store), Offload(store), Transfers(Metrics()))
    answer_problems(app)

    @app.api_route("/file", methods=["GET", "HEAD"])
    async def media(request: Request) -> Response:
        return await responder.respond(
            request,
            Body.of_file(ROW),
            subject="vid_x",
            kind="file",
            cache_control="private, max-age=60",
            life_s=60,
        )

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
