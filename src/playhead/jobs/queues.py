"""Queue threads that sleep until work waits for them.

The engine polls each queue by itself: 2 ms of a core per queue, twice a second. Here one statement asks for all queues,
an index seek each, and wakes the thread of a queue that has work. A new job starts as soon as before.
"""

import threading
from functools import partial
from typing import Any

import structlog
from sqlalchemy import TextClause, text

log = structlog.get_logger(__name__)

SLOW_POLL_S = 30.0
"""The longest sleep of a queue thread, should a wake-up be lost."""

_WAITING = {
    # The second condition is the index's own: without it, SQLite would not use it.
    "sqlite": "SELECT '{queue}' WHERE EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = '{queue}'"
    " AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING'))",
    "postgresql": "SELECT '{queue}' WHERE EXISTS (SELECT 1 FROM dbos.workflow_status WHERE queue_name = '{queue}'"
    " AND status = 'ENQUEUED')",
}


def wake_queues_by_work(poll_s: float) -> None:
    """Replace the poller of the engine in this process. Call it before the launch.

    The two functions are private. Should they go away, the engine polls as it always did.

    Args:
        poll_s: Seconds between two questions for waiting work.
    """
    from dbos import _dbos, _queue

    if hasattr(_dbos, "queue_thread") and hasattr(_queue, "queue_worker_thread"):
        _dbos.queue_thread = partial(_watch, _queue.queue_worker_thread, poll_s)


class WakeUp:
    """The stop event of one queue thread, whose wait also ends when the queue has work."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._awake = threading.Event()

    def set(self) -> None:
        """End the current or the next wait."""
        self._awake.set()

    def is_set(self) -> bool:
        """Whether the thread must end."""
        return self._stop.is_set()

    def wait(self, timeout: float) -> bool:  # noqa: ARG002 - the interval of a poller
        """Sleep until there is work; true when the thread must end."""
        self._awake.wait(SLOW_POLL_S)
        self._awake.clear()
        return self._stop.is_set()


def _watch(work: Any, poll_s: float, stop: threading.Event, dbos: Any) -> None:
    """Run the queue threads, and wake those whose queue has work."""
    wanted = dbos._listening_queues or ()
    threads: dict[str, tuple[threading.Thread, WakeUp]] = {}
    while not stop.wait(poll_s):
        try:
            if any(name not in threads for name in wanted):
                _start(work, stop, dbos, threads)
            for name in _with_work(dbos._sys_db.engine, list(threads)):
                threads[name][1].set()
        except Exception as error:  # the failure detector reports an outage
            log.debug("queue_poll_failed", error=repr(error))
    for _, wake_up in threads.values():
        wake_up.set()
    for thread, _ in threads.values():
        thread.join(timeout=10)


def _start(work: Any, stop: threading.Event, dbos: Any, threads: dict[str, tuple[threading.Thread, WakeUp]]) -> None:
    """Start the threads of queues that have been registered since; the launch comes before that."""
    known = dbos._sys_db.list_queues(application_name=dbos._sys_db.app_name)
    queues = [queue for queue in known if queue.name in dbos._listening_queues]
    for queue in (*queues, dbos._registry.get_internal_queue()):
        if queue.name not in threads:
            wake_up = WakeUp(stop)
            thread = threading.Thread(target=work, args=(wake_up, dbos, queue), name=f"queue {queue.name}", daemon=True)
            threads[queue.name] = thread, wake_up
            thread.start()


def _with_work(engine: Any, queues: list[str]) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(_statement(engine.dialect.name, queues))) if queues else []


def _statement(dialect: str, queues: list[str]) -> TextClause:
    return text(" UNION ALL ".join(_WAITING[dialect].format(queue=queue) for queue in queues))
