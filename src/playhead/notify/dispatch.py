"""Events of the outbox become deliveries: one for each webhook that hears of it, in one transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.tables import UserRow
from playhead.kit.ids import new_id
from playhead.notify.envelope import body_of
from playhead.notify.tables import DeliveryRow, WebhookRow
from playhead.outbox.tables import EventRow

BATCH: Final = 100


async def dispatch(session: AsyncSession, now: datetime) -> int:
    """Record the deliveries of unsent events, oldest first; how many events there were, at most ``BATCH``."""
    unsent = select(EventRow).where(EventRow.sent_at.is_(None)).order_by(EventRow.id).limit(BATCH)
    events = (await session.scalars(unsent.with_for_update(skip_locked=True))).all()
    webhooks = await _enabled(session) if events else []
    admins = await _admins(session) if any(event.owner_id is None for event in events) else set()
    for event in events:
        session.add_all(delivery_of(event, webhook, now) for webhook in webhooks if hears(webhook, event, admins))
        event.sent_at = now
    return len(events)


def hears(webhook: WebhookRow, event: EventRow, admins: Collection[str]) -> bool:
    """Whether an event is for a webhook: of its owner, of a chosen type, and not from before it was enabled.

    Args:
        admins: Users who hear of events without an owner.
    """
    if webhook.enabled_at is None or event.created_at < webhook.enabled_at:
        return False
    if webhook.event_types is not None and event.type not in webhook.event_types:
        return False
    return webhook.owner_id in admins if event.owner_id is None else event.owner_id == webhook.owner_id


def delivery_of(event: EventRow, webhook: WebhookRow, now: datetime) -> DeliveryRow:
    """A delivery that is due now."""
    return new_delivery(
        webhook.id, event.id, event.type, body_of(event.type, event.created_at, event.subject_id, event.data), now
    )


def new_delivery(webhook_id: str, event_id: str, event_type: str, body: str, now: datetime) -> DeliveryRow:
    """A delivery that is due now, without attempts."""
    return DeliveryRow(
        id=new_id("dlv"),
        webhook_id=webhook_id,
        event_id=event_id,
        event_type=event_type,
        body=body,
        state="pending",
        attempts=0,
        tries=0,
        due_at=now,
        created_at=now,
    )


async def _enabled(session: AsyncSession) -> Sequence[WebhookRow]:
    return (await session.scalars(select(WebhookRow).where(WebhookRow.enabled_at.is_not(None)))).all()


async def _admins(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(UserRow.id).where(UserRow.role == "admin")))
