"""A PostgreSQL server that hangs: the process behind the connection is stopped, the kernel keeps the connection up."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from playhead.db import postgresql as prompt
from playhead.db.database import Database, DatabaseUnavailable, prompt_pool
from tests.fixtures.databases import PostgresqlServer


async def test_a_server_that_hangs_is_unavailable_after_a_moment(
    postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction fails, and so does the next one, which takes another connection when it can have one."""
    monkeypatch.setattr(prompt, "ANSWER_S", 1.0)
    database = Database(postgresql.url("postgres"), prompt=True)
    with pytest.raises(DatabaseUnavailable):
        async with database.read() as session:
            with _stopped(await session.scalar(text("select pg_backend_pid()"))):
                await session.execute(text("select 1"))
    async with database.read() as session:
        backend = await session.scalar(text("select pg_backend_pid()"))
    with _stopped(backend):
        await database.ping()
    await database.close()


def test_threads_wait_no_longer(postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "ANSWER_S", 1.0)
    pool = prompt_pool(postgresql.url("postgres"), size=1)
    with pool.connect() as connection:
        backend = connection.scalar(text("select pg_backend_pid()"))
    with _stopped(backend), pool.connect() as connection:
        assert connection.scalar(text("select pg_backend_pid()")) != backend
    pool.dispose()


@contextmanager
def _stopped(pid: int | None) -> Iterator[None]:
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
