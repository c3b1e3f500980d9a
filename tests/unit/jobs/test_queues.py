"""Queue threads sleep until work waits in their queue."""

import threading
from pathlib import Path

from sqlalchemy import create_engine, text

from playhead.jobs.queues import WakeUp, _with_work


def test_the_engine_still_has_the_functions_that_are_replaced() -> None:
    """Without them an idle worker costs twice as much, and nothing else would say so."""
    from dbos import _dbos, _queue

    assert hasattr(_dbos, "queue_thread")
    assert hasattr(_queue, "queue_worker_thread")


def test_one_statement_finds_the_queues_with_work(tmp_path: Path) -> None:
    """What runs there does not count."""
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    with engine.begin() as connection:
        connection.execute(text("create table workflow_status (queue_name text, status text)"))
        connection.execute(
            text(
                "insert into workflow_status values ('media', 'PENDING'), ('ingest', 'ENQUEUED'), ('ingest', 'SUCCESS')"
            )
        )

    assert _with_work(engine, ["media", "ingest", "parts"]) == ["ingest"]


def test_a_wake_up_ends_the_next_wait_and_no_other() -> None:
    wake_up = WakeUp(threading.Event())
    wake_up.set()

    assert wake_up.wait(0.5) is False
    assert not wake_up._awake.is_set()


def test_a_stopped_thread_ends_after_its_wake_up() -> None:
    stop = threading.Event()
    stop.set()
    wake_up = WakeUp(stop)
    wake_up.set()

    assert wake_up.wait(0.5) is True
    assert wake_up.is_set()
