"""Events of videos for the outbox: each recorded in the transaction that makes a video ready or errored."""

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow
from playhead.outbox.outbox import record_event


def record_ready(session: AsyncSession, row: VideoRow) -> None:
    """Record that a video can be played."""
    data = {
        "title": row.title,
        "origin": row.origin,
        "project_id": row.project_id,
        "duration_s": row.duration_s,
        "width": row.width,
        "height": row.height,
        "size_bytes": row.size_bytes,
    }
    record_event(session, "video.ready", owner_id=row.owner_id, subject_id=row.id, data=data)


def record_errored(session: AsyncSession, row: VideoRow) -> None:
    """Record that a video could not be prepared, and why."""
    error = {"code": row.error_code, "message": row.error_message, "hint": row.error_hint}
    data = {"title": row.title, "origin": row.origin, "error": error}
    record_event(session, "video.errored", owner_id=row.owner_id, subject_id=row.id, data=data)
