"""Mutual exclusion of jobs: those of one project, or else of one video, run one at a time on their queue.

What waits for services outside (queue ``remote``) is exempt.

The engine gets the first alone. The next one waits as a row, so it takes no slot, and it keeps its priority: when its
turn comes late, it is among the first.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.kinds import JobKinds
from playhead.jobs.priorities import LAST_PRIORITY
from playhead.jobs.tables import ACTIVE, JobRow


async def must_wait(session: AsyncSession, kinds: JobKinds, job: JobRow) -> bool:
    """Whether another job of its group runs, or comes before this queued one."""
    group = _group(kinds, job)
    if group is None or job.state != "queued":
        return False
    before = or_(
        JobRow.state == "running",
        JobRow.priority < job.priority,
        and_(JobRow.priority == job.priority, JobRow.id < job.id),
    )
    statement = select(JobRow.id).where(group, JobRow.id != job.id, JobRow.state.in_(ACTIVE), before).limit(1)
    return await session.scalar(statement) is not None


async def priority_behind(session: AsyncSession, kinds: JobKinds, job: JobRow) -> int:
    """The first priority behind the group of a new job: one that the engine has is not overtaken.

    The caller holds a lock on the row of the project or video, so that two requests are not both the first.
    """
    if (group := _group(kinds, job)) is None:
        return 0
    last = await session.scalar(select(func.max(JobRow.priority)).where(group, JobRow.state.in_(ACTIVE)))
    return 0 if last is None else min(last + 1, LAST_PRIORITY)


async def next_of(session: AsyncSession, kinds: JobKinds, ended: JobRow) -> JobRow | None:
    """The job of the group whose turn it is when one has ended; None when none waits."""
    if (group := _group(kinds, ended)) is None:
        return None
    statement = select(JobRow).where(group, JobRow.state == "queued").order_by(JobRow.priority, JobRow.id).limit(1)
    found: JobRow | None = await session.scalar(statement)
    return found


def _group(kinds: JobKinds, job: JobRow) -> ColumnElement[bool] | None:
    queue = kinds.get(job.kind).queue
    if queue == "remote":
        return None
    names = [kind.name for kind in kinds.on(queue)]
    kind = JobRow.kind + ""  # or SQLite goes by kind and state, through all that waits: 9 ms at 10,000 jobs
    if job.project_id is not None:
        return and_(JobRow.project_id == job.project_id, kind.in_(names))
    if job.video_id is not None:
        return and_(JobRow.video_id == job.video_id, JobRow.project_id.is_(None), kind.in_(names))
    return None
