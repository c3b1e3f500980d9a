"""Many jobs, several workers, one SQLite file."""

import asyncio

from tests.fixtures.job_site import Lab
from tests.fixtures.tiers import thorough

JOBS, AT_ONCE = 100, 10
"""As many at once as a pool has connections: who waits for one is refused after 10 s, which a busy machine needs."""


@thorough
async def test_two_workers_share_one_sqlite_file(lab: Lab) -> None:
    """Every job runs once, both workers take part, and nobody meets a locked database."""
    for _ in range(2):
        lab.site.start_worker()
    ids: list[str] = []
    while len(ids) < JOBS:
        ids += await asyncio.gather(*(lab.start("count") for _ in range(AT_ONCE)))
    jobs = [await lab.until(job_id, "succeeded", "failed") for job_id in ids]

    assert {job.state for job in jobs} == {"succeeded"}
    assert all(lab.count(job.id) == 1 for job in jobs)
    assert len({job.worker for job in jobs}) == 2
    log = lab.site.log.read_text()
    assert "locked" not in log
    assert "did not answer" not in log
