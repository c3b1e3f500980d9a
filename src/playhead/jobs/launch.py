"""Launch of the engine in a worker process: its tables, our workflows, its queues."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from playhead.jobs.attempt import Attempts
from playhead.jobs.engine import APPLICATION, PARTS, VERSION, part_workflow
from playhead.jobs.engine_clock import provide_unixepoch
from playhead.jobs.engine_log import route_engine_log
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.kinds import MAX_RECOVERIES, JobKind, JobKinds
from playhead.jobs.queues import wake_queues_by_work


async def launch(
    jobs_url: str, worker: str, kinds: JobKinds, attempts: Attempts, slots: Mapping[str, int], *, poll_s: float
) -> None:
    """Migrate the engine's database, then take jobs from the queues.

    Args:
        worker: Name among all live workers.
        slots: Runs at once in this process, by queue.
        poll_s: Seconds between two polls of the queues.

    Raises:
        EngineUnavailable: its tables cannot be made.
    """
    from dbos import DBOS

    route_engine_log()
    provide_unixepoch()
    await _migrate(jobs_url)
    _configure(jobs_url, worker)
    for kind in kinds:
        DBOS.workflow(name=kind.name, max_recovery_attempts=kind.recoveries)(_workflow(attempts, kind))
        for function in kind.parts:
            name = part_workflow(kind.name, function)
            DBOS.workflow(name=name, max_recovery_attempts=MAX_RECOVERIES)(_part_workflow(attempts, kind, function))
    used = {PARTS, *(kind.queue for kind in kinds)}
    DBOS.listen_queues(sorted(used))  # not those that an older version registered
    wake_queues_by_work(poll_s)
    DBOS.launch()  # on this thread: the engine runs workflows on the loop that it finds here
    # Without partitions: of those the engine takes any, and only within one does it go by priority.
    for queue in used:
        await DBOS.register_queue_async(queue, worker_concurrency=slots[queue], polling_interval_sec=poll_s)


async def _migrate(jobs_url: str) -> None:
    from dbos import DBOS

    # Beside the loop: the engine makes indexes CONCURRENTLY, which waits for the end of every transaction in the
    # database, those of this very process included, and they end only if the loop runs.
    try:
        await asyncio.to_thread(DBOS.migrate, jobs_url)
    except SQLAlchemyError as error:
        raise EngineUnavailable(
            f"The job engine's database could not be prepared: {getattr(error, 'orig', error)}",
            hint="The worker has to be able to make a schema and tables in it.",
        ) from error


def _configure(jobs_url: str, worker: str) -> None:
    from dbos import DBOS, DBOSPortableJSONSerializer

    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": jobs_url,
            "serializer": DBOSPortableJSONSerializer(),
            "executor_id": worker,
            "application_version": VERSION,
            "log_level": "WARNING",
        }
    )


def _workflow(attempts: Attempts, kind: JobKind) -> Any:
    async def run_job(job_id: str, run: int) -> dict[str, Any]:
        return await attempts.run(kind, job_id, run)

    return run_job


def _part_workflow(attempts: Attempts, kind: JobKind, function: str) -> Any:
    async def run_part(job_id: str, run: int, name: str, facts: dict[str, Any]) -> dict[str, Any]:
        return await attempts.run_part(kind, function, job_id, run, name, facts)

    return run_part
