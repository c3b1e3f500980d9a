"""Recovery of the runs of a lost worker: back into their queues, where a live worker takes them.

The engine has the operation, one guarded UPDATE that also ends the old owner's right to record a result, as a private
function, and sells the detection. Should the function go away, the same statement is made here.
"""

import asyncio
from collections.abc import Iterable

import structlog
from sqlalchemy import text

from playhead.db.database import Database

log = structlog.get_logger(__name__)


async def recover(engine_database: Database, workers: Iterable[str]) -> None:
    """Requeue what dead workers were running; each time counts as one of a run's four attempts."""
    from dbos import DBOS

    recover_pending = getattr(DBOS, "_recover_pending_workflows", None)
    for worker in sorted(workers):
        if recover_pending is not None:
            await asyncio.to_thread(recover_pending, [worker])
        else:
            await requeue(engine_database, worker, counts=True)
        log.warning("worker_declared_dead", worker=worker)


def stop_queues() -> None:
    """Let the engine of this process take no more runs. Without the private list of switches its end does that."""
    from dbos import _dbos

    running = getattr(_dbos, "_dbos_global_instance", None)
    for switch in getattr(running, "background_thread_stop_events", ()):
        switch.set()


async def requeue(engine_database: Database, worker: str, *, counts: bool) -> int:
    """Requeue what a worker was running, by one statement; how many runs there were.

    Args:
        engine_database: The engine's, not the catalog.
        counts: False when a worker hands over on purpose, so that a long job survives many restarts.
    """
    table = "workflow_status" if engine_database.is_sqlite else "dbos.workflow_status"
    statement = text(
        f"UPDATE {table} SET status = 'ENQUEUED', owner_xid = NULL, started_at_epoch_ms = NULL,"  # noqa: S608
        " queue_name = coalesce(queue_name, '_dbos_internal_queue'),"
        " recovery_attempts = recovery_attempts - :given_back"
        " WHERE status = 'PENDING' AND executor_id = :worker RETURNING workflow_uuid"
    )
    async with engine_database.write() as session:
        moved = await session.execute(statement, {"worker": worker, "given_back": 0 if counts else 1})
        count = len(moved.all())
    if count:
        log.info("jobs_requeued", worker=worker, jobs=count)
    return count
