"""The money ledger on each database: what is entered, and what counts against a cap, also when two ask at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from playhead.access.users import insert_user
from playhead.db.database import Database
from playhead.generate.errors import SpendingCapReached
from playhead.generate.ledger import Caps, Ledger, spent
from playhead.generate.provider import MICROS
from playhead.generate.tables import GenerationRow, LedgerRow
from playhead.kit.clock import utc_now
from tests.fixtures.generations import generation_row

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


async def user(database: Database, email: str = "ann@example.org") -> str:
    async with database.write() as session:
        made = await insert_user(session, email=email, name=None, role="member", password_hash="!", now=utc_now())
    return made.id


async def reserve(
    database: Database, ledger: Ledger, row: GenerationRow, dollars: float | None, *, accept_unknown: bool = False
) -> GenerationRow:
    micros = None if dollars is None else round(dollars * MICROS)
    async with database.write() as session:
        session.add(row)
        await ledger.reserve(session, row, micros, accept_unknown=accept_unknown)
    return row


async def entries(database: Database) -> list[tuple[str, int | None]]:
    async with database.read() as session:
        return [
            (row.kind, row.amount_micros) for row in await session.scalars(select(LedgerRow).order_by(LedgerRow.id))
        ]


async def test_entries_are_added_and_the_row_holds_their_sums(database: Database) -> None:
    ledger, owner = Ledger(Caps()), await user(database)
    row = await reserve(database, ledger, generation_row(owner), 0.4)
    async with database.write() as session:
        kept = await session.get_one(GenerationRow, row.id)
        await ledger.settle(session, kept, 300_000)
        await ledger.settle(session, kept, 300_000)
        await ledger.settle(session, kept, 350_000, "the invoice said more")
        await ledger.settle(session, kept, 300_000)

    assert await entries(database) == [
        *(("estimated", 400_000), ("reserved", 400_000), ("actual", 300_000), ("actual", 50_000), ("refunded", 50_000)),
    ]
    assert (kept.estimated_micros, kept.reserved_micros, kept.actual_micros) == (400_000, 0, 350_000)
    async with database.read() as session:
        assert await spent(session) == (300_000, 0, 0)


async def test_what_is_not_known_stays_unknown(database: Database) -> None:
    """A model without a price, and one whose provider does not say what it charged: neither is ever zero."""
    ledger, owner = Ledger(Caps()), await user(database)
    unpriced = await reserve(database, ledger, generation_row(owner), None)
    silent = await reserve(database, ledger, generation_row(owner), 0.4)
    async with database.write() as session:
        for each in (unpriced, silent):
            await ledger.settle(session, await session.get_one(GenerationRow, each.id), None)
    async with database.read() as session:
        assert await spent(session) == (0, 400_000, 1)
        rows = [await session.get_one(GenerationRow, each.id) for each in (unpriced, silent)]

    assert [(row.reserved_micros, row.actual_micros) for row in rows] == [(None, None), (400_000, None)]


async def test_what_was_released_counts_no_more(database: Database) -> None:
    ledger, owner = Ledger(Caps(day=MICROS)), await user(database)
    row = await reserve(database, ledger, generation_row(owner), 1)
    with pytest.raises(SpendingCapReached):
        await reserve(database, ledger, generation_row(owner), 0.01)
    async with database.write() as session:
        await ledger.release(session, await session.get_one(GenerationRow, row.id), "refused before it began")

    assert (await reserve(database, ledger, generation_row(owner), 1)).reserved_micros == MICROS


async def test_a_submission_of_unknown_outcome_counts_beside_the_one_that_follows(database: Database) -> None:
    """A person submitted it again: the first one may be charged as well, whatever becomes of the second."""
    ledger, owner = Ledger(Caps()), await user(database)
    rows = [await reserve(database, ledger, generation_row(owner), 1) for _ in range(2)]
    async with database.write() as session:
        charged, canceled = [await session.get_one(GenerationRow, each.id) for each in rows]
        for each in (charged, canceled):
            await ledger.reserve(session, each, MICROS, accept_unknown=False)
        await ledger.settle(session, charged, 900_000)
        await ledger.release(session, canceled, "canceled before it was submitted")
    async with database.read() as session:
        assert await spent(session) == (900_000, 2 * MICROS, 0)

    assert (canceled.actual_micros, canceled.reserved_micros) == (None, MICROS)


async def test_a_cap_counts_what_earlier_submissions_of_the_same_reserved(database: Database) -> None:
    """However often one of unknown outcome is submitted again, no cap is passed."""
    ledger, owner = Ledger(Caps(day=2 * MICROS)), await user(database)
    row = await reserve(database, ledger, generation_row(owner), 1)

    async def again() -> None:
        async with database.write() as session:
            await ledger.reserve(session, await session.get_one(GenerationRow, row.id), MICROS, accept_unknown=False)

    await again()
    with pytest.raises(SpendingCapReached, match=r"\$2\.00 reserved"):
        await again()


async def test_a_cap_says_what_it_counts(database: Database) -> None:
    """Charged, reserved, and unknown at a price of its own; another process reads the same."""
    caps = Caps(day=10 * MICROS, unknown_as=5 * MICROS)
    owner = await user(database)
    charged = await reserve(database, Ledger(caps), generation_row(owner), 3)
    async with database.write() as session:
        await Ledger(caps).settle(session, await session.get_one(GenerationRow, charged.id), 2 * MICROS)
    await reserve(database, Ledger(caps), generation_row(owner), None, accept_unknown=True)
    await reserve(database, Ledger(caps), generation_row(owner), 2)

    with pytest.raises(SpendingCapReached) as reached:
        await reserve(database, Ledger(caps), generation_row(owner), 1.5)

    assert reached.value.detail == (
        "This would cost $1.50. The limit for a day of the whole installation is $10.00: $2.00 are spent and $2.00 "
        "reserved, and 1 of unknown cost counts as $5.00."
    )
    facts = {"cap": "day", "limit": 10.0, "spent": 2.0, "reserved": 2.0, "unknown": 1, "cost": 1.5}
    assert reached.value.extra == facts
    assert len(await entries(database)) == 7  # nothing of what was refused


async def test_each_cap_counts_its_own(database: Database) -> None:
    clock = lambda: NOON  # noqa: E731
    ann, bob = await user(database), await user(database, "bob@example.org")

    async def refused(caps: Caps, row: GenerationRow, dollars: float | None = 1, *, accept: bool = False) -> str:
        try:
            async with database.write() as session:
                session.add(row)
                micros = None if dollars is None else round(dollars * MICROS)
                await Ledger(caps, clock=clock).reserve(session, row, micros, accept_unknown=accept)
                raise ZeroDivisionError  # nothing is kept
        except ZeroDivisionError:
            return ""
        except SpendingCapReached as reached:
            return str((reached.extra or {}).get("cap") or reached.code)

    free = Ledger(Caps(), clock=clock)
    await reserve(database, free, generation_row(ann, at=NOON - timedelta(days=1), project_id="prj_1"), 1)
    await reserve(database, free, generation_row(ann, at=NOON - timedelta(days=40)), 1)
    two = 2 * MICROS

    assert await refused(Caps(generation=MICROS), generation_row(ann, at=NOON), 1.01) == "generation"
    assert await refused(Caps(day=two), generation_row(ann, at=NOON), 2) == ""
    assert await refused(Caps(day=two), generation_row(ann, at=NOON), 2.01) == "day"
    assert await refused(Caps(project=two), generation_row(bob, at=NOON, project_id="prj_1"), 1.01) == "project"
    assert await refused(Caps(project=two), generation_row(ann, at=NOON), 2) == ""
    assert await refused(Caps(user=two), generation_row(ann, at=NOON), 1.01) == "user"
    assert await refused(Caps(user=two), generation_row(bob, at=NOON), 2) == ""
    assert await refused(Caps(day=0), generation_row(ann, at=NOON), 0) == ""
    assert await refused(Caps(generation=MICROS), generation_row(ann, at=NOON), None) == "price_unknown"
    assert await refused(Caps(generation=MICROS), generation_row(ann, at=NOON), None, accept=True) == ""
    assert await refused(Caps(), generation_row(ann, at=NOON), None) == ""


async def test_requests_at_once_do_not_pass_a_cap_together(database: Database) -> None:
    ledger, owner = Ledger(Caps(user=3 * MICROS)), await user(database)

    done = await asyncio.gather(
        *(reserve(database, ledger, generation_row(owner), 1) for _ in range(8)), return_exceptions=True
    )

    assert sum(isinstance(each, GenerationRow) for each in done) == 3
    assert sum(isinstance(each, SpendingCapReached) for each in done) == 5
