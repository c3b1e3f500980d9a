"""The record of an attempt: written once, with what follows for its delivery and its webhook."""

from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.kit.text import one_line, shorten
from playhead.notify.schedule import next_attempt
from playhead.notify.send import Outcome
from playhead.notify.tables import AttemptRow, DeliveryRow, Disabled, WebhookRow
from playhead.notify.webhooks import cancel_pending
from playhead.outbox.outbox import record_event

TEST: Final = "webhook.test"
"""The type of a test: tried once, and no reason to disable a webhook."""

FAILING_FOR: Final = timedelta(days=5)
"""A webhook that has failed for this long is disabled: longer than all attempts at one delivery take."""

log = structlog.get_logger(__name__)


async def record_attempt(
    session: AsyncSession, delivery: DeliveryRow, outcome: Outcome, *, now: datetime, chance: float
) -> DeliveryRow | None:
    """Record an attempt in the caller's transaction.

    Args:
        delivery: As it was read before the attempt.
        chance: See `next_attempt`.

    Returns:
        The delivery as it is now; None when it was canceled, or another worker has recorded this attempt.
    """
    # Locked first, as by those who change it: each then waits for the other, and none for both.
    webhook = await session.get(WebhookRow, delivery.webhook_id, with_for_update=True)
    row = await _end_attempt(session, delivery, _follows(delivery, outcome, now, chance))
    if webhook is None or row is None:
        return None
    session.add(
        AttemptRow(
            delivery_id=row.id,
            number=row.attempts,
            at=now,
            duration_s=outcome.duration_s,
            status=outcome.status,
            error=shorten(one_line(outcome.error), 500) if outcome.error else None,
            response_headers=outcome.headers,
            response_body=outcome.body,
        )
    )
    if row.event_type != TEST:
        await _judge(session, webhook, outcome, now)
    return row


async def _end_attempt(session: AsyncSession, delivery: DeliveryRow, values: dict[str, Any]) -> DeliveryRow | None:
    ours = (
        DeliveryRow.id == delivery.id,
        DeliveryRow.state == "pending",
        DeliveryRow.attempts == delivery.attempts,
    )
    counted = {"attempts": DeliveryRow.attempts + 1, "tries": DeliveryRow.tries + 1}
    statement = update(DeliveryRow).where(*ours).values(**counted, **values).returning(DeliveryRow)
    row: DeliveryRow | None = await session.scalar(statement, execution_options={"populate_existing": True})
    return row


def _follows(delivery: DeliveryRow, outcome: Outcome, now: datetime, chance: float) -> dict[str, Any]:
    """What an attempt makes of its delivery."""
    if outcome.error is None:
        return {"state": "delivered", "due_at": None, "ended_at": now}
    last = outcome.gone or delivery.event_type == TEST
    again = next_attempt(delivery.tries + 1, now, chance=chance, retry_after=outcome.retry_after)
    if last or again is None:
        return {"state": "failed", "due_at": None, "ended_at": now}
    return {"due_at": again}


async def _judge(session: AsyncSession, webhook: WebhookRow, outcome: Outcome, now: datetime) -> None:
    """Count successes and failures of a webhook; disable one that is gone or has failed for days."""
    if outcome.error is None:
        webhook.failing_since = None
        return
    webhook.failing_since = webhook.failing_since or now
    if outcome.gone:
        await _disable(session, webhook, "gone", outcome.error, now)
    elif now - webhook.failing_since >= FAILING_FOR:
        await _disable(session, webhook, "failing", outcome.error, now)


async def _disable(session: AsyncSession, webhook: WebhookRow, reason: Disabled, error: str, now: datetime) -> None:
    if webhook.enabled_at is None:
        return
    webhook.enabled_at, webhook.disabled_by, webhook.updated_at = None, reason, now
    webhook.version += 1
    await session.flush()
    await cancel_pending(session, webhook.id, lambda: now)
    log.warning("webhook_disabled", webhook_id=webhook.id, reason=reason, detail=error)
    record_event(
        session,
        "webhook.disabled",
        owner_id=webhook.owner_id,
        subject_id=webhook.id,
        data={"description": webhook.description, "reason": reason, "error": error},
    )
