"""Recording jobs: what is true with no worker alive."""

import asyncio

import pytest

from playhead.jobs.errors import JobNotFailed, JobNotFound, JobNotRunning, JobSuperseded
from tests.fixtures.job_site import Lab


async def test_a_job_is_queued_when_its_transaction_commits(idle_lab: Lab) -> None:
    job = await idle_lab.jobs.get(await idle_lab.record("count"))

    assert (job.state, job.run, job.attempts, job.progress) == ("queued", 1, 0, 0.0)


async def test_a_job_is_not_there_when_its_transaction_rolls_back(idle_lab: Lab) -> None:
    job_id = ""
    with pytest.raises(RuntimeError):
        async with idle_lab.database.write() as session:
            job = await idle_lab.jobs.record(session, kind="count", owner_id="usr_a", title="", args={})
            job_id = job.id
            raise RuntimeError

    with pytest.raises(JobNotFound):
        await idle_lab.jobs.get(job_id)


async def test_an_unknown_kind_is_a_mistake_of_the_program(idle_lab: Lab) -> None:
    with pytest.raises(LookupError, match="no kind of job is named 'dance'"):
        await idle_lab.record("dance")


async def test_the_same_dedupe_key_is_the_same_job(idle_lab: Lab) -> None:
    first = await idle_lab.record("count", dedupe_key="prj_a:7")

    assert await idle_lab.record("count", dedupe_key="prj_a:7") == first
    assert await idle_lab.record("count", dedupe_key="prj_a:8") != first


async def test_many_requests_at_once_with_one_dedupe_key_make_one_job(idle_lab: Lab) -> None:
    jobs = await asyncio.gather(*(idle_lab.record("count", dedupe_key="prj_a:7") for _ in range(8)))

    assert len(set(jobs)) == 1


async def test_a_canceled_job_frees_its_dedupe_key(idle_lab: Lab) -> None:
    first = await idle_lab.record("count", dedupe_key="prj_a:7")
    await idle_lab.jobs.cancel(first)

    assert await idle_lab.record("count", dedupe_key="prj_a:7") != first


async def test_a_key_can_be_freed_by_hand(idle_lab: Lab) -> None:
    first = await idle_lab.record("count", dedupe_key="prj_a:7")
    async with idle_lab.database.write() as session:
        await idle_lab.jobs.release_key(session, first)

    assert await idle_lab.record("count", dedupe_key="prj_a:7") != first


async def test_submitting_without_any_worker_is_left_for_later(idle_lab: Lab) -> None:
    job_id = await idle_lab.start("count")

    assert (await idle_lab.jobs.get(job_id)).state == "queued"
    assert await idle_lab.jobs.reconcile() == 0


async def test_a_worker_that_comes_later_takes_what_was_recorded(idle_lab: Lab) -> None:
    job_id = await idle_lab.start("count")
    idle_lab.site.start_worker()

    assert (await idle_lab.until(job_id, "succeeded")).attempts == 1


async def test_canceling_a_queued_job_ends_it_and_calls_its_hook_once(idle_lab: Lab) -> None:
    job_id = await idle_lab.record("count")

    assert (await idle_lab.jobs.cancel(job_id)).state == "canceled"
    assert await idle_lab.hooks(job_id) == ["canceled"]
    with pytest.raises(JobNotRunning, match="it was canceled already"):
        await idle_lab.jobs.cancel(job_id)


async def test_canceling_or_retrying_an_unknown_job_finds_nothing(idle_lab: Lab) -> None:
    with pytest.raises(JobNotFound):
        await idle_lab.jobs.cancel("job_unknown")
    with pytest.raises(JobNotFound):
        await idle_lab.jobs.retry("job_unknown")


async def test_a_job_that_has_not_ended_is_not_retried(idle_lab: Lab) -> None:
    with pytest.raises(JobNotFailed, match="it is queued"):
        await idle_lab.jobs.retry(await idle_lab.record("count"))


async def test_a_retried_job_is_queued_as_its_next_run(idle_lab: Lab) -> None:
    job_id = await idle_lab.record("count")
    await idle_lab.jobs.cancel(job_id)
    job = await idle_lab.jobs.retry(job_id)

    assert (job.state, job.run, job.attempts, job.finished_at) == ("queued", 2, 0, None)
    assert await idle_lab.hooks(job_id) == ["canceled", "retried"]


async def test_a_job_is_not_retried_beside_another_that_does_the_same(idle_lab: Lab) -> None:
    first = await idle_lab.record("count", dedupe_key="prj_a:7")
    await idle_lab.jobs.cancel(first)
    second = await idle_lab.record("count", dedupe_key="prj_a:7")

    with pytest.raises(JobSuperseded, match=second):
        await idle_lab.jobs.retry(first)
