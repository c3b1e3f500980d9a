"""Deleting bytes: the wish is a row written with the deletion itself, so a store that fails is asked again."""

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
    """Removes prefixes from the store, for certain and at last."""

    def __init__(self, database: Database, store: Store, clock: Clock = utc_now) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    def intend(self, session: AsyncSession, prefix: str) -> None:
        """Write the wish in the caller's transaction."""
        session.add(PendingDeletionRow(prefix=prefix, created_at=self._clock(), attempts=0))

    async def intend_again(self, session: AsyncSession, prefix: str) -> None:
        """As `intend`, where the wish may be there already."""
        if await session.get(PendingDeletionRow, prefix) is None:
            self.intend(session, prefix)

    async def lease(self, prefix: str) -> None:
        """Wish for it a day from now, before the first byte: should this process die, nothing stays for ever."""
        async with self._database.write(apart=True) as session:
            session.add(PendingDeletionRow(prefix=prefix, created_at=self._clock() + LEASE, attempts=0))

    async def keep(self, session: AsyncSession, prefix: str) -> None:
        """Take the wish back in the transaction that gives the bytes an owner."""
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
