"""A cache of rendered pieces in the store, keyed by the hash of what decides their bytes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import RenderRow
from playhead.db.database import Database, DatabaseUnavailable
from playhead.jobs.outages import retry_through_outage
from playhead.kit.clock import Clock, utc_now
from playhead.storage import keys
from playhead.storage.store import Store

AT_LEAST = timedelta(days=1)
"""Age below which a used piece is never removed: a job may be about to merge it."""

_BATCH = 500


class Renders:
    """The cache: a row for each piece, written before its bytes, so that none is ever in the store without one."""

    def __init__(self, database: Database, store: Store, clock: Clock = utc_now) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def held(self, digests: Sequence[str]) -> set[str]:
        """Find the pieces that are there; they count as just used."""
        found: set[str] = set()
        for start in range(0, len(digests), _BATCH):
            batch = digests[start : start + _BATCH]
            statement = (
                update(RenderRow)
                .where(RenderRow.digest.in_(batch), RenderRow.size_bytes > 0)
                .values(used_at=self._clock())
                .returning(RenderRow.digest)
            )
            async with self._database.write() as session:
                rows = await session.scalars(statement, execution_options={"synchronize_session": False})
                found |= set(rows)
        return found

    async def among(self, digests: Sequence[str]) -> set[str]:
        """Find the pieces that are there, without counting it as a use."""
        found: set[str] = set()
        async with self._database.read() as session:
            for start in range(0, len(digests), _BATCH):
                batch = digests[start : start + _BATCH]
                statement = select(RenderRow.digest).where(RenderRow.digest.in_(batch), RenderRow.size_bytes > 0)
                found |= set(await session.scalars(statement))
        return found

    async def keep(self, digest: str, piece: Path) -> None:
        """Move a finished piece into the store; one that is there already is overwritten by its equal."""
        await self._note(digest, None)
        written = await self._store.write_file(keys.render(digest), piece)
        # Were the database away now, the step that rendered the piece would render it again.
        await retry_through_outage(lambda: self._note(digest, written.size_bytes), on=DatabaseUnavailable)

    async def forget(self, digests: Sequence[str]) -> None:
        """Remove the rows of pieces whose bytes are gone."""
        async with self._database.write() as session:
            await session.execute(delete(RenderRow).where(RenderRow.digest.in_(digests)))

    async def sweep(self, *, max_bytes: int, max_age: timedelta) -> int:
        """Remove pieces unused for *max_age*, then the longest unused until *max_bytes* are left; the number removed.

        What was used within a day stays, whatever its size.
        """
        now = self._clock()
        async with self._database.read() as session:
            total = int(await session.scalar(select(func.coalesce(func.sum(RenderRow.size_bytes), 0))) or 0)
            statement = select(RenderRow.digest, RenderRow.size_bytes, RenderRow.used_at)
            statement = statement.where(RenderRow.used_at < now - AT_LEAST).order_by(RenderRow.used_at).limit(_BATCH)
            oldest = (await session.execute(statement)).all()
        removed = 0
        for digest, size_bytes, used_at in oldest:
            unfinished = size_bytes == 0
            if not unfinished and total <= max_bytes and used_at >= now - max_age:
                break
            removed += await self._remove(digest, used_at)
            total -= size_bytes
        return removed

    async def _remove(self, digest: str, used_at: datetime) -> bool:
        async with self._database.read() as session:
            row = await session.get(RenderRow, digest)
            if row is None or row.used_at != used_at:
                return False
        await self._store.delete(keys.render(digest))
        async with self._database.write(reserve=True) as session:
            await session.execute(delete(RenderRow).where(RenderRow.digest == digest))
        return True

    async def _note(self, digest: str, size_bytes: int | None) -> None:
        while True:
            try:
                async with self._database.write() as session:
                    await self._write(session, digest, size_bytes)
            except IntegrityError:  # another worker renders the same and was first
                continue
            return

    async def _write(self, session: AsyncSession, digest: str, size_bytes: int | None) -> None:
        now = self._clock()
        row = await session.get(RenderRow, digest)
        if row is None:
            session.add(RenderRow(digest=digest, size_bytes=size_bytes or 0, created_at=now, used_at=now))
        else:
            row.used_at = now
            row.size_bytes = size_bytes or row.size_bytes
