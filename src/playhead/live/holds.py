"""The hold of live: videos of recordings that are not finished."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.live.tables import RecordingRow


async def unfinished(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Videos whose recording still runs or is being finalised."""
    statement = select(RecordingRow.video_id).where(
        RecordingRow.video_id.in_(video_ids), RecordingRow.state.in_(("recording", "finalising"))
    )
    return dict.fromkeys(map(str, await session.scalars(statement)), "its recording is being finalised")
