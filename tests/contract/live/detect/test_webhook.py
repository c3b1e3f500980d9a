"""The webhook, as Twitch calls it."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from playhead.db.database import DatabaseUnavailable
from playhead.kit.clock import utc_now
from playhead.live.detect.errors import EventRefused
from playhead.live.detect.tables import EventsubMessageRow
from playhead.live.detect.webhook import Webhook
from playhead.live.fakes.messages import now, signed_headers
from tests.fixtures.detecting import Detecting

SECRET = "0123456789"


def webhook_of(detecting: Detecting) -> Webhook:
    """A webhook by the real clock: messages are signed with it."""
    return Webhook(detecting.events, detecting.notes, lambda: SECRET, utc_now)


def message(
    topic: str, event: dict[str, Any] | None, *, type_: str = "notification", status: str = "enabled", **more: Any
) -> tuple[dict[str, str], bytes]:
    """Headers, with names as Starlette has them, and body of a signed message."""
    subscription = {"id": "sub", "type": topic, "version": "1", "status": status, "condition": {}}
    body = json.dumps({"subscription": subscription} | ({"event": event} if event else {}) | more).encode()
    headers = signed_headers(SECRET, str(uuid4()), now(), body, type_, subscription, 0)
    return {name.lower(): value for name, value in headers.items()}, body


def online(**facts: Any) -> dict[str, Any]:
    """The event of a beginning."""
    return {"id": "s1", "broadcaster_user_id": "1000", "type": "live", "started_at": "2026-03-01T20:00:00Z", **facts}


async def test_a_stream_that_begins_is_recorded(detecting: Detecting) -> None:
    """For every channel that follows the streamer, and once, however often Twitch sends it."""
    await detecting.channel(name="First")
    await detecting.channel(name="Other", url="https://www.twitch.tv/alice?2")
    sent = message("stream.online", online())
    for _ in range(3):
        assert await webhook_of(detecting).receive(*sent) is None

    assert {row.platform_stream_id for row in await detecting.rows()} == {"s1"}
    assert len(await detecting.recorded()) == len(detecting.recordings.submitted) == 2
    assert len(await detecting.all(EventsubMessageRow)) == 1


async def test_a_message_whose_handling_failed_is_handled_when_it_comes_again(
    detecting: Detecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id is forgotten with what it would have changed."""
    await detecting.channel()
    sent = message("stream.online", online())

    async def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(detecting.recordings, "start_in", fail)
        with pytest.raises(DatabaseUnavailable):
            await webhook_of(detecting).receive(*sent)
    assert await detecting.rows() == await detecting.all(EventsubMessageRow) == []
    await webhook_of(detecting).receive(*sent)

    assert len(await detecting.recorded()) == 1


@pytest.mark.parametrize(
    "sent",
    [
        lambda: message("stream.online", online(type="rerun")),
        lambda: message("stream.online", online(broadcaster_user_id="2")),
        lambda: message("channel.follow", {"broadcaster_user_id": "1000"}),
        lambda: message("stream.online", online(), type_="something_new"),
        lambda: message("stream.offline", {"broadcaster_user_id": "1000"}),
        lambda: message("channel.update", {"broadcaster_user_id": "1000", "title": "T", "category_name": "C"}),
    ],
    ids=["a rerun", "a stranger", "an unknown event", "an unknown message", "offline twice", "update while offline"],
)
async def test_what_means_nothing_here_is_accepted(
    here: Detecting, sent: Callable[[], tuple[dict[str, str], bytes]]
) -> None:
    """Twitch counts refusals, and gives the subscription up after too many."""
    await here.channel()

    assert await webhook_of(here).receive(*sent()) is None
    assert await here.rows() == []


async def test_the_challenge_is_answered_as_it_is(here: Detecting) -> None:
    sent = message(
        "stream.online",
        None,
        type_="webhook_callback_verification",
        status="webhook_callback_verification_pending",
        challenge="pogchamp-kappa",
    )

    assert await webhook_of(here).receive(*sent) == "pogchamp-kappa"
    assert (await here.notes.read())["challenge"]["topic"] == "stream.online"


async def test_a_revocation_is_noted_for_the_job_that_subscribes(here: Detecting) -> None:
    sent = message("stream.online", None, type_="revocation", status="notification_failures_exceeded")
    await webhook_of(here).receive(*sent)

    assert (await here.notes.read())["revoked"]["status"] == "notification_failures_exceeded"


async def test_without_a_set_up_nothing_is_accepted(here: Detecting) -> None:
    with pytest.raises(EventRefused, match="not set up"):
        await Webhook(here.events, here.notes, lambda: None).receive({}, b"")


async def test_ids_are_forgotten_when_their_messages_are_too_old_to_come_again(here: Detecting) -> None:
    await here.channel()
    await webhook_of(here).receive(*message("stream.online", online()))
    here.clock.minute = 29
    await here.events.forget_old()
    assert len(await here.all(EventsubMessageRow)) == 1
    here.clock.minute = 31
    await here.events.forget_old()

    assert await here.all(EventsubMessageRow) == []
