"""Projects: made, listed, changed under a version, deleted."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import lazyload

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_of
from playhead.catalog.seams import VideoLinks
from playhead.catalog.titles import clean_title
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.clip_inputs import ClipInputs
from playhead.reels.clips import content_of
from playhead.reels.copies import copy_of
from playhead.reels.edit_shapes import ReelEdit
from playhead.reels.edits import apply_edit
from playhead.reels.errors import ProjectNotFound, ProjectVersionMismatch
from playhead.reels.prompt_shapes import TakeState
from playhead.reels.seams import Takes
from playhead.reels.settings import apply_settings, merged
from playhead.reels.shapes import (
    Aspect,
    ClipInput,
    Project,
    ProjectChanges,
    ProjectInput,
    ProjectSummary,
)
from playhead.reels.tables import ProjectRow
from playhead.reels.views import (
    PREVIEW,
    STITCH,
    VARIANT,
    context_of,
    project_resource,
    project_summary,
    summary_context,
)

SORTS = {"updated_at": ProjectRow.updated_at, "created_at": ProjectRow.created_at, "title": ProjectRow.title}


class Projects:
    """The use cases of the edit; stitching is in ``stitch``."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        links: VideoLinks,
        takes: Takes,
        clock: Clock = utc_now,
    ) -> None:
        self.takes = takes
        self._inputs = ClipInputs(takes)
        self._database = database
        self._jobs = jobs
        self._links = links
        self._clock = clock
        self._one = asyncio.Semaphore(1)
        """Projects are read for their readers one after the other: each takes a processor, and one of 2,000 clips 25
        MiB for a moment. Writers wait for each other anyway."""

    async def create(self, owner: Principal, wanted: ProjectInput) -> Project:
        """Make a project, with clips if there are any.

        Raises:
            ClipsInvalid, ProjectSettingsInvalid, InvalidInput
        """
        async with self._database.write() as session:
            row = await self.add(session, owner, wanted)
        return await self.describe_row(row)

    async def add(
        self, session: AsyncSession, owner: Principal, wanted: ProjectInput, *, campaign_id: str | None = None
    ) -> ProjectRow:
        """Make a project in the caller's transaction.

        Raises:
            ClipsInvalid, ProjectSettingsInvalid, InvalidInput
        """
        now = self._clock()
        row = ProjectRow(
            id=new_id("prj"),
            owner_id=owner.user_id,
            title=clean_title(wanted.title),
            version=1,
            campaign_id=campaign_id,
            created_at=now,
            updated_at=now,
            clips=[],
        )
        apply_settings(row, wanted.settings)
        apply_edit(row, wanted, set(ReelEdit.model_fields))
        await self._inputs.check_edit(session, owner, row, None)
        await self._inputs.apply(session, owner, row, wanted.clips)
        session.add(row)
        return row

    async def duplicate(self, principal: Principal, project_id: str, title: str | None) -> Project:
        """Make another project of the same edit, without the takes and the reels of the first.

        Raises:
            ProjectNotFound, InvalidInput
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, project_id)
            copy = copy_of(row, clean_title(title or f"{row.title[:490]} (copy)"), self._clock())
            session.add(copy)
        return await self.describe_row(copy)

    async def page(
        self,
        owner: Principal,
        *,
        search: str | None,
        sort: str,
        limit: int,
        cursor: str | None,
        campaign_id: str | None = None,
    ) -> Page[ProjectSummary]:
        """One page of an owner's projects."""
        async with self._database.read() as session:
            statement = (
                select(ProjectRow).where(ProjectRow.owner_id == owner.user_id).options(lazyload(ProjectRow.clips))
            )
            if campaign_id is not None:
                statement = statement.where(ProjectRow.campaign_id == campaign_id)
            if search:
                statement = statement.where(ProjectRow.title.icontains(search, autoescape=True))
            page: Page[ProjectRow] = await page_of(
                session, statement, SORTS[sort.lstrip("-")], ProjectRow.id, sort, limit, cursor
            )
            takes = await self.takes.states(session, [row.id for row in page.items])
            summaries = [await self._summary(session, row.id, takes) for row in page.items]
            return Page(summaries, page.next_cursor)

    async def get(self, principal: Principal, project_id: str) -> Project:
        """One project as it truly stands: an active stitch is compared with the job engine first.

        Raises:
            ProjectNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            await self.find(session, principal, project_id)
            active = await active_jobs(session, project_id)
        if active:
            await self._jobs.reconcile(active)
        async with self._one, self._database.read() as session:
            return await self.describe(session, await self.find(session, principal, project_id))

    async def reel_of(self, principal: Principal, project_id: str) -> str | None:
        """Id of the video that is a project's reel; None while it has none, or where that was deleted.

        Raises:
            ProjectNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            statement = select(ProjectRow.owner_id, ProjectRow.reel_video_id).where(ProjectRow.id == project_id)
            found = (await session.execute(statement)).one_or_none() if is_id("prj", project_id) else None
            if found is None or not (found.owner_id == principal.user_id or principal.is_admin):
                raise ProjectNotFound(project_id)
            reel = found.reel_video_id
            return reel if reel is not None and await visible_video(session, reel) is not None else None

    async def change(self, principal: Principal, project_id: str, changes: ProjectChanges, version: int) -> Project:
        """Change title or settings.

        Raises:
            ProjectVersionMismatch: the project is no longer at *version*; nothing is changed.
        """
        async with self._changing(principal, project_id, version) as (session, row):
            if changes.title is not None:
                row.title = clean_title(changes.title)
            if changes.settings is not None:
                apply_settings(row, merged(row, changes.settings))
            if named := changes.model_fields_set & ReelEdit.model_fields.keys():
                before = row.edit
                given = {name: getattr(changes, name) for name in named if getattr(changes, name) is not None}
                apply_edit(row, ReelEdit(**given), named)
                await self._inputs.check_edit(session, principal, row, before)
        return await self.describe_row(row)

    async def replace_clips(
        self, principal: Principal, project_id: str, clips: Sequence[ClipInput], version: int
    ) -> Project:
        """Put these clips in the place of all there were.

        Raises:
            ClipsInvalid: a span that cannot be meant, or a video that is not the caller's.
            ProjectVersionMismatch: the project is no longer at *version*; nothing is changed.
        """
        async with self._changing(principal, project_id, version) as (session, row):
            await self._inputs.apply(session, principal, row, clips)
        return await self.describe_row(row)

    async def delete(self, principal: Principal, project_id: str) -> None:
        """Delete a project, stop its stitch, and drop the takes that nothing was submitted for.

        Its reels and its other takes stay: they are videos like any other.
        """
        async with self._database.write(reserve=True) as session:
            row = await self.find(session, principal, project_id, lock=True)
            active = await active_jobs(session, project_id) + await self.takes.abandon(session, project_id)
            await session.delete(row)
        await cancel_jobs(self._jobs, active)

    async def find(
        self, session: AsyncSession, principal: Principal, project_id: str, *, lock: bool = False
    ) -> ProjectRow:
        """A project's row within a transaction; *lock* makes others who want to change it wait until its end.

        Raises:
            ProjectNotFound: none, or a stranger's.
        """
        row = await session.get(ProjectRow, project_id, with_for_update=lock) if is_id("prj", project_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise ProjectNotFound(project_id)
        return row

    async def _summary(self, session: AsyncSession, project_id: str, takes: Mapping[str, TakeState]) -> ProjectSummary:
        """One project of a list, read and forgotten before the next: each may have 2,000 clips."""
        async with self._one:
            row = await session.get_one(ProjectRow, project_id, populate_existing=True)
            around = await summary_context(session, row, takes)
            summary = project_summary(row, around, self._links)
            session.expunge_all()
        return summary

    async def describe(self, session: AsyncSession, row: ProjectRow) -> Project:
        """A project in the words of the API."""
        around = await context_of(session, row, self.takes)
        made_from = await session.scalar(select(JobRow.args).where(JobRow.id == row.reel_job_id))
        return project_resource(row, around, self._links, self._clock, made_from)

    async def describe_row(self, row: ProjectRow) -> Project:
        """A project as it was read or written in a transaction that has ended: of 2,000 clips this takes a second, in
        which others may write."""
        async with self._one, self._database.read() as session:
            return await self.describe(session, row)

    async def mismatch(self, row: ProjectRow, version: int) -> ProjectVersionMismatch:
        """The error for a change to another version than the current one."""
        current = await self.describe_row(row)
        return ProjectVersionMismatch(row.id, version, row.version, current.model_dump(mode="json"))

    @asynccontextmanager
    async def _changing(
        self, principal: Principal, project_id: str, version: int
    ) -> AsyncIterator[tuple[AsyncSession, ProjectRow]]:
        """Change a project in one transaction; a change gives it the next version.

        Takes that arrived since *version* are no conflict: they give videos to clips that have none.

        Raises:
            ProjectVersionMismatch: it is no longer at *version*.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, project_id, lock=True)
            if version == row.version or (row.edited_version or row.version) <= version < row.version:
                before = content_of(row)
                yield session, row
                if before != content_of(row):
                    row.version += 1
                    row.edited_version = None
                    row.updated_at = self._clock()
                return
        raise await self.mismatch(row, version)


async def cancel_jobs(jobs: Jobs, job_ids: Sequence[str]) -> None:
    """Cancel jobs that may have ended in the meantime."""
    from playhead.jobs.errors import JobNotFound, JobNotRunning

    for job_id in job_ids:
        try:
            await jobs.cancel(job_id)
        except (JobNotRunning, JobNotFound):
            continue


async def active_jobs(session: AsyncSession, project_id: str) -> list[str]:
    """Ids of the stitches of a project that are queued or running, in every shape, and of its preview."""
    statement = select(JobRow.id).where(
        JobRow.project_id == project_id, JobRow.kind.in_((STITCH, VARIANT, PREVIEW)), JobRow.state.in_(ACTIVE)
    )
    return list(await session.scalars(statement))


async def active_stitches(session: AsyncSession, project_id: str, aspect: Aspect | None) -> list[str]:
    """Ids of the stitches of a project in one shape that are queued or running."""
    statement = select(JobRow.id).where(
        JobRow.project_id == project_id,
        JobRow.kind == (STITCH if aspect is None else VARIANT),
        JobRow.state.in_(ACTIVE),
    )
    if aspect is not None:
        statement = statement.where(JobRow.args["aspect"].as_string() == aspect)
    return list(await session.scalars(statement))
