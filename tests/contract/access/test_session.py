"""Signing in and out, over HTTP."""

import asyncio

import pytest

from tests.contract.access.world import PASSWORD, World

SESSION = "/api/v1/session"
ME = "/api/v1/me"


async def test_anonymous_is_refused_with_a_challenge(world: World) -> None:
    answer = await world.program().get(ME)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["www-authenticate"] == 'Bearer realm="playhead"'
    assert answer.json()["code"] == "not_signed_in"
    assert answer.json()["request_id"].startswith("req_")


@pytest.mark.parametrize(("method", "path"), [("DELETE", SESSION), ("PATCH", ME)])
async def test_anonymous_changes_nothing(world: World, method: str, path: str) -> None:
    assert (await world.program().request(method, path, json={})).status_code == 401


async def test_the_malformed_body_of_a_stranger_is_not_even_read(world: World) -> None:
    answer = await world.program().patch(ME, content=b"{", headers={"content-type": "application/json"})

    assert answer.status_code == 401


async def test_signing_in_opens_a_session_with_all_rights_of_the_role(world: World) -> None:
    browser = await world.signed_in("ada@example.org", "member")

    me = (await browser.get(ME)).json()

    assert me["user"]["email"] == "ada@example.org"
    assert me["user"]["last_sign_in_at"] == "2026-03-01T12:00:00.000Z"
    assert me["via"] == "session"
    assert "admin" not in me["scopes"]
    assert "videos:write" in me["scopes"]


async def test_the_email_may_be_typed_in_any_case(world: World) -> None:
    await world.add("Ada@Example.org")

    answer = await world.browser().post(SESSION, json={"email": " ADA@example.ORG ", "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == "ada@example.org"
    assert "password" not in answer.text


@pytest.mark.parametrize(
    ("base_url", "start", "has"),
    [
        ("http://playhead.test", "playhead_session=", False),
        ("https://playhead.test", "__Host-playhead=", True),
    ],
)
async def test_the_cookie_is_bound_to_the_connection(world: World, base_url: str, start: str, has: bool) -> None:
    await world.add("ada@example.org")

    answer = await world.browser(base_url=base_url).post(
        SESSION, json={"email": "ada@example.org", "password": PASSWORD}
    )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(start)
    assert ("Secure" in cookie) is has
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "no email", "nul\0@example.org", ""])
async def test_wrong_password_and_unknown_email_answer_alike(world: World, email: str) -> None:
    await world.add("ada@example.org")

    answer = await world.browser().post(SESSION, json={"email": email, "password": "wrong wrong wrong"})

    assert answer.status_code == 401
    assert answer.json()["code"] == "wrong_credentials"
    assert answer.json()["detail"] == "No account has this email and this password."
    assert "set-cookie" not in answer.headers


async def test_the_sixth_try_within_a_minute_is_refused_for_this_account_and_address_alone(world: World) -> None:
    await world.add("ada@example.org")
    await world.add("bob@example.org")
    browser = world.browser()
    for _ in range(5):
        await browser.post(SESSION, json={"email": "ada@example.org", "password": "wrong wrong wrong"})

    right = {"email": "ada@example.org", "password": PASSWORD}
    refused = await browser.post(SESSION, json=right)

    assert refused.status_code == 429
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    other = await browser.post(SESSION, json={"email": "bob@example.org", "password": PASSWORD})
    assert other.status_code == 200
    assert (await world.browser("192.0.2.2").post(SESSION, json=right)).status_code == 200


async def test_one_address_fails_thirty_times_whatever_the_emails_and_the_headers(world: World) -> None:
    browser = world.browser()

    async def attempt(number: int) -> int:
        body = {"email": f"guess{number}@example.org", "password": "wrong wrong wrong"}
        answer = await browser.post(SESSION, json=body, headers={"x-forwarded-for": f"198.51.100.{number}"})
        return answer.status_code

    answers = await asyncio.gather(*(attempt(number) for number in range(50)))

    assert 30 <= answers.count(401) <= 31
    assert answers.count(429) == 50 - answers.count(401)


async def test_signing_in_well_does_not_use_up_tries(world: World) -> None:
    await world.add("ada@example.org")
    body = {"email": "ada@example.org", "password": PASSWORD}

    answers = [(await world.browser().post(SESSION, json=body)).status_code for _ in range(35)]

    assert set(answers) == {200}


async def test_signing_out_ends_the_session_at_once(world: World) -> None:
    browser = await world.signed_in("ada@example.org")
    kept = dict(browser.cookies)
    assert (await browser.get(ME)).status_code == 200

    answer = await browser.delete(SESSION)

    assert answer.status_code == 204
    assert not browser.cookies

    stolen = {"cookie": f"playhead_session={kept['playhead_session']}"}
    assert (await world.browser().get(ME, headers=stolen)).status_code == 401


async def test_a_key_has_no_session_to_end(world: World) -> None:
    await world.add("ada@example.org")

    answer = await world.program(await world.key("ada@example.org")).delete(SESSION)

    assert (answer.status_code, answer.json()["code"]) == (403, "session_required")


async def test_a_session_ends_by_itself_even_when_it_was_just_used(world: World) -> None:
    browser = await world.signed_in("ada@example.org")
    world.clock.advance(days=30, seconds=-1)
    assert (await browser.get(ME)).status_code == 200

    world.clock.advance(seconds=1)

    assert (await browser.get(ME)).status_code == 401


async def test_a_disabled_user_learns_why_only_with_the_right_password(world: World) -> None:
    user_id = await world.add("ada@example.org")
    await world.access.users.change(None, user_id, disabled=True)
    browser = world.browser()

    right = await browser.post(SESSION, json={"email": "ada@example.org", "password": PASSWORD})
    wrong = await browser.post(SESSION, json={"email": "ada@example.org", "password": "wrong wrong wrong"})

    assert (right.status_code, right.json()["code"]) == (403, "account_disabled")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "ada@example.org"},
        {"email": "ada@example.org", "password": PASSWORD, "remember": True},
        {"email": ["ada@example.org"], "password": PASSWORD},
        {"email": "ada@example.org", "password": "x" * 1025},
        [],
        "ada",
    ],
)
async def test_a_malformed_body_is_422_and_never_repeats_the_password(world: World, body: object) -> None:
    answer = await world.browser().post(SESSION, json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert PASSWORD not in answer.text
    assert "xxxx" not in answer.text


async def test_half_a_surrogate_pair_is_no_password(world: World) -> None:
    await world.add("ada@example.org")

    answer = await world.browser().post(
        SESSION,
        content=b'{"email": "ada@example.org", "password": "correct horse \\ud800"}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code in (401, 422)


async def test_the_name_of_a_user_changes(world: World) -> None:
    browser = await world.signed_in("ada@example.org")

    answer = await browser.patch(ME, json={"name": " Ada 👩‍💻 "})

    assert answer.status_code == 200
    assert answer.json()["user"]["name"] == "Ada 👩‍💻"


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "two\nlines", "nul\0"])
async def test_a_bad_name_is_refused(world: World, name: str) -> None:
    browser = await world.signed_in("ada@example.org")

    answer = await browser.patch(ME, json={"name": name})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_name")


async def test_a_new_password_needs_the_current_one(world: World) -> None:
    browser = await world.signed_in("ada@example.org")

    for body in ({"password": "another password"}, {"password": "another password", "current_password": "no"}):
        answer = await browser.patch(ME, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")


async def test_a_new_password_ends_the_other_sessions_alone(world: World) -> None:
    here = await world.signed_in("ada@example.org")
    there = world.browser()
    await there.post(SESSION, json={"email": "ada@example.org", "password": PASSWORD})
    assert (await there.get(ME)).status_code == 200

    answer = await here.patch(ME, json={"password": "another password", "current_password": PASSWORD})

    assert answer.status_code == 200
    assert (await here.get(ME)).status_code == 200
    assert (await there.get(ME)).status_code == 401
    old = await world.browser().post(SESSION, json={"email": "ada@example.org", "password": PASSWORD})
    new = await world.browser().post(SESSION, json={"email": "ada@example.org", "password": "another password"})
    assert (old.status_code, new.status_code) == (401, 200)


async def test_guessing_the_current_password_is_limited_too(world: World) -> None:
    browser = await world.signed_in("ada@example.org")
    body = {"password": "another password", "current_password": "guess"}

    answers = [(await browser.patch(ME, json=body)).status_code for _ in range(6)]

    assert answers == [403] * 5 + [429]


async def test_a_short_password_is_refused_with_both_lengths(world: World) -> None:
    browser = await world.signed_in("ada@example.org")

    answer = await browser.patch(ME, json={"password": "short", "current_password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_password")
    assert "5 characters; it needs 10 to 1024" in answer.json()["detail"]
