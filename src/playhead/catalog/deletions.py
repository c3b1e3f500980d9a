"""Deletion of stored bytes: a row is written in the transaction that causes it, so that a failing store is retried."""

from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import PendingDeletionRow
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.storage.store import Store

LEASE = timedelta(days=1)
"""Longer than any one request takes to bring its bytes."""

log = structlog.get_logger(__name__)


class Deletions:
    """Pending deletions of prefixes in the store."""

    def __init__(self, database: Database, store: Store, clock: Clock = utc_now) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def intend(self, session: AsyncSession, prefix: str, *, after: timedelta = timedelta(0)) -> None:
        """Record a deletion in the caller's transaction; a recorded one stays as it is.

        Args:
            after: Time until the sweep may carry it out.
        """
        if await session.get(PendingDeletionRow, prefix) is None:
            session.add(PendingDeletionRow(prefix=prefix, created_at=self._clock() + after, attempts=0))

    async def lease(self, prefix: str) -> None:
        """Record the deletion of bytes that are still to come: should this process die, they go in a day."""
        async with self._database.write(apart=True) as session:
            await self.intend(session, prefix, after=LEASE)

    async def keep(self, session: AsyncSession, prefix: str) -> None:
        """Withdraw a recorded deletion in the transaction that gives the bytes an owner."""
        await session.execute(delete(PendingDeletionRow).where(PendingDeletionRow.prefix == prefix))

    async def carry_out(self, prefix: str, *, again: bool = False) -> None:
        """Try now; on failure the row stays and the sweep tries again.

        Args:
            again: Let the sweep repeat it in a minute, since a job that was stopped may still write there.
        """
        try:
            await self._store.delete_prefix(prefix)
        except PlayheadError as error:
            log.warning("deletion_failed", prefix=prefix, code=error.code, detail=error.detail)
            async with self._database.write(reserve=True) as session:
                row = await session.get(PendingDeletionRow, prefix)
                if row:
                    row.attempts += 1
            return
        if not again:
            async with self._database.write(reserve=True) as session:
                await self.keep(session, prefix)
        await self._database.restore_reserve()  # before anybody else takes the room

    async def sweep(self) -> int:
        """Try again what a failed store or a crash left behind; returns how many were tried."""
        before = self._clock() - timedelta(minutes=1)
        async with self._database.read() as session:
            waiting = list(
                await session.scalars(
                    select(PendingDeletionRow.prefix)
                    .where(PendingDeletionRow.created_at < before)
                    .order_by(PendingDeletionRow.attempts, PendingDeletionRow.created_at)
                    .limit(200)
                )
            )
        for prefix in waiting:
            await self.carry_out(prefix)
        return len(waiting)
