"""The fence of an attempt, on each kind of database."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from playhead.jobs import transitions
from playhead.jobs.errors import JobStopped
from playhead.jobs.progress import AttemptFence, FenceWatch
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from tests.fixtures.job_site import Lab
from tests.fixtures.patience import PATIENCE_S


async def begin(lab: Lab, job_id: str, *, run: int = 1, worker: str = "a") -> JobRow:
    async with lab.database.write() as session:
        job = await transitions.begin(session, job_id, run, worker=worker, now=utc_now())
    assert job is not None
    return job


async def test_only_the_newest_progress_is_written_and_only_by_the_tick(idle_lab: Lab) -> None:
    job = await begin(idle_lab, await idle_lab.record("count"))
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=60), job)
    for hundredth in range(80):
        await watch.report(hundredth / 100, f"frame {hundredth}")
    assert (await idle_lab.jobs.get(job.id)).progress == 0

    assert await watch.is_ours()
    seen = await idle_lab.jobs.get(job.id)
    assert (seen.progress, seen.step) == (0.79, "frame 79")


@pytest.mark.parametrize(("told", "kept"), [(-1, 0.0), (0.33333333, 0.3333), (7, 1.0)])
async def test_progress_lies_between_0_and_1(idle_lab: Lab, told: float, kept: float) -> None:
    job = await begin(idle_lab, await idle_lab.record("count"))
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=60), job)
    await watch.report(told, None)
    await watch.is_ours()

    assert (await idle_lab.jobs.get(job.id)).progress == kept


@pytest.mark.parametrize("news", [True, False])
async def test_an_attempt_is_over_when_another_has_begun(idle_lab: Lab, news: bool) -> None:
    job = await begin(idle_lab, await idle_lab.record("count"))
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=0.01), job)
    if news:
        await watch.report(0.9, "too late")
    await begin(idle_lab, job.id, worker="a")
    await watch.until_stopped()

    with pytest.raises(JobStopped):
        await watch.report(0.95, None)
    assert (await idle_lab.jobs.get(job.id)).progress == 0


async def test_an_attempt_is_over_when_its_job_was_canceled(idle_lab: Lab) -> None:
    job = await begin(idle_lab, await idle_lab.record("count"))
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=0.01), job)
    await idle_lab.jobs.cancel(job.id)
    await watch.until_stopped()

    assert watch.stopped


async def test_a_failed_look_ends_the_watch_over_no_attempt(idle_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """All attempts of a worker depend on it."""
    job = await begin(idle_lab, await idle_lab.record("count"))
    fences = FenceWatch(idle_lab.database, interval_s=0.01)
    watch, check = AttemptFence(fences, job), fences.check

    async def fail_once(_: Any) -> Any:
        monkeypatch.setattr(fences, "check", check)
        raise RuntimeError("an error that nobody knows")

    monkeypatch.setattr(fences, "check", fail_once)
    await idle_lab.jobs.cancel(job.id)
    async with asyncio.timeout(PATIENCE_S):
        await watch.until_stopped()

    assert watch.stopped


async def test_an_attempt_is_over_when_its_job_was_canceled_and_runs_anew(idle_lab: Lab) -> None:
    job = await begin(idle_lab, await idle_lab.record("count"))
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=0.01), job)
    await idle_lab.jobs.cancel(job.id)
    await idle_lab.jobs.retry(job.id)
    again = await begin(idle_lab, job.id, run=2)

    assert again.attempts == job.attempts
    assert not await watch.is_ours()


async def test_an_attempt_that_is_not_the_current_one_ends_nothing(idle_lab: Lab) -> None:
    old = await begin(idle_lab, await idle_lab.record("count"))
    await begin(idle_lab, old.id)
    kind = idle_lab.jobs._kinds.get("count")
    async with idle_lab.database.write() as session:
        ended = await transitions.succeed(session, old.id, 1, kind, {}, now=utc_now(), attempt=old.attempts)

    assert ended is None
    assert await idle_lab.hooks(old.id) == []


async def test_a_canceled_job_is_not_begun(idle_lab: Lab) -> None:
    job_id = await idle_lab.record("count")
    await idle_lab.jobs.cancel(job_id)
    async with idle_lab.database.write() as session:
        assert await transitions.begin(session, job_id, 1, worker="a", now=utc_now()) is None


async def test_an_older_run_is_not_begun(idle_lab: Lab) -> None:
    job_id = await idle_lab.record("count")
    await idle_lab.jobs.cancel(job_id)
    await idle_lab.jobs.retry(job_id)
    async with idle_lab.database.write() as session:
        assert await transitions.begin(session, job_id, 1, worker="a", now=utc_now()) is None


async def test_the_rows_of_many_attempts_are_checked_in_one_query(idle_lab: Lab) -> None:
    """With what a few of them write; the ones that another attempt or an end has overtaken are stopped."""
    watch = FenceWatch(idle_lab.database, interval_s=60)
    jobs = [await begin(idle_lab, await idle_lab.record("count")) for _ in range(6)]
    fences = [AttemptFence(watch, job) for job in jobs]
    await begin(idle_lab, jobs[0].id, worker="b")
    await idle_lab.jobs.cancel(jobs[1].id)
    await fences[2].report(0.5, "half")
    statements: list[str] = []

    def seen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    event.listen(idle_lab.database.engine.sync_engine, "before_cursor_execute", seen)
    stopped = await watch.check(fences)
    event.remove(idle_lab.database.engine.sync_engine, "before_cursor_execute", seen)

    assert stopped == set(fences[:2])
    assert [word for word in statements if word in ("SELECT", "UPDATE")] == ["UPDATE", "SELECT"]
    assert (await idle_lab.jobs.get(jobs[2].id)).progress == 0.5
