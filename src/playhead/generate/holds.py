"""Reasons to keep videos: they are takes of a clip, paid for, and one of them may be picked any time; or a take is
being made from them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.generate.tables import ACTIVE, GenerationRow
from playhead.reels.tables import ClipRow, ProjectRow


async def takes_and_their_inputs(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Hold of videos that are takes of clips which their projects still have, or inputs of takes under way."""
    used = (await _inputs_under_way(session)).intersection(video_ids)
    return dict.fromkeys(used, "a take is being made from it") | await _takes_of_clips(session, video_ids)


async def _takes_of_clips(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    statement = (
        select(GenerationRow.video_id, ProjectRow.title)
        .join(ClipRow, ClipRow.id == GenerationRow.clip_id)
        .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
        .where(GenerationRow.video_id.in_(video_ids))
    )
    return {
        str(video_id): f"it is a take of a clip in “{title}”" for video_id, title in await session.execute(statement)
    }


async def _inputs_under_way(session: AsyncSession) -> set[str]:
    """Videos that takes under way are made from: whole, or a frame of them."""
    found = await session.scalars(select(GenerationRow.inputs).where(GenerationRow.state.in_(ACTIVE)))
    inputs = [given for each in found for given in each]
    return {str(given.get("video_id") or (given.get("frame") or {}).get("of")) for given in inputs}
