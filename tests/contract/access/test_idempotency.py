"""``Idempotency-Key`` on creating requests, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from playhead.api.errors import IdempotencyInFlight
from playhead.api.idempotency import Answer, Claim
from playhead.api.tables import IdempotencyRow
from tests.contract.access.world import PASSWORD, ThingRow, World

USERS = "/api/v1/users"
KEYS = "/api/v1/keys"
NEW = {"email": "eve@example.org", "password": PASSWORD}
ONCE = {"idempotency-key": "once"}


async def test_a_repeated_request_creates_once_and_answers_the_same(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    first = await admin.post(USERS, json=NEW, headers=ONCE)
    again = await admin.post(USERS, json=NEW, headers={"idempotency-key": '"once"'})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await admin.get(USERS)).json()["items"]) == 2


async def test_another_body_with_the_same_key_is_refused(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    await admin.post(USERS, json=NEW, headers=ONCE)

    answer = await admin.post(USERS, json={**NEW, "email": "two@example.org"}, headers=ONCE)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_the_same_key_on_another_route_or_of_another_user_is_another_key(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")
    other = await world.signed_in("two@example.org", "admin")
    await admin.post(USERS, json=NEW, headers=ONCE)

    elsewhere = await admin.post(KEYS, json={"name": "x"}, headers=ONCE)
    somebody = await other.post(USERS, json={**NEW, "email": "three@example.org"}, headers=ONCE)

    assert (elsewhere.status_code, somebody.status_code) == (201, 201)


async def test_a_request_that_failed_can_be_tried_again_with_its_key(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    failed = await admin.post(USERS, json={**NEW, "password": "short"}, headers=ONCE)
    good = await admin.post(USERS, json=NEW, headers=ONCE)

    assert (failed.status_code, good.status_code) == (400, 201)


async def test_of_many_at_once_one_creates(world: World) -> None:
    admin = await world.signed_in("root@example.org", "admin")

    answers = await asyncio.gather(*(admin.post(USERS, json=NEW, headers=ONCE) for _ in range(5)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_in_flight"}
    assert len((await admin.get(USERS)).json()["items"]) == 2


async def test_a_new_key_is_never_shown_twice(world: World) -> None:
    ada = await world.signed_in("ada@example.org")

    first = await ada.post(KEYS, json={"name": "x"}, headers=ONCE)
    again = await ada.post(KEYS, json={"name": "x"}, headers=ONCE)

    assert first.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_secret")
    assert len((await ada.get(KEYS)).json()["items"]) == 1


async def test_an_answer_is_kept_for_a_day(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    await ada.post(KEYS, json={"name": "x"}, headers=ONCE)

    world.clock.advance(hours=24)

    assert (await ada.post(KEYS, json={"name": "y"}, headers=ONCE)).status_code == 201


async def test_a_request_that_died_with_its_process_can_be_tried_again_after_seconds(world: World) -> None:
    """Its lease is renewed by nobody; the refusal until then says when to come back."""
    user_id = await world.add("ada@example.org")
    idempotency = world.access.idempotency
    assert await idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32) is None
    world.clock.advance(seconds=5)
    with pytest.raises(IdempotencyInFlight) as refusal:
        await idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32)

    world.clock.advance(seconds=1)

    assert refusal.value.headers == {"Retry-After": "2"}
    assert await idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32) is None


async def test_a_request_that_was_stopped_until_another_took_its_claim_makes_nothing(world: World) -> None:
    """The answer is written under the claim's own token, in the transaction of what it tells of."""
    user_id = await world.add("ada@example.org")
    idempotency = world.access.idempotency
    stopped, taken = Claim(user_id, "POST /x", "once"), Claim(user_id, "POST /x", "once")
    await idempotency.claim(stopped, b"1" * 32)
    world.clock.advance(seconds=6)
    await idempotency.claim(taken, b"1" * 32)

    with pytest.raises(IdempotencyInFlight):
        async with world.database.write() as session:
            session.add(ThingRow(id="late", owner_id=user_id))
            await idempotency.finish(session, stopped, Answer(201, b"late", {}))
    async with world.database.write() as session:
        await idempotency.finish(session, taken, Answer(201, b"taken", {}))

    again = await idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32)
    async with world.database.read() as session:
        assert await session.get(ThingRow, "late") is None
    assert again is not None
    assert again.body == b"taken"


async def test_a_running_request_keeps_its_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes: its lease is renewed."""
    monkeypatch.setattr("playhead.api.idempotency.RENEW_S", 0.0)
    user_id = await world.add("ada@example.org")
    claim = Claim(user_id, "POST /x", "once")
    await world.access.idempotency.claim(claim, b"1" * 32)
    world.clock.advance(minutes=5)

    async with asyncio.timeout(60):
        while await lease_of(world, claim) <= world.clock():
            await asyncio.sleep(0.01)

    with pytest.raises(IdempotencyInFlight):
        await world.access.idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32)


async def lease_of(world: World, claim: Claim) -> datetime:
    """When a claim ends that nobody renews."""
    async with world.database.read() as session:
        row = await session.get(IdempotencyRow, (claim.user_id, claim.route, claim.key))
    assert row is not None
    assert row.lease_until is not None
    return row.lease_until


async def test_the_sweep_leaves_what_is_young(world: World) -> None:
    user_id = await world.add("ada@example.org")
    await world.access.idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32)

    await world.access.sweep()

    with pytest.raises(IdempotencyInFlight):
        await world.access.idempotency.claim(Claim(user_id, "POST /x", "once"), b"1" * 32)


@pytest.mark.parametrize("key", ["", '""', "x" * 256])
async def test_a_bad_key_is_refused(world: World, key: str) -> None:
    ada = await world.signed_in("ada@example.org")

    answer = await ada.post(KEYS, json={"name": "x"}, headers={"idempotency-key": key})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


async def test_anonymous_is_401_with_a_key_too(world: World) -> None:
    assert (await world.browser().post(KEYS, json={"name": "x"}, headers=ONCE)).status_code == 401


async def test_a_streamed_body_is_not_gathered_whatever_type_it_claims(world: World) -> None:
    ada = await world.signed_in("ada@example.org")
    headers = {**ONCE, "content-type": "application/json"}

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"{" * 1000

    first = await ada.post("/api/v1/streams", content=chunks(), headers=headers)
    again = await ada.post("/api/v1/streams", content=chunks(), headers=headers)

    assert (first.status_code, first.json()) == (201, 3)
    assert (again.json(), again.headers["idempotent-replayed"]) == (3, "true")


async def test_a_kept_answer_is_only_for_those_who_may_ask(world: World) -> None:
    """Another key of the same user without the scope gets 403, not what the first one made."""
    await world.add("root@example.org", "admin")
    wide = world.program(await world.key("root@example.org"))
    narrow = world.program(await world.key("root@example.org", scopes=["videos:read"]))
    assert (await wide.post(USERS, json=NEW, headers=ONCE)).status_code == 201

    answer = await narrow.post(USERS, json=NEW, headers=ONCE)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_a_request_that_died_before_the_clock_was_set_back_can_be_tried_again(world: World) -> None:
    """Not only when it is as late again; a clock corrected by seconds changes nothing."""
    user_id = await world.add("ada@example.org")
    request = (user_id, "POST /x", "once")
    assert await world.access.idempotency.claim(Claim(*request), b"1" * 32) is None
    world.clock.advance(seconds=-5)
    with pytest.raises(IdempotencyInFlight):
        await world.access.idempotency.claim(Claim(*request), b"1" * 32)

    world.clock.advance(hours=-2)

    assert await world.access.idempotency.claim(Claim(*request), b"1" * 32) is None
