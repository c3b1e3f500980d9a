"""API keys, over HTTP."""

import asyncio
from pathlib import Path

import pytest

from playhead.access.access import Access
from playhead.access.credentials import Credential
from playhead.access.errors import InvalidCredential
from playhead.access.principals import SCOPES
from playhead.access.secrets_file import load_secrets
from playhead.kit.ids import new_id
from tests.contract.access.world import World

KEYS = "/api/v1/keys"
ME = "/api/v1/me"


@pytest.mark.parametrize(("method", "path"), [("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/key_x")])
async def test_anonymous_is_401(world: World, method: str, path: str) -> None:
    assert (await world.browser().request(method, path, json={})).status_code == 401


async def test_another_users_key_is_404_and_stays(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    eve = await world.signed_in("eve@example.org")
    made = (await ada.post(KEYS, json={"name": "mine"})).json()

    answer = await eve.delete(f"{KEYS}/{made['id']}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await eve.get(KEYS)).json()["items"] == []
    assert (await world.program(made["key"]).get(ME)).status_code == 200


@pytest.mark.parametrize("key_id", ["key_01k3q9h2v7e8t9m5x0c4d6f8ga", "key_", "%00", "💥"])
async def test_a_key_that_is_not_there_is_404(world: World, key_id: str) -> None:
    ada = await world.signed_in("ada@example.org")

    assert (await ada.delete(f"{KEYS}/{key_id}")).status_code == 404


async def test_a_key_is_shown_once_and_works_in_both_headers(world: World) -> None:
    ada = await world.signed_in("ada@example.org")

    answer = await ada.post(KEYS, json={"name": "uploader 💥", "scopes": ["videos:write", "videos:read"]})

    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert made["key"].startswith(f"{made['prefix']}_")
    assert made["scopes"] == ["videos:read", "videos:write"]
    listed = (await ada.get(KEYS)).json()["items"]
    assert [key["id"] for key in listed] == [made["id"]]
    assert set(listed[0]) == {
        "id", "name", "prefix", "scopes", "user_id", "created_at", "last_used_at", "expires_at", "revoked_at",
    }  # fmt: skip
    bearer = (await world.program(made["key"]).get(ME)).json()
    header = (await world.program().get(ME, headers={"x-api-key": made["key"]})).json()
    assert bearer == header
    assert (bearer["via"], bearer["scopes"]) == ("key", ["videos:read", "videos:write"])


async def test_a_key_does_what_its_scopes_say_and_no_more(world: World) -> None:
    await world.add("ada@example.org")
    program = world.program(await world.key("ada@example.org", scopes=["videos:read"]))

    assert (await program.get("/api/v1/videos")).status_code == 200
    refused = await program.post("/api/v1/videos")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert "'videos:write'" in refused.json()["detail"]


async def test_a_key_without_scopes_named_may_all_that_its_role_may(world: World) -> None:
    ada = await world.signed_in("ada@example.org")

    made = (await ada.post(KEYS, json={"name": "all"})).json()

    assert "admin" not in made["scopes"]
    assert len(made["scopes"]) == len(SCOPES) - 1


@pytest.mark.parametrize("scopes", [["admin"], ["videos:read", "admin"], []])
async def test_a_member_gets_no_key_beyond_the_role(world: World, scopes: list[str]) -> None:
    ada = await world.signed_in("ada@example.org")

    answer = await ada.post(KEYS, json={"name": "more", "scopes": scopes})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_scopes")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x", "scopes": ["videos:delete"]},
        {"name": "x", "expires_in_s": 0},
        {"name": "x", "expires_in_s": 10**12},
        {"name": "x", "key": "ph_mine"},
    ],
)
async def test_a_malformed_wish_is_422(world: World, body: dict[str, object]) -> None:
    ada = await world.signed_in("ada@example.org")

    assert (await ada.post(KEYS, json=body)).status_code == 422


async def test_a_key_cannot_make_keys_unless_it_is_an_admins(world: World) -> None:
    await world.add("ada@example.org")
    await world.add("root@example.org", "admin")
    member = world.program(await world.key("ada@example.org"))
    admin = world.program(await world.key("root@example.org", scopes=["admin", "videos:read"]))

    refused = await member.post(KEYS, json={"name": "more"})
    wider = await admin.post(KEYS, json={"name": "more", "scopes": ["videos:write"]})
    equal = await admin.post(KEYS, json={"name": "more", "scopes": ["videos:read"]})

    assert (refused.status_code, refused.json()["code"]) == (403, "session_required")
    assert (wider.status_code, wider.json()["code"]) == (400, "invalid_scopes")
    assert equal.status_code == 201


async def test_an_admin_makes_and_sees_keys_of_others_a_member_does_not(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    eve = await world.signed_in("eve@example.org")
    ada_id = await world.add("ada@example.org")

    made = await admin.post(KEYS, json={"name": "for ada", "user_id": ada_id})
    refused = await eve.post(KEYS, json={"name": "for ada", "user_id": ada_id})

    assert made.status_code == 201
    assert (made.json()["user_id"], "admin" in made.json()["scopes"]) == (ada_id, False)
    assert refused.status_code == 403
    assert (await admin.get(KEYS)).json()["items"] == []
    assert len((await admin.get(KEYS, params={"all": "true"})).json()["items"]) == 1
    assert (await eve.get(KEYS, params={"all": "true"})).status_code == 403
    unknown = await admin.post(KEYS, json={"name": "for nobody", "user_id": new_id("usr")})
    assert unknown.status_code == 404


async def test_a_revoked_key_ends_at_once_and_stays_listed(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    made = (await ada.post(KEYS, json={"name": "mine"})).json()
    program = world.program(made["key"])
    assert (await program.get(ME)).status_code == 200

    for _ in range(2):
        assert (await ada.delete(f"{KEYS}/{made['id']}")).status_code == 204

    answer = await program.get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert (await ada.get(KEYS)).json()["items"][0]["revoked_at"] == "2026-03-01T12:00:00.000Z"


async def test_a_revocation_by_another_process_of_the_host_is_seen_at_once(world: World, tmp_path: Path) -> None:
    await world.add("ada@example.org")
    program = world.program(await world.key("ada@example.org"))
    assert (await program.get(ME)).status_code == 200
    secrets = load_secrets(tmp_path / "secrets" / "secrets.json")
    other = Access(world.database, secrets, marker=tmp_path / "revoked")
    (row,) = (await other.keys.page(user_id=None, limit=5)).items

    await other.keys.revoke(None, row.id)

    assert (await program.get(ME)).status_code == 401


async def test_a_revocation_on_another_host_is_seen_within_thirty_seconds(world: World, tmp_path: Path) -> None:
    await world.add("ada@example.org")
    program = world.program(await world.key("ada@example.org"))
    assert (await program.get(ME)).status_code == 200
    other = Access(world.database, load_secrets(tmp_path / "secrets" / "secrets.json"))
    (row,) = (await other.keys.page(user_id=None, limit=5)).items
    await other.keys.revoke(None, row.id)

    world.clock.advance(seconds=30)

    assert (await program.get(ME)).status_code == 401


async def test_an_expired_key_ends_even_when_it_was_just_used(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    made = (await ada.post(KEYS, json={"name": "short", "expires_in_s": 60})).json()
    program = world.program(made["key"])
    world.clock.advance(seconds=59)
    assert (await program.get(ME)).status_code == 200

    world.clock.advance(seconds=1)

    assert (await program.get(ME)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer ph_nonsense"},
        {"x-api-key": "ph_000000000000_" + "0" * 52},
        {"x-api-key": ""},
    ],
)
async def test_a_bad_key_is_401_even_with_a_good_cookie(world: World, headers: dict[str, str]) -> None:
    ada = await world.signed_in("ada@example.org")

    answer = await ada.get(ME, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credential")


async def test_what_a_proxy_in_front_asked_for_does_not_count(world: World) -> None:
    """With a cookie or a key it is passed over; alone it is nobody, which public routes do not mind."""
    ada = await world.signed_in("ada@example.org")
    basic = {"authorization": "Basic YWRhOnNlY3JldA=="}

    assert (await ada.get(ME, headers=basic)).status_code == 200
    key = {"x-api-key": await world.key("ada@example.org")}
    assert (await world.program().get(ME, headers=basic | key)).status_code == 200
    nobody = await world.program().get(ME, headers=basic)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "not_signed_in")
    assert "Authorization header is not for Playhead" in nobody.json()["detail"]


async def test_every_changed_character_of_the_secret_is_refused(world: World) -> None:
    await world.add("ada@example.org")
    key = await world.key("ada@example.org")

    for place in (16, 40, len(key) - 1):
        other = key[:place] + ("1" if key[place] == "0" else "0") + key[place + 1 :]
        with pytest.raises(InvalidCredential):
            await world.access.authenticator.authenticate(Credential("key", other))


async def test_the_time_of_last_use_is_written_once_a_minute(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    made = (await ada.post(KEYS, json={"name": "mine"})).json()
    program = world.program(made["key"])

    async def last_used() -> str:
        await world.access.close()
        return str((await ada.get(KEYS)).json()["items"][0]["last_used_at"])

    await program.get(ME)
    assert await last_used() == "2026-03-01T12:00:00.000Z"
    world.clock.advance(seconds=40)
    await program.get(ME)
    assert await last_used() == "2026-03-01T12:00:00.000Z"
    world.clock.advance(seconds=40)
    await program.get(ME)
    assert await last_used() == "2026-03-01T12:01:20.000Z"


async def test_a_hundred_requests_at_once_with_one_new_key_all_pass(world: World) -> None:
    await world.add("ada@example.org")
    program = world.program(await world.key("ada@example.org"))

    answers = await asyncio.gather(*(program.get(ME) for _ in range(100)))

    assert {answer.status_code for answer in answers} == {200}


async def test_pages_hold_every_key_once_newest_first(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    for number in range(5):
        await ada.post(KEYS, json={"name": f"key {number}"})

    first = (await ada.get(KEYS, params={"limit": "3"})).json()
    second = (await ada.get(KEYS, params={"limit": "3", "cursor": first["next_cursor"]})).json()

    names = [key["name"] for key in first["items"] + second["items"]]
    assert names == ["key 4", "key 3", "key 2", "key 1", "key 0"]
    assert second["next_cursor"] is None
