"""Generation of a project's clips: which of them, what they would cost, and prompts that are appended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.videos import videos_by_id
from playhead.db.database import Database
from playhead.errors import InvalidInput, PlayheadError
from playhead.generate.choosing import Choices
from playhead.generate.costs import check_cost
from playhead.generate.input_files import PreviousNotReady, from_before, resolved
from playhead.generate.pasted import prompts_of
from playhead.generate.requests import Generations, Wanted, active_takes
from playhead.generate.shapes.generations import (
    MOST_AT_ONCE,
    AddedPrompts,
    ClipEstimate,
    EstimateProblem,
    Generated,
    GenerateInput,
    ProjectEstimate,
    PromptsInput,
    SkippedClip,
)
from playhead.generate.tables import ACTIVE, GenerationRow, Relation
from playhead.generate.views import dollars, generation_resource, micros_of, sum_of
from playhead.kit.clock import Clock, utc_now
from playhead.reels.clips import first_of
from playhead.reels.projects import Projects
from playhead.reels.prompt_shapes import Prompt, TakeState
from playhead.reels.prompts import append_prompts
from playhead.reels.shapes import ProjectInput
from playhead.reels.tables import ClipRow, ProjectRow


@dataclass(slots=True)
class _Selected:
    """Clips of a request, sorted out.

    Attributes:
        new: Clips to make a take of.
        under_way: Clips whose take is active, and counts as the wanted one.
    """

    new: list[ClipRow] = field(default_factory=list)
    under_way: list[ClipRow] = field(default_factory=list)
    skipped: list[SkippedClip] = field(default_factory=list)


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
                selected.skipped.append(_skipped(clip, error.code, error.detail))
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
        refusals = await self._refusals([prompt_of(clip) for clip in selected.new])
        items = [self._estimated(clip, before[clip.id], coming, refusals) for clip in selected.new]
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
        for name in sorted({self._choices.provider_of(prompt) for prompt in prompts}):
            await self._generations.check_provider(name)

    async def _select(self, session: AsyncSession, project: ProjectRow, wanted: GenerateInput) -> _Selected:
        states = await self._projects.takes.states(session, [project.id])
        if wanted.clip_ids is not None:
            return _named(project, wanted.clip_ids, states, again=wanted.again)
        videos = await videos_by_id(session, {clip.video_id for clip in project.clips if clip.video_id}, probes=False)
        return _missing(project, set(videos), states)

    async def _refusals(self, prompts: Sequence[Prompt]) -> dict[str, PlayheadError]:
        """Why providers cannot be used, of those that prompts go to."""
        found: dict[str, PlayheadError] = {}
        for name in {self._choices.provider_of(prompt) for prompt in prompts}:
            try:
                await self._generations.check_provider(name)
            except PlayheadError as error:
                found[name] = error
        return found

    def _estimated(
        self, clip: ClipRow, before: ClipRow | None, coming: Collection[str], refusals: Mapping[str, PlayheadError]
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
            if (refusal := refusals.get(chosen.model.provider)) is not None:
                raise refusal
            resolved(prompt.inputs, before, is_coming=before is not None and before.id in coming)
        except PlayheadError as error:
            estimate.problem = EstimateProblem(code=error.code, message=error.detail, hint=error.hint)
        return estimate


def prompt_of(clip: ClipRow) -> Prompt:
    """The prompt of a clip that has one."""
    return Prompt.model_validate(clip.prompt)


def _named(project: ProjectRow, clip_ids: Sequence[str], states: Mapping[str, TakeState], *, again: bool) -> _Selected:
    wanted = set(clip_ids)
    clips = [clip for clip in project.clips if clip.id in wanted]
    missing = wanted - {clip.id for clip in clips}
    if missing:
        raise InvalidInput(
            f"Project {project.id} has no clip {min(missing)}.",
            hint="It may have been removed; load the project again.",
            code="clip_not_found",
            title="No such clip",
        )
    for clip in clips:
        if clip.prompt is None:
            raise InvalidInput(
                f"Clip {clip.position + 1} has no prompt.",
                hint="Give it a prompt first.",
                code="clip_without_prompt",
                title="The clip has no prompt",
            )
    active = [clip for clip in clips if states.get(clip.id) in ACTIVE and not again]
    return _Selected(new=[clip for clip in clips if clip not in active], under_way=active)


def _missing(project: ProjectRow, videos: set[str], states: Mapping[str, TakeState]) -> _Selected:
    """All that have a prompt, and neither a video nor a take under way."""
    selected = _Selected()
    for clip in project.clips:
        state = states.get(clip.id)
        if clip.prompt is None or clip.video_id in videos or state in ACTIVE:
            continue
        if state == "unknown":
            words = "Nobody knows whether its latest take was submitted: decide on that one first."
            selected.skipped.append(_skipped(clip, "take_unknown", words))
        elif len(selected.new) == MOST_AT_ONCE:
            words = f"{MOST_AT_ONCE} takes are requested at once; ask again for the rest."
            selected.skipped.append(_skipped(clip, "too_many_at_once", words))
        else:
            selected.new.append(clip)
    return selected


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
    inputs, take_before, relation = from_before(wanted.prompt.inputs, before, coming)
    if relation is None:
        return replace(wanted, inputs=inputs)
    return replace(wanted, inputs=inputs, parent_id=take_before, relation=relation)


def _generate_input(clips: Sequence[ClipRow], wanted: PromptsInput) -> GenerateInput:
    return GenerateInput(
        clip_ids=[clip.id for clip in clips],
        accept_unknown_cost=wanted.accept_unknown_cost,
        max_cost=wanted.max_cost,
    )


def _skipped(clip: ClipRow, code: str, message: str) -> SkippedClip:
    return SkippedClip(clip_id=clip.id, position=clip.position + 1, code=code, message=message)


def _distinct(prompts: Sequence[Prompt]) -> list[Prompt]:
    """One prompt of each choice of provider, model and parameters."""
    return list({(each.provider, each.model, repr(each.parameters)): each for each in prompts}.values())


def _raise_for(problems: Sequence[tuple[ClipRow, PlayheadError]], *, alone: bool) -> None:
    """Raise the error of the one clip, or one that names all clips with a problem."""
    if not problems:
        return
    if alone:
        raise problems[0][1]
    named = [
        {"id": clip.id, "position": clip.position + 1, "code": error.code, "message": error.detail, "hint": error.hint}
        for clip, error in problems
    ]
    raise InvalidInput(
        first_of(named),
        hint=problems[0][1].hint,
        code="prompts_invalid",
        title="Some clips cannot be generated",
        extra={"clips": named},
    )
