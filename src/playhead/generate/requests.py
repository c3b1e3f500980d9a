"""Generations: requested, made again, canceled, resolved, and used as the video of their clip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.generate.choosing import Choices, Chosen
from playhead.generate.configured import Providers
from playhead.generate.costs import check_cost
from playhead.generate.errors import GenerationNotFound
from playhead.generate.input_files import check_files, from_before, of_parent, resolved, waits_for
from playhead.generate.ledger import Ledger
from playhead.generate.shapes.generations import GenerationInput, Resolution
from playhead.generate.tables import ACTIVE, GenerationRow, Relation
from playhead.jobs.client import Jobs
from playhead.jobs.errors import JobNotFound, JobNotRunning
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.text import one_line, shorten
from playhead.reels.errors import ProjectNotFound
from playhead.reels.prompt_shapes import Prompt, PromptFile
from playhead.reels.prompts import locked_clip, set_video
from playhead.reels.tables import ClipRow, ProjectRow

GENERATE = "generate"

ENDED_BADLY = ("failed", "refused", "canceled", "unknown")

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
class _Place:
    """Where a take belongs."""

    owner_id: str
    prompt: str
    inputs: list[dict[str, Any]] = field(default_factory=list)
    project_id: str | None = None
    clip_id: str | None = None
    parent_id: str | None = None
    relation: Relation | None = None


class Generations:
    """The use cases of generations; those of a whole project are in ``projects``."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        choices: Choices,
        ledger: Ledger,
        providers: Providers,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._choices = choices
        self._ledger = ledger
        self._providers = providers
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
        place = _Place(
            owner_id=owner_id,
            prompt=wanted.prompt.text,
            inputs=inputs,
            project_id=wanted.project_id,
            clip_id=wanted.clip_id,
            parent_id=parent_id,
            relation=relation,
        )
        return await self._add(session, place, chosen, accept_unknown=wanted.accept_unknown)

    async def submit(self, row: GenerationRow) -> None:
        """Enqueue a recorded take, after the commit."""
        if row.job_id is not None:
            await self._jobs.submit(row.job_id)

    async def check_provider(self, name: str) -> None:
        """See that a provider can be used.

        Raises:
            ProviderNotConfigured: it cannot.
        """
        self._providers.check(await self._providers.get(name))

    async def create(self, principal: Principal, wanted: GenerationInput) -> GenerationRow:
        """Request one take: a video of the library, or another take of a clip.

        Raises:
            GenerationNotFound, Conflict: there is no such clip or parent.
            ProviderNotConfigured, and as `request`.
        """
        await self.check_provider(self._choices.provider_of(wanted.prompt))
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
            return await self._found(session, principal, generation_id)

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

    async def cancel(self, principal: Principal, generation_id: str) -> GenerationRow:
        """Cancel a generation that has not ended.

        Raises:
            Conflict: it has, or nobody knows whether it was submitted.
        """
        row = await self.get(principal, generation_id)
        if row.state == "unknown":
            raise Conflict(
                f"Nobody knows whether generation {row.id} was submitted.",
                hint="Submit it again or give it up.",
                code="generation_unknown",
                title="Decide what to do with it first",
            )
        try:
            if not row.is_active or row.job_id is None:
                raise JobNotRunning("It has ended.")
            await self._jobs.cancel(row.job_id)
        except (JobNotRunning, JobNotFound) as error:
            raise Conflict(
                f"Generation {row.id} has ended already: {row.state}.",
                code="generation_ended",
                title="This generation has ended",
            ) from error
        return await self.get(principal, generation_id)

    async def retry(self, principal: Principal, generation_id: str, *, accept_unknown: bool) -> GenerationRow:
        """Make another take of the same request; one that was made already and is under way is given instead.

        Raises:
            Conflict: it succeeded, or is under way.
            ModelRetired, SpendingCapReached, ProviderNotConfigured
        """
        old = await self.get(principal, generation_id)
        await self.check_provider(old.provider)
        async with self._database.write() as session:
            old = await self._found(session, principal, generation_id, lock=True)
            if old.state not in ENDED_BADLY:
                raise Conflict(
                    f"Generation {old.id} did not fail: its state is {old.state}.",
                    hint="Generate its clip for another take.",
                    code="generation_not_failed",
                    title="It did not fail",
                )
            row = await _reroll_of(session, old)
            if row is None:
                row = await self._reroll(session, old, accept_unknown=accept_unknown)
        await self.submit(row)
        return row

    async def resolve(self, principal: Principal, generation_id: str, resolution: Resolution) -> GenerationRow:
        """Decide on a generation of which nobody knows whether it was submitted.

        Raises:
            Conflict: its state is another one.
            ModelRetired, SpendingCapReached, ProviderNotConfigured: it cannot be submitted again.
        """
        row = await self.get(principal, generation_id)
        if resolution.action == "resubmit":
            await self.check_provider(row.provider)
        async with self._database.write() as session:
            row = await self._found(session, principal, generation_id, lock=True)
            if row.state != "unknown":
                raise Conflict(
                    f"Generation {row.id} is {row.state}: there is nothing to decide.",
                    code="generation_not_unknown",
                    title="Nothing to decide",
                )
            if resolution.action == "give_up":
                await self._give_up(session, row)
            else:
                await self._resubmit(session, row, accept_unknown=resolution.accept_unknown_cost)
        if row.is_active:
            await self.submit(row)
        return row

    async def use(self, principal: Principal, generation_id: str) -> ProjectRow:
        """Give a clip the video of a take; the project gets its next version.

        Raises:
            Conflict: the take has no video, or its clip is gone.
        """
        async with self._database.write() as session:
            row = await self._found(session, principal, generation_id)
            if row.video_id is None or await visible_video(session, row.video_id) is None:
                raise Conflict(
                    f"Take {row.id} has no video: it is {row.state}, or its video was deleted.",
                    code="take_without_video",
                    title="This take has no video",
                )
            found = await locked_clip(session, row.clip_id) if row.clip_id else None
            if found is None:
                raise Conflict(
                    f"The clip of take {row.id} is not in its project any more.",
                    hint="Its video is in the library: add it as a clip.",
                    code="clip_gone",
                    title="The clip was removed",
                )
            project, clip = found
            _check_project(project, principal)
            if clip.video_id != row.video_id:
                await set_video(session, clip, row.video_id)
                project.version += 1
                project.edited_version = None
                project.updated_at = self._clock()
        return project

    async def _create(self, session: AsyncSession, principal: Principal, wanted: GenerationInput) -> GenerationRow:
        owner_id, project_id, parent_id = principal.user_id, None, wanted.parent_id
        relation: Relation | None = wanted.relation
        if wanted.clip_id is not None:
            found = await locked_clip(session, wanted.clip_id)
            if found is None:
                raise Conflict(f"There is no clip {wanted.clip_id}.", code="clip_gone", title="The clip was removed")
            project, clip = found
            _check_project(project, principal)
            owner_id, project_id = project.owner_id, project.id
            inputs, take_before, waits = await _inputs_of(session, project, clip, wanted.prompt.inputs)
            parent_id, relation = (take_before, waits) if waits else (parent_id, relation)
        else:
            inputs = resolved(wanted.prompt.inputs, None)
        if wanted.parent_id is not None and wanted.relation is not None:
            parent = await self._found(session, principal, wanted.parent_id)
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
                parent_id=parent_id,
                relation=relation,
                accept_unknown=wanted.accept_unknown_cost,
            ),
        )

    async def _reroll(self, session: AsyncSession, old: GenerationRow, *, accept_unknown: bool) -> GenerationRow:
        chosen = self._choices.again(old, self._clock().date(), another_seed=old.state == "refused")
        place = _Place(
            owner_id=old.owner_id,
            prompt=old.prompt,
            inputs=old.inputs,
            project_id=old.project_id,
            clip_id=old.clip_id,
            parent_id=old.id,
            relation="reroll",
        )
        if waits_for(old.inputs) and (found := await locked_clip(session, old.clip_id or "")) is not None:
            files = [PromptFile.model_validate(each) for each in old.inputs]
            inputs, take_before, waits = await _inputs_of(session, *found, files)
            parent_id, relation = (take_before, waits) if waits else (place.parent_id, place.relation)
            place = replace(place, inputs=inputs, parent_id=parent_id, relation=relation)
        await check_files(session, old.owner_id, place.inputs)
        return await self._add(session, place, chosen, accept_unknown=accept_unknown)

    async def _add(
        self, session: AsyncSession, place: _Place, chosen: Chosen, *, accept_unknown: bool
    ) -> GenerationRow:
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
        await self._record_job(session, row)
        return row

    async def _record_job(self, session: AsyncSession, row: GenerationRow) -> None:
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

    async def _resubmit(self, session: AsyncSession, row: GenerationRow, *, accept_unknown: bool) -> None:
        """Put it back to its beginning; what it reserved before stays reserved: it may have been charged."""
        chosen = self._choices.again(row, self._clock().date())
        await self._ledger.reserve(session, row, chosen.estimated, accept_unknown=accept_unknown)
        row.state, row.submit_state, row.submission = "queued", None, None
        row.sent_at = row.deadline_at = row.woken_at = row.finished_at = row.provider_words = None
        _clear_error(row)
        row.version += 1
        row.updated_at = self._clock()
        await self._record_job(session, row)

    async def _give_up(self, session: AsyncSession, row: GenerationRow) -> None:
        row.state, row.error_code, row.error_side = "failed", "given_up", "provider"
        row.error_message = f"Given up: nobody knows whether {row.provider} ran this, and what it charged."
        row.error_hint = "Its reservation stays until its cost is known."
        row.updated_at = self._clock()
        row.finished_at = row.finished_at or row.updated_at
        await self._ledger.settle(session, row, None, "Given up; nobody knows what was charged.")

    async def _found(
        self, session: AsyncSession, principal: Principal, generation_id: str, *, lock: bool = False
    ) -> GenerationRow:
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


async def _inputs_of(
    session: AsyncSession, project: ProjectRow, clip: ClipRow, files: Sequence[PromptFile]
) -> tuple[list[dict[str, Any]], str | None, Relation | None]:
    """Input files of a take of a clip; see `from_before`."""
    place = project.clips.index(clip)
    before = project.clips[place - 1] if place else None
    return from_before(files, before, await active_takes(session, project.id))


async def _taken_from(session: AsyncSession, inputs: Sequence[Mapping[str, Any]]) -> tuple[str, Relation] | None:
    """The take whose first or last frame a prompt begins with, and which of the two."""
    for frame in (each["frame"] for each in inputs if each.get("frame")):
        statement = select(GenerationRow.id).where(GenerationRow.video_id == frame["of"]).limit(1)
        parent_id = await session.scalar(statement)
        if parent_id is not None:
            return parent_id, "first_frame" if frame["at"] == "first" else "last_frame"
    return None


async def _reroll_of(session: AsyncSession, old: GenerationRow) -> GenerationRow | None:
    """Another try that is under way already: two quick clicks are one wish."""
    statement = select(GenerationRow).where(
        GenerationRow.parent_id == old.id, GenerationRow.relation == "reroll", GenerationRow.state.in_(ACTIVE)
    )
    found: GenerationRow | None = await session.scalar(statement.limit(1))
    return found


def _check_project(project: ProjectRow, principal: Principal) -> None:
    if not (project.owner_id == principal.user_id or principal.is_admin):
        raise ProjectNotFound(project.id)


def _clear_error(row: GenerationRow) -> None:
    row.error_code = row.error_message = row.error_hint = row.error_side = None
