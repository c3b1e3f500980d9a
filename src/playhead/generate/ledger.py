"""The money ledger: what generations are estimated to cost, reserve, cost and get back, and caps on all of it.

Entries are only added; the columns of a generation are their sums, and what the caps count. A null amount is not known,
which is never zero: the caps count it as ``unknown_as``.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.generate.errors import SpendingCapReached
from playhead.generate.provider import MICROS
from playhead.generate.tables import EntryKind, GenerationRow, LedgerRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id

CapName = Literal["generation", "day", "project", "user"]

_LOCK = 0x706C6179
"""Advisory lock of PostgreSQL under which caps are checked; a SQLite writer is alone anyway."""

MAX_NOTE = 500

_WORDS: dict[CapName, str] = {
    "generation": "a generation",
    "day": "a day of the whole installation",
    "project": "a project",
    "user": "a month of one user",
}


@dataclass(frozen=True, slots=True)
class Caps:
    """Caps on spending, in micros; None for none.

    Args:
        generation: One generation.
        day: All generations that were requested on one day (UTC).
        project: All of one project.
        user: All of one user in a calendar month (UTC).
        unknown_as: What a generation of unknown cost counts as.
    """

    generation: int | None = None
    day: int | None = None
    project: int | None = None
    user: int | None = None
    unknown_as: int = 5 * MICROS

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return any(each is not None for each in (self.generation, self.day, self.project, self.user))


class Spent(NamedTuple):
    """What is spent and reserved, in micros, and how many generations may have a cost that is not known."""

    spent: int
    reserved: int
    unknown: int


RESERVED: ColumnElement[int] = func.coalesce(GenerationRow.reserved_micros, 0)
UNKNOWN = and_(GenerationRow.actual_micros.is_(None), GenerationRow.reserved_micros.is_(None))
"""Neither the cost nor a reservation is known: as long as that is so, it may be anything."""
COST_UNKNOWN = and_(
    GenerationRow.actual_micros.is_(None),
    or_(GenerationRow.reserved_micros.is_(None), GenerationRow.finished_at.is_not(None)),
)
"""As sums for people count it: also what has ended, of which nobody said what it cost."""
TOTALS = (
    func.sum(GenerationRow.estimated_micros),
    func.sum(GenerationRow.reserved_micros),
    func.sum(GenerationRow.actual_micros),
    func.sum(GenerationRow.refunded_micros),
    func.count().filter(COST_UNKNOWN),
)
"""Columns of a total: `views.total_cost`. What is settled may keep a reservation of a submission before its last."""
CHARGED: ColumnElement[int] = func.coalesce(GenerationRow.actual_micros, 0) - func.coalesce(
    GenerationRow.refunded_micros, 0
)


class Ledger:
    """The ledger. All methods work in the caller's transaction."""

    def __init__(self, caps: Caps, *, clock: Clock = utc_now) -> None:
        self.caps = caps
        self._clock = clock

    async def reserve(
        self, session: AsyncSession, row: GenerationRow, estimated: int | None, *, accept_unknown: bool
    ) -> None:
        """Reserve what a generation will cost; again for one that is submitted again, as the first time may be charged.

        Two requests at once cannot both pass a cap: the first commits before the second is checked.

        Args:
            row: Added to the session; of several, each is added and reserved before the next.
            estimated: Micros; None when nobody knows.
            accept_unknown: A person agreed to pay what nobody knows.

        Raises:
            SpendingCapReached: a cap would be passed; or the cost is not known, there are caps, and nobody agreed.
        """
        if self.caps.any and estimated != 0:
            await self._check(session, row, estimated, accept_unknown=accept_unknown)
        row.estimated_micros = estimated
        row.reserved_micros = None if estimated is None else (row.reserved_micros or 0) + estimated
        row.actual_micros = None
        self._enter(session, row, "estimated", estimated)
        self._enter(session, row, "reserved", estimated)

    async def settle(self, session: AsyncSession, row: GenerationRow, actual: int | None, note: str = "") -> None:
        """Record what a generation that ended was charged; None keeps its reservation counting.

        Less than what was recorded before is a refund.
        """
        if actual is None:
            self._enter(session, row, "actual", None, note or "The provider did not say what it charged.")
            return
        refunded = row.refunded_micros or 0
        charged = (row.actual_micros or 0) - refunded
        if row.actual_micros is not None and actual <= charged:
            if actual < charged:
                self._refund(session, row, charged - actual, note)
            return
        self._enter(session, row, "actual", actual - charged, note)
        if row.actual_micros is None:
            row.reserved_micros = _earlier(row)
        row.actual_micros = actual + refunded

    async def release(self, session: AsyncSession, row: GenerationRow, note: str = "") -> None:
        """Give a reservation back: nothing was or will be charged."""
        if row.actual_micros is not None:
            return
        self._enter(session, row, "released", row.estimated_micros, note)
        row.reserved_micros = _earlier(row)
        row.actual_micros = None if row.reserved_micros else 0

    async def used(self, session: AsyncSession, cap: CapName, row: GenerationRow) -> Spent:
        """What counts against a cap already, without a generation itself."""
        return await spent(session, GenerationRow.id != row.id, *self._within(cap, row))

    def _refund(self, session: AsyncSession, row: GenerationRow, amount: int, note: str) -> None:
        self._enter(session, row, "refunded", amount, note or "The provider gave it back.")
        row.refunded_micros = (row.refunded_micros or 0) + amount

    async def _check(
        self, session: AsyncSession, row: GenerationRow, estimated: int | None, *, accept_unknown: bool
    ) -> None:
        if estimated is None and not accept_unknown:
            raise SpendingCapReached(
                f"Nobody knows what {row.model} costs, and spending has limits.",
                hint="Accept the unknown cost (accept_unknown_cost), or choose a model with a price.",
                code="price_unknown",
                title="The price is not known",
            )
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        costs = self.caps.unknown_as if estimated is None else estimated
        before = row.reserved_micros or 0  # of a submission whose outcome nobody knows
        for cap, limit in self._limits(row):
            if cap == "generation":
                passed, used = estimated is not None and estimated > limit, Spent(0, 0, 0)
            else:
                used = await self.used(session, cap, row)
                used = used._replace(reserved=used.reserved + before)
                passed = self.counted(used) + costs > limit
            if passed:
                raise self._reached(cap, limit, used, estimated)

    def _limits(self, row: GenerationRow) -> list[tuple[CapName, int]]:
        caps = self.caps
        named: list[tuple[CapName, int | None]] = [
            ("generation", caps.generation),
            ("project", caps.project if row.project_id else None),
            ("user", caps.user),
            ("day", caps.day),
        ]
        return [(name, limit) for name, limit in named if limit is not None]

    def counted(self, used: Spent) -> int:
        """Micros that count against a cap."""
        return used.spent + used.reserved + used.unknown * self.caps.unknown_as

    def _within(self, cap: CapName, row: GenerationRow) -> list[ColumnElement[bool]]:
        today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        if cap == "day":
            return [GenerationRow.created_at >= today]
        if cap == "user":
            return [GenerationRow.owner_id == row.owner_id, GenerationRow.created_at >= today.replace(day=1)]
        return [GenerationRow.project_id == row.project_id]

    def _reached(self, cap: CapName, limit: int, used: Spent, estimated: int | None) -> SpendingCapReached:
        costs = "an amount that nobody knows" if estimated is None else dollars(estimated)
        unknown = ""
        if used.unknown:
            verb, each = ("counts", "") if used.unknown == 1 else ("count", " each")
            unknown = f", and {used.unknown} of unknown cost {verb} as {dollars(self.caps.unknown_as)}{each}"
        counted = (
            ""
            if cap == "generation"
            else f": {dollars(used.spent)} are spent and {dollars(used.reserved)} reserved{unknown}"
        )
        return SpendingCapReached(
            f"This would cost {costs}. The limit for {_WORDS[cap]} is {dollars(limit)}{counted}.",
            hint=f"Generate less or something cheaper; the operator sets the limit (spend_cap_{cap}).",
            extra={
                "cap": cap,
                "limit": limit / MICROS,
                "spent": used.spent / MICROS,
                "reserved": used.reserved / MICROS,
                "unknown": used.unknown,
                "cost": None if estimated is None else estimated / MICROS,
            },
        )

    def _enter(
        self, session: AsyncSession, row: GenerationRow, kind: EntryKind, amount: int | None, note: str = ""
    ) -> None:
        session.add(
            LedgerRow(
                id=new_id("led"),
                generation_id=row.id,
                owner_id=row.owner_id,
                project_id=row.project_id,
                provider=row.provider,
                model=row.model,
                kind=kind,
                amount_micros=amount,
                note=note[:MAX_NOTE] or None,
                at=self._clock(),
            )
        )


def _earlier(row: GenerationRow) -> int:
    """What is still reserved for submissions before the last one, whose outcome nobody knows."""
    return max(0, (row.reserved_micros or 0) - (row.estimated_micros or 0))


async def spent(session: AsyncSession, *where: ColumnElement[bool]) -> Spent:
    """Sum up generations."""
    query = select(
        func.coalesce(func.sum(CHARGED), 0),
        func.coalesce(func.sum(RESERVED), 0),
        func.coalesce(func.sum(case((UNKNOWN, 1), else_=0)), 0),
    ).where(*where)
    return Spent(*(int(each) for each in (await session.execute(query)).one()))


def dollars(micros: int) -> str:
    """An amount for people: ``$1.20``, with more digits where they count."""
    if micros % 10_000 == 0:
        return f"${micros / MICROS:,.2f}"
    return f"${micros / MICROS:,.6f}".rstrip("0")
