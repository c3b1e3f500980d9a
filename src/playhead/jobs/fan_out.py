"""Fan-out of a job over workers: its parts are enqueued a window at a time, awaited, and canceled when one fails."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog

from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import PlayheadError
from playhead.jobs.context import Part, PartsProgress
from playhead.jobs.engine import Engine, Outcome, part_id, part_name, workflow_id
from playhead.jobs.errors import EngineUnavailable, PartFailed
from playhead.jobs.outages import retry_through_outage
from playhead.jobs.part_priorities import PartPriorities
from playhead.jobs.parts import progress_of
from playhead.jobs.reconcile import KEEPS_DYING, LOST
from playhead.jobs.tables import JobRow

log = structlog.get_logger(__name__)

WINDOW = 64
"""Parts in the queue at once: more than the slots of a few workers, few enough to poll twice a second."""


class FanOut:
    """The fan-out of one attempt.

    Args:
        job: The row as this attempt began it.
        priorities: Priorities of its parts in their queue.
        poll_s: Seconds between two polls of the parts.
        resumed: Called once when an earlier attempt has left finished or running parts.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        job: JobRow,
        priorities: PartPriorities,
        *,
        poll_s: float,
        resumed: Callable[[], None],
    ) -> None:
        self._database = database
        self._engine = engine
        self._job = job
        self._priorities = priorities
        self._run_id = workflow_id(job.id, job.run)
        self._poll_s = poll_s
        self._resumed = resumed

    async def __call__(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[Any]:
        """Run the parts; see `JobContext.fan_out`. A later attempt finds finished and running parts again."""
        ids = {part_id(self._run_id, part.name): part for part in parts}
        if len(ids) != len(parts):
            raise ValueError("two parts of a job have the same name")
        results: dict[str, Any] = {}
        try:
            submitted = await self._collect(list(ids), results)
            await self._report(ids, results, submitted, progress)
            if results or submitted:
                self._resumed()
            while len(results) < len(ids):
                await self._fill_window(function, ids, results, submitted)
                await asyncio.sleep(self._poll_s)
                submitted = await self._collect(list(submitted), results)
                await self._report(ids, results, submitted, progress)
        except PartFailed:
            with suppress(EngineUnavailable):  # each finds that its job has ended
                await self._engine.cancel_parts(self._run_id)
            raise
        return [results[run_id] for run_id in ids]

    async def _fill_window(
        self, function: str, ids: dict[str, Part], results: dict[str, Any], submitted: set[str]
    ) -> None:
        """Enqueue parts in order until the window is full."""
        wanted = [run_id for run_id in ids if run_id not in results and run_id not in submitted]
        if not (wanted := wanted[: max(0, WINDOW - len(submitted))]):
            return
        priorities = await retry_through_outage(
            lambda: self._priorities.next(len(wanted)), on=(EngineUnavailable, DatabaseUnavailable)
        )
        for run_id, priority in zip(wanted, priorities, strict=True):
            await self._enqueue(function, run_id, ids[run_id], priority)
            submitted.add(run_id)

    async def _enqueue(self, function: str, run_id: str, part: Part, priority: int) -> None:
        await retry_through_outage(
            lambda: self._engine.enqueue_part(self._job, function, run_id, part.facts, priority=priority),
            on=EngineUnavailable,
        )

    async def _collect(self, run_ids: list[str], results: dict[str, Any]) -> set[str]:
        """Collect the results of finished parts; returns the ids of the others.

        Raises:
            PartFailed: a part failed.
        """
        unfinished = set()
        outcomes = await retry_through_outage(lambda: self._engine.outcomes(run_ids), on=EngineUnavailable)
        for run_id, outcome in outcomes.items():
            if outcome.is_active:
                unfinished.add(run_id)
            else:
                results[run_id] = _result(part_name(run_id), outcome)
        return unfinished

    async def _report(
        self, ids: dict[str, Part], results: dict[str, Any], submitted: set[str], progress: PartsProgress
    ) -> None:
        done = sum(ids[run_id].weight for run_id in results)
        try:
            reached = await progress_of(
                self._database, self._job.id, self._job.run, [ids[one].name for one in submitted]
            )
        except PlayheadError as error:  # the failure detector reports it
            log.debug("part_progress_not_read", job_id=self._job.id, detail=error.detail)
            return
        done += sum(ids[run_id].weight * reached.get(ids[run_id].name, 0.0) for run_id in submitted)
        await progress(done / (sum(part.weight for part in ids.values()) or 1.0))


def _result(name: str, outcome: Outcome) -> Any:
    output = outcome.output if isinstance(outcome.output, dict) else {}
    if outcome.status == "SUCCESS" and isinstance(output.get("result"), dict):
        return output["result"]
    if isinstance(output.get("error"), dict):
        raise PartFailed(name, output["error"])
    keeps_dying = outcome.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
    raise PartFailed(name, (KEEPS_DYING if keeps_dying else LOST).to_dict())
