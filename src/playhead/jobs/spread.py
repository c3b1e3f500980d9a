"""Parts of a job as the job sees them: handed to the engine a few at a time, waited for, canceled when one fails."""

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
from playhead.jobs.part_places import PartPlaces
from playhead.jobs.parts import progress_of
from playhead.jobs.patience import patiently
from playhead.jobs.reconcile import KEEPS_DYING, LOST
from playhead.jobs.tables import JobRow

log = structlog.get_logger(__name__)

WINDOW = 64
"""Parts in the queue at once: more than the slots of any few workers, few enough to ask for twice a second."""


class Spread:
    """Has the parts of one attempt's job done.

    Args:
        job: The row as this attempt began it.
        places: Of its parts in their queue.
        poll_s: Seconds between two looks at the parts.
        resumed: Called once when parts turn out to have been done before this attempt.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        job: JobRow,
        places: PartPlaces,
        *,
        poll_s: float,
        resumed: Callable[[], None],
    ) -> None:
        self._database = database
        self._engine = engine
        self._job = job
        self._places = places
        self._run_id = workflow_id(job.id, job.run)
        self._poll_s = poll_s
        self._resumed = resumed

    async def __call__(self, function: str, parts: Sequence[Part], progress: PartsProgress) -> list[Any]:
        """Do the parts; see `JobContext.spread`. Asked again by a later attempt, it finds what is done or running."""
        ids = {part_id(self._run_id, part.name): part for part in parts}
        if len(ids) != len(parts):
            raise ValueError("two parts of a job have the same name")
        results: dict[str, Any] = {}
        try:
            asked = await self._look(list(ids), results)
            await self._tell(ids, results, asked, progress)
            if results or asked:
                self._resumed()
            while len(results) < len(ids):
                await self._ask(function, ids, results, asked)
                await asyncio.sleep(self._poll_s)
                asked = await self._look(list(asked), results)
                await self._tell(ids, results, asked, progress)
        except PartFailed:
            with suppress(EngineUnavailable):  # they will find that their job has ended
                await self._engine.cancel_parts(self._run_id)
            raise
        return [results[run_id] for run_id in ids]

    async def _ask(self, function: str, ids: dict[str, Part], results: dict[str, Any], asked: set[str]) -> None:
        """Fill the window, in order."""
        wanted = [run_id for run_id in ids if run_id not in results and run_id not in asked]
        if not (wanted := wanted[: max(0, WINDOW - len(asked))]):
            return
        places = await patiently(lambda: self._places.next(len(wanted)), on=(EngineUnavailable, DatabaseUnavailable))
        for run_id, place in zip(wanted, places, strict=True):
            await self._enqueue(function, run_id, ids[run_id], place)
            asked.add(run_id)

    async def _enqueue(self, function: str, run_id: str, part: Part, place: int) -> None:
        await patiently(
            lambda: self._engine.enqueue_part(self._job, function, run_id, part.facts, place=place),
            on=EngineUnavailable,
        )

    async def _look(self, run_ids: list[str], results: dict[str, Any]) -> set[str]:
        """Take the results of parts that have ended; gives those that have not.

        Raises:
            PartFailed: one of them did.
        """
        unfinished = set()
        outcomes = await patiently(lambda: self._engine.outcomes(run_ids), on=EngineUnavailable)
        for run_id, outcome in outcomes.items():
            if outcome.is_active:
                unfinished.add(run_id)
            else:
                results[run_id] = _result(part_name(run_id), outcome)
        return unfinished

    async def _tell(
        self, ids: dict[str, Part], results: dict[str, Any], asked: set[str], progress: PartsProgress
    ) -> None:
        done = sum(ids[run_id].weight for run_id in results)
        try:
            reached = await progress_of(self._database, self._job.id, self._job.run, [ids[one].name for one in asked])
        except PlayheadError as error:  # the failure detector says so
            log.debug("part_progress_not_read", job_id=self._job.id, detail=error.detail)
            return
        done += sum(ids[run_id].weight * reached.get(ids[run_id].name, 0.0) for run_id in asked)
        await progress(done / (sum(part.weight for part in ids.values()) or 1.0))


def _result(name: str, outcome: Outcome) -> Any:
    output = outcome.output if isinstance(outcome.output, dict) else {}
    if outcome.status == "SUCCESS" and isinstance(output.get("result"), dict):
        return output["result"]
    if isinstance(output.get("error"), dict):
        raise PartFailed(name, output["error"])
    keeps_dying = outcome.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
    raise PartFailed(name, (KEEPS_DYING if keeps_dying else LOST).to_dict())
