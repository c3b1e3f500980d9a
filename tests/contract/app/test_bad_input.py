"""Input that no client of ours sends: answered in words, never with a 500."""

import asyncio
import base64
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from playhead.api.cursors import encode_cursor
from playhead.jobs.watch import JobWatcher
from playhead.kit.ids import new_id
from tests.fixtures.site import Site

SOME = new_id("vid")


@pytest.mark.parametrize(
    ("sort", "position"),
    [
        ("size_bytes", [10**30, SOME]),
        ("size_bytes", [-(10**30), SOME]),
        ("size_bytes", [1.5, SOME]),
        ("size_bytes", [True, SOME]),
        ("duration_s", [True, SOME]),
        ("duration_s", [10**400, SOME]),
        ("duration_s", [float("nan"), SOME]),
        ("duration_s", [float("inf"), SOME]),
        ("title", ["\ud800", SOME]),
        ("title", ["a", "\ud800"]),
        ("title", ["a\0", SOME]),
        ("title", ["a", "b\0"]),
        ("title", [None, SOME]),
        ("-created_at", ["0001-01-01T00:00:00+23:59", SOME]),
        ("-created_at", ["9999-12-31T23:59:59-23:59", SOME]),
        ("-created_at", ["2026-01-01T00:00:00", SOME]),
        ("-created_at", [12, SOME]),
        ("-created_at", ["2026-01-01T00:00:00+00:00", None]),
    ],
)
async def test_a_cursor_that_was_made_up_is_no_500(each_site: Site, sort: str, position: list[Any]) -> None:
    """400, or a page when it could be one of ours."""
    answer = await each_site.ann.client.get("/api/v1/videos", params={"sort": sort, "cursor": encode_cursor(*position)})

    assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize("text", ["[" * 700, "{" * 700, "\0", "é", "bm90IGpzb24", "W10", "//8"])
async def test_a_cursor_that_is_none_is_400(site: Site, text: str) -> None:
    """Whatever it decodes to."""
    packed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for cursor in (text, packed):
        for path in ("videos", "projects", "jobs", "keys"):
            answer = await site.ann.client.get(f"/api/v1/{path}", params={"cursor": cursor[:1000]})
            assert answer.status_code in (400, 403, 422), (path, cursor)


async def test_text_that_no_database_takes_is_no_500(each_site: Site) -> None:
    """NUL and lone surrogates, in every place that takes text."""
    client = each_site.ann.client
    video = await each_site.ready_video()
    for bad in ("\0", "a\0b"):
        for path, name in (("videos", "search"), ("projects", "search"), ("jobs", "project_id"), ("jobs", "cursor")):
            answer = await client.get(f"/api/v1/{path}", params={name: bad})
            assert answer.status_code < 500, (path, name, answer.text)
        for path in ("videos", "projects", "jobs", "uploads", "keys"):
            for method in ("GET", "DELETE", "PATCH", "POST"):
                answer = await client.request(method, f"/api/v1/{path}/a%00b")
                assert answer.status_code < 500, (method, path)
    for raw in (r'{"title": "\ud800"}', r'{"title": "a\u0000b"}', r'{"\ud800": 1}', r'{"title": ["\udc00"]}'):
        for method, path in (("PATCH", f"videos/{video}"), ("POST", "projects")):
            answer = await client.request(
                method, f"/api/v1/{path}", content=raw, headers={"content-type": "application/json"}
            )
            assert answer.status_code < 500, (method, path, raw)
    for raw in (r'[{"video_id": "\ud800"}]', r'[{"video_id": "a\u0000"}]', r'[{"video_id": "x", "\udfff": 1}]'):
        project = (await client.post("/api/v1/projects", json={"title": "x"})).json()["id"]
        answer = await client.put(
            f"/api/v1/projects/{project}/clips",
            content=raw,
            headers={"content-type": "application/json", "if-match": '"1"'},
        )
        assert answer.status_code in (400, 422), raw


@pytest.mark.parametrize(
    "body", [b"\xff\xfe{", b"[" * 100_000, b'{"a":' * 50_000, b"9" * 5000, b'{"title": 1e999}', b"", b"null", b'""']
)
async def test_a_body_that_is_no_json_is_the_callers_fault(site: Site, body: bytes) -> None:
    """400 or 422, however it is broken."""
    answer = await site.ann.client.post("/api/v1/projects", content=body, headers={"content-type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("length", ["\u00b2", "-1", "x", "9" * 400])
async def test_a_length_that_is_no_number_is_no_500(site: Site, length: str) -> None:
    """A server in front refuses it, the app stands without one."""
    answer = await site.ann.client.post(
        "/api/v1/videos", content=b"0123", headers=[(b"content-length", length.encode("latin-1"))]
    )

    assert answer.status_code < 500


@pytest.mark.parametrize(
    "path", ["/%00", "/assets/%00", "/" + "a" * 5000, "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc"]
)
async def test_a_path_of_no_page_is_no_500(site: Site, path: str) -> None:
    """And nothing of the host's files."""
    for method in ("GET", "HEAD"):
        answer = await site.anonymous.request(method, path, headers={"accept": "text/html"})

        assert answer.status_code < 500
        assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/videos", {"GET", "HEAD", "POST"}),
        ("POST", "/api/v1/videos/{id}", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("GET", "/api/v1/videos/{id}/retry", {"POST"}),
        ("DELETE", "/api/v1/status", {"GET", "HEAD"}),
        ("OPTIONS", "/api/v1/videos", {"GET", "HEAD", "POST"}),
        ("POST", "/v/{id}/original.mp4", {"GET", "HEAD"}),
        ("DELETE", "/v/{id}/storyboard.vtt", {"GET", "HEAD"}),
    ],
)
async def test_a_method_that_a_route_does_not_have_is_405(
    site: Site, method: str, path: str, allowed: set[str]
) -> None:
    """With the ones that it has; a route that is not there is 404."""
    answer = await site.ann.client.request(method, path.format(id=SOME))
    nothing = await site.ann.client.request(method, "/api/v1/nothing")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == allowed
    assert (nothing.status_code, nothing.json()["code"]) == (404, "route_not_found")


async def test_no_answer_of_the_api_is_kept_by_a_cache(site: Site) -> None:
    """Each is for one caller alone, and may be another the next time."""
    video = await site.ready_video()
    project = (await site.ann.client.post("/api/v1/projects", json={"title": "x"})).json()["id"]
    for path in ("status", "me", "videos", f"videos/{video}", "projects", f"projects/{project}", "jobs", "uploads"):
        answer = await site.ann.client.get(f"/api/v1/{path}")

        assert answer.status_code == 200
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache"), path


async def test_a_feed_whose_reader_left_is_watched_no_longer(site: Site) -> None:
    """Otherwise each closed tab would leave a query twice a second until its job ends."""
    video = (await site.ann.client.post("/api/v1/videos", content=b"0123")).json()
    watcher = site.get(JobWatcher)
    gone = asyncio.Event()
    came: list[bytes] = []

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        came.append(message.get("body", b""))
        if b"event: job" in came[-1]:
            gone.set()

    key = site.ann.client.headers["authorization"].encode()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"/api/v1/jobs/{video['job_id']}/events",
        "raw_path": b"",
        "query_string": b"",
        "headers": [(b"host", b"playhead.test"), (b"authorization", key)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    first = b""

    async def receive_first() -> dict[str, Any]:
        nonlocal first
        if not first:
            first = b"x"
            return {"type": "http.request", "body": b"", "more_body": False}
        return await receive()

    async with asyncio.timeout(60):
        await site.app(scope, receive_first, send)
        assert json.loads(b"".join(came).split(b"data: ")[1].split(b"\n")[0])["id"] == video["job_id"]
        while watcher._views:
            await asyncio.sleep(0.01)
