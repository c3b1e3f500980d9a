"""Statements on the row of a generation, each its own transaction, guarded by the state that it leaves.

The row alone is the truth about money: a step is committed here before the next act, and an attempt that another one
has overtaken changes nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database, DatabaseUnavailable
from playhead.generate.errors import GenerationNotFound
from playhead.generate.provider import Reference
from playhead.generate.tables import ACTIVE, GenerationRow
from playhead.jobs.outages import retry_through_outage
from playhead.kit.clock import Clock, utc_now

T = TypeVar("T")


class ReferenceTaken(Exception):
    """The reference is another generation's."""


class Records:
    """The rows of generations; every call waits through an outage of the database."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self.clock = clock

    async def get(self, generation_id: str) -> GenerationRow:
        """Read a row.

        Raises:
            GenerationNotFound: it is gone.
        """

        async def read() -> GenerationRow | None:
            async with self._database.read() as session:
                return await session.get(GenerationRow, generation_id)

        if (row := await _persistent(read)) is None:
            raise GenerationNotFound(generation_id)
        return row

    async def intend(self, row: GenerationRow, submission: dict[str, Any], deadline_at: datetime) -> bool:
        """Record the request as it will be sent."""
        values = {"submission": submission, "submit_state": "intent", "state": "submitting", "deadline_at": deadline_at}
        return await self._change(row, values, GenerationRow.submit_state.is_(None), active=True)

    async def mark_sent(self, row: GenerationRow) -> bool:
        """Record that the request is about to be sent; false when another attempt did, or it ended."""
        sent_at = self.clock()
        values = {"submit_state": "sent", "sent_at": sent_at, "state": "submitting"}
        is_sent = await self._change(row, values, GenerationRow.submit_state == "intent", active=True)
        if is_sent:
            row.sent_at = sent_at
        return is_sent

    async def unsend(self, row: GenerationRow) -> bool:
        """Record that a request made nothing; the one that was sent at the row's time, and none that came after it."""
        guard = (
            GenerationRow.submit_state == "sent",
            GenerationRow.sent_at == row.sent_at,
            GenerationRow.external_id.is_(None),
        )
        return await self._change(row, {"submit_state": "intent"}, *guard)

    async def confirm(self, row: GenerationRow, reference: Reference, deadline_at: datetime) -> bool:
        """Record the provider's reference, also of a generation that was canceled meanwhile.

        Returns:
            False when the row has another reference.

        Raises:
            ReferenceTaken: it is another generation's.
        """
        try:
            return await _persistent(lambda: self._confirm(row.id, reference, deadline_at))
        except IntegrityError as error:
            raise ReferenceTaken(reference.id) from error

    async def note(self, row: GenerationRow, **values: Any) -> None:
        """Record what was learned of a running one: its progress, words, reference or deadline."""
        await self._change(row, values)

    async def _confirm(self, generation_id: str, reference: Reference, deadline_at: datetime) -> bool:
        async with self._database.write() as session:
            return await confirm(session, generation_id, reference, now=self.clock(), deadline_at=deadline_at)

    async def _change(self, row: GenerationRow, values: dict[str, Any], *guard: Any, active: bool = False) -> bool:
        statement = update(GenerationRow).where(GenerationRow.id == row.id, *guard)
        if active:
            statement = statement.where(GenerationRow.state.in_(ACTIVE))
        statement = statement.values(**values, updated_at=self.clock()).returning(GenerationRow.id)

        async def write() -> bool:
            async with self._database.write() as session:
                changed = await session.scalar(statement, execution_options={"synchronize_session": False})
                return changed is not None

        return await _persistent(write)


async def confirm(
    session: AsyncSession, generation_id: str, reference: Reference, *, now: datetime, deadline_at: datetime
) -> bool:
    """As `Records.confirm`, in the caller's transaction; its unique index raises for a reference that is taken."""
    statement = (
        update(GenerationRow)
        .where(
            GenerationRow.id == generation_id,
            or_(GenerationRow.external_id.is_(None), GenerationRow.external_id == reference.id),
        )
        .values(
            submit_state="confirmed",
            reference=reference.to_dict(),
            external_id=reference.id,
            sent_at=func.coalesce(GenerationRow.sent_at, now),
            deadline_at=deadline_at,
            updated_at=now,
            state=case((GenerationRow.state.in_(("queued", "submitting")), "running"), else_=GenerationRow.state),
        )
        .returning(GenerationRow.id)
    )
    return await session.scalar(statement, execution_options={"synchronize_session": False}) is not None


async def locked(session: AsyncSession, generation_id: str) -> GenerationRow | None:
    """A row that nobody else changes until the transaction ends."""
    statement = select(GenerationRow).where(GenerationRow.id == generation_id).with_for_update()
    row: GenerationRow | None = await session.scalar(statement, execution_options={"populate_existing": True})
    return row


async def _persistent(call: Callable[[], Awaitable[T]]) -> T:
    return await retry_through_outage(call, on=DatabaseUnavailable)
