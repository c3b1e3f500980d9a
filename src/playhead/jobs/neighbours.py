"""Jobs that do not run side by side: those of a project, or else of a video, on one queue.

The engine is given one of them at a time. The next waits as a row alone, so it takes no slot from others, and it keeps
its place: when its turn comes late, it is among the first.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.kinds import JobKinds
from playhead.jobs.places import LAST_PLACE
from playhead.jobs.tables import ACTIVE, JobRow


async def must_wait(session: AsyncSession, kinds: JobKinds, job: JobRow) -> bool:
    """Whether a neighbour of a job that is queued runs, or is to run before it."""
    neighbours = _neighbours(kinds, job)
    if neighbours is None or job.state != "queued":
        return False
    before = or_(
        JobRow.state == "running",
        JobRow.place < job.place,
        and_(JobRow.place == job.place, JobRow.id < job.id),
    )
    statement = select(JobRow.id).where(neighbours, JobRow.id != job.id, JobRow.state.in_(ACTIVE), before).limit(1)
    return await session.scalar(statement) is not None


async def place_behind(session: AsyncSession, kinds: JobKinds, job: JobRow) -> int:
    """The first place after all neighbours of a job that is new: one that has been handed over is not overtaken.

    Two who ask at once must not both be the first: the caller has locked the row of the project, or of the video.
    """
    if (neighbours := _neighbours(kinds, job)) is None:
        return 0
    last = await session.scalar(select(func.max(JobRow.place)).where(neighbours, JobRow.state.in_(ACTIVE)))
    return 0 if last is None else min(last + 1, LAST_PLACE)


async def next_of(session: AsyncSession, kinds: JobKinds, ended: JobRow) -> JobRow | None:
    """The neighbour whose turn it is when a job has ended; None when none waits."""
    if (neighbours := _neighbours(kinds, ended)) is None:
        return None
    statement = select(JobRow).where(neighbours, JobRow.state == "queued").order_by(JobRow.place, JobRow.id).limit(1)
    found: JobRow | None = await session.scalar(statement)
    return found


def _neighbours(kinds: JobKinds, job: JobRow) -> ColumnElement[bool] | None:
    names = [kind.name for kind in kinds.on(kinds.get(job.kind).queue)]
    kind = JobRow.kind + ""  # or SQLite goes by kind and state, through all that waits: 9 ms at 10,000 jobs
    if job.project_id is not None:
        return and_(JobRow.project_id == job.project_id, kind.in_(names))
    if job.video_id is not None:
        return and_(JobRow.video_id == job.video_id, JobRow.project_id.is_(None), kind.in_(names))
    return None
