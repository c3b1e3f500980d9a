"""Recordings whose job is gone: each gets one that does the next thing, so that none waits forever."""

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.live.recordings import FINALISE, RECORD, Recordings
from playhead.live.tables import RecordingRow

ENDED = ("succeeded", "failed", "canceled")

log = structlog.get_logger(__name__)


async def sweep_jobless(database: Database, recordings: Recordings) -> int:
    """Record a job for each recording that has none; returns how many.

    A recording whose row of a job was deleted goes on recording. One whose job has ended without a next one is
    finalised from what it has.
    """
    async with database.read() as session:
        found = [row.id for row in await session.scalars(_jobless())]
    for recording_id in found:
        async with database.write() as session:
            row = await session.scalar(
                _jobless().where(RecordingRow.id == recording_id).with_for_update(of=RecordingRow)
            )
            if row is None:  # another worker was first
                continue
            await _go_on(session, recordings, row)
        await recordings.submit(row)
        log.warning("recording_resumed", recording_id=row.id, state=row.state)
    return len(found)


def _jobless() -> Select[RecordingRow]:
    active = select(JobRow.id).where(JobRow.id == RecordingRow.job_id, JobRow.state.not_in(ENDED)).exists()
    return select(RecordingRow).where(
        RecordingRow.state.in_(("recording", "finalising")), or_(RecordingRow.job_id.is_(None), ~active)
    )


async def _go_on(session: AsyncSession, recordings: Recordings, row: RecordingRow) -> None:
    job = await session.get(JobRow, row.job_id) if row.job_id else None
    if row.state == "recording" and job is None:
        await recordings.request_job(session, row, RECORD)
        return
    row.state, row.ended_at = "finalising", row.ended_at or utc_now()
    row.version += 1
    await recordings.request_job(session, row, FINALISE)
