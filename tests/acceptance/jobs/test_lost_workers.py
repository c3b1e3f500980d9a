"""Workers that are killed in the middle of a job."""

import asyncio
from signal import SIGCONT, SIGSTOP

import pytest

from tests.fixtures.databases import KINDS
from tests.fixtures.job_site import Lab
from tests.fixtures.processes import is_alive
from tests.fixtures.tiers import sample, thorough


@pytest.mark.parametrize("site_kind", sample(KINDS, each=2))
async def test_another_worker_finishes_what_a_killed_one_began(lab: Lab) -> None:
    """Finished steps are not redone, no child is left behind, and nothing stays in the scratch folder."""
    first = lab.site.start_worker()
    job_id = await lab.start("render", seconds=[0, None, 0])
    child = await lab.child("1")
    other = lab.site.start_worker()
    first.kill()
    await lab.until_true(lambda: not is_alive(child))
    assert (await lab.jobs.get(job_id)).state == "running"
    await lab.until_true(lambda: lab.count("begun-1") == 2)
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.attempts, job.worker) == ("succeeded", 2, other.name)
    assert [lab.count(f"begun-{step}") for step in range(3)] == [1, 2, 1]
    assert [lab.count(f"done-{step}") for step in range(3)] == [1, 1, 1]
    assert await lab.hooks(job_id) == ["succeeded"]
    assert lab.site.scratch() == []


@thorough
@pytest.mark.parametrize("site_kind", KINDS)
async def test_parts_are_shared_by_two_workers_and_outlive_the_one_that_spread_them(lab: Lab) -> None:
    """Both take parts; when the job's own worker dies the other goes on, and no finished part is redone."""
    first = lab.site.start_worker()
    job_id = await lab.start("spread", seconds=[0, None, None, None, None])
    children = [await lab.child("1"), await lab.child("2")]
    other = lab.site.start_worker()
    children += [await lab.child("3"), await lab.child("4")]
    while not (before := [step for step in await lab.jobs.steps(job_id) if step.name == "part 0"]):
        await asyncio.sleep(0.02)
    first.kill()
    await lab.until_true(lambda: not any(is_alive(child) for child in children[:2]))
    assert all(is_alive(child) for child in children[2:])
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.attempts, job.worker) == ("succeeded", 2, other.name)
    assert [lab.count(f"begun-{part}") for part in range(5)] == [1, 2, 2, 1, 1]
    assert [lab.count(f"done-{part}") for part in range(5)] == [1, 1, 1, 1, 1]
    assert lab.count("plan") == 1
    assert [step for step in await lab.jobs.steps(job_id) if step.name == "part 0"] == before
    assert await lab.hooks(job_id) == ["succeeded"]
    assert lab.site.scratch() == []


async def test_a_restarted_worker_finds_its_own_jobs_without_waiting_for_anyone(lab: Lab) -> None:
    first = lab.site.start_worker()
    job_id = await lab.start("render", seconds=[0, None])
    await lab.child("1")
    first.kill()
    again = lab.site.start_worker()
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")

    assert again.name == first.name
    assert (job.state, job.attempts, lab.count("begun-0")) == ("succeeded", 2, 1)
    assert lab.site.scratch() == []


@thorough
async def test_a_job_that_kills_its_workers_is_given_up(lab: Lab) -> None:
    job_id = await lab.start("deadly")
    for _ in range(4):
        worker = lab.site.start_worker(dies=True)
        assert worker.process.wait(120) == -9
    lab.site.start_worker()
    job = await lab.until(job_id, "failed")

    assert (job.error_code, job.error_retryable) == ("worker_keeps_dying", False)
    assert lab.count("deaths") == 4
    assert await lab.hooks(job_id) == ["failed"]


@thorough
@pytest.mark.parametrize("site_kind", ["postgresql"])  # a frozen process may hold the lock of a SQLite file
async def test_a_worker_that_only_seemed_dead_does_not_end_the_job_a_second_time(lab: Lab) -> None:
    """A stopped process that wakes up after its job was taken over finds that it must let go."""
    sleeper = lab.site.start_worker()
    job_id = await lab.start("render", seconds=[0, None])
    child = await lab.child("1")
    other = lab.site.start_worker()
    sleeper.process.send_signal(SIGSTOP)
    await lab.until_true(lambda: lab.count("begun-1") == 2)
    sleeper.process.send_signal(SIGCONT)
    await lab.until_true(lambda: not is_alive(child))
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.attempts, job.worker) == ("succeeded", 2, other.name)
    assert lab.count("done-1") == 1
    assert await lab.hooks(job_id) == ["succeeded"]
    assert sleeper.stop() == 0
