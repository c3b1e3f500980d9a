"""A reason to keep videos: they are takes of a clip, paid for, and one of them may be picked any time."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.generate.tables import GenerationRow
from playhead.reels.tables import ClipRow, ProjectRow


async def takes_of_clips(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Hold of videos that are takes of clips which their projects still have."""
    statement = (
        select(GenerationRow.video_id, ProjectRow.title)
        .join(ClipRow, ClipRow.id == GenerationRow.clip_id)
        .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
        .where(GenerationRow.video_id.in_(video_ids))
    )
    return {
        str(video_id): f"it is a take of a clip in “{title}”" for video_id, title in await session.execute(statement)
    }
