"""What a person decides on a generation: to stop it, to try again, to settle an unknown outcome, to use its video."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.generate.choosing import Choices
from playhead.generate.input_files import check_files, waits_for
from playhead.generate.ledger import Ledger
from playhead.generate.requests import Generations, Place, check_project, inputs_of
from playhead.generate.shapes.generations import Resolution
from playhead.generate.tables import ACTIVE, GenerationRow
from playhead.jobs.client import Jobs
from playhead.jobs.errors import JobNotFound, JobNotRunning
from playhead.kit.clock import Clock, utc_now
from playhead.reels.prompt_shapes import PromptFile
from playhead.reels.prompts import locked_clip, set_video
from playhead.reels.tables import ProjectRow

ENDED_BADLY = ("failed", "refused", "canceled", "unknown")

RESULT_ERRORS = ("result_refused", "result_expired", "result_not_ready", "generation_deadline", "provider_lost_request")
"""Failures behind which there may be a result that was paid."""


class Decisions:
    """Acts on generations at a person's request."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        generations: Generations,
        choices: Choices,
        ledger: Ledger,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._generations = generations
        self._choices = choices
        self._ledger = ledger
        self._clock = clock

    async def cancel(self, principal: Principal, generation_id: str) -> GenerationRow:
        """Cancel a generation that has not ended.

        Raises:
            Conflict: it has, or nobody knows whether it was submitted.
        """
        row = await self._generations.get(principal, generation_id)
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
        return await self._generations.get(principal, generation_id)

    async def retry(self, principal: Principal, generation_id: str, *, accept_unknown: bool) -> GenerationRow:
        """Make another take of the same request; one that was made already and is under way is given instead.

        Raises:
            Conflict: it succeeded, or is under way.
            ModelRetired, SpendingCapReached, ProviderNotConfigured
        """
        old = await self._generations.get(principal, generation_id)
        await self._generations.check_provider(old.provider, with_files=bool(old.inputs))
        async with self._database.write() as session:
            old = await self._generations.find(session, principal, generation_id, lock=True)
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
        await self._generations.submit(row)
        return row

    async def resolve(self, principal: Principal, generation_id: str, resolution: Resolution) -> GenerationRow:
        """Decide on a generation of which nobody knows whether it was submitted.

        Raises:
            Conflict: its state is another one.
            ModelRetired, SpendingCapReached, ProviderNotConfigured: it cannot be submitted again.
        """
        row = await self._generations.get(principal, generation_id)
        if resolution.action == "resubmit":
            await self._generations.check_provider(row.provider, with_files=bool(row.inputs))
        async with self._database.write() as session:
            row = await self._generations.find(session, principal, generation_id, lock=True)
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
            await self._generations.submit(row)
        return row

    async def fetch(self, principal: Principal, generation_id: str) -> GenerationRow:
        """Ask the provider once more for the result of a generation that failed over it. That costs nothing.

        Raises:
            Conflict: it has no result that could be fetched.
        """
        async with self._database.write() as session:
            row = await self._generations.find(session, principal, generation_id, lock=True)
            if row.state != "failed" or row.reference is None or row.error_code not in RESULT_ERRORS:
                raise Conflict(
                    f"Generation {row.id} did not fail over its result: it is {row.state}.",
                    hint="Generate it again for another take.",
                    code="no_result_to_fetch",
                    title="Nothing to fetch",
                )
            row.state, row.deadline_at, row.finished_at, row.provider_words = "running", None, None, None
            _clear_error(row)
            row.version += 1
            row.updated_at = self._clock()
            await self._generations.record_job(session, row)
        await self._generations.submit(row)
        return row

    async def use(self, principal: Principal, generation_id: str) -> ProjectRow:
        """Give a clip the video of a take; the project gets its next version.

        Raises:
            Conflict: the take has no video, or its clip is gone.
        """
        async with self._database.write() as session:
            row = await self._generations.find(session, principal, generation_id)
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
            check_project(project, principal)
            if clip.video_id != row.video_id:
                await set_video(session, clip, row.video_id)
                project.version += 1
                project.edited_version = None
                project.updated_at = self._clock()
        return project

    async def _reroll(self, session: AsyncSession, old: GenerationRow, *, accept_unknown: bool) -> GenerationRow:
        chosen = self._choices.again(old, self._clock().date(), another_seed=old.state == "refused")
        place = Place(
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
            inputs, take_before, waits = await inputs_of(session, *found, files)
            parent_id, relation = (take_before, waits) if waits else (place.parent_id, place.relation)
            place = replace(place, inputs=inputs, parent_id=parent_id, relation=relation)
        await check_files(session, old.owner_id, place.inputs)
        return await self._generations.add(session, place, chosen, accept_unknown=accept_unknown)

    async def _resubmit(self, session: AsyncSession, row: GenerationRow, *, accept_unknown: bool) -> None:
        """Put it back to its beginning; what it reserved before stays reserved: it may have been charged."""
        chosen = self._choices.again(row, self._clock().date())
        await self._ledger.reserve(session, row, chosen.estimated, accept_unknown=accept_unknown)
        row.state, row.submit_state, row.submission = "queued", None, None
        row.sent_at = row.deadline_at = row.woken_at = row.finished_at = row.provider_words = None
        _clear_error(row)
        row.version += 1
        row.updated_at = self._clock()
        await self._generations.record_job(session, row)

    async def _give_up(self, session: AsyncSession, row: GenerationRow) -> None:
        row.state, row.error_code, row.error_side = "failed", "given_up", "provider"
        row.error_message = f"Given up: nobody knows whether {row.provider} ran this, and what it charged."
        row.error_hint = "Its reservation stays until its cost is known."
        row.updated_at = self._clock()
        row.finished_at = row.finished_at or row.updated_at
        await self._ledger.settle(session, row, None, "Given up; nobody knows what was charged.")


async def _reroll_of(session: AsyncSession, old: GenerationRow) -> GenerationRow | None:
    """Another try that is under way already: two quick clicks are one wish."""
    statement = select(GenerationRow).where(
        GenerationRow.parent_id == old.id, GenerationRow.relation == "reroll", GenerationRow.state.in_(ACTIVE)
    )
    found: GenerationRow | None = await session.scalar(statement.limit(1))
    return found


def _clear_error(row: GenerationRow) -> None:
    row.error_code = row.error_message = row.error_hint = row.error_side = None
