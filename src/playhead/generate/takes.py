"""Takes of a project's clips, as reels need them: read, never changed."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from playhead.generate.ledger import TOTALS
from playhead.generate.tables import ACTIVE, GenerationRow
from playhead.generate.views import take_resource, total_cost
from playhead.reels.prompt_shapes import ACTIVE_TAKES, Take, TakeState, TotalCost

_LISTED = (
    GenerationRow.clip_id,
    GenerationRow.state,
    GenerationRow.video_id,
    GenerationRow.progress,
    GenerationRow.provider,
    GenerationRow.provider_words,
    GenerationRow.model,
    GenerationRow.parent_id,
    GenerationRow.relation,
    GenerationRow.error_code,
    GenerationRow.error_message,
    GenerationRow.error_hint,
    GenerationRow.error_side,
    GenerationRow.estimated_micros,
    GenerationRow.reserved_micros,
    GenerationRow.actual_micros,
    GenerationRow.refunded_micros,
    GenerationRow.created_at,
    GenerationRow.finished_at,
)
"""What a take shows; prompts and requests are most of a row."""


class GenerationTakes:
    """The `reels.seams.Takes` of generations."""

    async def states(self, session: AsyncSession, project_ids: Collection[str]) -> Mapping[str, TakeState]:
        """See the seam."""
        of_clips = (GenerationRow.project_id.in_(project_ids), GenerationRow.clip_id.is_not(None))
        newest = select(func.max(GenerationRow.id)).where(*of_clips).group_by(GenerationRow.clip_id)
        statement = (
            select(GenerationRow.clip_id, GenerationRow.state)
            .where(*of_clips, or_(GenerationRow.id.in_(newest), GenerationRow.state.in_(ACTIVE)))
            .order_by(GenerationRow.id)
        )
        found: dict[str, TakeState] = {}
        for clip_id, state in await session.execute(statement):
            if clip_id is not None and found.get(clip_id) not in ACTIVE_TAKES:
                found[clip_id] = state
        return found

    async def of_project(self, session: AsyncSession, project_id: str, most: int) -> Mapping[str, Sequence[Take]]:
        """See the seam."""
        place = func.row_number().over(partition_by=GenerationRow.clip_id, order_by=GenerationRow.id.desc())
        ranked = (
            select(GenerationRow.id, place.label("place"))
            .where(GenerationRow.project_id == project_id, GenerationRow.clip_id.is_not(None))
            .subquery()
        )
        statement = (
            select(GenerationRow)
            .join(ranked, GenerationRow.id == ranked.c.id)
            .where(ranked.c.place <= most)
            .order_by(GenerationRow.id.desc())
            .options(load_only(*_LISTED, raiseload=True))
        )
        found: dict[str, list[Take]] = {}
        for row in await session.scalars(statement):
            found.setdefault(row.clip_id or "", []).append(take_resource(row))
        return found

    async def cost_of(self, session: AsyncSession, project_id: str) -> TotalCost | None:
        """See the seam."""
        statement = select(func.count(), *TOTALS).where(GenerationRow.project_id == project_id)
        count, *totals = (await session.execute(statement)).one()
        return total_cost(*totals) if count else None

    async def clips_with_takes(self, session: AsyncSession, project_id: str, clip_ids: Collection[str]) -> set[str]:
        """See the seam."""
        statement = select(GenerationRow.clip_id).where(
            GenerationRow.project_id == project_id, GenerationRow.clip_id.in_(clip_ids)
        )
        return {clip_id for clip_id in await session.scalars(statement.distinct()) if clip_id}

    async def abandon(self, session: AsyncSession, project_id: str) -> list[str]:
        """See the seam."""
        statement = select(GenerationRow.job_id).where(
            GenerationRow.project_id == project_id,
            GenerationRow.state.in_(("queued", "submitting")),
            or_(GenerationRow.submit_state.is_(None), GenerationRow.submit_state == "intent"),
            GenerationRow.job_id.is_not(None),
        )
        return [job_id for job_id in await session.scalars(statement) if job_id]
