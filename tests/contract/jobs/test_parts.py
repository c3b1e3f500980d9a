"""Jobs that spread their work over parts, with one living worker that does two at a time."""

import asyncio

import pytest
from sqlalchemy import select

from playhead.jobs import parts, transitions
from playhead.jobs.engine import Engine
from playhead.jobs.parts import PartFence
from playhead.jobs.progress import AttemptFence, FenceWatch
from playhead.jobs.tables import JobRow, PartRow
from playhead.kit.clock import utc_now
from tests.fixtures.job_site import Lab
from tests.fixtures.processes import is_alive


async def test_parts_run_side_by_side_and_their_results_come_in_order(lab: Lab) -> None:
    """Two at a time, beside the job that waits for them; each is shown as a step."""
    job_id = await lab.start("spread", seconds=[None, None, 0])
    children = [await lab.child("0"), await lab.child("1")]
    assert all(is_alive(child) for child in children)
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.progress) == ("succeeded", 1.0)
    steps = await lab.jobs.steps(job_id)
    assert {(step.name, step.state) for step in steps} == {
        (name, "succeeded") for name in ("plan", "part 0", "part 1", "part 2", "parts")
    }
    assert all(step.started_at and step.finished_at for step in steps)
    engine = Engine(lab.site.jobs_url)
    outcome = (await engine.outcomes([job_id]))[job_id]
    await engine.close()
    assert outcome.output["result"]["done"] == ["0", "1", "2"]


async def test_one_part_alone_is_a_step_of_the_job_itself(lab: Lab) -> None:
    job = await lab.until(await lab.start("spread", seconds=[0]), "succeeded", "failed")

    assert job.state == "succeeded"
    assert [step.name for step in await lab.jobs.steps(job.id)] == ["plan", "one"]


async def test_the_jobs_progress_is_the_sum_of_its_parts(lab: Lab) -> None:
    """Four parts: one is done, two tell a quarter, one waits."""
    job_id = await lab.start("spread", seconds=[0, None, None, None])
    await lab.child("1")
    await lab.child("2")
    while (job := await lab.jobs.get(job_id)).progress < 0.375:
        assert job.state in ("queued", "running")
        await asyncio.sleep(0.02)
    assert job.progress == 0.375

    await lab.jobs.cancel(job_id)


async def test_a_cancel_ends_the_children_of_all_parts(lab: Lab) -> None:
    job_id = await lab.start("spread", seconds=[60, 60, 60])
    children = [await lab.child("0"), await lab.child("1")]
    await lab.jobs.cancel(job_id)
    await lab.until_true(lambda: not any(is_alive(child) for child in children) and not lab.site.scratch())

    assert (await lab.jobs.get(job_id)).state == "canceled"
    assert lab.count("begun-2") == 0
    assert await _rows(lab, job_id) in ([], ["part 0", "part 1"])  # until a worker tidies up


async def test_the_row_alone_ends_parts_that_the_engine_was_not_told_about(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unheard(self: Engine, run_id: str) -> None:
        return None

    monkeypatch.setattr(Engine, "cancel", unheard)
    monkeypatch.setattr(Engine, "cancel_parts", unheard)
    job_id = await lab.start("spread", seconds=[60, 60, 60])
    children = [await lab.child("0"), await lab.child("1")]
    await lab.jobs.cancel(job_id)
    await lab.until_true(lambda: not any(is_alive(child) for child in children))

    assert lab.count("begun-2") == 0


async def test_the_first_failure_ends_the_others_and_the_job_with_its_facts(lab: Lab) -> None:
    job_id = await lab.start("spread", seconds=[60, 60, 60], fails=1, others=1)
    child = await lab.child("0")
    job = await lab.until(job_id, "failed")
    # A third part may begin in the slot of the one that failed, before its job has seen that; it ends like the first.
    await lab.until_true(lambda: not is_alive(child) and not lab.site.scratch())

    assert (job.error_code, job.error_retryable) == ("unreadable_video", False)
    assert (job.error_message, job.error_hint) == ("The file ends after 12 of 40 MB.", "Upload it again.")
    assert job.log_tail == "moov atom not found"
    assert [(step.name, step.error) for step in await lab.jobs.steps(job_id) if step.state == "failed"] == [
        ("part 1", "The file ends after 12 of 40 MB."),
        ("parts", "The file ends after 12 of 40 MB."),
    ]


async def test_another_run_has_parts_of_its_own(lab: Lab) -> None:
    job_id = await lab.start("spread", seconds=[0, None])
    await lab.until_marked("done-0")
    await lab.child("1")
    await lab.jobs.cancel(job_id)
    lab.open_gate()
    await lab.jobs.retry(job_id)
    job = await lab.until(job_id, "succeeded", "failed")

    assert (job.state, job.run, lab.count("begun-0")) == ("succeeded", 2, 2)


async def test_a_part_is_begun_only_while_its_job_needs_it(idle_lab: Lab) -> None:
    """Not after its job's end, and not for a run that is over."""
    job_id = await idle_lab.record("spread")
    async with idle_lab.database.write() as session:
        assert await parts.begin(session, (job_id, 2, "part 0"), worker="a") is None
        assert await parts.begin(session, (job_id, 1, "part 0"), worker="a") is not None
    await idle_lab.jobs.cancel(job_id)
    async with idle_lab.database.write() as session:
        assert await parts.begin(session, (job_id, 1, "part 0"), worker="a") is None


async def test_an_attempt_at_a_part_is_over_when_another_has_begun(idle_lab: Lab) -> None:
    key = (await idle_lab.record("spread"), 1, "part 0")
    old, new = await _begin(idle_lab, key), await _begin(idle_lab, key)
    await old.report(0.75, None)
    await new.report(0.5, "words that no part keeps")

    assert not await old.is_ours()
    assert await new.is_ours()
    assert await parts.progress_of(idle_lab.database, key[0], 1, ["part 0", "part 1"]) == {"part 0": 0.5}


async def test_what_parts_left_is_forgotten_when_their_job_has_ended(idle_lab: Lab) -> None:
    ended, active = await idle_lab.record("spread"), await idle_lab.record("spread")
    for job_id in (ended, active):
        await _begin(idle_lab, (job_id, 1, "part 0"))
    await idle_lab.jobs.cancel(ended)
    await idle_lab.jobs.forget_parts()

    assert (await _rows(idle_lab, ended), await _rows(idle_lab, active)) == ([], ["part 0"])


async def test_what_others_did_meanwhile_does_not_count_as_an_attempts_pace(idle_lab: Lab) -> None:
    """Else an attempt that finds half of the work done would promise the other half at once."""
    job_id = await idle_lab.record("spread")
    async with idle_lab.database.write() as session:
        job = await transitions.begin(session, job_id, 1, worker="a", now=utc_now())
    assert job is not None
    watch = AttemptFence(FenceWatch(idle_lab.database, interval_s=60), job)
    await watch.report(0.5, None)
    watch.restart_pace()
    await watch.is_ours()
    seen = await idle_lab.jobs.get(job_id)

    assert (seen.progress, seen.attempt_progress) == (0.5, 0.5)
    assert isinstance(seen, JobRow)
    assert seen.eta_s(utc_now()) is None


async def _begin(lab: Lab, key: tuple[str, int, str]) -> PartFence:
    async with lab.database.write() as session:
        begun = await parts.begin(session, key, worker="a")
    assert begun is not None
    return PartFence(lab.database, key, begun[1], interval_s=60)


async def _rows(lab: Lab, job_id: str) -> list[str]:
    async with lab.database.read() as session:
        return sorted(await session.scalars(select(PartRow.name).where(PartRow.job_id == job_id)))
