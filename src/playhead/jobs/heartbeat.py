"""Heartbeats of workers: one row each, by the database's clock, so that hosts need not agree on the time."""

import os
import socket

from sqlalchemy import ColumnElement, Double, case, delete, func, insert, literal_column, select, update

from playhead import __version__
from playhead.db.database import Database
from playhead.jobs.tables import WorkerRow

DEAD_AFTER_S = 10.0
"""The silence after which a worker counts as dead: five missed beats."""

FORGOTTEN_AFTER_S = 24 * 3600
"""A dead worker's row is kept for a day, for the operator who asks what happened."""

_NOW = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "extract(epoch from clock_timestamp())::double precision",
}


class Heartbeat:
    """The heartbeat of one worker, which is starting until `ready` is called.

    Attributes:
        trouble: The reason why a started worker can take no jobs now, shown by the next beat; None while it can.
    """

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker
        self._is_ready = False
        self.trouble: str | None = None

    async def beat(self) -> dict[str, float]:
        """Record a beat and read those of all workers.

        Returns:
            The last beat of each worker, by the database's clock. Only a change shows life: the clock may be set.

        Raises:
            DatabaseUnavailable: no answer.
        """
        now = now_of(self._database)
        mine = {"host": socket.gethostname(), "pid": os.getpid(), "version": __version__, **self._state()}
        started = case((WorkerRow.pid == mine["pid"], WorkerRow.started), else_=now)
        async with self._database.write() as session:
            known = await session.execute(
                update(WorkerRow)
                .where(WorkerRow.id == self._worker)
                .values(seen=now, started=started, **mine)
                .returning(WorkerRow.id)
            )
            if known.first() is None:
                await session.execute(insert(WorkerRow).values(id=self._worker, started=now, seen=now, **mine))
            rows = await session.execute(select(WorkerRow.id, WorkerRow.seen))
            return {row.id: row.seen for row in rows}

    async def ready(self) -> None:
        """Mark this worker as ready, and clear an earlier failure on this host."""
        self._is_ready = True
        await self.beat()
        await withdraw_failure(self._database)

    async def forget_dead(self) -> None:
        """Delete the rows of workers that died long ago."""
        async with self._database.write() as session:
            await session.execute(
                delete(WorkerRow).where(func.abs(age_of(self._database)) > FORGOTTEN_AFTER_S),
                execution_options={"synchronize_session": False},
            )

    async def stop(self) -> None:
        """Remove the worker after a clean end."""
        async with self._database.write() as session:
            await session.execute(delete(WorkerRow).where(WorkerRow.id == self._worker))

    def _state(self) -> dict[str, str | None]:
        if not self._is_ready:
            return {"state": "starting"}  # the reason of the last failure stays readable
        if self.trouble is not None:
            return {"state": "failed", "reason": self.trouble, "hint": None}
        return {"state": "ready", "reason": None, "hint": None}


async def report_failure(database: Database, *, pid: int, reason: str, hint: str | None) -> None:
    """Record why a worker of this host died, unless it did so itself.

    Raises:
        DatabaseUnavailable: it is not written.
    """
    host = socket.gethostname()
    facts = {"state": "failed", "reason": reason, "hint": hint}
    async with database.write() as session:
        known = await session.scalar(
            select(WorkerRow).where(WorkerRow.host == host, WorkerRow.pid == pid).order_by(WorkerRow.state)
        )
        if known is None:
            await session.execute(delete(WorkerRow).where(WorkerRow.id == _unnamed(host)))
            now = now_of(database)
            row = {"id": _unnamed(host), "host": host, "pid": pid, "version": __version__, "started": now, "seen": now}
            await session.execute(insert(WorkerRow).values(row | facts))
        elif known.state != "failed":
            # Without ``seen``: a fresh beat would keep others from recovering its jobs.
            await session.execute(update(WorkerRow).where(WorkerRow.id == known.id).values(facts))


async def withdraw_failure(database: Database, *, pid: int | None = None) -> None:
    """Forget the worker of this host that died before it had a name.

    Args:
        pid: Forget the failed one with this process id as well.
    """
    host = socket.gethostname()
    over = WorkerRow.id == _unnamed(host)
    if pid is not None:
        over |= (WorkerRow.host == host) & (WorkerRow.pid == pid) & (WorkerRow.state == "failed")
    async with database.write() as session:
        await session.execute(delete(WorkerRow).where(over))


def now_of(database: Database) -> ColumnElement[float]:
    """The database's own clock: seconds since 1970."""
    return literal_column(_NOW[database.url.get_backend_name()], Double)


def age_of(database: Database) -> ColumnElement[float]:
    """Seconds since a worker was seen; far below zero when the clock was set back since."""
    return now_of(database) - WorkerRow.seen


def _unnamed(host: str) -> str:
    return f"{host} (start)"
