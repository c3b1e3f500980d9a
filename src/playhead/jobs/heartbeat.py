"""Which workers are alive, by one row each and the database's own clock: hosts need not agree on the time."""

import os
import socket
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Double, case, delete, insert, literal_column, select, update

from playhead.db.database import Database
from playhead.jobs.tables import WorkerRow

DEAD_AFTER_S = 10.0
"""A worker not seen for so long is taken for dead: five missed beats."""

FORGOTTEN_AFTER_S = 24 * 3600
"""A dead worker's row is kept for a day, for the operator who asks what happened."""

_NOW = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "extract(epoch from clock_timestamp())::double precision",
}


@dataclass(frozen=True, slots=True)
class WorkerAlive:
    """A worker that has been seen in time."""

    id: str
    host: str
    pid: int
    up_s: float
    seen_s_ago: float


class Heartbeat:
    """The sign of life of one worker."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker

    async def beat(self, dead_after_s: float = DEAD_AFTER_S) -> set[str]:
        """Be seen, and see who else is alive.

        Raises:
            DatabaseUnavailable: nobody can be seen.
        """
        now = now_of(self._database)
        mine = {"host": socket.gethostname(), "pid": os.getpid()}
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
            alive = await session.scalars(select(WorkerRow.id).where(age_of(self._database) < dead_after_s))
            return set(alive)

    async def forget_dead(self) -> None:
        """Delete the rows of workers that died long ago."""
        async with self._database.write() as session:
            await session.execute(
                delete(WorkerRow).where(age_of(self._database) > FORGOTTEN_AFTER_S),
                execution_options={"synchronize_session": False},
            )

    async def stop(self) -> None:
        """Say that this worker has ended cleanly."""
        async with self._database.write() as session:
            await session.execute(delete(WorkerRow).where(WorkerRow.id == self._worker))


async def workers_alive(database: Database, *, within_s: float = DEAD_AFTER_S) -> list[WorkerAlive]:
    """List the workers seen within some seconds, by id: what ``/readyz`` asks.

    Raises:
        DatabaseUnavailable: nobody can be seen.
    """
    age = age_of(database)
    up = WorkerRow.seen - WorkerRow.started
    statement = select(WorkerRow.id, WorkerRow.host, WorkerRow.pid, up, age).where(age < within_s)
    async with database.read() as session:
        rows = (await session.execute(statement.order_by(WorkerRow.id))).all()
    return [
        WorkerAlive(worker, host, pid, up_s=max(0.0, up_s + ago_s), seen_s_ago=max(0.0, ago_s))
        for worker, host, pid, up_s, ago_s in rows
    ]


def now_of(database: Database) -> ColumnElement[float]:
    """The database's own clock: seconds since 1970."""
    return literal_column(_NOW[database.url.get_backend_name()], Double)


def age_of(database: Database) -> ColumnElement[float]:
    """Seconds since a worker was seen; far below zero when the clock was set back since."""
    return now_of(database) - WorkerRow.seen
