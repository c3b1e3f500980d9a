"""What every request gets on its way: an id, a line, its place in the metrics, headers, a bound body."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import httpx2
import pytest
import structlog
from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from structlog.testing import capture_logs

from playhead.app.endpoints.health import router as health
from playhead.kit.ids import is_id
from playhead.observe.body_limit import BodyLimit
from playhead.observe.checks import Readiness
from playhead.observe.metrics import Metrics
from playhead.observe.middleware import RequestLog
from playhead.observe.security_headers import SecurityHeaders, page_policy
from playhead.services import Check, Services


class User:
    """As access leaves it."""

    user_id = "usr_1"


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/things/{thing}")
    async def thing(request: Request, thing: str) -> dict[str, Any]:
        request.state.principal = User()
        structlog.get_logger().info("inside")
        return {"request_id": request.state.request_id}

    @router.post("/things")
    async def echo(items: Annotated[list[str], Body()]) -> int:
        return len(items)

    @router.post("/videos")
    async def upload(request: Request) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("unforeseen")

    @router.get("/own", response_class=HTMLResponse)
    async def own() -> HTMLResponse:
        return HTMLResponse("x", headers={"Content-Security-Policy": "sandbox"})

    @router.get("/stream")
    async def stream() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"12345"

        return StreamingResponse(chunks())

    return router


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    services, metrics = Services(), Metrics()
    app.state.services = services
    services.add(Metrics, lambda: metrics)
    services.add(Readiness, lambda: Readiness([]))
    app.include_router(routes(), prefix="/api/v1")
    app.include_router(health)
    app.add_middleware(BodyLimit, limit_bytes=1000)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, metrics=metrics)
    return app


@pytest.fixture
def client(app: FastAPI) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture
def log() -> Iterator[list[Any]]:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as entries:
        yield entries


async def test_every_request_has_one_line(client: httpx2.AsyncClient, log: list[Any]) -> None:
    response = await client.get("/api/v1/things/5?s=secret")

    (line,) = [entry for entry in log if entry["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/things/{thing}", 200)
    assert (line["path"], line["principal"]) == ("/api/v1/things/5", "usr_1")
    assert line["size_bytes"] == len(response.content)
    assert 0 <= line["head_s"] <= line["duration_s"]


async def test_an_id_is_on_the_response_in_the_state_and_on_every_line(
    client: httpx2.AsyncClient, log: list[Any]
) -> None:
    response = await client.get("/api/v1/things/5")

    request_id = response.headers["x-request-id"]
    assert is_id("req", request_id)
    assert response.json() == {"request_id": request_id}
    assert {entry["request_id"] for entry in log} == {request_id}


@pytest.mark.parametrize(
    ("inbound", "kept"),
    [
        ("0af7651916cd43dd8448eb211c80319c", True),
        ("abc-DEF_1.2:3", True),
        ("short", False),
        ("x" * 65, False),
        ("with space", False),
        ("with\ttab--", False),
        ("<script>alert", False),
    ],
)
async def test_a_sane_id_from_outside_is_kept(client: httpx2.AsyncClient, inbound: str, kept: bool) -> None:
    response = await client.get("/api/v1/things/5", headers={"X-Request-Id": inbound})

    assert (response.headers["x-request-id"] == inbound) is kept


async def test_paths_that_nobody_serves_share_one_label(
    app: FastAPI, client: httpx2.AsyncClient, log: list[Any]
) -> None:
    for n in range(5):
        await client.get(f"/nope/{n}")

    labels = {"method": "GET", "route": "(unmatched)", "status": "404"}
    assert app.state.services.get(Metrics).registry.get_sample_value("playhead_http_requests_total", labels) == 5


async def test_an_unforeseen_error_is_a_500_with_a_line(client: httpx2.AsyncClient, log: list[Any]) -> None:
    response = await client.get("/api/v1/broken")

    (line,) = [entry for entry in log if entry["event"] == "request"]
    assert (response.status_code, line["status"], line["log_level"]) == (500, 500, "warning")
    assert line["route"] == "/api/v1/broken"


async def test_probes_are_quiet(client: httpx2.AsyncClient, log: list[Any]) -> None:
    await client.get("/livez")

    assert [entry["log_level"] for entry in log] == ["debug"]


async def test_a_streamed_body_is_counted(client: httpx2.AsyncClient, log: list[Any]) -> None:
    await client.get("/api/v1/stream")

    assert [entry["size_bytes"] for entry in log] == [15]


async def test_pages_are_told_what_not_to_do(client: httpx2.AsyncClient) -> None:
    headers = (await client.get("/api/v1/things/5")).headers

    assert headers["content-security-policy"] == page_policy()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]


async def test_a_response_with_its_own_policy_keeps_it(client: httpx2.AsyncClient) -> None:
    headers = (await client.get("/api/v1/own")).headers

    assert headers.get_list("content-security-policy") == ["sandbox"]


def test_the_policy_of_pages() -> None:
    policy = dict(part.split(" ", 1) for part in page_policy(["https://b.example"]).split("; "))

    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob: https://b.example"
    assert policy["media-src"] == "'self' blob: https://b.example"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "script-src 'self' 'sha256-x='; " in page_policy(scripts=["'sha256-x='"])


async def chunked(size: int) -> AsyncIterator[bytes]:
    """A body that does not tell its length."""
    for _ in range(size // 100):
        yield b" " * 100


async def test_a_body_that_says_it_is_too_large_is_413_unread(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/things", json=["x" * 2000])

    assert (response.status_code, response.headers["connection"]) == (413, "close")


async def test_a_body_that_grows_too_large_is_413(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/things", content=chunked(2000), headers={"Content-Type": "application/json"})

    assert response.status_code == 413


async def test_a_body_within_the_limit_is_read(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/api/v1/things", json=["x" * 900])).json() == 1


async def test_uploads_have_a_limit_of_their_own(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/api/v1/videos", content=chunked(5000))).json() == 5000


async def test_ready_when_every_check_holds(app: FastAPI, client: httpx2.AsyncClient) -> None:
    async def fine() -> str | None:
        return "ok"

    async def lost() -> str | None:
        raise TimeoutError

    app.state.services.add(Readiness, lambda: Readiness([Check("database", fine)]))
    ready = await client.get("/readyz")
    app.state.services.add(Readiness, lambda: Readiness([Check("database", fine), Check("worker", lost)]))
    failing = await client.get("/readyz")

    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert (failing.status_code, failing.json()["status"]) == (503, "failing")
    assert [(each["name"], each["ok"], each["detail"]) for each in failing.json()["checks"]] == [
        ("database", True, "ok"),
        ("worker", False, "TimeoutError"),
    ]
    assert ready.headers["cache-control"] == failing.headers["cache-control"] == "no-store"


async def test_metrics_are_text(client: httpx2.AsyncClient) -> None:
    await client.get("/livez")
    response = await client.get("/metrics")

    assert response.headers["content-type"].startswith("text/plain; version=")
    assert 'playhead_http_requests_total{method="GET",route="/livez",status="200"} 1.0' in response.text
