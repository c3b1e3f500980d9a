"""What other origins are told."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playhead.delivery.cors import CrossOrigin, MediaCors

SHOP, NEWS = "https://shop.example", "https://news.example:8443"
STRANGER = "https://stranger.example"


def fields(cross_origin: CrossOrigin, origin: str | None) -> dict[str, str]:
    """The headers for an origin."""
    raw = cross_origin.cors_headers(None if origin is None else origin.encode())
    return {name.decode(): value.decode() for name, value in raw}


@pytest.mark.parametrize("origin", [None, SHOP, "null", "*"])
def test_without_a_list_nothing_is_said(origin: str | None) -> None:
    assert fields(CrossOrigin(), origin) == {}


@pytest.mark.parametrize("origin", [SHOP, NEWS])
def test_a_listed_origin_may_read_and_see_the_headers_that_players_need(origin: str) -> None:
    told = fields(CrossOrigin([SHOP, NEWS]), origin)

    assert told["access-control-allow-origin"] == origin
    exposed = set(told["access-control-expose-headers"].split(", "))
    assert {"Content-Length", "Content-Range", "Accept-Ranges", "ETag"} <= exposed


@pytest.mark.parametrize("origin", [None, STRANGER, "null", "*", SHOP + ".evil.example", SHOP.upper()])
def test_others_may_not_read_and_a_cache_learns_that_the_answer_depends_on_who_asks(origin: str | None) -> None:
    assert fields(CrossOrigin([SHOP]), origin) == {"cross-origin-resource-policy": "cross-origin", "vary": "Origin"}


@pytest.mark.parametrize("origin", [None, SHOP, "null"])
def test_with_a_star_every_answer_is_the_same(origin: str | None) -> None:
    told = fields(CrossOrigin(["*", SHOP]), origin)

    assert told["access-control-allow-origin"] == "*"
    assert "vary" not in told


@pytest.mark.parametrize("origins", [[], [SHOP], ["*"]])
def test_nobody_is_let_in_with_credentials(origins: list[str]) -> None:
    assert "access-control-allow-credentials" not in fields(CrossOrigin(origins), SHOP)


@pytest.fixture
def client() -> TestClient:
    """An app that has set a policy and a Vary of its own."""

    async def answer(_request: Request) -> Response:
        headers = {"Cross-Origin-Resource-Policy": "same-site", "Vary": "Accept"}
        return PlainTextResponse("bytes", headers=headers)

    app = Starlette(routes=[Route("/v/film", answer), Route("/api/v1/me", answer)])
    app.add_middleware(MediaCors, cross_origin=CrossOrigin([SHOP]))
    return TestClient(app)


def test_an_answer_says_each_thing_once(client: TestClient) -> None:
    response = client.get("/v/film", headers={"Origin": SHOP})

    assert response.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert response.headers["vary"] == "Accept, Origin"


def test_an_error_is_readable_too(client: TestClient) -> None:
    response = client.get("/v/none", headers={"Origin": SHOP})

    assert response.status_code == 404
    assert response.headers["access-control-allow-origin"] == SHOP


def test_what_is_no_media_is_left_alone(client: TestClient) -> None:
    response = client.get("/api/v1/me", headers={"Origin": SHOP})

    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "same-site"


def preflight(client: TestClient, origin: str) -> Response:
    """Ask as a browser does before a conditional range request."""
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-range,range"}
    return client.options("/v/film", headers={"Origin": origin, **asked})  # type: ignore[return-value]


def test_a_preflight_lets_ranges_and_conditions_through(client: TestClient) -> None:
    response = preflight(client, SHOP)

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == SHOP
    assert response.headers["access-control-allow-methods"] == "GET, HEAD"
    allowed = {name.lower() for name in response.headers["access-control-allow-headers"].split(", ")}
    assert {"range", "if-range", "if-none-match", "if-match", "if-modified-since", "if-unmodified-since"} <= allowed
    assert int(response.headers["access-control-max-age"]) > 0
    vary = {name.strip() for name in response.headers["vary"].split(",")}
    assert vary == {"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}
    assert "content-length" not in response.headers  # none on a 204 (RFC 9110 section 8.6)


def test_a_preflight_of_a_stranger_names_the_setting(client: TestClient) -> None:
    response = preflight(client, STRANGER)

    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    assert "PLAYHEAD_CORS_ORIGINS" in response.json()["hint"]  # type: ignore[attr-defined]
    assert response.headers["cache-control"] == "no-store"


def test_options_that_are_no_preflight_reach_the_route(client: TestClient) -> None:
    assert client.options("/v/film").status_code == 405
