"""Queues that cost little while nothing waits in them.

To find a queue empty the engine puts three statements together: 2 ms of a core for each queue, twice a second. One seek
in the same index says as much for a tenth of it.
"""

from typing import Any

from sqlalchemy import text

_WAITING = {
    # The second condition is the index's own: without it, SQLite would not use it.
    "sqlite": "SELECT 1 FROM workflow_status WHERE queue_name = :queue AND status = 'ENQUEUED'"
    " AND status IN ('ENQUEUED', 'PENDING') LIMIT 1",
    "postgresql": "SELECT 1 FROM dbos.workflow_status WHERE queue_name = :queue AND status = 'ENQUEUED' LIMIT 1",
}


def look_before_claiming() -> None:
    """Have the engine of this process claim from a queue only when something waits there. Call it after its launch.

    The engine asks itself in which scopes of a queue there is work. Should that question go away, queues cost more.
    """
    from dbos import _dbos

    database: Any = getattr(getattr(_dbos, "_dbos_global_instance", None), "_sys_db", None)
    scopes = getattr(database, "dequeue_scopes", None)
    if scopes is None:
        return
    waiting = text(_WAITING[database.engine.dialect.name])

    def with_work(queue: str) -> Any:
        with database.engine.connect() as connection:
            found = connection.scalar(waiting, {"queue": queue})
        return scopes(queue) if found else []

    database.dequeue_scopes = with_work
