"""Workers that are told to stop."""

import pytest

from playhead.jobs.workers import workers_of
from tests.fixtures.databases import KINDS
from tests.fixtures.job_site import Lab
from tests.fixtures.processes import is_alive

NEVER_S = 600.0
"""The failure detector would see a dead worker only after the test's own bound."""


@pytest.mark.parametrize("dead_after_s", [NEVER_S])
@pytest.mark.parametrize("site_kind", KINDS)
async def test_a_stopped_worker_hands_its_jobs_over(lab: Lab) -> None:
    """Without the failure detector, with exit code 0 and nothing left behind."""
    first = lab.site.start_worker()
    job_id = await lab.start("render", seconds=[0, None])
    child = await lab.child("1")
    other = lab.site.start_worker()

    assert first.stop() == 0
    assert not is_alive(child)
    assert [worker.id for worker in await workers_of(lab.database)] == [other.name]
    await lab.until_true(lambda: lab.count("begun-1") == 2)
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")
    assert (job.state, job.attempts, lab.count("begun-0")) == ("succeeded", 2, 1)
    assert lab.site.scratch() == []


@pytest.mark.parametrize("dead_after_s", [NEVER_S])
async def test_a_stopped_worker_hands_over_the_parts_it_runs(lab: Lab) -> None:
    first = lab.site.start_worker()
    job_id = await lab.start("spread", seconds=[0, None, None])
    children = [await lab.child("1"), await lab.child("2")]
    other = lab.site.start_worker()

    assert first.stop() == 0
    assert not any(is_alive(child) for child in children)
    await lab.until_true(lambda: lab.count("begun-1") == lab.count("begun-2") == 2)
    lab.open_gate()
    job = await lab.until(job_id, "succeeded", "failed")
    assert (job.state, job.attempts, job.worker) == ("succeeded", 2, other.name)
    assert (lab.count("begun-0"), lab.count("plan")) == (1, 1)


async def test_an_idle_worker_stops_with_a_clean_log(lab: Lab) -> None:
    worker = lab.site.start_worker()
    await lab.until(await lab.start("count"), "succeeded")

    assert worker.stop() == 0
    assert "Traceback" not in lab.site.log.read_text()
