"""Campaigns: groups of projects, with what they cost together and where they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import clean_title
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from playhead.generate.ledger import TOTALS
from playhead.generate.shapes.campaigns import (
    MOST_PROJECTS,
    Campaign,
    CampaignSummary,
    FinishedReel,
    Outcome,
)
from playhead.generate.tables import CampaignRow, GenerationRow
from playhead.generate.views import total_cost
from playhead.jobs.shapes import job_resource
from playhead.jobs.tables import ACTIVE as ACTIVE_JOBS
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.projects import Projects
from playhead.reels.prompt_shapes import TotalCost
from playhead.reels.shapes import ProjectInput
from playhead.reels.statuses import standings
from playhead.reels.tables import ProjectRow

BULK: Final = "campaign"
"""Kind of the job that acts on all projects of a campaign."""

MOST: Final = 10_000
"""Campaigns per user."""


class CampaignNotFound(NotFound):
    """No such campaign, or another owner's."""

    code = "campaign_not_found"
    title = "No such campaign"

    def __init__(self, campaign_id: str) -> None:
        super().__init__(f"There is no campaign {campaign_id}.", hint="It may have been deleted.")


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """A campaign with the number of its projects and their costs."""

    row: CampaignRow
    project_count: int
    cost: TotalCost | None


class Campaigns:
    """The campaigns of an installation."""

    def __init__(self, database: Database, projects: Projects, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._projects = projects
        self._clock = clock

    async def create(self, owner: Principal, title: str, project_ids: Sequence[str]) -> CampaignRow:
        """Make a campaign of projects that there are.

        Raises:
            ProjectNotFound, InvalidInput, Conflict
        """
        row = self._row(owner, title)
        async with self._database.write() as session:
            await _check_number(session, owner.user_id)
            session.add(row)
            await session.flush()
            await self._take_in(session, owner, row, project_ids)
        return row

    async def make(
        self, owner: Principal, title: str, template_id: str, projects: Sequence[ProjectInput]
    ) -> tuple[CampaignRow, list[str]]:
        """Make a campaign of new projects: all of them or, on any error, nothing.

        Returns:
            The campaign and the ids of its projects, in order.

        Raises:
            InvalidInput: one cannot be made.
        """
        row = self._row(owner, title)
        row.template_id = template_id
        async with self._database.write() as session:
            await _check_number(session, owner.user_id)
            session.add(row)
            made = [
                await self._add(session, owner, row, number, project)
                for number, project in enumerate(projects, start=1)
            ]
        return row, [project.id for project in made]

    async def _add(
        self, session: AsyncSession, owner: Principal, row: CampaignRow, number: int, project: ProjectInput
    ) -> ProjectRow:
        """Make one project of many; an error says which."""
        try:
            return await self._projects.add(session, owner, project, campaign_id=row.id)
        except InvalidInput as error:
            raise InvalidInput(
                f"Project {number}, “{project.title}”: {error.detail} Nothing was made.",
                hint=error.hint,
                code=error.code,
                title=error.title,
            ) from error

    async def page(self, owner: Principal, *, limit: int, cursor: str | None) -> Page[CampaignSummary]:
        """One page of an owner's campaigns, newest first."""
        statement = select(CampaignRow).where(CampaignRow.owner_id == owner.user_id)
        async with self._database.read() as session:
            page: Page[CampaignRow] = await page_by_id(session, statement, CampaignRow.id, "cmp", limit, cursor)
            facts = await _facts(session, page.items)
        return Page([_summary(each) for each in facts], page.next_cursor)

    async def get(self, principal: Principal, campaign_id: str) -> Campaign:
        """One campaign as it stands.

        Raises:
            CampaignNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            row = await self.find(session, principal, campaign_id)
            [facts] = await _facts(session, [row])
            job = await active_bulk(session, row.id)
            reels = await session.scalar(select(func.count()).select_from(_reels_of(row.id).subquery()))
            ids = await project_ids(session, row.id)
            standing = await standings(session, ids, self._projects.takes)
        return Campaign(
            **_summary(facts).model_dump(),
            statuses=dict(Counter(each.status for each in standing.values())),
            clip_count=sum(each.clips for each in standing.values()),
            ready_count=sum(each.ready for each in standing.values()),
            reel_count=int(reels or 0),
            active_job=job_resource(job, self._clock()) if job is not None else None,
            outcome=Outcome.model_validate(row.outcome) if row.outcome else None,
        )

    async def rename(self, principal: Principal, campaign_id: str, title: str, if_match: int | None) -> None:
        """Give a campaign another title.

        Raises:
            CampaignNotFound
            PreconditionFailed: *if_match* is not the present version.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, campaign_id, lock=True)
            if if_match not in (None, row.version):
                raise PreconditionFailed(
                    f"Campaign {campaign_id} is at version {row.version}; this change was made on version {if_match}."
                )
            row.title = clean_title(title)
            self._touch(row)

    async def remove(self, principal: Principal, campaign_id: str) -> None:
        """Remove a campaign; its projects stay.

        Raises:
            CampaignNotFound
        """
        async with self._database.write(reserve=True) as session:
            row = await self.find(session, principal, campaign_id, lock=True)
            leaving = update(ProjectRow).where(ProjectRow.campaign_id == row.id).values(campaign_id=None)
            await session.execute(leaving)
            await session.delete(row)

    async def add_projects(self, principal: Principal, campaign_id: str, wanted: Sequence[str]) -> None:
        """Take projects in, also out of another campaign.

        Raises:
            CampaignNotFound, ProjectNotFound, InvalidInput
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, campaign_id, lock=True)
            await self._take_in(session, principal, row, wanted)
            self._touch(row)

    async def remove_project(self, principal: Principal, campaign_id: str, project_id: str) -> None:
        """Take a project out; it stays as a project.

        Raises:
            CampaignNotFound
            NotFound: it is none of its projects.
        """
        async with self._database.write(reserve=True) as session:
            row = await self.find(session, principal, campaign_id, lock=True)
            project = await session.get(ProjectRow, project_id) if is_id("prj", project_id) else None
            if project is None or project.campaign_id != row.id:
                raise NotFound(f"Campaign {campaign_id} has no project {project_id}.")
            project.campaign_id = None
            self._touch(row)

    async def reels(
        self, principal: Principal, campaign_id: str, *, limit: int, cursor: str | None
    ) -> Page[FinishedReel]:
        """One page of the finished reels, in the order of their projects."""
        async with self._database.read() as session:
            row = await self.find(session, principal, campaign_id)
            with_reel = select(ProjectRow).where(ProjectRow.id.in_(_reels_of(row.id)))
            page: Page[ProjectRow] = await page_by_id(
                session, with_reel, ProjectRow.id, "prj", limit, cursor, newest_first=False
            )
            wanted = [project.reel_video_id for project in page.items]
            found = await session.scalars(select(VideoRow).where(VideoRow.id.in_(wanted)))
            videos = {video.id: video for video in found}
        return Page([_reel(project, videos[project.reel_video_id or ""]) for project in page.items], page.next_cursor)

    async def find(
        self, session: AsyncSession, principal: Principal, campaign_id: str, *, lock: bool = False
    ) -> CampaignRow:
        """A campaign's row within a transaction.

        Raises:
            CampaignNotFound: none, or a stranger's.
        """
        row = await session.get(CampaignRow, campaign_id, with_for_update=lock) if is_id("cmp", campaign_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise CampaignNotFound(campaign_id)
        return row

    def _row(self, owner: Principal, title: str) -> CampaignRow:
        now = self._clock()
        return CampaignRow(
            id=new_id("cmp"),
            owner_id=owner.user_id,
            title=clean_title(title),
            version=1,
            created_at=now,
            updated_at=now,
        )

    def _touch(self, row: CampaignRow) -> None:
        row.version += 1
        row.updated_at = self._clock()

    async def _take_in(
        self, session: AsyncSession, principal: Principal, row: CampaignRow, wanted: Sequence[str]
    ) -> None:
        ids = list(dict.fromkeys(wanted))
        if len(ids) + len(await project_ids(session, row.id)) > MOST_PROJECTS:
            raise InvalidInput(f"A campaign has at most {MOST_PROJECTS:,} projects.")
        for project_id in ids:
            project = await self._projects.find(session, principal, project_id, lock=True)
            if project.owner_id != row.owner_id:
                raise InvalidInput(f"Project {project_id} is another user's than the campaign.")
            project.campaign_id = row.id


async def project_ids(session: AsyncSession, campaign_id: str) -> list[str]:
    """Ids of a campaign's projects, in the order of their making."""
    statement = select(ProjectRow.id).where(ProjectRow.campaign_id == campaign_id).order_by(ProjectRow.id)
    return list(await session.scalars(statement))


async def active_bulk(session: AsyncSession, campaign_id: str) -> JobRow | None:
    """The bulk action on a campaign that is queued or running."""
    statement = select(JobRow).where(
        JobRow.kind == BULK, JobRow.state.in_(ACTIVE_JOBS), JobRow.dedupe_key == bulk_key(campaign_id)
    )
    found: JobRow | None = await session.scalar(statement)
    return found


def bulk_key(campaign_id: str) -> str:
    """Of two bulk actions on one campaign the second waits for a person: they would be of the same clips."""
    return f"{BULK}:{campaign_id}"


async def _facts(session: AsyncSession, rows: Sequence[CampaignRow]) -> list[CampaignFacts]:
    ids = [row.id for row in rows]
    counting = (
        select(ProjectRow.campaign_id, func.count())
        .where(ProjectRow.campaign_id.in_(ids))
        .group_by(ProjectRow.campaign_id)
    )
    counts = {str(campaign_id): count for campaign_id, count in await session.execute(counting)}
    costs = await _costs(session, ids)
    return [CampaignFacts(row, counts.get(row.id, 0), costs.get(row.id)) for row in rows]


async def _costs(session: AsyncSession, campaign_ids: Sequence[str]) -> dict[str, TotalCost]:
    """Costs of all takes of the present projects of some campaigns."""
    statement = (
        select(ProjectRow.campaign_id, *TOTALS)
        .select_from(GenerationRow)
        .join(ProjectRow, ProjectRow.id == GenerationRow.project_id)
        .where(ProjectRow.campaign_id.in_(campaign_ids))
        .group_by(ProjectRow.campaign_id)
    )
    return {str(campaign_id): total_cost(*totals) for campaign_id, *totals in await session.execute(statement)}


def _summary(facts: CampaignFacts) -> CampaignSummary:
    row = facts.row
    return CampaignSummary(
        id=row.id,
        title=row.title,
        version=row.version,
        template_id=row.template_id,
        project_count=facts.project_count,
        cost=facts.cost,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _reels_of(campaign_id: str) -> Select[Any]:
    """Ids of the projects of a campaign whose reel is in the library."""
    return (
        select(ProjectRow.id)
        .join(VideoRow, VideoRow.id == ProjectRow.reel_video_id)
        .where(ProjectRow.campaign_id == campaign_id, VISIBLE)
    )


def _reel(project: ProjectRow, video: VideoRow) -> FinishedReel:
    return FinishedReel(
        project_id=project.id,
        title=project.title,
        video_id=video.id,
        duration_s=video.duration_s,
        size_bytes=video.size_bytes,
        made_at=project.reel_made_at or video.created_at,
    )


async def _check_number(session: AsyncSession, owner_id: str) -> None:
    statement = select(func.count()).select_from(CampaignRow).where(CampaignRow.owner_id == owner_id)
    if int(await session.scalar(statement) or 0) >= MOST:
        raise Conflict(
            f"You have {MOST:,} campaigns.",
            hint="Remove one first.",
            code="too_many_campaigns",
            title="Too many campaigns",
        )
