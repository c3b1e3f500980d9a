"""The unit of work: one request or one job step is one transaction, committed at the edge.

SQLite takes its write lock at the start (``BEGIN IMMEDIATE``): of 100 concurrent writers 85 failed when the
lock was taken late, none when it was taken at once.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from playhead.db.reserve import Reserve
from playhead.db.unit import Unit, current_unit
from playhead.db.urls import async_url
from playhead.errors import PlayheadError, Unavailable

BUSY_TIMEOUT_MS = 15_000
"""Longest wait of a SQLite writer for the one before it."""

SQLITE_AT_LEAST = (3, 35)
"""First version with RETURNING. Tested with 3.35.2, 3.37.0 and 3.40.1."""

POSTGRESQL = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""Bounds on a PostgreSQL host that swallows packets: 5 s for a new connection, 10 s for an open one (in milliseconds,
where the system supports it)."""


_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
"""Result codes of a full disk; an exceeded quota is the second (SQLite's ``os_unix.c``)."""


class DatabaseUnavailable(Unavailable):
    """A database that does not answer."""

    code = "database_unavailable"
    title = "The database does not answer"


class DatabaseFull(DatabaseUnavailable):
    """A full disk of the database; nothing was written."""

    code = "database_full"
    title = "The disk of the database is full"
    status = 507


class SqliteTooOld(PlayheadError):
    """An SQLite library that is too old for Playhead."""

    code = "sqlite_too_old"
    title = "The SQLite library is too old"
    exit_code: ClassVar[int] = 2


class Database:
    """Transactions of one database. One instance per process; ``close`` it at the end.

    Args:
        url: ``sqlite:////absolute/path.db`` or ``postgresql://user@host/name``.
        pool_size: Connections kept open; as many again may be opened under load.
        prompt: Fail when PostgreSQL answers slowly (``postgresql.ANSWER_S``), for requests. Without it, as in a
            migration, statements may take any time.

    Raises:
        SqliteTooOld: see ``SQLITE_AT_LEAST``.
    """

    def __init__(self, url: str, *, pool_size: int = 5, prompt: bool = False) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and sqlite3.sqlite_version_info < SQLITE_AT_LEAST:
            raise SqliteTooOld(
                f"Playhead needs SQLite 3.35 or newer; this Python has {sqlite3.sqlite_version}.",
                hint="Run it with a Python that has a newer one, or set PLAYHEAD_DATABASE to a PostgreSQL database.",
            )
        options: dict[str, Any] = {} if self.is_sqlite else _postgresql(prompt=prompt)
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            hide_parameters=True,  # errors quote a statement, never the hashes that it was given
            **options,
        )
        self._reserve = _reserve_of(self.url)
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", self._prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def write(self, *, apart: bool = False, reserve: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that commits at the end of the block and rolls back on any error.

        Args:
            apart: Commit independently even within a unit (``db.unit``).
            reserve: The write frees room, ends a right or records a failure: on a full disk it may use the reserve.

        Raises:
            DatabaseUnavailable: no connection, or the connection was lost.
        """
        unit = None if apart else current_unit()
        if reserve and self._reserve is not None:
            await asyncio.to_thread(self._reserve.make_way)
        with _translated():
            async with self._transaction() if unit is None else unit.write() as session:
                yield session

    def unit(self) -> Unit:
        """A unit of work for one request; ``within`` makes writes join it."""
        return Unit(self._transaction)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        with _translated():  # the commit of a unit is outside every ``write``
            async with self._sessions() as session:
                await session.connection(execution_options={"sqlite_immediate": True})
                yield session
                await session.commit()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A read transaction without a write lock; within a unit that has written, the unit's transaction."""
        unit = current_unit()
        with _translated():
            if unit is not None and unit.session is not None:
                yield unit.session
                return
            async with self._sessions() as session:
                # Closing rolls back and keeps rows readable; rollback() would expire them.
                yield session

    async def ping(self) -> None:
        """Run a trivial query.

        Raises:
            DatabaseUnavailable: it did not answer.
        """
        async with self.read() as session:
            await session.execute(text("select 1"))

    async def restore_reserve(self) -> None:
        """Restore the reserve of disk space for deletions, as far as there is room; a no-op for PostgreSQL."""
        if self._reserve is not None:
            await asyncio.to_thread(self._reserve.restore)

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()

    def _prepare_sqlite(self, connection: Any, _record: object) -> None:
        if self._reserve is not None and not Path(f"{self.url.database}-shm").exists():
            self._reserve.make_way()  # the first to open it makes two more files, which even a reader needs
        # The driver must not open transactions by itself: SQLAlchemy says BEGIN below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


class _translated:  # noqa: N801 - reads as a statement
    """Turn a lost connection into an error that a client may retry; constraint violations pass as they are."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if (translated := unavailable(error)) is not None:
            raise translated from error


def unavailable(error: object) -> DatabaseUnavailable | None:
    """The error that a driver's exception stands for; None for one that is not about availability."""
    if isinstance(error, DBAPIError) and _is_full(error.orig):
        return DatabaseFull(
            "No room is left on the database's disk.", hint="Delete videos or free space on the server, then try again."
        )
    if isinstance(error, DBAPIError) and _code_of(error.orig) & 0xFF == sqlite3.SQLITE_READONLY:
        return DatabaseUnavailable(
            "The database's disk takes no writes.",
            hint="The operator has to mount it for writing, or to grant access.",
            code="database_read_only",
            title="The database cannot be written",
        )
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return DatabaseUnavailable("The database did not answer this request.", hint="Try again in a few seconds.")
    return None


def _is_full(error: BaseException | None) -> bool:
    return _code_of(error) in _FULL or getattr(error, "sqlstate", None) == "53100"  # PostgreSQL's disk_full


def _code_of(error: BaseException | None) -> int:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code or 0


def prompt_pool(url: str, *, size: int) -> Engine:
    """A synchronous PostgreSQL pool for threads, with the same bounds; ``dispose`` it at the end."""
    from playhead.db.postgresql import PromptConnection

    pool = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=POSTGRESQL,
    )
    event.listen(
        pool, "do_connect", lambda _dialect, _record, args, options: PromptConnection.connect(*args, **options)
    )
    return pool


def _postgresql(*, prompt: bool) -> dict[str, Any]:
    connect: dict[str, Any] = dict(POSTGRESQL)
    if prompt:
        from playhead.db.postgresql import PromptAsyncConnection

        connect["async_creator_fn"] = PromptAsyncConnection.connect
    return {"pool_pre_ping": True, "connect_args": connect}


def _reserve_of(url: URL) -> Reserve | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Reserve(Path(f"{url.database}-reserve"))


def _begin_sqlite(connection: Any) -> None:
    immediate = connection.get_execution_options().get("sqlite_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
