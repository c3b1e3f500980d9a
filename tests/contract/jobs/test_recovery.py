"""Putting back what a worker was running, in the engine's own tables."""

import pytest
from sqlalchemy import text

from playhead.db.database import Database
from playhead.jobs import recovery, transitions
from playhead.jobs.engine import Engine
from playhead.kit.clock import utc_now
from tests.fixtures.job_site import Lab


@pytest.fixture
async def stuck(idle_lab: Lab) -> str:
    """A run that belongs to the worker ``gone``, on its first attempt."""
    from dbos import DBOS

    DBOS.migrate(idle_lab.site.jobs_url)
    job_id = await idle_lab.start("count")
    await _execute(
        idle_lab, "UPDATE {} SET status = 'PENDING', executor_id = 'gone', owner_xid = 'x', recovery_attempts = 1"
    )
    return job_id


@pytest.mark.parametrize(("counts", "attempts"), [(True, 1), (False, 0)])
async def test_a_run_goes_back_to_its_queue_and_its_old_owner_loses_it(
    idle_lab: Lab, stuck: str, counts: bool, attempts: int
) -> None:
    """A crash keeps its attempt counted, an orderly hand-over gives it back."""
    engine_database = Database(idle_lab.site.jobs_url)
    moved = await recovery.requeue(engine_database, "gone", counts=counts)
    await engine_database.close()

    assert moved == 1
    assert await _execute(
        idle_lab, "SELECT workflow_uuid, status, owner_xid, queue_name, recovery_attempts FROM {}"
    ) == [(stuck, "ENQUEUED", None, "ingest", attempts)]


async def test_the_runs_of_others_are_left_alone(idle_lab: Lab, stuck: str) -> None:
    engine_database = Database(idle_lab.site.jobs_url)
    moved = await recovery.requeue(engine_database, "someone else", counts=True)
    await engine_database.close()

    assert moved == 0


async def test_the_engine_says_who_is_busy(idle_lab: Lab, stuck: str) -> None:
    engine = Engine(idle_lab.site.jobs_url)
    busy = await engine.busy_workers()
    await engine.close()

    assert busy == {"gone"}


async def test_it_works_without_the_engines_private_call(
    idle_lab: Lab, stuck: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("dbos.DBOS._recover_pending_workflows")
    engine_database = Database(idle_lab.site.jobs_url)
    await recovery.recover(engine_database, {"gone"})
    await engine_database.close()

    assert await _execute(idle_lab, "SELECT status FROM {}") == [("ENQUEUED",)]


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("ERROR", "failed", "job_lost"),
        ("MAX_RECOVERY_ATTEMPTS_EXCEEDED", "failed", "worker_keeps_dying"),
        ("CANCELLED", "canceled", None),
        ("SUCCESS", "failed", "job_lost"),
        ("PENDING", "queued", None),
    ],
)
async def test_the_row_follows_the_engine(idle_lab: Lab, stuck: str, status: str, state: str, code: str | None) -> None:
    await _execute(idle_lab, f"UPDATE {{}} SET status = '{status}'")
    changed = await idle_lab.jobs.reconcile([stuck])
    job = await idle_lab.jobs.get(stuck)

    assert (job.state, job.error_code) == (state, code)
    assert changed == (0 if state == "queued" else 1)
    assert await idle_lab.jobs.reconcile() == 0
    assert await idle_lab.hooks(stuck) == ([] if state == "queued" else [state])


async def test_a_job_whose_worker_is_gone_waits_again(idle_lab: Lab, stuck: str) -> None:
    await _execute(idle_lab, "UPDATE {} SET status = 'ENQUEUED'")
    async with idle_lab.database.write() as session:
        await transitions.begin(session, stuck, 1, worker="gone", now=utc_now())
    await idle_lab.jobs.reconcile()
    job = await idle_lab.jobs.get(stuck)

    assert (job.state, job.worker, job.attempts) == ("queued", None, 1)


async def test_a_success_that_the_row_missed_is_taken_over_with_its_result(idle_lab: Lab, stuck: str) -> None:
    """As after the catalog was restored from a backup that is older than the engine's database."""
    await _execute(idle_lab, """UPDATE {} SET status = 'SUCCESS', output = '{{"result": {{"times": 1}}}}'""")
    await idle_lab.jobs.reconcile()

    assert (await idle_lab.jobs.get(stuck)).state == "succeeded"
    assert await idle_lab.hooks(stuck) == ["succeeded"]


async def _execute(lab: Lab, statement: str) -> list[tuple[object, ...]]:
    engine_database = Database(lab.site.jobs_url)
    table = "workflow_status" if engine_database.is_sqlite else "dbos.workflow_status"
    async with engine_database.write() as session:
        result = await session.execute(text(statement.format(table).replace(":", "\\:")))
        rows = [tuple(row) for row in result] if result.returns_rows else []  # type: ignore[attr-defined]
    await engine_database.close()
    return rows
