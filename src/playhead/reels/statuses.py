"""Statuses of many projects at once, in a few queries for each hundred of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.videos import videos_by_id
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.reels.seams import Takes
from playhead.reels.shapes import ProjectStatus
from playhead.reels.status import ready_count, status_of
from playhead.reels.tables import ProjectRow
from playhead.reels.views import STITCH

_BATCH = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands; clips that can be stitched, of all."""

    status: ProjectStatus
    ready: int
    clips: int


async def standings(session: AsyncSession, project_ids: Sequence[str], takes: Takes) -> dict[str, Standing]:
    """Where each of some projects stands. Their rows are forgotten batch by batch: each may have many clips."""
    found: dict[str, Standing] = {}
    for ids in _batches(project_ids):
        rows = list(await session.scalars(select(ProjectRow).where(ProjectRow.id.in_(ids))))
        wanted = {
            video for row in rows for video in (row.reel_video_id, *(clip.video_id for clip in row.clips)) if video
        }
        videos = await videos_by_id(session, wanted, probes=False)
        states, stitches = await takes.states(session, ids), await _stitches(session, ids)
        for row in rows:
            status = status_of(row, videos, stitches.get(row.id, ()), states)
            found[row.id] = Standing(status, ready_count(row, videos), len(row.clips))
        session.expunge_all()
    return found


async def _stitches(session: AsyncSession, project_ids: Sequence[str]) -> Mapping[str, list[JobRow]]:
    """Of each project its newest stitch and those that are active, newest first."""
    of_projects = (JobRow.kind == STITCH, JobRow.project_id.in_(project_ids))
    newest = select(func.max(JobRow.id)).where(*of_projects).group_by(JobRow.project_id)
    statement = (
        select(JobRow)
        .where(*of_projects, JobRow.id.in_(newest) | JobRow.state.in_(ACTIVE))
        .order_by(JobRow.created_at.desc(), JobRow.id.desc())
    )
    found: dict[str, list[JobRow]] = {}
    for job in await session.scalars(statement):
        found.setdefault(job.project_id or "", []).append(job)
    return found


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
