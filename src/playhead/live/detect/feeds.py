"""Feeds of events, one for each way that Twitch sends them. Each runs until it fails; detection starts it again."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final, Protocol

from playhead.errors import PlayheadError, Unavailable
from playhead.live.detect.conduit import Conduit
from playhead.live.detect.eventsub import Events, Message
from playhead.live.detect.helix import Helix
from playhead.live.detect.notes import Notes
from playhead.live.detect.subscriptions import State, Subscriptions, Topic, topics_of
from playhead.live.detect.watched import Watched
from playhead.live.detect.websocket import EventSocket

COMPARE_S: Final = 600.0
"""Between two comparisons of the subscriptions, when nothing says that they changed."""

PENDING_S: Final = 15.0
"""The same while some are not enabled yet; longer and longer."""

PLAIN_CHANNELS: Final = 3
"""A plain WebSocket may cost 10, and a channel costs 3."""

SHARD_DISABLED: Final = "conduit.shard.disabled"

NOTE: Final = "subscriptions"


class FeedBroken(Unavailable):
    """A feed that must be set up anew."""

    code = "eventsub_feed_broken"
    title = "Events of Twitch do not come"


class FeedNotSetUp(PlayheadError):
    """A feed that lacks a setting."""

    code = "eventsub_not_set_up"
    title = "A setting for events of Twitch is missing"

    def __init__(self, detail: str, setting: str) -> None:
        super().__init__(detail, hint=f"Set {setting}, or PLAYHEAD_TWITCH_DETECTION=conduit, which needs none.")


class Feed(Protocol):
    """A way in which events come."""

    async def run(self, watched: Watched) -> None:
        """Receive events; ends only by an error."""
        ...


class WebhookFeed:
    """Subscriptions whose events Twitch posts to our webhook, which any API process handles.

    Args:
        callback: The webhook's public URL.
        secret: Twitch signs with it.
    """

    def __init__(self, helix: Helix, notes: Notes, *, callback: str, secret: str) -> None:
        self._subscriptions, self._notes = Subscriptions(helix), notes
        self._transport = {"method": "webhook", "callback": callback, "secret": secret}

    async def run(self, watched: Watched) -> None:
        """Keep the subscriptions as they should be."""
        await _keep(self._subscriptions, self._transport, watched, self._notes)


class ConduitFeed:
    """A conduit whose one shard is a WebSocket of this process."""

    def __init__(self, helix: Helix, events: Events, notes: Notes, *, url: str) -> None:
        self._helix, self._events, self._notes, self._url = helix, events, notes, url
        self._conduit, self._subscriptions = Conduit(helix, notes), Subscriptions(helix)

    async def run(self, watched: Watched) -> None:
        """Receive events, and keep the shard and the subscriptions as they should be."""
        conduit_id = await self._conduit.ensure()
        assigned = asyncio.Event()
        current = ""

        async def on_session(session_id: str) -> None:
            nonlocal current
            current = session_id
            await self._conduit.assign(conduit_id, session_id)
            await self._notes.write("socket", {"state": "open", "conduit_id": conduit_id})
            assigned.set()

        async def on_message(message: Message) -> None:
            if message.topic == SHARD_DISABLED:
                await self._conduit.assign(conduit_id, current)
            await self._events.handle(message, "conduit")
            if message.type == "revocation":
                watched.changed()

        async def keep() -> None:
            await assigned.wait()
            extra = [Topic(SHARD_DISABLED, "1", {"client_id": self._helix.client_id, "conduit_id": conduit_id})]
            transport = {"method": "conduit", "conduit_id": conduit_id}
            await _keep(self._subscriptions, transport, watched, self._notes, extra, self._check_shard(conduit_id))

        await _together(EventSocket(self._url, on_session=on_session, on_message=on_message).run(), keep())

    def _check_shard(self, conduit_id: str) -> "Check":
        async def check() -> str | None:
            status = await self._conduit.shard_status(conduit_id)
            return None if status == "enabled" else f"The conduit's shard is {status}."

        return check


class SocketFeed:
    """A plain WebSocket with a user's token; it carries the first three channels alone."""

    def __init__(self, helix: Helix, events: Events, notes: Notes, *, url: str) -> None:
        self._events, self._notes, self._url = events, notes, url
        self._subscriptions = Subscriptions(helix, as_user=True)

    async def run(self, watched: Watched) -> None:
        """Receive events; the subscriptions end with the connection and are made anew with the next one."""
        current = ""

        async def on_session(session_id: str) -> None:
            nonlocal current
            current = session_id
            await self._subscribe(session_id, watched)

        async def on_message(message: Message) -> None:
            await self._events.handle(message, "websocket")
            if message.type == "revocation":
                watched.changed()

        async def keep() -> None:
            while True:
                await watched.wait(COMPARE_S)
                if current:
                    await self._subscribe(current, watched)

        try:
            await _together(EventSocket(self._url, on_session=on_session, on_message=on_message).run(), keep())
        finally:
            watched.events_work = False

    async def _subscribe(self, session_id: str, watched: Watched) -> None:
        users = watched.user_ids
        transport = {"method": "websocket", "session_id": session_id}
        state = await self._subscriptions.keep(transport, topics_of(users[:PLAIN_CHANNELS]))
        if len(users) > PLAIN_CHANNELS:
            state.problems.append(
                f"A plain WebSocket carries {PLAIN_CHANNELS} channels; {len(users) - PLAIN_CHANNELS} are polled alone."
            )
        await self._notes.write("socket", {"state": "open"})
        await _note(self._notes, state)
        watched.events_work = state.complete


class Check(Protocol):
    """Looks whether something besides the subscriptions is right."""

    async def __call__(self) -> str | None:
        """What is wrong, in words."""
        ...


async def nothing_else() -> str | None:
    """Nothing besides the subscriptions can be wrong."""
    return None


async def _keep(
    subscriptions: Subscriptions,
    transport: dict[str, str],
    watched: Watched,
    notes: Notes,
    extra: Sequence[Topic] = (),
    check: Check = nothing_else,
) -> None:
    """Compare the subscriptions whenever channels change, soon while some are pending, and now and then."""
    pause_s = PENDING_S
    try:
        while True:
            state = await subscriptions.keep(transport, [*topics_of(watched.user_ids), *extra])
            if problem := await check():
                state.problems.append(problem)
            watched.events_work = state.complete
            await _note(notes, state)
            if problem:
                raise FeedBroken(problem)
            pause_s = COMPARE_S if state.complete else min(pause_s, COMPARE_S)
            await watched.wait(pause_s)
            pause_s = PENDING_S if state.complete else 2 * pause_s
    finally:
        watched.events_work = False


async def _note(notes: Notes, state: State) -> None:
    value: dict[str, Any] = asdict(state)
    value["problems"] = value["problems"][:10]
    await notes.write_seldom(NOTE, value, every=timedelta(minutes=1))


async def _together(*loops: Any) -> None:
    """Run loops that never end; the first that fails ends all, with its error."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
