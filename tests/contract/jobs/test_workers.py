"""Which workers there are, and why jobs wait, on each kind of database."""

import os

from sqlalchemy import update

from playhead.db.database import Database
from playhead.jobs.heartbeat import FORGOTTEN_AFTER_S, Heartbeat, report_failure, withdraw_failure
from playhead.jobs.tables import WorkerRow
from playhead.jobs.workers import NONE, STARTING, Problem, problem_of, workers_of


async def test_workers_see_each_other_until_one_is_silent_too_long(database: Database) -> None:
    await Heartbeat(database, "b").beat()
    assert set(await Heartbeat(database, "a").beat()) == {"a", "b"}
    await _age(database, "b", 11)

    assert {worker.id: worker.state for worker in await workers_of(database)} == {"a": "starting", "b": "lost"}


async def test_a_dead_worker_is_lost_although_the_clock_was_set_back(database: Database) -> None:
    """What it wrote lies two hours ahead then; those that live have written again."""
    await Heartbeat(database, "a").beat()
    await _age(database, "a", -7200)
    await Heartbeat(database, "b").ready()

    assert {worker.id: worker.state for worker in await workers_of(database)} == {"a": "lost", "b": "ready"}


async def test_a_worker_counts_once_it_takes_jobs(database: Database) -> None:
    beat = Heartbeat(database, "a")
    await beat.beat()
    assert problem_of(await workers_of(database)) == STARTING

    await beat.ready()
    assert problem_of(await workers_of(database)) is None


async def test_a_worker_that_cannot_start_says_why_until_one_is_ready(database: Database) -> None:
    """Also while it starts again; that its process ended says less than it said itself."""
    await report_failure(database, pid=1, reason="No ffmpeg.", hint="Install it.")
    await report_failure(database, pid=1, reason="Exit code 1.", hint=None)
    beat = Heartbeat(database, "a")
    await beat.beat()
    problem = problem_of(await workers_of(database))
    assert problem == Problem("worker_failed", NONE.message, "No ffmpeg.", "Install it.")

    await beat.ready()
    assert [(worker.id, worker.reason) for worker in await workers_of(database)] == [("a", None)]


async def test_a_ready_worker_that_is_killed_is_reported_by_its_server(database: Database) -> None:
    """Under its own name; the reason stays while it starts again, and goes when the server stops."""
    beat = Heartbeat(database, "a")
    await beat.ready()
    await report_failure(database, pid=os.getpid(), reason="It was killed.", hint=None)
    again = Heartbeat(database, "a")
    await again.beat()
    assert [(worker.state, worker.reason) for worker in await workers_of(database)] == [("starting", "It was killed.")]

    await report_failure(database, pid=os.getpid(), reason="It was killed.", hint=None)
    await withdraw_failure(database, pid=os.getpid())
    assert problem_of(await workers_of(database)) == NONE


async def test_a_worker_without_its_engine_is_not_ready(database: Database) -> None:
    beat = Heartbeat(database, "a")
    await beat.ready()
    beat.trouble = "The job engine's database did not answer."
    await beat.beat()

    problem = problem_of(await workers_of(database))
    assert problem is not None
    assert problem.reason == beat.trouble


async def test_a_worker_that_stops_is_not_waited_for(database: Database) -> None:
    beat = Heartbeat(database, "a")
    await beat.beat()
    await beat.stop()

    assert await workers_of(database) == []


async def test_a_worker_that_died_long_ago_is_forgotten(database: Database) -> None:
    beat = Heartbeat(database, "a")
    await beat.beat()
    await _age(database, "a", FORGOTTEN_AFTER_S + 1)
    await beat.forget_dead()

    assert await workers_of(database) == []


async def _age(database: Database, worker: str, seconds: float) -> None:
    async with database.write() as session:
        await session.execute(update(WorkerRow).where(WorkerRow.id == worker).values(seen=WorkerRow.seen - seconds))
