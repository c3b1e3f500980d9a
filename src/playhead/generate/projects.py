"""Generation of a project's clips: which of them, what they would cost, and prompts that are appended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.videos import videos_by_id
from playhead.db.database import Database
from playhead.errors import InvalidInput, PlayheadError
from playhead.generate.choosing import Choices
from playhead.generate.costs import check_cost
from playhead.generate.input_files import PreviousNotReady, resolved, waits_for
from playhead.generate.pasted import prompts_of
from playhead.generate.requests import Generations, Wanted, active_takes
from playhead.generate.selecting import Selected, missing, named, prompt_of, skipped
from playhead.generate.shapes.generations import (
    AddedPrompts,
    ClipEstimate,
    EstimateProblem,
    Generated,
    GenerateInput,
    ProjectEstimate,
    PromptsInput,
    SkippedClip,
)
from playhead.generate.tables import GenerationRow, Relation
from playhead.generate.views import dollars, generation_resource, micros_of, sum_of
from playhead.kit.clock import Clock, utc_now
from playhead.reels.clips import first_of
from playhead.reels.projects import Projects
from playhead.reels.prompt_shapes import Prompt
from playhead.reels.prompts import append_prompts
from playhead.reels.shapes import ProjectInput
from playhead.reels.tables import ClipRow, ProjectRow


@dataclass(frozen=True, slots=True)
class Requested:
    """Takes that a request made or found; ``submit`` the new ones after the commit."""

    new: list[GenerationRow]
    under_way: list[GenerationRow]
    skipped: list[SkippedClip]

    def resource(self) -> Generated:
        """In the words of the API."""
        items = [generation_resource(row) for row in [*self.new, *self.under_way]]
        estimated = sum_of([row.estimated_micros for row in self.new])
        return Generated(items=items, skipped=self.skipped, estimated=estimated)


class ProjectGeneration:
    """Generates clips of projects from their prompts."""

    def __init__(
        self,
        database: Database,
        projects: Projects,
        generations: Generations,
        choices: Choices,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._projects = projects
        self._generations = generations
        self._choices = choices
        self._clock = clock

    async def generate(self, principal: Principal, project_id: str, wanted: GenerateInput) -> Generated:
        """Request takes of clips: of those that are named, else of all without a video.

        A clip whose take is under way gets no second one, unless it is named with ``again``.

        Raises:
            ProjectNotFound, ProviderNotConfigured, SpendingCapReached, Conflict
            InvalidInput: prompts that cannot be generated; all are named, and nothing is made.
        """
        async with self._database.read() as session:
            project = await self._projects.find(session, principal, project_id)
            selected = await self._select(session, project, wanted)
        await self._check_providers([prompt_of(clip) for clip in selected.new])
        async with self._database.write() as session:
            project = await self._projects.find(session, principal, project_id, lock=True)
            made = await self.request(session, project, wanted)
        await self.submit(made)
        return made.resource()

    async def request(self, session: AsyncSession, project: ProjectRow, wanted: GenerateInput) -> Requested:
        """As `generate`, in the caller's transaction, which has locked the project; `submit` after the commit."""
        selected = await self._select(session, project, wanted)
        before = {clip.id: previous for previous, clip in zip([None, *project.clips], project.clips, strict=False)}
        newest = await _newest_takes(session, [clip.id for clip in [*selected.new, *selected.under_way]])
        coming = await active_takes(session, project.id)
        rows: list[GenerationRow] = []
        problems: list[tuple[ClipRow, PlayheadError]] = []
        for clip in selected.new:
            take = _wanted(project, clip, newest.get(clip.id), accept_unknown=wanted.accept_unknown_cost)
            try:
                take = _after(take, before[clip.id], coming)
                rows.append(await self._generations.request(session, project.owner_id, take))
                coming[clip.id] = rows[-1].id
            except PreviousNotReady as error:
                if wanted.clip_ids is not None:
                    raise
                selected.skipped.append(skipped(clip, error.code, error.detail))
            except InvalidInput as error:
                problems.append((clip, error))
        _raise_for(problems, alone=len(selected.new) == 1)
        check_cost([row.estimated_micros for row in rows], wanted.max_cost, accept_unknown=wanted.accept_unknown_cost)
        return Requested(rows, [newest[clip.id] for clip in selected.under_way], selected.skipped)

    async def make(
        self, principal: Principal, projects: Sequence[ProjectInput], wanted: GenerateInput
    ) -> list[ProjectRow]:
        """Make projects and request the takes of their clips: all of them or, on any error, nothing.

        Raises:
            ClipsInvalid, and as `generate`.
        """
        clips = [clip for project in projects for clip in project.clips]
        await self._check_providers([clip.prompt for clip in clips if clip.prompt and clip.video_id is None])
        async with self._database.write() as session:
            rows = [await self._projects.add(session, principal, each) for each in projects]
            await session.flush()
            made = [await self.request(session, row, wanted) for row in rows]
        for each in made:
            await self.submit(each)
        return rows

    async def submit(self, made: Requested) -> None:
        """Enqueue the new takes, after the commit."""
        for row in made.new:
            await self._generations.submit(row)

    async def estimate(self, principal: Principal, project_id: str, clip_ids: Sequence[str] | None) -> ProjectEstimate:
        """What `generate` would cost. Nothing is made.

        Raises:
            ProjectNotFound
            InvalidInput: a clip that the project does not have, or without a prompt.
        """
        wanted = GenerateInput(clip_ids=list(clip_ids) if clip_ids is not None else None)
        async with self._database.read() as session:
            project = await self._projects.find(session, principal, project_id)
            selected = await self._select(session, project, wanted)
        before = {clip.id: previous for previous, clip in zip([None, *project.clips], project.clips, strict=False)}
        coming = {clip.id for clip in project.clips if clip.prompt is not None}
        unusable = await self._unusable([prompt_of(clip) for clip in selected.new])
        items = [self._estimated(clip, before[clip.id], coming, unusable) for clip in selected.new]
        known = [item.amount for item in items if item.problem is None]
        return ProjectEstimate(items=items, estimated=sum_of([micros_of(amount) for amount in known]))

    async def add_prompts(self, principal: Principal, project_id: str, wanted: PromptsInput) -> AddedPrompts:
        """Append prompts as clips, and request their takes if that is wanted.

        Raises:
            ProjectNotFound, ClipsInvalid
            InvalidInput, ModelRetired: a prompt, model or parameter that cannot be meant; nothing is added.
        """
        prompts = prompts_of(wanted)
        for prompt in _distinct(prompts):
            self._choices.model_of(prompt, self._clock().date())
        if wanted.generate:
            await self._check_providers(prompts)
        made: Requested | None = None
        async with self._database.write() as session:
            project = await self._projects.find(session, principal, project_id, lock=True)
            clips = append_prompts(project, prompts, self._clock())
            await session.flush()
            if wanted.generate:
                made = await self.request(session, project, _generate_input(clips, wanted))
        if made is not None:
            await self.submit(made)
        generated = made.resource() if made is not None else None
        return AddedPrompts(
            project=await self._projects.describe_row(project),
            clip_ids=[clip.id for clip in clips],
            items=generated.items if generated else [],
            estimated=generated.estimated if generated else None,
        )

    async def _check_providers(self, prompts: Sequence[Prompt]) -> None:
        for name, with_files in sorted(self._needs(prompts)):
            await self._generations.check_provider(name, with_files=with_files)

    def _needs(self, prompts: Sequence[Prompt]) -> set[tuple[str, bool]]:
        """What prompts ask for: providers, each with or without files from here."""
        return {(self._choices.provider_of(prompt), bool(prompt.inputs)) for prompt in prompts}

    async def _unusable(self, prompts: Sequence[Prompt]) -> dict[tuple[str, bool], PlayheadError]:
        """What of that cannot be used, and why."""
        found: dict[tuple[str, bool], PlayheadError] = {}
        for need in self._needs(prompts):
            try:
                await self._generations.check_provider(need[0], with_files=need[1])
            except PlayheadError as error:
                found[need] = error
        return found

    async def _select(self, session: AsyncSession, project: ProjectRow, wanted: GenerateInput) -> Selected:
        states = await self._projects.takes.states(session, [project.id])
        if wanted.clip_ids is not None:
            return named(project, wanted.clip_ids, states, again=wanted.again)
        videos = await videos_by_id(session, {clip.video_id for clip in project.clips if clip.video_id}, probes=False)
        return missing(project, set(videos), states)

    def _estimated(
        self,
        clip: ClipRow,
        before: ClipRow | None,
        coming: Collection[str],
        unusable: Mapping[tuple[str, bool], PlayheadError],
    ) -> ClipEstimate:
        prompt = prompt_of(clip)
        estimate = ClipEstimate(
            clip_id=clip.id,
            position=clip.position + 1,
            provider=self._choices.provider_of(prompt),
            model=prompt.model,
            amount=None,
            problem=None,
        )
        try:
            chosen = self._choices.choose(prompt, [each.model_dump() for each in prompt.inputs], self._clock().date())
            estimate.model, estimate.amount = chosen.model.name, dollars(chosen.estimated)
            resolved(prompt.inputs, before, is_coming=before is not None and before.id in coming)
            why = unusable.get((self._choices.provider_of(prompt), bool(prompt.inputs)))
        except PlayheadError as error:
            why = error
        if why is not None:
            estimate.problem = EstimateProblem(code=why.code, message=why.detail, hint=why.hint)
        return estimate


async def _newest_takes(session: AsyncSession, clip_ids: Sequence[str]) -> dict[str, GenerationRow]:
    """The active take of each clip, else the newest."""
    statement = select(GenerationRow).where(GenerationRow.clip_id.in_(clip_ids)).order_by(GenerationRow.id)
    found: dict[str, GenerationRow] = {}
    for row in await session.scalars(statement):
        before = found.get(row.clip_id or "")
        if before is None or row.is_active or not before.is_active:
            found[row.clip_id or ""] = row
    return found


def _wanted(project: ProjectRow, clip: ClipRow, newest: GenerationRow | None, *, accept_unknown: bool) -> Wanted:
    relation: Relation | None = "reroll" if newest is not None else None
    return Wanted(
        prompt=prompt_of(clip),
        project_id=project.id,
        clip_id=clip.id,
        parent_id=newest.id if newest is not None else None,
        relation=relation,
        accept_unknown=accept_unknown,
    )


def _after(wanted: Wanted, before: ClipRow | None, coming: Mapping[str, str]) -> Wanted:
    """A take with its input files; one that begins with a clip whose take is under way is made from that take."""
    take_before = coming.get(before.id) if before is not None else None
    inputs = resolved(wanted.prompt.inputs, before, is_coming=take_before is not None)
    relation = waits_for(inputs)
    if relation is None:
        return replace(wanted, inputs=inputs)
    return replace(wanted, inputs=inputs, parent_id=take_before, relation=relation)


def _generate_input(clips: Sequence[ClipRow], wanted: PromptsInput) -> GenerateInput:
    return GenerateInput(
        clip_ids=[clip.id for clip in clips],
        accept_unknown_cost=wanted.accept_unknown_cost,
        max_cost=wanted.max_cost,
    )


def _distinct(prompts: Sequence[Prompt]) -> list[Prompt]:
    """One prompt of each choice of provider, model and parameters."""
    return list({(each.provider, each.model, repr(each.parameters)): each for each in prompts}.values())


def _raise_for(problems: Sequence[tuple[ClipRow, PlayheadError]], *, alone: bool) -> None:
    """Raise the error of the one clip, or one that names all clips with a problem."""
    if not problems:
        return
    if alone:
        raise problems[0][1]
    listed = [
        {"id": clip.id, "position": clip.position + 1, "code": error.code, "message": error.detail, "hint": error.hint}
        for clip, error in problems
    ]
    raise InvalidInput(
        first_of(listed),
        hint=problems[0][1].hint,
        code="prompts_invalid",
        title="Some prompts cannot be used",
        extra={"clips": listed},
    )
