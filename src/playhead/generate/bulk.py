"""Actions on all projects of a campaign: a durable job, as hundreds of projects take longer than a request may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal, scopes_of
from playhead.access.tables import UserRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, PlayheadError
from playhead.generate.campaigns import BULK, Campaigns, bulk_key, project_ids
from playhead.generate.choosing import Choices
from playhead.generate.costs import check_cost
from playhead.generate.projects import ProjectGeneration
from playhead.generate.provider import MICROS
from playhead.generate.shapes.campaigns import Action, BulkGenerate, BulkInput, CampaignEstimate
from playhead.generate.shapes.generations import GenerateInput
from playhead.generate.tables import CampaignRow
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, rfc3339, utc_now
from playhead.reels.projects import Projects
from playhead.reels.prompt_shapes import ACTIVE_TAKES, Prompt
from playhead.reels.stitch import Stitch
from playhead.reels.tables import ClipRow, ProjectRow

NAMED: Final = 100
"""Skipped projects that an outcome names."""

_BATCH: Final = 200


class Bulk:
    """Requests of bulk actions, and what they would cost."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        campaigns: Campaigns,
        projects: Projects,
        choices: Choices,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._campaigns = campaigns
        self._projects = projects
        self._choices = choices
        self._clock = clock

    async def estimate(
        self, principal: Principal, campaign_id: str, wanted: Sequence[str] | None = None
    ) -> CampaignEstimate:
        """What generating the clips without a video would cost.

        Raises:
            CampaignNotFound
            InvalidInput: a wanted project is none of the campaign's.
        """
        prices = await self._prices(principal, campaign_id, wanted)
        known = [price.micros for price in prices if price.micros is not None]
        return CampaignEstimate(
            amount=sum(known) / MICROS if known or not prices else None,
            unknown=sum(price.micros is None and not price.is_problem for price in prices),
            clips=len(prices),
            projects=len({price.project_id for price in prices}),
            problems=sum(price.is_problem for price in prices),
        )

    async def generate(self, principal: Principal, campaign_id: str, wanted: BulkGenerate) -> JobRow:
        """Request takes of all clips that have a prompt, and neither a video nor a take under way.

        Raises:
            CampaignNotFound, InvalidInput
            Conflict: the estimate is above ``max_cost`` or not known, or another action runs.
        """
        if wanted.max_cost is not None:
            prices = await self._prices(principal, campaign_id, wanted.project_ids)
            estimates = [price.micros for price in prices if not price.is_problem]
            check_cost(estimates, wanted.max_cost, accept_unknown=wanted.accept_unknown_cost)
        return await self._request(
            principal, campaign_id, "generate", wanted, accept_unknown_cost=wanted.accept_unknown_cost
        )

    async def stitch(self, principal: Principal, campaign_id: str, wanted: BulkInput) -> JobRow:
        """Request the reels of all projects that can be stitched.

        Raises:
            CampaignNotFound, InvalidInput
            Conflict: another action runs.
        """
        return await self._request(principal, campaign_id, "stitch", wanted)

    async def _request(
        self, principal: Principal, campaign_id: str, action: Action, wanted: BulkInput, **options: bool
    ) -> JobRow:
        async with self._database.write() as session:
            row = await self._campaigns.find(session, principal, campaign_id, lock=True)
            ids = _chosen(await project_ids(session, row.id), wanted.project_ids)
            if not ids:
                raise InvalidInput(f"Campaign {campaign_id} has no projects.", hint="Add some first.")
            arguments = {"campaign_id": row.id, "owner_id": row.owner_id, "action": action, "project_ids": ids}
            job = await self._jobs.record(
                session,
                kind=BULK,
                owner_id=row.owner_id,
                title=row.title,
                args=arguments | options,
                dedupe_key=bulk_key(row.id),
            )
            if job.args["action"] != action:
                raise Conflict(
                    f"Another action runs on campaign {campaign_id}.",
                    hint="Wait until it has ended.",
                    code="campaign_busy",
                    title="The campaign is busy",
                )
        await self._jobs.submit(job.id)
        return job

    async def _prices(self, principal: Principal, campaign_id: str, wanted: Sequence[str] | None) -> "list[_Price]":
        async with self._database.read() as session:
            row = await self._campaigns.find(session, principal, campaign_id)
            ids = _chosen(await project_ids(session, row.id), wanted)
            prompts = await self._open_prompts(session, ids)
        today = self._clock().date()
        return [self._price(project_id, prompt, today) for project_id, prompt in prompts]

    async def _open_prompts(self, session: AsyncSession, ids: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
        """Prompts of clips without a video (it may have been deleted) and without an active take, by project."""
        found: list[tuple[str, dict[str, Any]]] = []
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            states = await self._projects.takes.states(session, batch)
            statement = (
                select(ClipRow.id, ClipRow.project_id, ClipRow.prompt)
                .outerjoin(VideoRow, and_(VideoRow.id == ClipRow.video_id, VISIBLE))
                .where(ClipRow.project_id.in_(batch), VideoRow.id.is_(None))
            )
            found += [
                (clip.project_id, clip.prompt)
                for clip in await session.execute(statement)
                if clip.prompt and states.get(clip.id) not in (*ACTIVE_TAKES, "unknown")
            ]
        return found

    def _price(self, project_id: str, prompt: dict[str, Any], today: date) -> "_Price":
        try:
            chosen = self._choices.choose(Prompt.model_validate(prompt), prompt.get("inputs") or [], today)
        except PlayheadError:
            return _Price(project_id, None, is_problem=True)
        return _Price(project_id, chosen.estimated)


@dataclass(frozen=True, slots=True)
class _Price:
    project_id: str
    micros: int | None
    is_problem: bool = False


class BulkJob:
    """Acts on one project after the other; one that cannot be done is named, and does not stop the others.

    Args:
        stitch: Given when the first one is needed, as is *generation*: a process starts without the catalogue.
    """

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        stitch: Callable[[], Stitch],
        generation: Callable[[], ProjectGeneration],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._stitch = stitch
        self._generation = generation
        self._clock = clock

    def kind(self) -> JobKind:
        """How the job engine knows it; once it has ended, another action may be asked for."""
        return JobKind(
            name=BULK,
            queue="system",
            run=self.run,
            title="Campaign",
            doing="Requesting takes and reels",
            done="Requested takes and reels",
            of="for",
            on_succeeded=self._ended,
            on_failed=self._failed,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """One step for each project: repeated after a crash, it requests nothing twice."""
        results = []
        ids: list[str] = args["project_ids"]
        words = "Requesting takes" if args["action"] == "generate" else "Requesting reels"
        for number, project_id in enumerate(ids):
            await context.progress(number / len(ids), f"{words}: project {number + 1} of {len(ids)}")
            results.append(await context.step(f"project {number + 1}", self._act, args, project_id))
        skipped = [result for result in results if "code" in result]
        return {"done": len(results) - len(skipped), "skipped": skipped[:NAMED], "skipped_count": len(skipped)}

    async def _act(self, args: dict[str, Any], project_id: str) -> dict[str, Any]:
        owner = await self._owner(str(args["owner_id"]))
        try:
            if args["action"] == "stitch":
                await self._stitch().request(owner, project_id, None)
                return {"project_id": project_id}
            return await self._generate(owner, project_id, accept_unknown=bool(args.get("accept_unknown_cost")))
        except PlayheadError as error:
            if error.retry != "never":
                raise
            return await self._skipped(project_id, error.code, error.detail)

    async def _generate(self, owner: Principal, project_id: str, *, accept_unknown: bool) -> dict[str, Any]:
        made = await self._generation().generate(owner, project_id, GenerateInput(accept_unknown_cost=accept_unknown))
        if made.items:
            return {"project_id": project_id}
        if made.skipped:
            first = made.skipped[0]
            return await self._skipped(project_id, first.code, f"Clip {first.position}: {first.message}")
        return await self._skipped(project_id, "nothing_to_generate", "No clip needs a take.")

    async def _skipped(self, project_id: str, code: str, message: str) -> dict[str, Any]:
        async with self._database.read() as session:
            title = await session.scalar(select(ProjectRow.title).where(ProjectRow.id == project_id))
        return {"project_id": project_id, "title": title or "Deleted project", "code": code, "message": message}

    async def _owner(self, user_id: str) -> Principal:
        """The campaign's owner as a principal: what a job does for them is what they may do."""
        async with self._database.read() as session:
            user = await session.get_one(UserRow, user_id)
        return Principal(user.id, user.email, "member", scopes_of("member"), via="session", credential_id="")

    async def _ended(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        await self._jobs.release_key(session, job.id)
        await self._record(session, job, result)

    async def _failed(self, session: AsyncSession, job: JobRow, error: JobError) -> None:
        await self._record(session, job, {"done": 0, "skipped": [], "skipped_count": 0, "error": error.message})

    async def _record(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        row = await session.get(CampaignRow, job.args["campaign_id"], with_for_update=True)
        if row is not None:
            at = rfc3339(self._clock())
            row.outcome = {"action": job.args["action"], "job_id": job.id, "at": at, **result}


def _chosen(ids: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """The wanted of a campaign's projects; all without a wish.

    Raises:
        InvalidInput: one is none of them.
    """
    if wanted is None:
        return list(ids)
    if foreign := set(wanted) - set(ids):
        raise InvalidInput(
            f"The campaign has no project {min(foreign)}.", hint="It may have been deleted or taken out."
        )
    chosen = set(wanted)
    return [project_id for project_id in ids if project_id in chosen]
