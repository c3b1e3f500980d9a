"""The priorities of parts: jobs take turns, the jobs of one owner share the turns of one, some kinds go last."""

from collections.abc import Sequence

from sqlalchemy import func, select

from playhead.db.database import Database
from playhead.jobs.engine import Engine, QueuedPart, workflow_id
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.priorities import priority_after
from playhead.jobs.tables import JobRow


class PartPriorities:
    """The priorities of one job's parts; see `priorities`. A later attempt finds the same queue and goes on.

    Args:
        kind: The job's own kind.
        kinds: All kinds of this process.
    """

    def __init__(self, database: Database, engine: Engine, kinds: JobKinds, kind: JobKind, job: JobRow) -> None:
        self._database = database
        self._engine = engine
        self._kinds = {each.name: each for each in kinds if each.parts}
        self._kind = kind
        self._job = job
        self._run_id = workflow_id(job.id, job.run)

    async def next(self, count: int) -> list[int]:
        """The priorities of the next *count* parts, in order."""
        queue = await self._engine.parts_in_queue()
        sharing = await self._sharing(queue)
        first = priority_after(
            self._kind,
            self._reached(queue),
            first=min(
                (part.priority for part in queue if part.kind == self._kind.name and not part.has_begun), default=None
            ),
            own_last=max((part.priority for part in queue if part.run_id == self._run_id), default=None),
            step=sharing,
        )
        return [first + number * sharing for number in range(count)]

    def _reached(self, queue: Sequence[QueuedPart]) -> dict[JobKind, int]:
        """The highest that have begun; between two that run, the lowest that wait."""
        begun = [part for part in queue if part.has_begun]
        choose = max if begun else min
        found: dict[JobKind, int] = {}
        for part in begun or queue:
            if (kind := self._kinds.get(part.kind)) is not None:
                found[kind] = choose(found.get(kind, part.priority), part.priority)
        return found

    async def _sharing(self, queue: Sequence[QueuedPart]) -> int:
        """How many jobs of this owner have parts in the queue, this one included."""
        others = {part.job_id for part in queue} - {self._job.id}
        if not others:
            return 1
        statement = select(func.count()).where(JobRow.id.in_(others), JobRow.owner_id == self._job.owner_id)
        async with self._database.read() as session:
            return 1 + (await session.scalar(statement) or 0)
