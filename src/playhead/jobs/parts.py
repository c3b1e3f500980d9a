"""Parts of a job on the worker that runs them, begun and fenced by the job's row.

A part is a run of the engine, durable and recovered like any other. It is not a job: no list shows it, and when its job
has ended or is on another run, it has nothing to do.
"""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.jobs.progress import Fence
from playhead.jobs.tables import ACTIVE, JobRow, PartRow

PartKey = tuple[str, int, str]
"""Job, run, name."""


async def begin(session: AsyncSession, key: PartKey, *, worker: str) -> tuple[JobRow, int] | None:
    """Start an attempt at a part; returns its job and the attempt's number, None when the job no longer needs it."""
    job_id, run, _ = key
    job = await session.get(JobRow, job_id)
    if job is None or not job.is_active or job.run != run:
        return None
    part = await session.get(PartRow, key, with_for_update=True)
    if part is None:
        part = PartRow(job_id=job_id, run=run, name=key[2], attempts=0, progress=0.0, worker=worker)
        session.add(part)
    part.attempts += 1
    part.worker = worker
    attempt = part.attempts
    await session.flush()
    session.expunge(job)
    return job, attempt


async def progress_of(database: Database, job_id: str, run: int, names: list[str]) -> dict[str, float]:
    """Progress of these parts, 0 to 1, without those that have not begun."""
    statement = select(PartRow.name, PartRow.progress).where(
        PartRow.job_id == job_id, PartRow.run == run, PartRow.name.in_(names)
    )
    async with database.read() as session:
        return {part.name: part.progress for part in await session.execute(statement)}


async def forget_ended(database: Database) -> None:
    """Delete the rows of parts whose job has ended."""
    active = exists().where(JobRow.id == PartRow.job_id, JobRow.state.in_(ACTIVE))
    async with database.write() as session:
        await session.execute(delete(PartRow).where(~active), execution_options={"synchronize_session": False})


class PartFence(Fence):
    """The fence of an attempt at a part: the job is active on the same run, and no other attempt has begun."""

    def __init__(self, database: Database, key: PartKey, attempt: int, *, interval_s: float) -> None:
        super().__init__(key[0], interval_s=interval_s)
        self._database = database
        job_id, run, name = key
        self._ours = (
            PartRow.job_id == job_id,
            PartRow.run == run,
            PartRow.name == name,
            PartRow.attempts == attempt,
            exists().where(JobRow.id == job_id, JobRow.run == run, JobRow.state.in_(ACTIVE)),
        )

    async def is_ours(self) -> bool:
        pending = self._take_pending()
        pending.pop("step", None)
        if not pending:
            async with self._database.read() as session:
                return await session.scalar(select(PartRow.name).where(*self._ours)) is not None
        statement = update(PartRow).where(*self._ours).values(pending).returning(PartRow.name)
        async with self._database.write() as session:
            changed = await session.scalar(statement, execution_options={"synchronize_session": False})
            return changed is not None
