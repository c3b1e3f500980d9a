"""Empty queues are looked at, not claimed from."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from playhead.jobs.quiet_queues import look_before_claiming


def test_the_engine_claims_from_a_queue_where_something_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs there does not count."""
    from dbos import _dbos
    from dbos._sys_db import SystemDatabase

    assert hasattr(SystemDatabase, "dequeue_scopes")  # the engine asks for it in each look at a queue
    engine = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    with engine.begin() as connection:
        connection.execute(text("create table workflow_status (queue_name text, status text)"))
        connection.execute(
            text(
                "insert into workflow_status values ('media', 'PENDING'), ('ingest', 'ENQUEUED'), ('ingest', 'SUCCESS')"
            )
        )
    database = SimpleNamespace(engine=engine, dequeue_scopes=lambda _queue: [None])
    monkeypatch.setattr(_dbos, "_dbos_global_instance", SimpleNamespace(_sys_db=database))
    look_before_claiming()

    assert [database.dequeue_scopes(queue) for queue in ("media", "ingest", "parts")] == [[], [None], []]
