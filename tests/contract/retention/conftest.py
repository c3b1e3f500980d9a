"""An installation whose ann is an admin, with the means to carry a run out without a worker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import describe
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.storage.local import LocalStore
from tests.fixtures.site import Site, open_site

CarryOut = Callable[[str], Awaitable[JobRow]]


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """With an hour of headroom for recordings, and no other floor."""
    async with open_site(tmp_path, migrated_url) as opened:
        await opened.make_admin(opened.ann)
        yield opened


@pytest.fixture
def carry_out(site: Site, tmp_path: Path) -> CarryOut:
    """Do what a worker would with a recorded job; its row as it is then."""

    async def carry_out(job_id: str) -> JobRow:
        job = await site.get(Jobs).get(job_id)
        kind = site.get(JobKinds).get(job.kind)
        outcome: dict[str, Any] | Exception
        try:
            outcome = await kind.run(JobContext(job_id=job_id, work=tmp_path), job.args)
        except Exception as error:
            outcome = error
        async with site.get(Database).write() as session:
            row = await session.get_one(JobRow, job_id)
            if isinstance(outcome, Exception):
                row.state, failed = "failed", describe(outcome)
                row.error_code, row.error_message = failed.code, failed.message
                await kind.on_failed(session, row, failed)
            else:
                row.state = "succeeded"
                await kind.on_succeeded(session, row, outcome)
        return row

    return carry_out


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Give the store a disk of so many bytes, on which only its objects are."""

    def shrink(total_bytes: int) -> None:
        def free_bytes(store: LocalStore) -> int:
            return total_bytes - sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file())

        monkeypatch.setattr(LocalStore, "free_bytes", free_bytes)

    return shrink
