"""The unit of work over SQLite."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from playhead.db.base import UtcDateTime
from playhead.db.database import Database, DatabaseUnavailable, SqliteTooOld
from playhead.db.urls import async_url


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """One table with one row."""
    opened = Database(f"sqlite:///{tmp_path / 'x.db'}")
    async with opened.write() as session:
        await session.execute(text("create table counters (id integer primary key, value integer not null)"))
        await session.execute(text("insert into counters values (1, 0)"))
    yield opened
    await opened.close()


async def value_of(database: Database) -> int:
    """The counter."""
    async with database.read() as session:
        return int(await session.scalar(text("select value from counters")) or 0)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite"),
        ("postgresql://u@h/n", "postgresql+psycopg"),
        ("postgres://u@h/n", "postgresql+psycopg"),
        ("postgresql+psycopg2://u@h/n", "postgresql+psycopg"),
    ],
)
def test_a_url_names_the_asyncio_driver(url: str, driver: str) -> None:
    """Also the short name that hosting companies write."""
    assert async_url(url).drivername == driver


def test_another_database_is_refused() -> None:
    """With the two that are known."""
    with pytest.raises(ValueError, match="not mysql"):
        async_url("mysql://u@h/n")


def test_an_sqlite_that_is_too_old_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PostgreSQL needs none."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(SqliteTooOld, match=r"needs SQLite 3\.35 or newer"):
        Database(f"sqlite:///{tmp_path / 'x.db'}")

    assert not Database("postgresql://u@h/n").is_sqlite


async def test_writers_at_once_lose_nothing(database: Database) -> None:
    """Each reads and writes under the lock that it took at its start."""

    async def add_one() -> None:
        async with database.write() as session:
            value = int(await session.scalar(text("select value from counters")) or 0)
            await asyncio.sleep(0)
            await session.execute(text("update counters set value = :value"), {"value": value + 1})

    await asyncio.gather(*(add_one() for _ in range(25)))

    assert await value_of(database) == 25


async def test_an_error_undoes_the_whole_block(database: Database) -> None:
    """Whatever it was."""
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await session.execute(text("update counters set value = 9"))
            raise RuntimeError

    assert await value_of(database) == 0


async def test_a_broken_rule_passes_as_it_is(database: Database) -> None:
    """It is an answer, not an outage."""
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await session.execute(text("insert into counters values (1, 1)"))


async def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """With a hint to try again."""
    away = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")

    with pytest.raises(DatabaseUnavailable):
        await away.ping()
    await away.close()
    _join_driver_threads()


def _join_driver_threads() -> None:
    """aiosqlite does not wait for the thread of a connection that failed; it must not outlive the test's loop."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            thread.join(10)


async def test_foreign_keys_count(database: Database) -> None:
    """SQLite leaves them out unless each connection asks."""
    async with database.read() as session:
        assert await session.scalar(text("pragma foreign_keys")) == 1


def test_a_time_comes_back_in_utc() -> None:
    """One without a zone is a mistake."""
    column, dialect = UtcDateTime(), sqlite.dialect()
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    assert column.process_bind_param(noon, dialect) == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert column.process_result_value(datetime(2026, 3, 1, 10), dialect) == noon  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        column.process_bind_param(datetime(2026, 3, 1), dialect)  # noqa: DTZ001
