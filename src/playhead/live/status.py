"""The status of all recordings of a worker: two queries a second for what is requested of them, and one transaction
every two seconds for what their rows show. The database may be away for any time; recordings go on.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.errors import Unavailable
from playhead.kit.clock import Clock, utc_now
from playhead.live.recordings import event_data
from playhead.live.tables import BroadcastRow, RecordingRow
from playhead.outbox.outbox import record_event

log = structlog.get_logger(__name__)

READ_S: Final = 0.5
"""A supervisor looks as often, so that a request to stop is seen within a second."""

WRITE_EVERY: Final = 4
"""Reads to a write."""

Health = Literal["starting", "receiving", "stalled", "reconnecting"]


@dataclass(slots=True)
class Status:
    """What a supervisor shows of its recording, and what is requested of it.

    Attributes:
        interrupted: Set when nothing was received for long; recorded as an event once, until bytes come again.
        stop_reason: Why it is to end; None until somebody requested it.
        offline_at: When the platform said that the broadcast was over.
        gone: The row was deleted.
    """

    recording_id: str
    health: Health = "starting"
    size_bytes: int = 0
    duration_s: float = 0.0
    bytes_per_s: float = 0.0
    gaps: list[dict[str, Any]] = field(default_factory=list)
    interrupted: bool = False
    stop_reason: str | None = None
    offline_at: datetime | None = None
    gone: bool = False
    _written: dict[str, Any] = field(default_factory=dict)
    _event_recorded: bool = False

    @property
    def is_news(self) -> bool:
        """Whether its row says something else, or an interruption is not recorded."""
        return self.values() != self._written or (self.interrupted and not self._event_recorded)

    def values(self) -> dict[str, Any]:
        """The columns of its row."""
        return {
            "health": self.health,
            "size_bytes": self.size_bytes,
            "duration_s": round(self.duration_s, 3),
            "bytes_per_s": round(self.bytes_per_s),
            "gaps": self.gaps,
        }


class StatusBoard:
    """The board of one worker; ``close`` it at the end."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock
        self._shown: dict[str, Status] = {}
        self._loop: asyncio.Task[None] | None = None

    @contextmanager
    def showing(self, recording_id: str) -> Iterator[Status]:
        """Show a recording for the length of the block."""
        status = self._shown[recording_id] = Status(recording_id)
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._repeat(), name="recording status")
        try:
            yield status
        finally:
            del self._shown[recording_id]

    async def close(self) -> None:
        """Stop; what was not written is in the files."""
        if self._loop is not None:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    async def read(self) -> None:
        """Read what is requested of all recordings that are shown."""
        ids = list(self._shown)
        query = (
            select(RecordingRow.id, RecordingRow.state, RecordingRow.stop_reason, BroadcastRow.offline_at)
            .outerjoin(BroadcastRow, BroadcastRow.id == RecordingRow.broadcast_id)
            .where(RecordingRow.id.in_(ids))
        )
        async with self._database.read() as session:
            found = {row[0]: row for row in await session.execute(query)}
        for status in [self._shown[each] for each in ids if each in self._shown]:
            row = found.get(status.recording_id)
            status.gone = row is None or row[1] != "recording"
            if row is not None:
                status.stop_reason, status.offline_at = row[2], row[3]

    async def write(self) -> None:
        """Write what changed since the last time, in one transaction."""
        changed = [each for each in self._shown.values() if each.is_news]
        if not changed:
            return
        now, written = self._clock(), list[tuple[Status, dict[str, Any]]]()
        async with self._database.write() as session:
            for status in changed:
                written.append((status, values := status.values()))
                statement = update(RecordingRow).where(
                    RecordingRow.id == status.recording_id, RecordingRow.state == "recording"
                )
                await session.execute(statement.values(**values, updated_at=now))
                if status.interrupted and not status._event_recorded:
                    await _record_interruption(session, status.recording_id)
        for status, values in written:
            status._written, status._event_recorded = values, status.interrupted

    async def _repeat(self) -> None:
        turn = 0
        while self._shown:
            await asyncio.sleep(READ_S)
            turn += 1
            try:
                await self.read()
                if turn % WRITE_EVERY == 0:
                    await self.write()
            except Unavailable:  # the failure detector says so
                continue
            except Exception as error:  # recordings must not end with this loop
                log.warning("recording_status_not_written", error=repr(error))


async def _record_interruption(session: AsyncSession, recording_id: str) -> None:
    row = await session.get(RecordingRow, recording_id)
    if row is not None:
        log.warning("recording_interrupted", recording_id=recording_id)
        record_event(session, "recording.interrupted", owner_id=row.owner_id, subject_id=row.id, data=event_data(row))
