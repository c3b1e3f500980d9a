"""The one job that sends notifications: recorded while there is somebody to notify, and started anew by a sweep."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.notify.tables import DeliveryRow, WebhookRow
from playhead.outbox.tables import EventRow

NOTIFY: Final = "notify"

OWNER: Final = "system"
"""Owner of the job: no user, so it is in nobody's list."""

FORGET_EVERY: Final = timedelta(hours=1)
_BATCH: Final = 1000


class Notifier:
    """Sees that the job is there while it is needed, and forgets what is old.

    Args:
        lifetime: How long events and deliveries are kept.
    """

    def __init__(self, database: Database, jobs: Jobs, *, lifetime: timedelta, clock: Clock = utc_now) -> None:
        self._database = database
        self._jobs = jobs
        self._lifetime = lifetime
        self._clock = clock
        self._forgotten_at: datetime | None = None

    async def request(self, session: AsyncSession) -> JobRow | None:
        """Record the job in the caller's transaction if it is needed, or give the one that is at it."""
        await session.flush()
        if not await session.scalar(select(needed())):
            return None
        return await self._jobs.record(
            session, kind=NOTIFY, owner_id=OWNER, title="Notifications", args={}, dedupe_key=NOTIFY
        )

    async def submit(self, job: JobRow | None) -> None:
        """Hand the job to the engine, after the commit."""
        if job is not None and job.state == "queued":
            await self._jobs.submit(job.id)

    async def sweep(self) -> None:
        """Record the job if it is missing; once an hour forget what is old."""
        now = self._clock()
        active = exists().where(JobRow.dedupe_key == NOTIFY, JobRow.state.in_(ACTIVE))
        async with self._database.read() as session:
            missing = await session.scalar(select(and_(needed(), not_(active))))
        if missing:
            async with self._database.write() as session:
                job = await self.request(session)
            await self.submit(job)
        if self._forgotten_at is None or now - self._forgotten_at >= FORGET_EVERY:
            await self.forget_before(now - self._lifetime)
            self._forgotten_at = now

    async def forget_before(self, end: datetime) -> None:
        """Delete events and ended deliveries from before a time, in batches: a write lock is held by none for long."""
        old = select(DeliveryRow.id).where(DeliveryRow.created_at < end, DeliveryRow.state != "pending").limit(_BATCH)
        events = select(EventRow.id).where(EventRow.created_at < end).limit(_BATCH)
        for statement in (
            delete(DeliveryRow).where(DeliveryRow.id.in_(old)),
            delete(EventRow).where(EventRow.id.in_(events)),
        ):
            more = True
            while more:
                async with self._database.write(reserve=True) as session:
                    deleted = (await session.execute(statement.returning(*statement.table.primary_key))).all()
                more = len(deleted) == _BATCH


def needed() -> ColumnElement[bool]:
    """Whether a webhook is enabled or a delivery waits."""
    enabled = exists().where(WebhookRow.enabled_at.is_not(None))
    waiting = exists().where(DeliveryRow.due_at.is_not(None))
    return or_(enabled, waiting)
