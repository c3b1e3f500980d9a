"""Webhooks through the API: whose they are, what is shown of them, what is refused."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from playhead.access.tables import AuditRow
from playhead.db.database import Database
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.notify.notifier import NOTIFY, Notifier
from playhead.notify.tables import WebhookRow
from tests.fixtures.site import Member, Site

PUBLIC = "https://1.1.1.1/hooks"
"""An address that needs no look-up; nothing is sent to it here."""

DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


async def created(member: Member, **wanted: Any) -> dict[str, Any]:
    answer = await member.client.post("/api/v1/webhooks", json={"url": PUBLIC, **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_secret_is_shown_once(site: Site) -> None:
    made = await created(site.ann, description=" chat\nbot ", event_types=["video.ready"])
    path = f"/api/v1/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert (made["kind"], made["url"], made["description"]) == ("webhook", PUBLIC, "chat bot")

    read = await site.ann.client.get(path)
    rotated = await site.ann.client.post(f"{path}/secret")
    listed = await site.ann.client.get("/api/v1/webhooks")

    assert "secret" not in read.json()
    assert rotated.json()["secret"] not in (made["secret"], "", None)
    assert made["secret"] not in listed.text
    assert rotated.json()["secret"] not in listed.text
    assert listed.json()["items"][0]["previous_secret_until"] is not None


async def test_a_password_in_a_url_is_not_shown(site: Site) -> None:
    made = await created(site.ann, url="https://harbour:sesame@1.1.1.1/hooks?a=b:c@d")
    assert made["url"] == "https://harbour:…@1.1.1.1/hooks?a=b:c@d"


async def test_a_url_of_apprise_is_never_shown(site: Site) -> None:
    made = await created(site.ann, url=DISCORD)
    listed = await site.ann.client.get("/api/v1/webhooks")
    rotated = await site.ann.client.post(f"/api/v1/webhooks/{made['id']}/secret")

    assert (made["kind"], made["url"], made["secret"]) == ("apprise", "discord://…", None)
    assert "JHMHI8qBe7bk2ZwO5U711o3dV_js" not in listed.text
    assert (rotated.status_code, rotated.json()["code"]) == (409, "webhook_unsigned")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("https://169.254.169.254/latest", "not a public address"),
        ("http://no-such-host.invalid/", "has no address"),
        ("https://", "names no host"),
        ("hooks", "nor one of Apprise"),
        ("discord://a b", "nor one of Apprise"),
        ("dbus://", "nor one of Apprise"),
        ("syslog://daemon", "not used"),
    ],
)
async def test_where_nothing_is_sent_is_refused_when_it_is_entered(site: Site, url: str, said: str) -> None:
    answer = await site.ann.client.post("/api/v1/webhooks", json={"url": url})
    assert (answer.status_code, answer.json()["code"]) == (400, "webhook_url_refused")
    assert said in answer.json()["detail"]


async def test_a_type_that_is_unknown_is_named(site: Site) -> None:
    answer = await site.ann.client.post("/api/v1/webhooks", json={"url": PUBLIC, "event_types": ["video.reddy"]})
    assert answer.status_code == 422
    assert "video.reddy" in answer.text
    assert "video.ready" in answer.text


async def test_a_stranger_sees_and_changes_nothing(site: Site) -> None:
    path = f"/api/v1/webhooks/{(await created(site.ann))['id']}"
    client = site.bob.client
    answers: list[httpx2.Response] = [
        await client.get(path),
        await client.patch(path, json={"enabled": False}),
        await client.delete(path),
        await client.post(f"{path}/secret"),
        await client.post(f"{path}/test"),
        await client.post(f"{path}/replay", json={"since": "2026-01-01T00:00:00Z"}),
        await client.get(f"{path}/deliveries"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert (await client.get("/api/v1/webhooks")).json()["items"] == []


async def test_a_change_names_its_version_and_is_audited(each_site: Site) -> None:
    made = await created(each_site.ann)
    path = f"/api/v1/webhooks/{made['id']}"
    changed = await each_site.ann.client.patch(
        path, json={"event_types": ["job.failed"], "enabled": False}, headers={"If-Match": '"1"'}
    )
    late = await each_site.ann.client.patch(path, json={"description": "x"}, headers={"If-Match": '"1"'})

    assert changed.json()["event_types"] == ["job.failed"]
    assert (changed.json()["enabled"], changed.json()["disabled_by"]) == (False, "person")
    assert late.status_code == 412
    assert (await each_site.ann.client.delete(path)).status_code == 204
    async with each_site.get(Database).read() as session:
        done = list(await session.scalars(select(AuditRow.action).where(AuditRow.subject_id == made["id"])))
    assert done == ["webhook.create", "webhook.change", "webhook.remove"]


async def test_the_job_is_there_while_a_webhook_is_enabled(each_site: Site) -> None:
    """Recorded with the first, found again by a sweep when it has ended; without webhooks there is none."""

    async def jobs() -> list[str]:
        async with each_site.get(Database).read() as session:
            return list(await session.scalars(select(JobRow.state).where(JobRow.kind == NOTIFY).order_by(JobRow.id)))

    await each_site.get(Notifier).sweep()
    assert await jobs() == []
    await created(each_site.ann)
    await created(each_site.bob)
    assert await jobs() == ["queued"]

    async with each_site.get(Database).write() as session:
        (await session.scalars(select(JobRow).where(JobRow.kind == NOTIFY))).one().state = "failed"
    await each_site.get(Notifier).sweep()
    assert await jobs() == ["failed", "queued"]


async def test_what_is_old_is_forgotten_but_not_what_waits(each_site: Site) -> None:
    made = await created(each_site.ann)
    path = f"/api/v1/webhooks/{made['id']}"
    waits, ended = [(await each_site.ann.client.post(f"{path}/test")).json()["id"] for _ in range(2)]
    from playhead.notify.tables import DeliveryRow

    async with each_site.get(Database).write() as session:
        (await session.get_one(DeliveryRow, ended)).state = "failed"
    await each_site.get(Notifier).forget_before(utc_now() + timedelta(minutes=1))

    listed = (await each_site.ann.client.get(f"{path}/deliveries")).json()["items"]
    assert [each["id"] for each in listed] == [waits]


async def test_webhooks_of_a_user_are_limited(site: Site) -> None:
    now = utc_now()
    async with site.get(Database).write() as session:
        session.add_all(
            WebhookRow(
                id=f"whk_{number:026}", owner_id=site.ann.user.id, kind="webhook", url=PUBLIC, description="",
                version=1, created_at=now, updated_at=now,
            )
            for number in range(50)
        )  # fmt: skip
    answer = await site.ann.client.post("/api/v1/webhooks", json={"url": PUBLIC})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
