"""The seam over the job engine: names that the API and the workers share, and a client of its database.

The engine is imported on first use: a process that submits nothing does not pay for it.
"""

import asyncio
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playhead.db.database import prompt_pool
from playhead.db.urls import sqlite_file
from playhead.jobs.engine_clock import provide_unixepoch
from playhead.jobs.engine_log import route_engine_log
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.tables import JobRow

if TYPE_CHECKING:
    from dbos import DBOSClient
    from dbos._sys_db import StepInfo, WorkflowStatus  # the engine gives these no public home
    from sqlalchemy import Engine as Pool

APPLICATION = "playhead"
PARTS = "parts"
"""The queue of parts, apart from the jobs' own: a job that waits for its parts cannot take the slot they need."""

UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
"""States in the engine of a run that waits or runs."""

POOL_SIZE = 3

VERSION = "1"
"""Constant on purpose: the engine never hands work of one version to workers of another."""


def workflow_id(job_id: str, run: int) -> str:
    """Name one run of a job in the engine: the job's id, with ``.2`` and so on for later runs."""
    return job_id if run == 1 else f"{job_id}.{run}"


def part_id(run_id: str, name: str) -> str:
    """Name the run of a part of a job."""
    return f"{run_id}/{name}"


def part_name(part: str) -> str:
    """The part's own name in the id of its run."""
    return part.partition("/")[2]


def part_workflow(kind: str, function: str) -> str:
    """Name in the engine what does the parts of a kind of job."""
    return f"{kind}.{function}"


def partition(job: JobRow) -> str:
    """Name the jobs that run one at a time, for workers of a version that takes a queue by its partitions."""
    return job.project_id or job.video_id or job.id


def use_write_ahead_log(jobs_url: str) -> None:
    """Set an embedded engine's file to WAL, which lasts; else readers and writers stop each other.

    Raises:
        EngineUnavailable: it cannot be opened and written.
    """
    if (file := sqlite_file(jobs_url)) is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    except (OSError, sqlite3.Error) as error:
        raise EngineUnavailable(
            f"The job engine's database cannot be opened: {error}.",
            hint=f"Restore {file}, or move it away: what waits is queued anew, what had ended is kept."
            if type(error) is sqlite3.DatabaseError  # not a database, or a damaged one
            else f"The worker has to be able to write {file} and its folder.",
        ) from error


@dataclass(frozen=True, slots=True)
class Outcome:
    """The engine's record of one run: its status, and the stored output of one that ended."""

    status: str
    output: Any

    @property
    def is_active(self) -> bool:
        """Waiting or running."""
        return self.status in UNFINISHED


@dataclass(frozen=True, slots=True)
class QueuedPart:
    """A part that waits or runs: of which run of which job, and its priority in the queue."""

    run_id: str
    kind: str
    priority: int
    has_begun: bool

    @property
    def job_id(self) -> str:
        """The job that the part belongs to."""
        return self.run_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class EndedPart:
    """A part that has ended; times in milliseconds since 1970."""

    name: str
    outcome: Outcome
    started_ms: int | None
    ended_ms: int | None


class Engine:
    """A client of the engine's database; it runs nothing and migrates nothing. Every call is one thread hop.

    Raises (each method):
        EngineUnavailable: no worker has made the database yet, or it does not answer.
    """

    def __init__(self, jobs_url: str) -> None:
        self._url = jobs_url
        self._opened: DBOSClient | None = None
        self._pool: Pool | None = None
        self._lock = threading.Lock()

    async def enqueue(self, job: JobRow, queue: str) -> None:
        """Enqueue one run of a job; idempotent."""
        options: Any = {
            "workflow_name": job.kind,
            "queue_name": queue,
            "workflow_id": workflow_id(job.id, job.run),
            "queue_partition_key": partition(job),
        }
        if job.priority > 0:  # the engine takes 0 for none, which comes first
            options["priority"] = job.priority
        await self._call(lambda client: client.enqueue(options, job.id, job.run))

    async def enqueue_part(
        self, job: JobRow, function: str, run_id: str, facts: dict[str, Any], *, priority: int
    ) -> None:
        """Enqueue a part of a job; idempotent.

        Args:
            run_id: Its `part_id`.
            priority: From 1; the lowest goes first.
        """
        options: Any = {
            "workflow_name": part_workflow(job.kind, function),
            "queue_name": PARTS,
            "workflow_id": run_id,
            "priority": priority,
        }
        await self._call(lambda client: client.enqueue(options, job.id, job.run, part_name(run_id), facts))

    async def parts_in_queue(self) -> list[QueuedPart]:
        """The parts of all jobs that wait or run."""

        def listed(client: "DBOSClient") -> "list[WorkflowStatus]":
            return client.list_workflows(queue_name=PARTS, status=UNFINISHED, load_input=False, load_output=False)

        return [
            QueuedPart(
                run_id=found.workflow_id.partition("/")[0],
                kind=found.name.rpartition(".")[0],
                priority=found.priority or 0,
                has_begun=found.status == "PENDING",
            )
            for found in await self._call(listed)
        ]

    async def cancel_parts(self, run_id: str) -> None:
        """Stop the parts of a run that have not ended."""

        def cancel(client: "DBOSClient") -> None:
            unfinished = client.list_workflows(
                workflow_id_prefix=part_id(run_id, ""), status=UNFINISHED, load_input=False, load_output=False
            )
            if unfinished:
                client.cancel_workflows([found.workflow_id for found in unfinished])

        await self._call(cancel)

    async def ended_parts(self, run_id: str) -> list[EndedPart]:
        """The parts of a run that have ended, in the order of their ends."""

        def listed(client: "DBOSClient") -> "list[WorkflowStatus]":
            return client.list_workflows(
                workflow_id_prefix=part_id(run_id, ""), status=["SUCCESS", "ERROR"], load_input=False
            )

        parts = [
            EndedPart(
                part_name(found.workflow_id),
                Outcome(found.status, found.output),
                found.dequeued_at,
                found.completed_at or found.updated_at,
            )
            for found in await self._call(listed)
        ]
        return sorted(parts, key=lambda part: part.ended_ms or 0)

    async def cancel(self, run_id: str) -> None:
        """Stop a run, or see that it never starts."""
        await self._call(lambda client: client.cancel_workflow(run_id))

    async def outcomes(self, run_ids: list[str]) -> dict[str, Outcome]:
        """The outcomes of these runs, without those unknown to the engine."""
        if not run_ids:
            return {}  # to the engine, none named means all

        def listed(client: "DBOSClient") -> "list[WorkflowStatus]":
            return client.list_workflows(workflow_ids=run_ids, load_input=False, load_output=True)

        return {found.workflow_id: Outcome(found.status, found.output) for found in await self._call(listed)}

    async def steps(self, run_id: str) -> "list[StepInfo]":
        """The recorded steps of a run, in order."""
        steps: list[StepInfo] = await self._call(lambda client: client.list_workflow_steps(run_id))
        return steps

    async def busy_workers(self) -> set[str]:
        """The workers that runs belong to now, dead or alive."""

        def listed(client: "DBOSClient") -> "list[WorkflowStatus]":
            return client.list_workflows(status="PENDING", load_input=False, load_output=False)

        return {found.executor_id for found in await self._call(listed) if found.executor_id}

    async def delete_finished(self, before: str, limit: int) -> int:
        """Forget runs that ended before a moment (RFC 3339), at most *limit*; how many there were."""

        def delete(client: "DBOSClient") -> int:
            old = client.list_workflows(completed_before=before, limit=limit, load_input=False, load_output=False)
            if old:
                client.delete_workflows([found.workflow_id for found in old])
            return len(old)

        count: int = await self._call(delete)
        return count

    async def close(self) -> None:
        """Close its connections."""
        with self._lock:
            client, self._opened = self._opened, None
        if client is not None:
            await asyncio.to_thread(client.destroy)
        if self._pool is not None:
            self._pool.dispose()

    async def _call(self, function: Any) -> Any:
        try:
            return await asyncio.to_thread(lambda: function(self._client()))
        except EngineUnavailable:
            raise
        except Exception as error:
            raise EngineUnavailable("The job engine's database did not answer.") from error

    def _client(self) -> "DBOSClient":
        with self._lock:
            if self._opened is None:
                file = sqlite_file(self._url)
                if file is not None and not file.exists():
                    raise EngineUnavailable(
                        "No worker has run on this data yet, so there is no job engine to give work to.",
                        hint="Start a worker: playhead worker.",
                    )
                if file is None:
                    self._pool = prompt_pool(self._url, size=POOL_SIZE)
                self._opened = _connect(self._url, self._pool)
            return self._opened


def _connect(jobs_url: str, pool: "Pool | None") -> "DBOSClient":
    from dbos import DBOSClient, DBOSPortableJSONSerializer

    route_engine_log()
    provide_unixepoch()
    return DBOSClient(
        system_database_url=jobs_url,
        system_database_engine=pool,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        retry_connection_errors=False,
        lazy=True,
        system_database_pool_size=POOL_SIZE,
    )
