"""EventSub messages of Twitch, by webhook or WebSocket: verified, handled once, and remembered.

A message is remembered in the transaction of what it changes. So one that arrives twice, at any process, changes
nothing, and one whose handling failed is forgotten with it: Twitch's retry finds it new.
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.db.unit import within
from playhead.kit.clock import Clock, utc_now
from playhead.live.detect.broadcasts import Broadcasts, DetectedBy
from playhead.live.detect.errors import EventRefused
from playhead.live.detect.notes import Notes
from playhead.live.detect.tables import EventsubMessageRow
from playhead.live.errors import ChannelNotFound
from playhead.live.tables import ChannelRow

log = structlog.get_logger(__name__)

REPLAY_WINDOW: Final = timedelta(minutes=10)
"""Age from which Twitch's documentation has a message refused."""

KEPT: Final = timedelta(minutes=30)
"""How long ids are remembered: longer than messages are accepted, so that none comes back in between."""

EARLY: Final = timedelta(minutes=5)
"""How far ahead Twitch's clock may be of this one."""

SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Message:
    """One EventSub message.

    Attributes:
        type: ``notification``, ``webhook_callback_verification`` or ``revocation``.
        subscription: What was subscribed to; its ``type`` names the event.
    """

    id: str
    type: str
    sent_at: datetime
    subscription: dict[str, Any]
    event: dict[str, Any]
    challenge: str | None = None

    @property
    def topic(self) -> str:
        """Type of the subscription, such as ``stream.online``."""
        return str(self.subscription.get("type", ""))


def signature_of(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook message, over the timestamp as it was sent and the body's raw bytes."""
    signed = message_id.encode() + timestamp.encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Check that a webhook message is Twitch's, and recent.

    Args:
        headers: Names in any case, as of Starlette; the values as they were received.

    Raises:
        EventRefused: it is not, or it cannot be read.
    """
    message_id, timestamp = _header(headers, "id"), _header(headers, "timestamp")
    wanted = signature_of(secret, message_id, timestamp, body)
    if not hmac.compare_digest(wanted.encode(), _header(headers, "signature").encode()):
        raise EventRefused(
            "The signature does not fit the message.",
            hint="Only Twitch posts here. After a change of the secret the subscriptions are made anew by themselves.",
        )
    try:
        sent_at = datetime.fromisoformat(timestamp)
    except ValueError:
        raise EventRefused("The message's timestamp is not a time.") from None
    if sent_at.tzinfo is None or not -EARLY <= now - sent_at <= REPLAY_WINDOW:
        raise EventRefused("The message is older than ten minutes.", hint="Check the clock of this server.")


def webhook_message(headers: Mapping[str, str], document: dict[str, Any]) -> Message:
    """Read a webhook message that was verified."""
    return Message(
        id=_header(headers, "id"),
        type=_header(headers, "type"),
        sent_at=datetime.fromisoformat(_header(headers, "timestamp")),
        subscription=_object(document.get("subscription")),
        event=_object(document.get("event")),
        challenge=str(document["challenge"]) if "challenge" in document else None,
    )


def socket_message(document: dict[str, Any]) -> Message:
    """Read a notification or a revocation of a WebSocket.

    Raises:
        ValueError, KeyError: it is none.
    """
    metadata, payload = document["metadata"], _object(document.get("payload"))
    return Message(
        id=str(metadata["message_id"]),
        type=str(metadata["message_type"]),
        sent_at=datetime.fromisoformat(str(metadata["message_timestamp"])),
        subscription=_object(payload.get("subscription")),
        event=_object(payload.get("event")),
    )


class Events:
    """Handles messages of EventSub."""

    def __init__(self, database: Database, broadcasts: Broadcasts, notes: Notes, clock: Clock = utc_now) -> None:
        self._database, self._broadcasts, self._notes, self._clock = database, broadcasts, notes, clock

    async def handle(self, message: Message, by: DetectedBy) -> Literal["handled", "known"]:
        """Handle a notification or a revocation; unknown ones change nothing.

        Raises:
            DatabaseUnavailable: nothing is remembered: the sender shall try again.
        """
        unit = self._database.unit()
        try:
            with within(unit):
                is_new = await self._remember(message)
                if is_new:
                    await self._apply(message, by)
        except BaseException:
            await unit.roll_back()
            raise
        await unit.commit()
        if is_new:
            seen = {
                "topic": message.topic,
                "type": message.type,
                "by": by,
                "status": message.subscription.get("status"),
            }
            await self._notes.write_seldom("event", seen, every=SEEN_EVERY)
        return "handled" if is_new else "known"

    async def forget_old(self) -> None:
        """Delete the ids of messages that are refused for their age by now."""
        async with self._database.write() as session:
            old = EventsubMessageRow.received_at < self._clock() - KEPT
            await session.execute(delete(EventsubMessageRow).where(old))

    async def _remember(self, message: Message) -> bool:
        try:
            async with self._database.write() as session:
                if await session.get(EventsubMessageRow, message.id) is not None:
                    return False
                session.add(EventsubMessageRow(id=message.id, received_at=self._clock()))
        except IntegrityError:  # another process is handling it
            return False
        return True

    async def _apply(self, message: Message, by: DetectedBy) -> None:
        if message.type == "revocation":
            log.warning("eventsub_revoked", topic=message.topic, status=message.subscription.get("status"))
            await self._notes.write("revoked", {"topic": message.topic, "status": message.subscription.get("status")})
            return
        apply = {"stream.online": self._online, "stream.offline": self._offline, "channel.update": self._update}
        if message.type == "notification" and message.topic in apply:
            for channel_id in await self._channels(str(message.event.get("broadcaster_user_id", ""))):
                with suppress(ChannelNotFound):
                    await apply[message.topic](channel_id, message, by)

    async def _online(self, channel_id: str, message: Message, by: DetectedBy) -> None:
        event = message.event
        if event.get("type", "live") != "live":  # a rerun, a premiere, a watch party
            return
        started_at = _time(event.get("started_at")) or message.sent_at
        stream_id = str(event["id"]) if event.get("id") else None
        await self._broadcasts.went_live(channel_id, stream_id=stream_id, started_at=started_at, detected_by=by)

    async def _offline(self, channel_id: str, message: Message, by: DetectedBy) -> None:  # noqa: ARG002
        await self._broadcasts.went_offline(channel_id, at=message.sent_at)

    async def _update(self, channel_id: str, message: Message, by: DetectedBy) -> None:  # noqa: ARG002
        title, category = message.event.get("title"), message.event.get("category_name")
        await self._broadcasts.changed(channel_id, title=title, category=category, at=message.sent_at)

    async def _channels(self, user_id: str) -> list[str]:
        async with self._database.read() as session:
            return await channels_of(session, user_id)


async def channels_of(session: AsyncSession, user_id: str) -> list[str]:
    """The enabled channels of a Twitch user; several users of ours may follow the same."""
    enabled = (ChannelRow.platform == "twitch", ChannelRow.platform_id == user_id, ChannelRow.enabled)
    return list(await session.scalars(select(ChannelRow.id).where(*enabled).order_by(ChannelRow.id)))


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"twitch-eventsub-message-{name}", "")


def _time(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
