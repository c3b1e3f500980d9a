"""Recordings: started with their job, stopped by a person, a broadcast's end or the disk, and found."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.titles import clean_title
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs.client import Jobs
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.live.errors import RecordingNotFound
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.outbox.outbox import record_event

RECORD: Final = "record"
"""Kind of the job that captures until the broadcast ends or a stop is requested."""

FINALISE: Final = "finalise"
"""Kind of the job that makes a video of a recording's parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRequest:
    """A recording to start.

    Args:
        source: What the capture opens: ``{"platform": "url" | "site" | "twitch", "url": ...}``, and what its platform
            needs besides.
        quality: A name of the source's qualities; ``best`` for the largest.
        captures: Redundant captures, 1 or 2.
    """

    owner_id: str
    title: str
    source: dict[str, Any]
    quality: str = "best"
    captures: int = 1
    channel: ChannelRow | None = None
    broadcast: BroadcastRow | None = None


class Recordings:
    """The use cases of recordings; their captures are the work of `live.jobs`."""

    def __init__(self, database: Database, jobs: Jobs, clock: Clock = utc_now) -> None:
        self._database, self._jobs, self._clock = database, jobs, clock

    async def start(self, wanted: RecordingRequest) -> RecordingRow:
        """Start a recording; of a broadcast and quality that is recorded already, return that one."""
        try:
            async with self._database.write() as session:
                row = await self.start_in(session, wanted)
        except IntegrityError:  # another detector was first
            async with self._database.write() as session:
                row = await self.start_in(session, wanted)
        await self.submit(row)
        return row

    async def start_in(self, session: AsyncSession, wanted: RecordingRequest) -> RecordingRow:
        """As `start`, in the caller's transaction; `submit` it after the commit.

        Raises:
            IntegrityError: another transaction started it; run yours again.
        """
        if wanted.broadcast is not None and (
            held := await session.scalar(
                select(RecordingRow).where(
                    RecordingRow.broadcast_id == wanted.broadcast.id, RecordingRow.quality == wanted.quality
                )
            )
        ):
            return held
        now = self._clock()
        row = RecordingRow(
            id=new_id("rec"),
            owner_id=wanted.owner_id,
            channel_id=wanted.channel.id if wanted.channel else None,
            broadcast_id=wanted.broadcast.id if wanted.broadcast else None,
            title=clean_title(wanted.title),
            source=wanted.source,
            quality=wanted.quality,
            captures=wanted.captures,
            state="recording",
            health="starting",
            size_bytes=0,
            duration_s=0.0,
            bytes_per_s=0.0,
            gaps=[],
            version=1,
            started_at=now,
            updated_at=now,
        )
        await self.request_job(session, row, RECORD)
        session.add(row)
        await session.flush()
        record_event(session, "recording.started", owner_id=row.owner_id, subject_id=row.id, data=event_data(row))
        return row

    async def request_job(self, session: AsyncSession, row: RecordingRow, kind: str) -> None:
        """Record the job that does the next thing to a recording, in the caller's transaction."""
        job = await self._jobs.record(
            session, kind=kind, owner_id=row.owner_id, title=row.title, args={"recording_id": row.id}
        )
        row.job_id = job.id

    async def submit(self, row: RecordingRow) -> None:
        """Hand its job to the engine, after the commit."""
        if row.job_id:
            await asyncio.shield(self._jobs.submit(row.job_id))

    async def stop(self, principal: Principal, recording_id: str) -> RecordingRow:
        """Request the end of a recording; one that has ended stays as it is."""
        async with self._database.write() as session:
            row = await self.find(session, principal, recording_id)
            self.stop_in(row, "requested")
        return row

    def stop_in(self, row: RecordingRow, reason: str) -> None:
        """As `stop`, in the caller's transaction.

        Args:
            reason: ``requested``, ``offline``, ``schedule``, ``disk_full``, ``channel_deleted``.
        """
        if row.state == "recording" and row.stop_requested_at is None:
            row.stop_requested_at, row.stop_reason = self._clock(), reason
            row.version += 1

    async def get(self, principal: Principal, recording_id: str) -> RecordingRow:
        """One recording.

        Raises:
            RecordingNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await self.find(session, principal, recording_id)

    async def find(self, session: AsyncSession, principal: Principal, recording_id: str) -> RecordingRow:
        """As `get`, within a transaction."""
        row = await session.get(RecordingRow, recording_id) if is_id("rec", recording_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise RecordingNotFound(recording_id)
        return row

    async def finalise_again(self, principal: Principal, recording_id: str) -> RecordingRow:
        """Make the video of a recording once more, from parts that are still there.

        Raises:
            Conflict: it still records, or has its video.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, recording_id)
            if row.state != "errored":
                raise Conflict(
                    f"Recording {row.id} is {row.state}; only an errored one can be finalised again.",
                    code="recording_not_errored",
                    title="Nothing to finalise",
                )
            row.state, row.error_code, row.error_message, row.error_hint = "finalising", None, None, None
            row.version += 1
            await self.request_job(session, row, FINALISE)
        await self.submit(row)
        return row


def event_data(row: RecordingRow) -> dict[str, Any]:
    """What events say of a recording."""
    error = {"code": row.error_code, "message": row.error_message, "hint": row.error_hint} if row.error_code else None
    return {
        "recording_id": row.id,
        "channel_id": row.channel_id,
        "title": row.title,
        "state": row.state,
        "video_id": row.video_id,
        "duration_s": row.duration_s,
        "size_bytes": row.size_bytes,
        "gaps": len(row.gaps),
        "missing_s": round(sum(gap["length_s"] for gap in row.gaps), 1),
        "error": error,
    }
