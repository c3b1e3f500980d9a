"""Managing users, over HTTP."""

import asyncio

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from playhead.access.tables import AuditRow
from tests.contract.access.world import PASSWORD, ThingRow, World

USERS = "/api/v1/users"
NEW = {"email": "eve@example.org", "password": PASSWORD}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", USERS), ("POST", USERS), ("PATCH", f"{USERS}/usr_x"), ("DELETE", f"{USERS}/usr_x")],
)
async def test_anonymous_is_401_and_a_member_403(world: World, method: str, path: str) -> None:
    member = await world.signed_in("ada@example.org")

    anonymous = await world.browser().request(method, path, json={})
    refused = await member.request(method, path, json={})

    assert anonymous.status_code == 401
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


async def test_a_key_of_an_admin_needs_the_scope(world: World) -> None:
    await world.add("root@example.org", "admin")

    narrow = await world.program(await world.key("root@example.org", scopes=["jobs:read"])).get(USERS)
    wide = await world.program(await world.key("root@example.org", scopes=["admin"])).get(USERS)

    assert (narrow.status_code, wide.status_code) == (403, 200)


async def test_an_admin_adds_a_user_who_can_sign_in(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    answer = await admin.post(USERS, json={**NEW, "name": "Eve", "role": "member"})

    assert answer.status_code == 201
    user = answer.json()
    assert set(user) == {"id", "email", "name", "role", "disabled", "created_at", "last_sign_in_at"}
    assert (user["email"], user["name"], user["role"], user["disabled"]) == (
        "eve@example.org",
        "Eve",
        "member",
        False,
    )
    assert (await world.browser().post("/api/v1/session", json=NEW)).status_code == 200


async def test_an_email_is_taken_in_any_case(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    await admin.post(USERS, json=NEW)

    answer = await admin.post(USERS, json={**NEW, "email": "EVE@Example.ORG"})

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_of_two_who_add_the_same_email_at_once_one_succeeds(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    answers = await asyncio.gather(*(admin.post(USERS, json=NEW) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize("email", ["", "eve", "eve@", "@x", "a@b@c", "a b@c", "a\n@b", "a\0@b", f"{'a' * 251}@b.c"])
async def test_a_bad_email_is_refused(world: World, email: str) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    answer = await admin.post(USERS, json={**NEW, "email": email})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_email")


async def test_an_unknown_field_or_role_is_malformed(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    for extra in ({"is_admin": True}, {"role": "owner"}):
        answer = await admin.post(USERS, json={**NEW, **extra})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
        assert answer.json()["errors"][0]["loc"][0] == "body"


async def test_pages_hold_everybody_once(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    for number in range(6):
        await world.add(f"user{number}@example.org")

    emails: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get(USERS, params=query)).json()
        emails += [user["email"] for user in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert emails == ["root@example.org", *(f"user{number}@example.org" for number in range(6))]


@pytest.mark.parametrize("cursor", ["", "x", "WzFd", "WyJhIl0", "WyJcdTAwMDAiXQ", "💥"])
async def test_a_made_up_cursor_is_refused(world: World, cursor: str) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    answer = await admin.get(USERS, params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "user_id",
    ["usr_01k3q9h2v7e8t9m5x0c4d6f8ga", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga", "usr_", "%00", "usr_%F0%9F%92%A5", "x" * 500],
)
async def test_a_user_who_is_not_there_is_404(world: World, user_id: str) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    assert (await admin.patch(f"{USERS}/{user_id}", json={"name": "X"})).status_code == 404
    assert (await admin.delete(f"{USERS}/{user_id}")).status_code == 404


async def id_of(browser: AsyncClient) -> str:
    return str((await browser.get("/api/v1/me")).json()["user"]["id"])


async def test_the_last_admin_stays(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    await world.access.users.change(None, await world.add("old@example.org", "admin"), disabled=True)
    path = f"{USERS}/{await id_of(admin)}"

    answers = [
        await admin.patch(path, json={"role": "member"}),
        await admin.patch(path, json={"disabled": True}),
        await admin.delete(path),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "last_admin")] * 3
    assert (await admin.get(USERS)).status_code == 200


async def test_of_two_admins_who_demote_each_other_at_once_one_stays(world: World) -> None:
    one = await world.signed_in("one@example.org", "admin")
    two = await world.signed_in("two@example.org", "admin")
    ids = [await id_of(one), await id_of(two)]

    answers = await asyncio.gather(
        one.patch(f"{USERS}/{ids[1]}", json={"role": "member"}),
        two.patch(f"{USERS}/{ids[0]}", json={"role": "member"}),
    )

    assert 200 in [answer.status_code for answer in answers]
    assert await world.access.users.first_admin() is not None


async def test_a_role_is_lost_at_once(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    other = await world.signed_in("two@example.org", "admin")
    key = world.program(await world.key("two@example.org"))
    assert (await key.get(USERS)).status_code == 200

    await admin.patch(f"{USERS}/{await id_of(other)}", json={"role": "member"})

    assert (await other.get(USERS)).status_code == 403
    assert (await key.get(USERS)).status_code == 403


async def test_disabling_ends_sessions_and_keys_at_once(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    member = await world.signed_in("ada@example.org")
    key = world.program(await world.key("ada@example.org"))
    assert (await key.get("/api/v1/me")).status_code == 200
    path = f"{USERS}/{await id_of(member)}"

    answer = await admin.patch(path, json={"disabled": True})

    assert answer.json()["disabled"] is True
    assert (await member.get("/api/v1/me")).status_code == 401
    assert (await key.get("/api/v1/me")).status_code == 401
    await admin.patch(path, json={"disabled": False})
    assert (await key.get("/api/v1/me")).status_code == 200


async def test_a_new_password_from_an_admin_ends_the_users_sessions(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    member = await world.signed_in("ada@example.org")

    await admin.patch(f"{USERS}/{await id_of(member)}", json={"password": "another password"})

    assert (await member.get("/api/v1/me")).status_code == 401


async def test_a_removed_user_is_gone_with_its_credentials(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    member = await world.signed_in("ada@example.org")
    key = world.program(await world.key("ada@example.org"))

    answer = await admin.delete(f"{USERS}/{await id_of(member)}")

    assert answer.status_code == 204
    assert (await member.get("/api/v1/me")).status_code == 401
    assert (await key.get("/api/v1/me")).status_code == 401
    assert len((await admin.get(USERS)).json()["items"]) == 1


async def test_a_user_who_owns_things_stays(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    user_id = await world.add("ada@example.org")
    async with world.database.write() as session:
        session.add(ThingRow(id="thing", owner_id=user_id))

    answer = await admin.delete(f"{USERS}/{user_id}")

    assert (answer.status_code, answer.json()["code"]) == (409, "user_owns_things")
    assert "Disable" in answer.json()["hint"]
    body = {"email": "ada@example.org", "password": PASSWORD}
    assert (await world.browser().post("/api/v1/session", json=body)).status_code == 200


async def test_grants_and_deletes_leave_a_trail_without_secrets(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    user = (await admin.post(USERS, json=NEW)).json()
    await admin.patch(f"{USERS}/{user['id']}", json={"role": "admin", "password": "another password"})
    await admin.delete(f"{USERS}/{user['id']}")

    async with world.database.read() as session:
        rows = (await session.scalars(select(AuditRow).order_by(AuditRow.id))).all()
        trail = [(row.actor, row.action, row.subject_id, dict(row.facts)) for row in rows]

    assert [(actor, action) for actor, action, _, _ in trail] == [
        ("command line", "user.create"),
        ("root@example.org", "user.create"),
        ("root@example.org", "user.change"),
        ("root@example.org", "user.delete"),
    ]
    assert trail[2][3]["role"] == "admin"
    assert "another password" not in str(trail)
