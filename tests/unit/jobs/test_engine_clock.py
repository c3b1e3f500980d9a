"""The engine's clock on an SQLite that lacks it."""

import sqlite3
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text

from playhead.jobs import engine_clock


@pytest.fixture
def old_sqlite(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on Debian 12 and Ubuntu 22.04."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    engine_clock.provide_unixepoch()
    yield
    event.remove(Engine, "connect", engine_clock._add_clock)


@pytest.mark.usefixtures("old_sqlite")
def test_an_old_sqlite_tells_the_time_to_the_millisecond() -> None:
    """Also as the default of a column, which is how the engine's tables ask for it."""
    before = time.time()
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("create table runs (id, at integer not null default (unixepoch('subsec') * 1000))"))
        connection.execute(text("insert into runs (id) values (1)"))
        at = connection.execute(text("select at from runs")).scalar_one()

    assert before - 0.002 <= at / 1000 <= time.time() + 0.002  # rounded


@pytest.mark.usefixtures("old_sqlite")
def test_asking_twice_adds_it_once() -> None:
    engine_clock.provide_unixepoch()

    assert event.contains(Engine, "connect", engine_clock._add_clock)


def test_another_use_of_the_function_fails_loudly() -> None:
    with pytest.raises(ValueError, match="not provided"):
        engine_clock.unixepoch("2026-01-01")
