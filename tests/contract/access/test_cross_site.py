"""Cookies are taken on unsafe requests only from our own pages."""

import pytest
from httpx2 import AsyncClient

from tests.contract.access.world import PASSWORD, World

VIDEOS = "/api/v1/videos"


async def cookie_of(browser: AsyncClient) -> dict[str, str]:
    return {"cookie": f"playhead_session={browser.cookies['playhead_session']}"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://playhead.test"}, 403),
        ({"sec-fetch-site": ""}, 403),
        ({"origin": "http://playhead.test"}, 200),
        ({"origin": "http://playhead.test:80"}, 200),
        ({"origin": "http://PLAYHEAD.test"}, 200),
        ({"origin": "http://playhead.test:8000"}, 403),
        ({"origin": "http://evil.test"}, 403),
        ({"origin": "http://playhead.test.evil.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://playhead.test:x"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": ""}, 403),
        ({}, 403),
    ],
)
async def test_who_may_write_with_a_cookie(world: World, headers: dict[str, str], status: int) -> None:
    cookie = await cookie_of(await world.signed_in("ada@example.org"))

    answer = await world.program().post(VIDEOS, headers={**headers, **cookie})

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "cross_site_request"


async def test_reading_is_allowed_from_everywhere(world: World) -> None:
    cookie = await cookie_of(await world.signed_in("ada@example.org"))

    answer = await world.program().get(VIDEOS, headers={"sec-fetch-site": "cross-site", **cookie})

    assert answer.status_code == 200


async def test_a_key_needs_no_such_proof(world: World) -> None:
    await world.add("ada@example.org")
    key = await world.key("ada@example.org")

    answer = await world.program(key).post(VIDEOS, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 200


async def test_another_site_cannot_sign_its_visitor_in(world: World) -> None:
    await world.add("ada@example.org")
    body = {"email": "ada@example.org", "password": PASSWORD}

    foreign = await world.program().post("/api/v1/session", json=body, headers={"sec-fetch-site": "cross-site"})
    program = await world.program().post("/api/v1/session", json=body)

    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site_request")
    assert program.status_code == 200
