"""Groups of jobs: small ones of a kind that were recorded soon after one another, which lists show as one.

A job joins its group when it is recorded, so pages of groups stay as they are while jobs come and go.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.api.cursors import Page, encode_cursor, read_id_cursor
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import ACTIVE, JobRow, JobState
from playhead.kit.ids import made_at

NEAR = timedelta(minutes=10)
"""Time after a job within which the next one joins its group."""

LONGEST = timedelta(hours=1)
"""Time after the first job of a group when no more join it."""


@dataclass(frozen=True, slots=True)
class GroupFilter:
    """What a list of groups shows: groups with at least one such job."""

    owner_id: str
    state: JobState | None = None
    kinds: Collection[str] | None = None
    active: bool | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that a list shows as one.

    Args:
        id: Of its first job.
        states: How many of them are in each state; the others are left out.
        progress: Of all of them together.
        job: The only one; None where there are several.
        subject: Title of what several are about.
    """

    id: str
    kind: str
    states: dict[JobState, int]
    progress: float
    project_id: str | None
    created_at: datetime
    finished_at: datetime | None
    job: JobRow | None
    subject: str | None

    @property
    def count(self) -> int:
        """Number of jobs."""
        return sum(self.states.values())

    @property
    def is_done(self) -> bool:
        """Whether all have ended, and at least one of them well."""
        return "succeeded" in self.states and not any(state in self.states for state in ACTIVE)


async def find_group(session: AsyncSession, kind: JobKind, job: JobRow) -> str:
    """The group that a job joins as it is recorded; its own id for a new one."""
    if kind.folds is None:
        return job.id
    near = select(JobRow.group_id).where(
        JobRow.owner_id == job.owner_id, JobRow.kind == job.kind, JobRow.created_at >= job.created_at - NEAR
    )
    if kind.folds == "project":
        near = near.where(JobRow.project_id == job.project_id)
    found = await session.scalar(near.order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(1))
    return found if found is not None and _takes_more(found, job) else job.id


def _takes_more(group_id: str, job: JobRow) -> bool:
    try:
        return made_at(group_id) >= made_at(job.id) - LONGEST
    except ValueError:  # the id of a test or of an import
        return False


async def page_of_groups(
    session: AsyncSession, kinds: JobKinds, wanted: GroupFilter, *, limit: int, cursor: str | None
) -> Page[Group]:
    """One page of an owner's groups, the latest begun first.

    Raises:
        InvalidCursor: not a cursor of this list.
    """
    clauses = list(_clauses(wanted))
    grouped = select(JobRow.group_id).where(*clauses, JobRow.group_id.is_not(None)).distinct()
    alone = select(JobRow.id).where(*clauses, JobRow.group_id.is_(None))
    ids: set[str | None] = set()
    for query, column in ((grouped, JobRow.group_id), (alone, JobRow.id)):
        rest = query if cursor is None else query.where(column < read_id_cursor(cursor, "job"))
        ids.update(await session.scalars(rest.order_by(column.desc()).limit(limit + 1)))
    shown = sorted(map(str, ids), reverse=True)[:limit]
    groups = await _groups(session, kinds, shown)
    return Page(groups, encode_cursor(shown[-1]) if len(ids) > limit else None)


def _clauses(wanted: GroupFilter) -> Iterator[ColumnElement[bool]]:
    yield JobRow.owner_id == wanted.owner_id
    if wanted.state is not None:
        yield JobRow.state == wanted.state
    if wanted.active is not None:
        yield JobRow.state.in_(ACTIVE) if wanted.active else JobRow.state.not_in(ACTIVE)
    if wanted.kinds is not None:
        yield JobRow.kind.in_(wanted.kinds)
    if wanted.project_id is not None:
        yield JobRow.project_id == wanted.project_id


@dataclass(frozen=True, slots=True)
class _Part:
    """The jobs of a group in one state."""

    group_id: str
    kind: str
    state: JobState
    count: int
    progress: float
    created_at: datetime
    finished_at: datetime | None
    project_id: str | None


async def _groups(session: AsyncSession, kinds: JobKinds, ids: Sequence[str]) -> list[Group]:
    group = func.coalesce(JobRow.group_id, JobRow.id)
    counted = select(
        group.label("one"),
        JobRow.kind,
        JobRow.state,
        func.count(),
        func.sum(JobRow.progress),
        func.min(JobRow.created_at),
        func.max(JobRow.finished_at),
        func.max(JobRow.project_id),
    ).where(_is_in(ids))
    parts: dict[str, list[_Part]] = {}
    for group_id, *rest in await session.execute(counted.group_by(text("one"), JobRow.kind, JobRow.state)):
        part = _Part(str(group_id), *cast("Any", rest))
        parts.setdefault(part.group_id, []).append(part)
    alone = [one for one, found in parts.items() if sum(part.count for part in found) == 1]
    jobs = {job.group_id or job.id: job for job in await session.scalars(select(JobRow).where(_is_in(alone)))}
    subjects = await _subjects(session, kinds, [found[0] for found in parts.values()])
    return [_group(parts[one], jobs.get(one), subjects.get(one)) for one in ids if one in parts]


def _is_in(ids: Sequence[str]) -> ColumnElement[bool]:
    """Of these groups; a job that an earlier version recorded has none, and is one by itself."""
    return or_(JobRow.group_id.in_(ids), and_(JobRow.group_id.is_(None), JobRow.id.in_(ids)))


def _group(parts: Sequence[_Part], job: JobRow | None, subject: str | None) -> Group:
    states: dict[JobState, int] = {part.state: part.count for part in parts}
    done = sum(part.count if part.state == "succeeded" else part.progress for part in parts)
    ends = [part.finished_at for part in parts if part.finished_at is not None]
    over = not any(state in states for state in ACTIVE)
    return Group(
        id=parts[0].group_id,
        kind=parts[0].kind,
        states=states,
        progress=min(max(done / sum(states.values()), 0.0), 1.0),
        project_id=parts[0].project_id if job is None else job.project_id,
        created_at=min(part.created_at for part in parts),
        finished_at=max(ends, default=None) if over else None,
        job=job,
        subject=subject,
    )


async def _subjects(session: AsyncSession, kinds: JobKinds, parts: Sequence[_Part]) -> dict[str, str]:
    """What groups of one project are about, in words, by group."""
    found: dict[str, str] = {}
    for kind in kinds:
        projects = {part.group_id: part.project_id for part in parts if part.kind == kind.name and part.project_id}
        if kind.folds == "project" and projects:
            titles = await kind.subjects(session, set(projects.values()))
            found |= {group_id: titles[one] for group_id, one in projects.items() if one in titles}
    return found
