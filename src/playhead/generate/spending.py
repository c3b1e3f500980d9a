"""What was spent: sums by day, provider, model, project or user, and the entries of the ledger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, page_by_id
from playhead.db.database import Database
from playhead.generate.ledger import CHARGED, COST_UNKNOWN, RESERVED, CapName, Ledger, Spent, spent
from playhead.generate.tables import GenerationRow, LedgerRow
from playhead.kit.clock import Clock, utc_now
from playhead.reels.tables import ProjectRow

Group = Literal["day", "provider", "model", "project", "user"]

MAX_GROUPS = 1000
CSV_ROWS = 500
"""Rows of a CSV file that are read at once."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Sums of some generations, in micros.

    Attributes:
        key: What they share: a day (``2026-11-30``), a name or an id; None for generations without a project.
        title: For people, where a key is an id.
        estimated: Of those whose price was known.
        unknown: Generations that may cost something which nobody knows.
    """

    key: str | None
    title: str | None
    generations: int
    estimated: int
    reserved: int
    actual: int
    refunded: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap, and what counts against it now."""

    name: CapName
    limit: int
    used: Spent
    counted: int


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, half-open; None for no end."""

    since: datetime | None = None
    until: datetime | None = None

    def of(self, column: Any) -> list[ColumnElement[bool]]:
        """The conditions for a column."""
        found = [column >= self.since] if self.since else []
        return [*found, column < self.until] if self.until else found


class Spending:
    """Reads the ledger; members see their own, admins all."""

    def __init__(self, database: Database, ledger: Ledger, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def total(self, principal: Principal, span: Span) -> Sum:
        """The sum of all generations that were requested in a span."""
        async with self._database.read() as session:
            query = select(*_SUMS).where(*_visible(principal, GenerationRow.owner_id), *_requested(span))
            return _sum(None, None, (await session.execute(query)).one())

    async def groups(self, principal: Principal, span: Span, group: Group) -> list[Sum]:
        """The same by group: days newest first, others dearest first; at most `MAX_GROUPS`."""
        async with self._database.read() as session:
            key = self._key(group)
            query = (
                select(key, *_SUMS)
                .where(*_visible(principal, GenerationRow.owner_id), *_requested(span))
                .group_by(key)
                .order_by(key.desc() if group == "day" else func.sum(CHARGED).desc())
                .limit(MAX_GROUPS)
            )
            rows = (await session.execute(query)).all()
            titles = await _titles(session, group, [row[0] for row in rows if row[0] is not None])
        return [_sum(None if row[0] is None else str(row[0]), titles.get(row[0]), row[1:]) for row in rows]

    async def caps(self, principal: Principal) -> list[Cap]:
        """The caps on a day and on the caller's month, with what counts against them; and the cap on a generation."""
        caps, now = self._ledger.caps, self._clock()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        found: list[Cap] = []
        async with self._database.read() as session:
            if caps.day is not None:
                found.append(self._cap("day", caps.day, await spent(session, GenerationRow.created_at >= today)))
            if caps.user is not None:
                month = GenerationRow.created_at >= today.replace(day=1)
                used = await spent(session, GenerationRow.owner_id == principal.user_id, month)
                found.append(self._cap("user", caps.user, used))
        for name, limit in (("project", caps.project), ("generation", caps.generation)):
            if limit is not None:
                found.append(self._cap(name, limit, Spent(0, 0, 0)))
        return found

    async def entries(self, principal: Principal, span: Span, *, limit: int, cursor: str | None) -> Page[LedgerRow]:
        """One page of entries, newest first."""
        async with self._database.read() as session:
            return await page_by_id(session, _entries(principal, span), LedgerRow.id, "led", limit, cursor)

    async def every_entry(self, principal: Principal, span: Span) -> AsyncIterator[LedgerRow]:
        """All entries, oldest first, some rows at a time."""
        last = ""
        while True:
            query = _entries(principal, span).where(LedgerRow.id > last).order_by(LedgerRow.id).limit(CSV_ROWS)
            async with self._database.read() as session:
                rows = list(await session.scalars(query))
            for row in rows:
                yield row
            if len(rows) < CSV_ROWS:
                return
            last = rows[-1].id

    def _cap(self, name: Any, limit: int, used: Spent) -> Cap:
        return Cap(name, limit, used, self._ledger.counted(used))

    def _key(self, group: Group) -> ColumnElement[Any]:
        if group != "day":
            return {
                "provider": GenerationRow.provider,
                "model": GenerationRow.model,
                "project": GenerationRow.project_id,
                "user": GenerationRow.owner_id,
            }[group].expression
        if self._database.is_sqlite:
            return func.date(GenerationRow.created_at)
        return func.to_char(func.timezone("UTC", GenerationRow.created_at), "YYYY-MM-DD")


_SUMS = (
    func.count(),
    func.coalesce(func.sum(GenerationRow.estimated_micros), 0),
    func.coalesce(func.sum(RESERVED), 0),
    func.coalesce(func.sum(GenerationRow.actual_micros), 0),
    func.coalesce(func.sum(GenerationRow.refunded_micros), 0),
    func.coalesce(func.sum(case((COST_UNKNOWN, 1), else_=0)), 0),
)


def _sum(key: str | None, title: str | None, values: Any) -> Sum:
    return Sum(key, title, *(int(value) for value in values))


def _visible(principal: Principal, owner: Any) -> list[ColumnElement[bool]]:
    return [] if principal.is_admin else [owner == principal.user_id]


def _requested(span: Span) -> list[ColumnElement[bool]]:
    return span.of(GenerationRow.created_at)


def _entries(principal: Principal, span: Span) -> Select[Any]:
    return select(LedgerRow).where(*_visible(principal, LedgerRow.owner_id), *span.of(LedgerRow.at))


async def _titles(session: AsyncSession, group: Group, keys: list[str]) -> dict[str, str]:
    if group == "project":
        query = select(ProjectRow.id, ProjectRow.title).where(ProjectRow.id.in_(keys))
    elif group == "user":
        query = select(UserRow.id, UserRow.email).where(UserRow.id.in_(keys))
    else:
        return {}
    return {str(key): str(title) for key, title in (await session.execute(query)).all()}
