"""The hold of the catalog: videos that a job works on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.stills import STILLS
from playhead.catalog.tables import VideoRow
from playhead.jobs.tables import ACTIVE, JobRow


async def busy(session: AsyncSession, video_ids: Sequence[str]) -> dict[str, str]:
    """Videos that are still prepared, or that a job which somebody requested works on."""
    preparing = select(VideoRow.id).where(VideoRow.id.in_(video_ids), VideoRow.state == "preparing")
    jobs = select(JobRow.video_id, JobRow.kind).where(
        JobRow.video_id.in_(video_ids), JobRow.state.in_(ACTIVE), JobRow.kind != STILLS
    )
    held = dict.fromkeys(await session.scalars(preparing), "it is being prepared")
    for video_id, kind in await session.execute(jobs):
        held.setdefault(str(video_id), f"a job works on it ({kind})")
    return held
