"""Events by webhook, conduit and plain WebSocket, from the fake Twitch to the recording."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from playhead.errors import PlayheadError
from playhead.kit.clock import utc_now
from playhead.live.detect.conduit import Conduit
from playhead.live.detect.feeds import ConduitFeed, Feed, SocketFeed, WebhookFeed
from playhead.live.detect.helix import Helix
from playhead.live.detect.watched import Watched
from playhead.live.detect.webhook import Webhook
from playhead.live.detect.websocket import EventSocket
from playhead.live.fakes.platform import Twitch
from playhead.live.fakes.server import serving
from playhead.live.tables import ChannelRow
from tests.fixtures.detecting import Detecting
from tests.fixtures.fake_twitch import helix_of, until

SECRET = "0123456789"


@asynccontextmanager
async def running(feed: Feed, watched: Watched) -> AsyncIterator[None]:
    """Run a feed, and start it again when it fails, as the job does."""

    async def keep_up() -> None:
        while True:
            with suppress(PlayheadError):
                await feed.run(watched)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(keep_up())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def watched_of(here: Detecting, *logins: str) -> Watched:
    """Channels of some streamers whose user ids are known."""
    for number, login in enumerate(logins):
        await here.channel(login, str(1000 + number))
    return Watched(await here.all(ChannelRow))


@asynccontextmanager
async def callback_of(here: Detecting) -> AsyncIterator[str]:
    """The webhook on loopback, as the API serves it."""
    webhook = Webhook(here.events, here.notes, lambda: SECRET, utc_now)

    async def receive(request: Request) -> Response:
        try:
            challenge = await webhook.receive(request.headers, await request.body())
        except PlayheadError as error:
            return Response(status_code=error.status)
        return Response(status_code=204) if challenge is None else PlainTextResponse(challenge)

    async with serving(Starlette(routes=[Route("/api/v1/webhooks/twitch", receive, methods=["POST"])])) as url:
        yield f"{url}/api/v1/webhooks/twitch"


def statuses(twitch: Twitch) -> list[str]:
    """Statuses of all subscriptions."""
    return [each["status"] for each in twitch.subscriptions.values()]


async def recorded(here: Detecting, count: int = 1) -> None:
    """Wait for recordings."""

    async def holds() -> bool:
        return len(await here.recorded()) >= count

    await until(holds)


async def test_the_webhook_is_subscribed_verified_and_called(here: Detecting, twitch: Twitch) -> None:
    """A broadcast begins with an event; a revoked subscription is made again; a removed channel's are deleted."""
    watched = await watched_of(here, "alice")
    async with helix_of(twitch) as helix, callback_of(here) as callback:
        feed = WebhookFeed(helix, here.notes, callback=callback, secret=SECRET)
        async with running(feed, watched):
            await until(lambda: statuses(twitch) == ["enabled"] * 3)
            watched.changed()
            await until(lambda: watched.events_work)
            await twitch.go_live("alice")
            await recorded(here)
            assert (await here.rows())[0].detected_by == "webhook"

            await twitch.revoke("notification_failures_exceeded")
            await until(lambda: any(each["type"] == "revocation" for each in twitch.sent))
            watched.changed()  # the job reads the note of it
            await until(lambda: statuses(twitch) == ["enabled"] * 3)

            watched.replace([])
            await until(lambda: twitch.subscriptions == {})
    note = (await here.notes.read())["subscriptions"]

    assert (note["max_cost"], note["problems"]) == (10_000, [])
    assert {each["status"] for each in twitch.sent} == {200, 204}


async def test_an_event_that_is_not_accepted_comes_again_and_is_handled(
    here: Detecting, twitch: Twitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = await watched_of(here, "alice")
    start_in, failures = here.recordings.start_in, [1]

    async def fail_once(*arguments: object) -> object:
        if failures:
            failures.pop()
            raise PlayheadError("not now")
        return await start_in(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(here.recordings, "start_in", fail_once)
    async with helix_of(twitch) as helix, callback_of(here) as callback:
        feed = WebhookFeed(helix, here.notes, callback=callback, secret=SECRET)
        async with running(feed, watched):
            await until(lambda: statuses(twitch) == ["enabled"] * 3)
            await twitch.go_live("alice")
            await recorded(here)
    sent = [each for each in twitch.sent if each["topic"] == "stream.online" and each["type"] == "notification"]

    assert [(each["retry"], each["status"]) for each in sent] == [(0, 500), (1, 204)]


async def test_other_programs_of_the_same_application_keep_their_subscriptions(here: Detecting, twitch: Twitch) -> None:
    """Those of an earlier address of this server are replaced."""
    watched = await watched_of(here, "alice")
    async with helix_of(twitch) as helix, callback_of(here) as callback:
        for url in ("https://other.example.org/hook", "https://old.example.org/api/v1/webhooks/twitch"):
            await _subscribe(helix, url)
        async with running(WebhookFeed(helix, here.notes, callback=callback, secret=SECRET), watched):
            await until(lambda: statuses(twitch).count("enabled") == 3)
    callbacks = {each["transport"]["callback"] for each in twitch.subscriptions.values()}

    assert callbacks == {"https://other.example.org/hook", callback}


async def test_a_conduit_needs_no_public_url_and_outlives_its_connections(here: Detecting, twitch: Twitch) -> None:
    """Its shard is assigned to each new session, and its subscriptions stay as they are."""
    watched = await watched_of(here, "alice")
    async with helix_of(twitch) as helix:
        feed = ConduitFeed(helix, here.events, here.notes, url=f"{twitch.url.replace('http', 'ws')}/ws")
        async with running(feed, watched):
            await until(lambda: watched.events_work)
            subscribed = set(twitch.subscriptions)
            await twitch.go_live("alice", stream_id="s1")
            await recorded(here)
            assert (await here.rows())[0].detected_by == "conduit"

            await twitch.drop_sockets()
            await until(lambda: watched.events_work and _shard(twitch) == "enabled")
            await twitch.update("alice", title="After the break", category="Go")

            async def title_is_new() -> bool:
                return (await here.rows())[0].title == "After the break"

            await until(title_is_new)

            before = _session_of(twitch)
            await twitch.move_sockets()
            await until(lambda: len(twitch.sessions) == 1 and _socket_count(twitch, before) == 2)
            await twitch.disable_shards()
            await until(lambda: _shard(twitch) == "enabled")
            await twitch.go_offline("alice")

            async def is_offline() -> bool:
                return (await here.one_channel()).live_state == "offline"

            await until(is_offline)

    assert len(twitch.conduits) == 1
    assert set(twitch.subscriptions) == subscribed


async def test_a_silent_connection_is_replaced(
    here: Detecting, twitch: Twitch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No keepalive within the time that Twitch promised."""
    monkeypatch.setattr("playhead.live.detect.feeds.EventSocket", partial(EventSocket, keepalive_s=1, spare_s=1.0))
    watched = await watched_of(here, "alice")
    async with helix_of(twitch) as helix:
        feed = ConduitFeed(helix, here.events, here.notes, url=f"{twitch.url.replace('http', 'ws')}/ws")
        async with running(feed, watched):
            await until(lambda: watched.events_work)
            first = _session_of(twitch)
            twitch.silence_sockets()
            await until(lambda: first not in twitch.sessions and _shard(twitch) == "enabled")


async def test_a_plain_websocket_carries_three_channels_and_says_so(here: Detecting, twitch: Twitch) -> None:
    logins = ["alice", "bob", "carol", "dave"]
    for login in logins:
        twitch.add_user(login)
    watched = await watched_of(here, *logins)
    async with helix_of(twitch) as helix:
        feed = SocketFeed(helix, here.events, here.notes, url=f"{twitch.url.replace('http', 'ws')}/ws")
        async with running(feed, watched):
            await until(lambda: len(twitch.subscriptions) == 9)

            async def is_noted() -> bool:
                return "subscriptions" in await here.notes.read()

            await until(is_noted)
            await twitch.go_live("carol")
            await recorded(here)
    note = (await here.notes.read())["subscriptions"]

    assert note["problems"] == ["A plain WebSocket carries 3 channels; 1 are polled alone."]
    assert (note["cost"], note["max_cost"]) == (9, 10)
    assert not watched.events_work


async def test_an_abandoned_conduit_is_used_again(here: Detecting, twitch: Twitch) -> None:
    """There can be five of them; those of an installation whose database is gone must not use them up."""
    async with helix_of(twitch) as helix:
        first = await Conduit(helix, here.notes).ensure()
        assert await Conduit(helix, here.notes).ensure() == first
        await here.notes.forget("conduit")

        assert await Conduit(helix, here.notes).ensure() == first
    assert len(twitch.conduits) == 1


async def _subscribe(helix: Helix, callback: str) -> None:
    transport = {"method": "webhook", "callback": callback, "secret": SECRET}
    condition = {"broadcaster_user_id": "77"}
    document = {"type": "stream.online", "version": "1", "condition": condition, "transport": transport}
    await helix.request("POST", "/eventsub/subscriptions", json=document)


def _shard(twitch: Twitch) -> str:
    return next((str(each["shards"]["0"]["status"]) for each in twitch.conduits.values() if each["shards"]), "missing")


def _session_of(twitch: Twitch) -> str:
    return next(iter(twitch.sessions))


def _socket_count(twitch: Twitch, session_id: str) -> int:
    return twitch.sessions[session_id].connections if session_id in twitch.sessions else 0
