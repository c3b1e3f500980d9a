"""Webhooks: created, changed and removed by their owner, with the secret that signs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id
from playhead.api.outgoing import Outgoing
from playhead.db.database import Database
from playhead.errors import Conflict, PreconditionFailed
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.standard_webhooks import new_secret
from playhead.notify.errors import WebhookNotFound
from playhead.notify.notifier import Notifier
from playhead.notify.tables import DeliveryRow, WebhookKind, WebhookRow
from playhead.notify.targets import check_target, kind_of

SECRET_OVERLAP: Final = timedelta(days=1)
"""How long a secret still signs beside the one that replaced it."""

MOST: Final = 50
"""Webhooks per user: each event becomes a delivery for each."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook with a secret that is shown once; None for kind ``apprise``."""

    row: WebhookRow
    secret: str | None = field(repr=False)


class Webhooks:
    """The webhooks of an installation."""

    def __init__(self, database: Database, outgoing: Outgoing, notifier: Notifier, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._outgoing = outgoing
        self._notifier = notifier
        self._clock = clock

    async def create(
        self,
        principal: Principal,
        *,
        url: str,
        kind: WebhookKind | None,
        description: str,
        event_types: list[str] | None,
        enabled: bool,
    ) -> NewWebhook:
        """Create a webhook; it hears of events from now on.

        Args:
            kind: None for the one that the URL's scheme says.
            event_types: None for all.

        Raises:
            WebhookUrlRefused: the URL is not sent to.
            Conflict: the user has too many.
        """
        url = url.strip()
        kind = kind or kind_of(url)
        await check_target(self._outgoing, kind, url)
        now = self._clock()
        row = WebhookRow(
            id=new_id("whk"),
            owner_id=principal.user_id,
            kind=kind,
            url=url,
            description=description,
            event_types=event_types,
            secret=new_secret() if kind == "webhook" else None,
            enabled_at=now if enabled else None,
            disabled_by=None if enabled else "person",
            version=1,
            created_at=now,
            updated_at=now,
        )
        async with self._database.write() as session:
            await self._check_number(session, principal.user_id)
            session.add(row)
            record(session, principal, "webhook.create", row.id, at=now, kind=kind)
            job = await self._notifier.request(session)
        await self._notifier.submit(job)
        return NewWebhook(row, row.secret)

    async def page(self, principal: Principal, *, limit: int, cursor: str | None) -> Page[WebhookRow]:
        """One page of the caller's webhooks, newest first."""
        query = select(WebhookRow).where(WebhookRow.owner_id == principal.user_id)
        async with self._database.read() as session:
            return await page_by_id(session, query, WebhookRow.id, "whk", limit, cursor)

    async def get(self, principal: Principal, webhook_id: str) -> WebhookRow:
        """One webhook.

        Raises:
            WebhookNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await find_webhook(session, principal, webhook_id)

    async def change(
        self, principal: Principal, webhook_id: str, given: Mapping[str, Any], if_match: int | None
    ) -> WebhookRow:
        """Change what came of ``url``, ``description``, ``event_types`` and ``enabled``.

        Disabling it cancels what waits; enabling it starts with the events from then on.

        Raises:
            WebhookNotFound, WebhookUrlRefused
            PreconditionFailed: *if_match* is not the present version.
        """
        values = dict(given)
        enabled = values.pop("enabled", None)
        if "url" in values:
            values["url"] = values["url"].strip()
            await check_target(self._outgoing, (await self.get(principal, webhook_id)).kind, values["url"])
        now = self._clock()
        async with self._database.write() as session:
            row = await find_webhook(session, principal, webhook_id, lock=True)
            if if_match is not None and if_match != row.version:
                raise PreconditionFailed(
                    f"Webhook {webhook_id} is at version {row.version}, not {if_match}.",
                    hint="Load it again, then change it.",
                )
            for name, value in values.items():
                setattr(row, name, value)
            if enabled is True and row.enabled_at is None:
                row.enabled_at, row.disabled_by, row.failing_since = now, None, None
            elif enabled is False and row.enabled_at is not None:
                row.enabled_at, row.disabled_by = None, "person"
                await cancel_pending(session, row.id, self._clock)
            row.version += 1
            row.updated_at = now
            record(session, principal, "webhook.change", row.id, at=now, fields=sorted(given))
            job = await self._notifier.request(session)
        await self._notifier.submit(job)
        return row

    async def rotate(self, principal: Principal, webhook_id: str) -> NewWebhook:
        """Create a new secret; for a day each message is signed by the old one, too.

        Raises:
            WebhookNotFound
            Conflict: messages of Apprise are not signed.
        """
        now = self._clock()
        async with self._database.write() as session:
            row = await find_webhook(session, principal, webhook_id, lock=True)
            if row.kind == "apprise":
                raise Conflict(
                    "Messages through Apprise are not signed, so there is no secret.",
                    code="webhook_unsigned",
                    title="This webhook has no secret",
                )
            row.previous_secret, row.previous_until = row.secret, now + SECRET_OVERLAP
            row.secret = new_secret()
            row.version += 1
            row.updated_at = now
            record(session, principal, "webhook.rotate", row.id, at=now)
        return NewWebhook(row, row.secret)

    async def remove(self, principal: Principal, webhook_id: str) -> None:
        """Remove a webhook with its deliveries.

        Raises:
            WebhookNotFound
        """
        async with self._database.write(reserve=True) as session:
            row = await find_webhook(session, principal, webhook_id, lock=True)
            await session.delete(row)
            record(session, principal, "webhook.remove", row.id, at=self._clock(), kind=row.kind)

    async def _check_number(self, session: AsyncSession, owner_id: str) -> None:
        count = await session.scalar(select(func.count()).where(WebhookRow.owner_id == owner_id)) or 0
        if count >= MOST:
            raise Conflict(
                f"You have {count} webhooks; there may be {MOST}.",
                hint="Remove one that is no longer needed.",
                code="too_many_webhooks",
                title="Too many webhooks",
            )


async def find_webhook(
    session: AsyncSession, principal: Principal, webhook_id: str, *, lock: bool = False
) -> WebhookRow:
    """A webhook that the caller may use.

    Raises:
        WebhookNotFound: none, or a stranger's.
    """
    row = await session.get(WebhookRow, webhook_id, with_for_update=lock) if is_id("whk", webhook_id) else None
    if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
        raise WebhookNotFound(webhook_id)
    return row


async def cancel_pending(session: AsyncSession, webhook_id: str, clock: Clock) -> None:
    """Cancel what waits for a webhook that is disabled."""
    waiting = DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == "pending"
    await session.execute(update(DeliveryRow).where(*waiting).values(state="canceled", due_at=None, ended_at=clock()))
