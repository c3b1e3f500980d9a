"""Generations: requested, read and listed. What a person decides on afterwards is in ``decisions``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.asset_urls import AssetUrls
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.generate.choosing import Choices, Chosen
from playhead.generate.configured import Providers
from playhead.generate.costs import check_cost
from playhead.generate.errors import GenerationNotFound
from playhead.generate.input_files import check_files, of_parent, resolved
from playhead.generate.jobs import GENERATE
from playhead.generate.ledger import Ledger
from playhead.generate.shapes.generations import GenerationInput
from playhead.generate.tables import ACTIVE, GenerationRow, Relation
from playhead.jobs.client import Jobs
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.text import one_line, shorten
from playhead.reels.errors import ProjectNotFound
from playhead.reels.prompt_shapes import Prompt
from playhead.reels.prompts import locked_clip
from playhead.reels.tables import ProjectRow

TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One take to request.

    Args:
        inputs: As `input_files.resolved` gives them; None: the prompt's own, which then name no clip before.
        accept_unknown: A person agreed to pay what nobody knows.
    """

    prompt: Prompt
    inputs: list[dict[str, Any]] | None = None
    project_id: str | None = None
    clip_id: str | None = None
    parent_id: str | None = None
    relation: Relation | None = None
    accept_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A take as its row says it, but for the choice of a model."""

    owner_id: str
    prompt: str
    inputs: list[dict[str, Any]] = field(default_factory=list)
    project_id: str | None = None
    clip_id: str | None = None
    parent_id: str | None = None
    relation: Relation | None = None


class Generations:
    """Requests single takes; those of a whole project are in ``projects``."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        choices: Choices,
        ledger: Ledger,
        providers: Providers,
        assets: AssetUrls,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._choices = choices
        self._ledger = ledger
        self._providers = providers
        self._assets = assets
        self._clock = clock

    async def request(self, session: AsyncSession, owner_id: str, wanted: Wanted) -> GenerationRow:
        """Record a take with its job and its reservation in the caller's transaction; `submit` it after the commit.

        Raises:
            ModelRetired, InvalidInput: the prompt cannot be meant.
            SpendingCapReached: it would cost too much.
        """
        inputs = resolved(wanted.prompt.inputs, None) if wanted.inputs is None else wanted.inputs
        chosen = self._choices.choose(wanted.prompt, inputs, self._clock().date())
        await check_files(session, owner_id, inputs)
        parent_id, relation = wanted.parent_id, wanted.relation
        if relation in (None, "reroll") and (found := await _taken_from(session, inputs)) is not None:
            parent_id, relation = found
        place = Place(
            owner_id=owner_id,
            prompt=wanted.prompt.text,
            inputs=inputs,
            project_id=wanted.project_id,
            clip_id=wanted.clip_id,
            parent_id=parent_id,
            relation=relation,
        )
        return await self.add(session, place, chosen, accept_unknown=wanted.accept_unknown)

    async def submit(self, row: GenerationRow) -> None:
        """Enqueue a recorded take, after the commit."""
        if row.job_id is not None:
            await self._jobs.submit(row.job_id)

    async def check_provider(self, name: str, *, with_files: bool = False) -> None:
        """See that a provider can be used.

        Args:
            with_files: It has to fetch files from this server.

        Raises:
            ProviderNotConfigured: it cannot.
            InvalidInput: no provider could fetch a file: the public address is not set.
        """
        configured = await self._providers.get(name)
        self._providers.check(configured)
        if with_files and configured.adapter.is_remote:
            self._assets.require_public_url()

    async def create(self, principal: Principal, wanted: GenerationInput) -> GenerationRow:
        """Request one take: a video of the library, or another take of a clip.

        Raises:
            GenerationNotFound, Conflict: there is no such clip or parent.
            ProviderNotConfigured, and as `request`.
        """
        with_files = bool(wanted.prompt.inputs) or wanted.relation is not None
        await self.check_provider(self._choices.provider_of(wanted.prompt), with_files=with_files)
        async with self._database.write() as session:
            row = await self._create(session, principal, wanted)
            check_cost([row.estimated_micros], wanted.max_cost, accept_unknown=wanted.accept_unknown_cost)
        await self.submit(row)
        return row

    async def get(self, principal: Principal, generation_id: str) -> GenerationRow:
        """One generation.

        Raises:
            GenerationNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await self.find(session, principal, generation_id)

    async def page(
        self, principal: Principal, wanted: Mapping[str, str | None], *, limit: int, cursor: str | None
    ) -> Page[GenerationRow]:
        """One page of a user's generations, newest first; an admin sees all of a project or clip.

        Args:
            wanted: Values of columns; None for any.
        """
        statement = select(GenerationRow).options(
            defer(GenerationRow.callback_status, raiseload=True), defer(GenerationRow.submission, raiseload=True)
        )
        if not (principal.is_admin and (wanted.get("project_id") or wanted.get("clip_id"))):
            statement = statement.where(GenerationRow.owner_id == principal.user_id)
        for name, value in wanted.items():
            if value is not None:
                statement = statement.where(getattr(GenerationRow, name) == value)
        async with self._database.read() as session:
            return await page_by_id(session, statement, GenerationRow.id, "gen", limit, cursor)

    async def _create(self, session: AsyncSession, principal: Principal, wanted: GenerationInput) -> GenerationRow:
        owner_id, project_id, before = principal.user_id, None, None
        if wanted.clip_id is not None:
            found = await locked_clip(session, wanted.clip_id)
            if found is None:
                raise Conflict(f"There is no clip {wanted.clip_id}.", code="clip_gone", title="The clip was removed")
            project, clip = found
            check_project(project, principal)
            owner_id, project_id = project.owner_id, project.id
            before = project.clips[clip.position - 1] if clip.position else None
        coming = await active_takes(session, project_id) if project_id is not None else {}
        inputs = resolved(wanted.prompt.inputs, before, is_coming=before is not None and before.id in coming)
        if wanted.parent_id is not None and wanted.relation is not None:
            parent = await self.find(session, principal, wanted.parent_id)
            if parent.video_id is None:
                raise Conflict(
                    f"Take {parent.id} has no video to go on from: it is {parent.state}.",
                    code="take_without_video",
                    title="This take has no video",
                )
            model = self._choices.model_of(wanted.prompt, self._clock().date())
            inputs = inputs or [of_parent(wanted.relation, parent, model)]
        return await self.request(
            session,
            owner_id,
            Wanted(
                prompt=wanted.prompt,
                inputs=inputs,
                project_id=project_id,
                clip_id=wanted.clip_id,
                parent_id=wanted.parent_id,
                relation=wanted.relation,
                accept_unknown=wanted.accept_unknown_cost,
            ),
        )

    async def add(self, session: AsyncSession, place: Place, chosen: Chosen, *, accept_unknown: bool) -> GenerationRow:
        """Record a take that was checked, as `request` does.

        Raises:
            SpendingCapReached: it would cost too much.
        """
        now = self._clock()
        row = GenerationRow(
            id=new_id("gen"),
            owner_id=place.owner_id,
            project_id=place.project_id,
            clip_id=place.clip_id,
            parent_id=place.parent_id,
            relation=place.relation,
            prompt=place.prompt,
            provider=chosen.model.provider,
            model=chosen.model.name,
            parameters=dict(chosen.parameters),
            inputs=place.inputs,
            state="queued",
            version=1,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        await self._ledger.reserve(session, row, chosen.estimated, accept_unknown=accept_unknown)
        await self.record_job(session, row)
        return row

    async def record_job(self, session: AsyncSession, row: GenerationRow) -> None:
        """Record the job of a take as it now stands."""
        job = await self._jobs.record(
            session,
            kind=GENERATE,
            owner_id=row.owner_id,
            title=shorten(one_line(row.prompt), TITLE_LENGTH),
            args={"generation_id": row.id},
            project_id=row.project_id,
            dedupe_key=f"{GENERATE}:{row.id}:{row.version}",
        )
        row.job_id = job.id

    async def find(
        self, session: AsyncSession, principal: Principal, generation_id: str, *, lock: bool = False
    ) -> GenerationRow:
        """A generation's row within a transaction; *lock* makes others who want to change it wait until its end.

        Raises:
            GenerationNotFound: none, or a stranger's.
        """
        row = None
        if is_id("gen", generation_id):
            row = await session.get(GenerationRow, generation_id, with_for_update=lock, populate_existing=True)
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise GenerationNotFound(generation_id)
        return row


async def active_takes(session: AsyncSession, project_id: str) -> dict[str, str]:
    """The newest take that is under way, of each clip of a project that has one."""
    statement = (
        select(GenerationRow.clip_id, GenerationRow.id)
        .where(GenerationRow.project_id == project_id, GenerationRow.state.in_(ACTIVE))
        .order_by(GenerationRow.id)
    )
    return {clip_id: take_id for clip_id, take_id in await session.execute(statement) if clip_id}


async def _taken_from(session: AsyncSession, inputs: Sequence[Mapping[str, Any]]) -> tuple[str, Relation] | None:
    """The take whose first or last frame a prompt begins with, and which of the two."""
    for frame in (each["frame"] for each in inputs if each.get("frame")):
        statement = select(GenerationRow.id).where(GenerationRow.video_id == frame["of"]).limit(1)
        parent_id = await session.scalar(statement)
        if parent_id is not None:
            return parent_id, "first_frame" if frame["at"] == "first" else "last_frame"
    return None


def check_project(project: ProjectRow, principal: Principal) -> None:
    """See that a project is the principal's.

    Raises:
        ProjectNotFound: it is a stranger's.
    """
    if not (project.owner_id == principal.user_id or principal.is_admin):
        raise ProjectNotFound(project.id)
