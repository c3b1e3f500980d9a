"""The way of an event to a receiver, over real HTTP: signed, repeated, recorded once, sent again."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from playhead.access.tables import UserRow
from playhead.api.outgoing import Outgoing
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.kit.clock import utc_now
from playhead.notify.jobs import NotifyJob
from playhead.notify.outcomes import FAILING_FOR
from playhead.outbox.outbox import record_event
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.receiver import Received, Receiver, running_receiver
from tests.fixtures.site import Member, Site


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@asynccontextmanager
async def sending(site: Site, clock: Callable[[], datetime] = utc_now) -> AsyncIterator[None]:
    """The job runs, as in a worker."""
    work = NotifyJob(
        site.get(Database), site.get(Outgoing), site.get(Jobs), address=None, clock=clock, chance=lambda: 0.0
    )
    async with asyncio.TaskGroup() as group:  # a job that fails ends the test
        task = group.create_task(_run(work))
        try:
            yield
        finally:
            task.cancel()


async def _run(work: NotifyJob) -> None:
    await work.run(JobContext(job_id="job_x", work=Path("/nonexistent")), {})


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            await asyncio.sleep(0.02)


async def webhook_for(member: Member, receiver: Receiver, **wanted: Any) -> dict[str, Any]:
    answer = await member.client.post("/api/v1/webhooks", json={"url": receiver.url, **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def happens(site: Site, name: str = "video.ready", *, owner: Member | None = None) -> str:
    async with site.get(Database).write() as session:
        event = record_event(
            session, name, owner_id=(owner or site.ann).user.id, subject_id="vid_1", data={"title": "A"}
        )
    return event.id


async def log_of(member: Member, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    """All deliveries of a webhook, oldest first, with their attempts."""
    path = f"/api/v1/webhooks/{webhook['id']}/deliveries"
    listed = (await member.client.get(path)).json()["items"]
    return [(await member.client.get(f"{path}/{each['id']}")).json() for each in reversed(listed)]


async def until_state(member: Member, webhook: dict[str, Any], *states: str) -> list[dict[str, Any]]:
    async def reached() -> bool:
        return [each["state"] for each in await log_of(member, webhook)] == list(states)

    await until(reached)
    return await log_of(member, webhook)


async def until_attempts(member: Member, webhook: dict[str, Any], number: int) -> dict[str, Any]:
    async def reached() -> bool:
        return [each["attempts"] for each in await log_of(member, webhook)] == [number]

    await until(reached)
    [delivery] = await log_of(member, webhook)
    return delivery


def signature(secret: str, request: Received) -> str:
    """Computed apart from the code under test, as a receiver does."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.{request.body}"
    return "v1," + base64.b64encode(hmac.digest(key, signed.encode(), hashlib.sha256)).decode()


async def test_an_event_reaches_those_whom_it_concerns(each_site: Site, receiver: Receiver) -> None:
    """Signed; not those of another user, nor of other types, nor from before a webhook was enabled."""
    before = await happens(each_site)
    webhook = await webhook_for(each_site.ann, receiver)
    others = (
        await webhook_for(each_site.bob, receiver),
        await webhook_for(each_site.ann, receiver, event_types=["job.failed"]),
    )
    event = await happens(each_site)
    async with sending(each_site):
        [delivery] = await until_state(each_site.ann, webhook, "delivered")
        [request] = receiver.received

    assert request.headers["webhook-id"] == event != before
    assert request.headers["webhook-signature"] == signature(webhook["secret"], request)
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == delivery["body"]
    assert delivery["body"]["data"] == {"id": "vid_1", "title": "A"}
    assert [(each["status"], each["error"], each["response_body"]) for each in delivery["log"]] == [(204, None, "")]
    assert [await log_of(each_site.bob, others[0]), await log_of(each_site.ann, others[1])] == [[], []]


async def test_a_failure_is_repeated_when_it_is_due_under_the_same_id(local_site: Site, receiver: Receiver) -> None:
    """A redirect is a failure; a longer Retry-After is obeyed."""
    time = Time()
    webhook = await webhook_for(local_site.ann, receiver)
    receiver.answers[:] = [(302, {"Location": "http://127.0.0.1:1/"}), (503, {"Retry-After": "3600"}), 200]
    time.now = utc_now()
    await happens(local_site)
    async with sending(local_site, time):
        first = await until_attempts(local_site.ann, webhook, 1)
        time.now += timedelta(seconds=5)
        second = await until_attempts(local_site.ann, webhook, 2)
        due = datetime.fromisoformat(second["due_at"])
        assert abs(due - time.now - timedelta(hours=1)) < timedelta(milliseconds=2)
        time.now = due + timedelta(seconds=1)
        [last] = await until_state(local_site.ann, webhook, "delivered")

    assert first["due_at"] is not None
    assert [each["status"] for each in last["log"]] == [302, 503, 200]
    assert "Redirects are not followed" in last["log"][0]["error"]
    assert last["log"][1]["response_headers"]["retry-after"] == "3600"
    assert len(set(receiver.ids())) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.received}) == 3


async def test_after_the_last_attempt_it_has_failed_and_can_be_sent_again(local_site: Site, receiver: Receiver) -> None:
    time = Time()
    webhook = await webhook_for(local_site.ann, receiver)
    path = f"/api/v1/webhooks/{webhook['id']}"
    receiver.answers[:] = [500]
    await happens(local_site)
    async with sending(local_site, time):
        for number in range(1, 11):
            delivery = await until_attempts(local_site.ann, webhook, number)
            if delivery["due_at"] is not None:
                time.now = datetime.fromisoformat(delivery["due_at"]) + timedelta(seconds=1)
        [failed] = await until_state(local_site.ann, webhook, "failed")
        receiver.answers[:] = [200]
        answer = await local_site.ann.client.post(f"{path}/deliveries/{failed['id']}/replay")
        assert answer.status_code == 200, answer.text
        time.now = utc_now() + timedelta(days=20)
        [sent] = await until_state(local_site.ann, webhook, "delivered")

    assert [each["number"] for each in sent["log"]] == list(range(1, 12))
    assert len(set(receiver.ids())) == 1


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(local_site: Site, receiver: Receiver) -> None:
    time = Time()
    webhook = await webhook_for(local_site.ann, receiver)
    rotated = (await local_site.ann.client.post(f"/api/v1/webhooks/{webhook['id']}/secret")).json()
    async with sending(local_site, time):
        await happens(local_site)
        await until_state(local_site.ann, webhook, "delivered")
        time.now = utc_now() + timedelta(days=1, seconds=1)
        await happens(local_site)
        await until_state(local_site.ann, webhook, "delivered", "delivered")

    first, second = receiver.received
    new, old = rotated["secret"], webhook["secret"]
    assert first.headers["webhook-signature"].split() == [signature(new, first), signature(old, first)]
    assert second.headers["webhook-signature"] == signature(new, second)


async def test_an_endpoint_that_is_gone_is_disabled_and_the_other_webhooks_hear_of_it(
    each_site: Site, receiver: Receiver
) -> None:
    """What waits for it is canceled; when it is back, what it missed can be sent."""
    time = Time()
    receiver.answers[:] = [503]
    webhook = await webhook_for(each_site.ann, receiver, event_types=["video.ready", "job.failed"])
    await happens(each_site)
    async with sending(each_site, time):
        await until_attempts(each_site.ann, webhook, 1)
        with running_receiver() as other:
            watching = await webhook_for(each_site.ann, other, event_types=["webhook.disabled"])
            receiver.answers[:] = [410]
            await happens(each_site, "job.failed")
            await until_state(each_site.ann, webhook, "canceled", "failed")
            [notice] = await until_state(each_site.ann, watching, "delivered")
            await happens(each_site)  # while it is disabled
            found = (await each_site.ann.client.get(f"/api/v1/webhooks/{webhook['id']}")).json()

            receiver.answers[:] = [200]
            await each_site.ann.client.patch(f"/api/v1/webhooks/{webhook['id']}", json={"enabled": True})
            span = {"since": (utc_now() - timedelta(hours=1)).isoformat()}
            replayed = (await each_site.ann.client.post(f"/api/v1/webhooks/{webhook['id']}/replay", json=span)).json()
            time.now = utc_now() + timedelta(minutes=1)
            await until_state(each_site.ann, webhook, "delivered", "delivered", "delivered")

    assert (found["enabled"], found["disabled_by"]) == (False, "gone")
    assert notice["body"]["data"]["id"] == webhook["id"]
    assert replayed == {"deliveries": 3}


async def test_days_of_failures_disable_a_webhook_but_not_those_before_a_success(
    local_site: Site, receiver: Receiver
) -> None:
    time = Time()
    webhook = await webhook_for(local_site.ann, receiver)
    receiver.answers[:] = [500, 200, 500]

    async def state() -> tuple[bool, str | None]:
        found = (await local_site.ann.client.get(f"/api/v1/webhooks/{webhook['id']}")).json()
        return found["failing_since"] is not None, found["disabled_by"]

    async def until_made(attempts: int) -> None:
        async def made() -> bool:
            return [each["attempts"] for each in await log_of(local_site.ann, webhook)] == [2, attempts]

        await until(made)

    async with sending(local_site, time):
        await happens(local_site)
        await until_attempts(local_site.ann, webhook, 1)
        assert await state() == (True, None)
        time.now += timedelta(seconds=6)
        await until_attempts(local_site.ann, webhook, 2)
        assert await state() == (False, None)
        await happens(local_site)
        for attempts, later in ((1, timedelta(0)), (2, FAILING_FOR - timedelta(minutes=1))):
            time.now += later
            await until_made(attempts)
            assert await state() == (True, None)
        time.now += timedelta(hours=1)
        await until_made(3)
        assert await state() == (True, "failing")


async def test_an_endpoint_that_hangs_delays_no_other(local_site: Site, receiver: Receiver) -> None:
    receiver.gate.clear()
    slow = await webhook_for(local_site.ann, receiver)
    with running_receiver() as other:
        quick = await webhook_for(local_site.ann, other)
        async with sending(local_site):
            await happens(local_site)
            await happens(local_site)
            await until_state(local_site.ann, quick, "delivered", "delivered")
            assert [each["state"] for each in await log_of(local_site.ann, slow)] == ["pending", "pending"]
            receiver.gate.set()
            await until_state(local_site.ann, slow, "delivered", "delivered")
    assert receiver.ids() == sorted(receiver.ids())


async def test_what_was_cut_off_is_sent_again_and_recorded_once(each_site: Site, receiver: Receiver) -> None:
    """Two workers at it, as after a false alarm: the receiver knows both requests by their id, the log has one."""
    receiver.gate.clear()
    webhook = await webhook_for(each_site.ann, receiver)
    await happens(each_site)

    async def came() -> bool:
        return len(receiver.received) == 2

    async with sending(each_site), sending(each_site):
        await until(came)
        receiver.gate.set()
        [delivery] = await until_state(each_site.ann, webhook, "delivered")
        await asyncio.sleep(0)
    assert len(set(receiver.ids())) == 1
    assert [each["number"] for each in delivery["log"]] == [1]
    assert delivery["attempts"] == 1


async def test_a_test_is_sent_once_also_to_a_webhook_that_is_disabled(local_site: Site, receiver: Receiver) -> None:
    receiver.answers[:] = [500]
    webhook = await webhook_for(local_site.ann, receiver, enabled=False)
    answer = await local_site.ann.client.post(f"/api/v1/webhooks/{webhook['id']}/test")
    assert (answer.status_code, answer.json()["event_type"]) == (202, "webhook.test")
    async with sending(local_site):
        [delivery] = await until_state(local_site.ann, webhook, "failed")

    assert delivery["log"][0]["error"] == "It responded with 500 Internal Server Error."
    assert receiver.received[0].headers["webhook-signature"] == signature(webhook["secret"], receiver.received[0])
    assert (await local_site.ann.client.get(f"/api/v1/webhooks/{webhook['id']}")).json()["failing_since"] is None


async def test_events_of_the_server_are_for_admins(local_site: Site, receiver: Receiver) -> None:
    webhook = await webhook_for(local_site.ann, receiver)
    async with local_site.get(Database).write() as session:
        (await session.get_one(UserRow, local_site.bob.user.id)).role = "admin"
    admins = await webhook_for(local_site.bob, receiver)
    async with local_site.get(Database).write() as session:
        record_event(session, "disk.low", owner_id=None, subject_id="host", data={})
    async with sending(local_site):
        await until_state(local_site.bob, admins, "delivered")
    assert await log_of(local_site.ann, webhook) == []


async def test_an_address_that_is_private_by_now_is_not_sent_to(
    site: Site, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator took the permission back, or the name leads elsewhere since: each attempt checks."""

    async def anything(*_: object) -> None: ...

    monkeypatch.setattr("playhead.notify.webhooks.check_target", anything)
    webhook = await webhook_for(site.ann, receiver)
    await site.ann.client.post(f"/api/v1/webhooks/{webhook['id']}/test")
    async with sending(site):
        [delivery] = await until_state(site.ann, webhook, "failed")
    assert "not a public address" in delivery["log"][0]["error"]
    assert receiver.received == []


async def test_the_job_ends_when_nobody_is_to_be_notified(local_site: Site) -> None:
    job = NotifyJob(local_site.get(Database), local_site.get(Outgoing), local_site.get(Jobs), address=None)
    assert await job.run(JobContext(job_id="job_x", work=Path("/nonexistent")), {}) == {}
