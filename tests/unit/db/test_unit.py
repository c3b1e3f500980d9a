"""A unit: what one request writes, in one transaction."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from playhead.db.database import Database
from playhead.db.unit import after_commit, within


@pytest.fixture
async def counted(database: Database) -> Database:
    """A table with one unique column."""
    async with database.write() as session:
        await session.execute(text("create table counted (number integer primary key)"))
    return database


async def add(database: Database, number: int) -> None:
    async with database.write() as session:
        await session.execute(text("insert into counted values (:number)"), {"number": number})


async def numbers(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(text("select number from counted order by number")))


async def test_it_reads_what_it_wrote_and_others_do_not(counted: Database) -> None:
    """A write that failed is undone alone; after the commit all is there for everybody."""
    unit = counted.unit()
    with within(unit):
        await add(counted, 1)
        with pytest.raises(IntegrityError):
            await add(counted, 1)
        await add(counted, 2)
        assert await numbers(counted) == [1, 2]
    assert await numbers(counted) == []

    await unit.commit()

    assert await numbers(counted) == [1, 2]


async def test_what_others_see_the_effect_of_waits_for_the_commit(counted: Database) -> None:
    """It is done at once where there is no unit, and never where that is rolled back."""
    done: list[list[int]] = []

    async def look() -> None:
        done.append(await numbers(counted))

    for number, end in enumerate(("commit", "roll_back")):
        unit = counted.unit()
        with within(unit):
            await add(counted, number)
            await after_commit(look)
            assert done == [[0]] * number
        await getattr(unit, end)()
    assert done == [[0]]

    await after_commit(look)

    assert done == [[0], [0]]


async def test_what_fails_after_the_commit_does_not_make_the_answer_false() -> None:
    """It is logged, and the rest is done."""
    done: list[str] = []

    async def fail() -> None:
        raise ValueError("too late")

    async def note() -> None:
        done.append("next")

    unit = Database("sqlite:////nowhere/x.db").unit()
    with within(unit), capture_logs() as lines:
        await after_commit(fail)
        await after_commit(note)
        await unit.commit()

    assert done == ["next"]
    assert [line["event"] for line in lines] == ["after_commit_failed"]
