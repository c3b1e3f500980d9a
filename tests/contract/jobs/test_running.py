"""Jobs with one living worker."""

import asyncio
from datetime import timedelta

import pytest

import playhead
from playhead.jobs.engine import Engine
from playhead.jobs.errors import JobNotRunning
from playhead.jobs.watch import JobWatcher
from playhead.jobs.workers import workers_of
from playhead.kit.clock import utc_now
from tests.fixtures.job_site import Lab
from tests.fixtures.processes import is_alive


async def test_a_job_runs_its_steps_in_order_and_calls_its_hook_once(lab: Lab) -> None:
    job = await lab.until(await lab.start("render", seconds=[0, 0]), "succeeded", "failed")

    assert (job.state, job.progress, job.step, job.attempts) == ("succeeded", 1.0, None, 1)
    assert job.finished_at is not None
    assert await lab.hooks(job.id) == ["succeeded"]
    assert [(step.name, step.state) for step in await lab.jobs.steps(job.id)] == [
        ("render 0", "succeeded"),
        ("render 1", "succeeded"),
    ]


async def test_submitting_twice_runs_once(lab: Lab) -> None:
    job_id = await lab.record("count")
    await asyncio.gather(*(lab.jobs.submit(job_id) for _ in range(5)))
    await lab.until(job_id, "succeeded")
    await lab.jobs.submit(job_id)

    assert lab.count(job_id) == 1
    assert await lab.hooks(job_id) == ["succeeded"]


async def test_an_error_that_passes_is_tried_again_with_waits(lab: Lab) -> None:
    job = await lab.until(await lab.start("flaky", failures=2), "succeeded", "failed")

    assert job.state == "succeeded"
    assert (lab.count("tries"), job.attempts) == (3, 1)


async def test_an_error_that_does_not_pass_after_three_tries_fails_the_job(lab: Lab) -> None:
    job = await lab.until(await lab.start("flaky", failures=9), "succeeded", "failed")

    assert (job.state, job.error_code, job.error_retryable) == ("failed", "store_unavailable", True)
    assert job.error_message == "The store did not answer at try 3."
    assert lab.count("tries") == 3


async def test_an_error_of_the_caller_is_not_tried_again_and_keeps_its_facts(lab: Lab) -> None:
    job = await lab.until(await lab.start("broken"), "failed")

    assert lab.count("tries") == 1
    assert (job.error_code, job.error_retryable) == ("unreadable_video", False)
    assert (job.error_message, job.error_hint) == ("The file ends after 12 of 40 MB.", "Upload it again.")
    assert job.log_tail == "moov atom not found"
    assert await lab.hooks(job.id) == ["failed"]
    assert [(step.state, step.error) for step in await lab.jobs.steps(job.id)] == [
        ("failed", "The file ends after 12 of 40 MB.")
    ]


async def test_a_mistake_of_ours_is_told_without_its_inside(lab: Lab) -> None:
    job = await lab.until(await lab.start("broken", bug=True), "failed")

    assert job.error_code == "internal_error"
    assert "secret" not in f"{job.error_message} {job.error_hint} {await lab.jobs.steps(job.id)}"


async def test_a_hook_that_fails_undoes_the_success_and_fails_the_job(lab: Lab) -> None:
    job = await lab.until(await lab.start("count", hook_fails=True), "succeeded", "failed")

    assert (job.state, job.error_code) == ("failed", "unreadable_video")
    assert await lab.hooks(job.id) == ["failed"]


async def test_a_failed_job_can_be_run_again(lab: Lab) -> None:
    job_id = await lab.start("flaky", failures=3)
    await lab.until(job_id, "failed")
    await lab.jobs.retry(job_id)
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.run, job.error_code) == ("succeeded", 2, None)
    assert await lab.hooks(job_id) == ["failed", "retried", "succeeded"]


async def test_a_succeeded_job_cannot_be_canceled(lab: Lab) -> None:
    job = await lab.until(await lab.start("count"), "succeeded")

    with pytest.raises(JobNotRunning, match="it has succeeded already"):
        await lab.jobs.cancel(job.id)


async def test_a_cancel_ends_the_child_and_clears_the_scratch(lab: Lab) -> None:
    job_id = await lab.start("render", seconds=[60])
    child = await lab.child("0")
    await lab.jobs.cancel(job_id)
    await lab.until_true(lambda: not is_alive(child) and not lab.site.scratch())

    assert (await lab.jobs.get(job_id)).state == "canceled"
    assert await lab.hooks(job_id) == ["canceled"]


async def test_a_cancel_reaches_a_job_that_the_engine_was_not_told_about(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row alone stops a job that takes no steps and says nothing."""

    async def unheard(self: Engine, run_id: str) -> None:
        return None

    monkeypatch.setattr(Engine, "cancel", unheard)
    job_id = await lab.start("silent")
    await lab.until_marked("begun")
    await lab.jobs.cancel(job_id)
    await lab.until_marked("ended")

    assert await lab.hooks(job_id) == ["canceled"]


async def test_a_job_that_was_canceled_in_the_engine_alone_is_reconciled(lab: Lab) -> None:
    job_id = await lab.start("render", seconds=[60])
    child = await lab.child("0")
    engine = Engine(lab.site.jobs_url)
    await engine.cancel(job_id)
    await engine.close()
    await lab.until(job_id, "canceled")
    await lab.until_true(lambda: not is_alive(child))

    assert await lab.hooks(job_id) == ["canceled"]


async def test_jobs_of_one_project_run_one_after_another(lab: Lab) -> None:
    async with lab.database.write() as session:
        ids = [
            (
                await lab.jobs.record(
                    session,
                    kind="render",
                    owner_id="usr_a",
                    title="",
                    project_id="prj_one",
                    args={"marks": str(lab.marks), "seconds": [0.2]},
                )
            ).id
            for _ in range(2)
        ]
    for job_id in ids:
        await lab.jobs.submit(job_id)
    first, second = sorted(
        [await lab.until(job_id, "succeeded") for job_id in ids], key=lambda job: str(job.started_at)
    )

    assert first.finished_at is not None
    assert second.started_at is not None
    assert first.finished_at <= second.started_at


async def test_the_engine_begins_what_waits_by_its_places(lab: Lab) -> None:
    """With one slot free: owners in turn, pictures last, nothing of what was canceled."""
    blockers = [await lab.start("silent") for _ in range(4)]
    for job_id in blockers:
        await lab.until(job_id, "running")
    mine = [await lab.start(kind) for kind in ("pictures", "count", "count", "count", "count")]
    other = await lab.start("count", owner_id="usr_b")
    await lab.jobs.cancel(mine[2])
    await lab.jobs.cancel(blockers[0])
    jobs = [await lab.until(job_id, "succeeded") for job_id in (*mine[:2], *mine[3:], other)]
    for job_id in blockers[1:]:
        await lab.jobs.cancel(job_id)

    began = sorted(jobs, key=lambda job: str(job.started_at))
    assert [job.id for job in began] == [mine[1], other, mine[3], mine[4], mine[0]]


async def test_a_watcher_sees_a_job_from_its_queue_to_its_end(lab: Lab) -> None:
    watcher = JobWatcher(lab.database, interval_s=0.02)
    job_id = await lab.record("render", seconds=[0.5, 0.5])
    states: list[str] = []
    steps: set[str | None] = set()
    async for job in watcher.watch(job_id):
        if job.state == "queued":
            await lab.jobs.submit(job_id)
        if not states or states[-1] != job.state:
            states.append(job.state)
        steps.add(job.step)
    await watcher.close()

    assert states == ["queued", "running", "succeeded"]
    assert {"part 0", "part 1"} <= steps


async def test_a_living_worker_is_seen(lab: Lab) -> None:
    (worker,) = await workers_of(lab.database)

    assert (worker.state, worker.version) == ("ready", playhead.__version__)
    assert worker.pid > 0
    assert worker.seen_s_ago < 10


async def test_runs_that_ended_long_ago_are_forgotten_and_their_rows_stay(lab: Lab) -> None:
    job = await lab.until(await lab.start("count"), "succeeded")
    limit = utc_now() + timedelta(seconds=20)
    while await lab.jobs.steps(job.id) and utc_now() < limit:  # the engine ends a run after its row
        await lab.jobs.forget_before(utc_now() + timedelta(days=1))

    assert await lab.jobs.steps(job.id) == []
    assert (await lab.jobs.get(job.id)).state == "succeeded"
