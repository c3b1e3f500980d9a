"""The job that sends notifications: one for an installation, for as long as a webhook is enabled.

One process sends, so no two workers need to agree on who sends what; the job engine hands it over when that process
dies. What waits is in the rows of deliveries alone: an attempt that was cut off is made again, with the same id, by
which a receiver knows it.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeVar

import structlog
from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.api.outgoing import Outgoing
from playhead.db.database import Database, DatabaseUnavailable
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.outages import retry_through_outage
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.notify.apprise_send import send_by_apprise
from playhead.notify.dispatch import dispatch
from playhead.notify.messages import message_of
from playhead.notify.notifier import NOTIFY, needed
from playhead.notify.outcomes import record_attempt
from playhead.notify.send import Outcome, send
from playhead.notify.tables import DeliveryRow, WebhookRow
from playhead.outbox.tables import EventRow

POLL_S: Final = 2.0
"""Between two looks for events: a statement of four index seeks, 2 ms of a core with its transaction."""

AT_ONCE: Final = 8
"""Webhooks that are sent to at the same time, each one delivery after the other: one that hangs delays no other."""

RECOVERIES: Final = 1_000_000
"""It lasts for months, so it loses many workers."""

T = TypeVar("T")


class Found(NamedTuple):
    """What a look finds: somebody to notify, events without deliveries, deliveries that are due."""

    is_needed: bool
    has_unsent: bool
    has_due: bool


log = structlog.get_logger(__name__)


class NotifyJob:
    """Makes deliveries of events, and attempts at deliveries when they are due.

    Args:
        address: Public address of this server, for links in messages; None for none.
        chance: Gives random numbers from 0 to 1.
    """

    def __init__(
        self,
        database: Database,
        outgoing: Outgoing,
        jobs: Jobs,
        *,
        address: str | None,
        clock: Clock = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._outgoing = outgoing
        self._jobs = jobs
        self._address = address
        self._clock = clock
        self._chance = chance

    def kind(self) -> JobKind:
        """How the job engine knows it. Once it has ended, the next one may begin."""

        async def ended(session: AsyncSession, job: JobRow, _: dict[str, Any]) -> None:
            await self._jobs.release_key(session, job.id)

        return JobKind(
            name=NOTIFY,
            title="Notifications",
            doing="Sending notifications",
            done="Sent notifications",
            of=None,
            queue="live",
            background=True,
            recoveries=RECOVERIES,
            run=self.run,
            on_succeeded=ended,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Send until no webhook is enabled and nothing waits."""
        sending: dict[str, asyncio.Task[None]] = {}
        try:
            while (found := await _persistent(self._look)).is_needed or sending:
                if found.has_unsent:
                    await _persistent(self._dispatch)
                if found.has_unsent or found.has_due:
                    for webhook_id, delivery_id in (await self._due(sending)).items():
                        attempt = self._attempt(delivery_id)
                        sending[webhook_id] = asyncio.create_task(attempt, name=f"send {delivery_id}")
                await _wait(sending)
        finally:
            for task in sending.values():
                task.cancel()
            await asyncio.gather(*sending.values(), return_exceptions=True)
        return {}

    async def _look(self) -> Found:
        statement = select(
            needed(),
            exists().where(EventRow.sent_at.is_(None)),
            exists().where(DeliveryRow.due_at <= self._clock()),
        )
        async with self._database.read() as session:
            return Found(*(await session.execute(statement)).one())

    async def _dispatch(self) -> int:
        async with self._database.write() as session:
            return await dispatch(session, self._clock())

    async def _due(self, busy: dict[str, Any]) -> dict[str, str]:
        """The oldest delivery that is due of each webhook that is not busy: its id by that of the webhook."""
        statement = (
            select(DeliveryRow.webhook_id, func.min(DeliveryRow.id))
            .where(DeliveryRow.due_at <= self._clock(), DeliveryRow.webhook_id.not_in(list(busy)))
            .group_by(DeliveryRow.webhook_id)
            .limit(AT_ONCE - len(busy))
        )

        async def read() -> dict[str, str]:
            async with self._database.read() as session:
                return dict((await session.execute(statement)).all())

        return await _persistent(read) if len(busy) < AT_ONCE else {}

    async def _attempt(self, delivery_id: str) -> None:
        async def read() -> tuple[DeliveryRow | None, WebhookRow | None]:
            async with self._database.read() as session:
                delivery = await session.get(DeliveryRow, delivery_id)
                return delivery, await session.get(WebhookRow, delivery.webhook_id) if delivery else None

        delivery, webhook = await _persistent(read)
        if delivery is None or webhook is None:
            return
        outcome = await self._send(delivery, webhook)
        now, chance = self._clock(), self._chance()

        async def record() -> DeliveryRow | None:
            async with self._database.write() as session:
                return await record_attempt(session, delivery, outcome, now=now, chance=chance)

        row = await _persistent(record)
        if row is not None and outcome.error is not None:
            log.info(
                "delivery_failed",
                delivery_id=delivery_id,
                webhook_id=webhook.id,
                status=outcome.status,
                attempts=row.attempts,
            )

    async def _send(self, delivery: DeliveryRow, webhook: WebhookRow) -> Outcome:
        if webhook.kind == "apprise":
            data = json.loads(delivery.body)["data"]
            message = message_of(delivery.event_type, data, address=self._address)
            return await send_by_apprise(webhook.url, message, allow_private=self._outgoing.allow_private)
        return await send(
            self._outgoing,
            webhook.url,
            message_id=delivery.event_id,
            body=delivery.body,
            secrets=_secrets(webhook, self._clock),
            clock=self._clock,
        )


def _secrets(webhook: WebhookRow, clock: Clock) -> list[str]:
    """The secrets that sign, the newest first."""
    previous = webhook.previous_secret if webhook.previous_until and clock() < webhook.previous_until else None
    return [secret for secret in (webhook.secret, previous) if secret]


async def _wait(sending: dict[str, asyncio.Task[None]]) -> None:
    """Wait for one of the attempts, or until the next look; an error of recording ends the job, which is run again."""
    if not sending:
        await asyncio.sleep(POLL_S)
        return
    await asyncio.wait(sending.values(), timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
    for webhook_id in [webhook_id for webhook_id, task in sending.items() if task.done()]:
        sending.pop(webhook_id).result()


async def _persistent(call: Callable[[], Awaitable[T]]) -> T:
    return await retry_through_outage(call, on=DatabaseUnavailable)
