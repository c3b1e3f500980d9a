"""The log of deliveries: read, tested, and sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, page_by_id
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.notify.dispatch import delivery_of, new_delivery
from playhead.notify.envelope import body_of
from playhead.notify.errors import DeliveryNotFound
from playhead.notify.notifier import Notifier
from playhead.notify.outcomes import TEST
from playhead.notify.tables import AttemptRow, DeliveryRow, DeliveryState, WebhookRow
from playhead.notify.webhooks import find_webhook
from playhead.outbox.tables import EventRow

MOST_REPLAYED: Final = 5000
"""Deliveries that one request may send again: they go one after the other."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A delivery with its attempts, oldest first."""

    row: DeliveryRow
    attempts: Sequence[AttemptRow]


class Deliveries:
    """The deliveries of webhooks."""

    def __init__(self, database: Database, notifier: Notifier, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._notifier = notifier
        self._clock = clock

    async def page(
        self, principal: Principal, webhook_id: str, *, state: DeliveryState | None, limit: int, cursor: str | None
    ) -> Page[DeliveryRow]:
        """One page of a webhook's deliveries, newest first.

        Raises:
            WebhookNotFound
        """
        query = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
        if state is not None:
            query = query.where(DeliveryRow.state == state)
        async with self._database.read() as session:
            await find_webhook(session, principal, webhook_id)
            return await page_by_id(session, query, DeliveryRow.id, "dlv", limit, cursor)

    async def get(self, principal: Principal, webhook_id: str, delivery_id: str) -> Logged:
        """One delivery with its attempts.

        Raises:
            WebhookNotFound, DeliveryNotFound
        """
        async with self._database.read() as session:
            await find_webhook(session, principal, webhook_id)
            row = await _find(session, webhook_id, delivery_id)
            made = select(AttemptRow).where(AttemptRow.delivery_id == row.id).order_by(AttemptRow.number)
            return Logged(row, (await session.scalars(made)).all())

    async def test(self, principal: Principal, webhook_id: str) -> DeliveryRow:
        """Send a test, also to a webhook that is disabled; it is tried once.

        Raises:
            WebhookNotFound
        """
        now = self._clock()
        async with self._database.write() as session:
            webhook = await find_webhook(session, principal, webhook_id)
            body = body_of(TEST, now, webhook.id, {"description": webhook.description})
            row = new_delivery(webhook.id, new_id("evt"), TEST, body, now)
            session.add(row)
            job = await self._notifier.request(session)
        await self._notifier.submit(job)
        return row

    async def replay(self, principal: Principal, webhook_id: str, delivery_id: str) -> DeliveryRow:
        """Send a delivery again, under its own id, with all its attempts before it.

        Raises:
            WebhookNotFound, DeliveryNotFound
            Conflict: the webhook is disabled.
        """
        async with self._database.write() as session:
            await _find_enabled(session, principal, webhook_id)
            row = await _find(session, webhook_id, delivery_id, lock=True)
            _begin_anew(row, self._clock())
            job = await self._notifier.request(session)
        await self._notifier.submit(job)
        return row

    async def replay_span(
        self, principal: Principal, webhook_id: str, *, since: datetime, until: datetime | None, delivered: bool
    ) -> int:
        """Send what a webhook has not received of a span of time, or all of it; how many there are.

        That is what failed or was canceled, and what happened while it was disabled.

        Args:
            since: First time of the events.
            until: End of the span; None for now.
            delivered: Send what it has received, too.

        Raises:
            WebhookNotFound
            Conflict: the webhook is disabled.
            InvalidInput: there are too many.
        """
        now = self._clock()
        async with self._database.write() as session:
            webhook = await _find_enabled(session, principal, webhook_id)
            again = await _ended(session, webhook_id, since, until or now, delivered=delivered)
            missed = await _missed(session, webhook, since, until or now)
            if len(again) + len(missed) > MOST_REPLAYED:
                raise InvalidInput(
                    f"There are more than {MOST_REPLAYED} events in this span.",
                    hint="Choose a shorter one, and go on from its end.",
                    code="replay_too_long",
                    title="Too many events",
                )
            for row in again:
                _begin_anew(row, now)
            session.add_all(delivery_of(event, webhook, now) for event in missed)
            job = await self._notifier.request(session)
        await self._notifier.submit(job)
        return len(again) + len(missed)


async def _find(session: AsyncSession, webhook_id: str, delivery_id: str, *, lock: bool = False) -> DeliveryRow:
    row = await session.get(DeliveryRow, delivery_id, with_for_update=lock) if is_id("dlv", delivery_id) else None
    if row is None or row.webhook_id != webhook_id:
        raise DeliveryNotFound(delivery_id)
    return row


async def _find_enabled(session: AsyncSession, principal: Principal, webhook_id: str) -> WebhookRow:
    webhook = await find_webhook(session, principal, webhook_id, lock=True)
    if webhook.enabled_at is None:
        raise Conflict(
            f"Webhook {webhook_id} is disabled, so nothing is sent to it.",
            hint="Enable it first.",
            code="webhook_disabled",
            title="The webhook is disabled",
        )
    return webhook


def _begin_anew(row: DeliveryRow, now: datetime) -> None:
    row.state, row.tries, row.due_at, row.ended_at = "pending", 0, now, None


async def _ended(
    session: AsyncSession, webhook_id: str, since: datetime, until: datetime, *, delivered: bool
) -> Sequence[DeliveryRow]:
    statement = (
        select(DeliveryRow)
        .where(
            DeliveryRow.webhook_id == webhook_id,
            DeliveryRow.event_type != TEST,
            DeliveryRow.state.in_(("failed", "canceled", "delivered") if delivered else ("failed", "canceled")),
            DeliveryRow.created_at >= since,
            DeliveryRow.created_at < until,
        )
        .order_by(DeliveryRow.id)
        .limit(MOST_REPLAYED + 1)
    )
    return (await session.scalars(statement)).all()


async def _missed(session: AsyncSession, webhook: WebhookRow, since: datetime, until: datetime) -> Sequence[EventRow]:
    """Events of the span that the webhook would have heard of, had it been enabled then."""
    owner = await session.get_one(UserRow, webhook.owner_id)
    owners = EventRow.owner_id == webhook.owner_id
    statement = (
        select(EventRow)
        .where(
            owners | EventRow.owner_id.is_(None) if owner.role == "admin" else owners,
            EventRow.created_at >= since,
            EventRow.created_at < until,
            EventRow.sent_at.is_not(None) | (EventRow.created_at < webhook.enabled_at),  # what else is about to be sent
            ~exists().where(DeliveryRow.webhook_id == webhook.id, DeliveryRow.event_id == EventRow.id),
        )
        .order_by(EventRow.id)
        .limit(MOST_REPLAYED + 1)
    )
    if webhook.event_types is not None:
        statement = statement.where(EventRow.type.in_(webhook.event_types))
    return (await session.scalars(statement)).all()
