"""Errors on the wire."""

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from playhead.access.endpoints import account, keys, users
from playhead.api.problems import answer_problems, problem_responses
from playhead.errors import NotFound, TooManyRequests


def build_app() -> FastAPI:
    app = FastAPI()
    answer_problems(app)

    @app.get("/missing", responses=problem_responses(404))
    async def missing() -> None:
        raise NotFound("There is no vid_1.", hint="Look in the library.")

    @app.get("/often")
    async def often() -> None:
        raise TooManyRequests("5 tries.", retry_after_s=7)

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "short and stout")

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("the secret of it")

    @app.get("/number")
    async def number(n: int) -> int:
        return n

    return app


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/missing", 404, "not_found"),
        ("/often", 429, "rate_limited"),
        ("/teapot", 418, "http_error"),
        ("/bug", 500, "internal_error"),
        ("/number?n=x", 422, "malformed_request"),
        ("/nowhere", 404, "not_found"),
    ],
)
def test_every_error_is_a_problem(path: str, status: int, code: str) -> None:
    answer = TestClient(build_app(), raise_server_exceptions=False).get(path)

    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert body["instance"] == path.partition("?")[0]
    assert {"type", "title", "detail", "request_id"} <= set(body)
    assert "the secret of it" not in answer.text


def test_a_malformed_field_is_named_with_what_is_wrong() -> None:
    detail = TestClient(build_app()).get("/number?n=x").json()["detail"]

    assert detail.startswith("query.n cannot be used: Input should be a valid integer")


def test_the_wrong_method_names_the_right_ones() -> None:
    answer = TestClient(build_app()).post("/missing")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


def test_hints_and_headers_come_along() -> None:
    client = TestClient(build_app())

    assert client.get("/missing").json()["hint"] == "Look in the library."
    assert client.get("/often").headers["retry-after"] == "7"


def test_openapi_tells_every_error_as_a_problem() -> None:
    app = build_app()
    for router in (account.router, users.router, keys.router):
        app.include_router(router, prefix="/api/v1")

    openapi = app.openapi()

    kinds = {
        media
        for operations in openapi["paths"].values()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if int(status) >= 400
        for media in response["content"]
    }
    assert kinds == {"application/problem+json"}
    assert "HTTPValidationError" not in openapi["components"]["schemas"]
    assert set(openapi["components"]["schemas"]["Problem"]["required"]) >= {"type", "title", "status", "code"}
    assert openapi["paths"]["/api/v1/me"]["get"]["security"] == [
        {"ApiKeyBearer": []},
        {"ApiKeyHeader": []},
        {"SessionCookie": []},
    ]
    assert "security" not in openapi["paths"]["/api/v1/session"]["post"]
