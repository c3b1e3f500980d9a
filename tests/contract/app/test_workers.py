"""``GET /workers`` and what ``/readyz`` says of workers."""

import os
import socket
from typing import Any

import httpx2

from playhead.access.access import Access
from playhead.db.database import Database
from playhead.jobs.heartbeat import Heartbeat, report_failure
from playhead.jobs.tables import JobRow
from playhead.jobs.workers import WorkerRegistry
from playhead.kit.clock import utc_now
from playhead.observe.checks import run_checks
from playhead.services import Check
from tests.fixtures.site import Site

REASON = "The database cannot be opened: /srv/ph/jobs.db."


async def workers(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/v1/workers")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def worker_check(site: Site, *, with_worker: bool) -> tuple[bool, str | None]:
    registry = WorkerRegistry(site.get(Database), dead_after_s=15, expected=with_worker)
    [result] = await run_checks([Check("worker", registry.check)])
    return result.ok, result.detail


async def admin_of(site: Site) -> httpx2.AsyncClient:
    await site.get(Access).users.change(None, site.ann.user.id, role="admin")
    made = await site.get(Access).keys.create(None, user_id=site.ann.user.id, name="admin", scopes=["admin"])
    site.ann.client.headers["Authorization"] = f"Bearer {made.key}"
    return site.ann.client


async def test_everybody_learns_why_jobs_wait_and_admins_where(site: Site) -> None:
    """Folders and addresses are for admins."""
    await report_failure(site.get(Database), pid=7, reason=REASON, hint="Write to /srv/ph.")
    admin = await admin_of(site)

    member = await workers(site.bob.client)
    assert member["counts"] == {"starting": 0, "ready": 0, "failed": 1, "lost": 0}
    assert member["problem"] == {
        "code": "worker_failed",
        "message": "No worker is running, so jobs wait.",
        "reason": "The database cannot be opened: jobs.db.",
        "hint": "Write to ph.",
    }
    assert member["items"] is None

    seen = await workers(admin)
    assert seen["problem"]["reason"] == REASON
    assert [(one["host"], one["pid"], one["state"], one["reason"]) for one in seen["items"]] == [
        (socket.gethostname(), 7, "failed", REASON)
    ]


async def test_admins_see_what_each_worker_runs(site: Site) -> None:
    await Heartbeat(site.get(Database), "w1").ready()
    job = JobRow(id="job_1", kind="stitch", owner_id=site.bob.user.id, title="Trip", args={}, state="running", run=1)
    job.worker, job.created_at, job.progress, job.attempts, job.attempt_progress = "w1", utc_now(), 0.0, 1, 0.0
    async with site.get(Database).write() as session:
        session.add(job)

    found = await workers(await admin_of(site))

    assert found["problem"] is None
    assert [(one["id"], one["pid"], one["jobs"]) for one in found["items"]] == [
        ("w1", os.getpid(), [{"id": "job_1", "kind": "stitch", "title": "Trip"}])
    ]


async def test_a_server_is_ready_with_its_worker_and_says_what_that_one_lacks(site: Site) -> None:
    """A server whose workers run elsewhere serves without them, and says that jobs wait."""
    database = site.get(Database)
    nobody = "No worker is running, so jobs wait. Start one: playhead worker."
    assert await worker_check(site, with_worker=True) == (
        False,
        "The worker is starting; jobs wait until it is ready.",
    )
    assert await worker_check(site, with_worker=False) == (True, nobody)
    assert (await workers(site.bob.client))["problem"]["code"] == "worker_starting"  # not: start one

    await report_failure(database, pid=7, reason=REASON, hint="Look.")
    why = "No worker is running, so jobs wait. The database cannot be opened: jobs.db. Look."
    assert await worker_check(site, with_worker=True) == (False, why)
    assert await worker_check(site, with_worker=False) == (True, why)

    await Heartbeat(database, "w1").ready()
    assert await worker_check(site, with_worker=True) == (True, "1 alive")
