"""What retention and people removed, and how the trash and pending deletions stand. Read from rows of other domains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.tables import AuditRow
from playhead.api.cursors import Page, encode_cursor, read_cursor
from playhead.api.errors import InvalidCursor
from playhead.catalog.artifacts import sizes_of
from playhead.catalog.tables import PendingDeletionRow, VideoRow

ACTIONS: Final = {"video.trash": "trashed", "video.restore": "restored", "video.delete": "deleted"}


@dataclass(frozen=True, slots=True)
class Removed:
    """A row of the audit trail, and whether its video is in the trash now."""

    row: AuditRow
    can_restore: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """Deletions that the store has not carried out."""

    count: int
    failed: int
    oldest_at: datetime | None


async def removals(session: AsyncSession, *, limit: int, cursor: str | None) -> Page[Removed]:
    """One page of removals and restores, newest first.

    Raises:
        InvalidCursor: not a cursor of this list.
    """
    statement = select(AuditRow).where(AuditRow.action.in_(ACTIONS)).order_by(AuditRow.id.desc()).limit(limit + 1)
    if cursor is not None:
        statement = statement.where(AuditRow.id < _position(cursor))
    rows = (await session.scalars(statement)).all()
    page = rows[:limit]
    trashed = await _in_trash(session, [row.subject_id for row in page])
    found = [Removed(row, row.action == "video.trash" and row.subject_id in trashed) for row in page]
    return Page(found, encode_cursor(str(page[-1].id)) if len(rows) > limit else None)


async def trash_totals(session: AsyncSession) -> tuple[int, int]:
    """Videos in the trash of all owners, and their bytes."""
    ids = list(await session.scalars(select(VideoRow.id).where(VideoRow.trashed_at.is_not(None))))
    return len(ids), sum((await sizes_of(session, ids)).values())


async def pending(session: AsyncSession, now: datetime) -> Pending:
    """Deletions whose time has come; leases of uploads that still run are not among them."""
    failed = func.count().filter(PendingDeletionRow.attempts > 0)
    statement = select(func.count(), failed, func.min(PendingDeletionRow.created_at))
    count, tried, oldest = (await session.execute(statement.where(PendingDeletionRow.created_at <= now))).one()
    return Pending(count, tried, oldest)


async def _in_trash(session: AsyncSession, ids: Sequence[str]) -> set[str]:
    statement = select(VideoRow.id).where(VideoRow.id.in_(ids), VideoRow.trashed_at.is_not(None))
    return set(await session.scalars(statement))


def _position(cursor: str) -> int:
    (last,) = read_cursor(cursor, 1)
    if not isinstance(last, str) or not last.isdigit() or len(last) > 18:
        raise InvalidCursor("The cursor cannot be read.", hint="Start again without a cursor.")
    return int(last)
