"""The first admin, over HTTP."""

import asyncio

from tests.contract.access.world import PASSWORD, World

SETUP = "/api/v1/setup"


def wish(token: str | None, **other: str) -> dict[str, str]:
    return {"token": token or "", "email": "root@example.org", "password": PASSWORD, **other}


async def test_the_token_makes_the_first_admin_and_signs_it_in(world: World) -> None:
    assert await world.access.sign_in.setup_required()
    token = await world.access.sign_in.offer_setup()
    browser = world.browser()

    answer = await browser.post(SETUP, json=wish(token, name="Root"))

    assert answer.status_code == 201
    assert (answer.json()["role"], answer.json()["name"]) == ("admin", "Root")
    assert "admin" in (await browser.get("/api/v1/me")).json()["scopes"]
    assert not await world.access.sign_in.setup_required()
    assert await world.access.sign_in.offer_setup() is None


async def test_a_wrong_token_makes_nobody(world: World) -> None:
    await world.access.sign_in.offer_setup()

    for token in ("", "wrong", "0" * 52, "💥"):
        answer = await world.browser().post(SETUP, json=wish(token))
        assert (answer.status_code, answer.json()["code"]) == (403, "setup_token_invalid")

    assert await world.access.sign_in.setup_required()


async def test_a_token_ends_after_a_day(world: World) -> None:
    token = await world.access.sign_in.offer_setup()
    world.clock.advance(hours=24)

    answer = await world.browser().post(SETUP, json=wish(token))

    assert answer.status_code == 403


async def test_tokens_of_two_hosts_are_both_good_until_one_is_used(world: World) -> None:
    first, second = [await world.access.sign_in.offer_setup() for _ in range(2)]

    used = await world.browser().post(SETUP, json=wish(first))
    late = await world.browser().post(SETUP, json=wish(second, email="two@example.org"))

    assert used.status_code == 201
    assert (late.status_code, late.json()["code"]) == (409, "setup_done")


async def test_a_token_is_worthless_once_there_is_a_user(world: World) -> None:
    token = await world.access.sign_in.offer_setup()
    await world.add("root@example.org", "admin")

    answer = await world.browser().post(SETUP, json=wish(token, email="two@example.org"))

    assert answer.status_code == 409


async def test_of_many_who_use_the_token_at_once_one_succeeds(world: World) -> None:
    token = await world.access.sign_in.offer_setup()
    browser = world.browser()

    answers = await asyncio.gather(
        *(browser.post(SETUP, json=wish(token, email=f"root{number}@example.org")) for number in range(5))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {403, 409}


async def test_a_bad_password_does_not_use_the_token_up(world: World) -> None:
    token = await world.access.sign_in.offer_setup()

    short = await world.browser().post(SETUP, json=wish(token, password="short"))
    bad_email = await world.browser().post(SETUP, json=wish(token, email="root"))
    good = await world.browser().post(SETUP, json=wish(token))

    assert [short.status_code, bad_email.status_code, good.status_code] == [400, 400, 201]


async def test_a_token_is_looked_at_without_being_used(world: World) -> None:
    """The page asks before it shows a form; five wrong ones a minute and address are answered."""
    token, browser = await world.access.sign_in.offer_setup(), world.browser()

    good = [await browser.post(f"{SETUP}/check", json={"token": token}) for _ in range(2)]
    wrong = [await browser.post(f"{SETUP}/check", json={"token": "wrong"}) for _ in range(6)]

    assert [answer.status_code for answer in good] == [204, 204]
    assert [answer.status_code for answer in wrong] == [403] * 5 + [429]
    assert wrong[0].json()["code"] == "setup_token_invalid"
    assert (await browser.post(SETUP, json=wish("guess"))).status_code == 429
