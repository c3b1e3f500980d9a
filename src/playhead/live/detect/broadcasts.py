"""Broadcasts: what detectors see of a channel becomes rows, events and recordings, each of them once.

Webhooks, a conduit and polling may all report the same thing, in any order, in several processes at the same time. Each
report is one transaction that locks the row of its channel, so the second one finds what the first one wrote. The
platform's stream id says what is the same broadcast; a stream that begins within the grace window after another
continues it.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.titles import clean_title
from playhead.db.database import Database
from playhead.kit.clock import Clock, rfc3339, utc_now
from playhead.kit.ids import new_id
from playhead.live.detect.history import add_entry
from playhead.live.errors import ChannelNotFound
from playhead.live.recordings import RecordingRequest, Recordings
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.outbox.outbox import record_event

log = structlog.get_logger(__name__)

DetectedBy = Literal["webhook", "conduit", "websocket", "poll"]

Decide = Callable[[ChannelRow, BroadcastRow, datetime], Sequence[RecordingRequest]]
"""The recordings that a channel wants of a broadcast now: by its filters, schedule and qualities."""

STALE: Final = timedelta(minutes=10)
"""How long after the end of a stream a report of it is taken for a late one; Helix lists some for minutes."""

KEEPS: Final = frozenset({"requested", "disk_full", "channel_deleted"})
"""Reasons of a stop after which the same broadcast is not recorded again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A report that a channel is live."""

    stream_id: str | None
    started_at: datetime
    title: str | None
    category: str | None
    detected_by: DetectedBy


class Broadcasts:
    """The broadcasts of channels.

    Args:
        decide: Says which recordings a broadcast gets.
        grace: Setting ``live_grace``.
    """

    def __init__(
        self, database: Database, recordings: Recordings, decide: Decide, *, grace: timedelta, clock: Clock = utc_now
    ) -> None:
        self._database, self._recordings, self._decide = database, recordings, decide
        self._grace, self._clock = grace, clock

    async def went_live(
        self,
        channel_id: str,
        *,
        stream_id: str | None,
        started_at: datetime,
        title: str | None = None,
        category: str | None = None,
        detected_by: DetectedBy,
    ) -> BroadcastRow:
        """A channel is live: begin its broadcast, or add to the one that is known, and start what shall be recorded.

        Args:
            stream_id: The platform's id of the stream; None where it has none, or it is not known yet.

        Raises:
            ChannelNotFound: it was removed.
        """
        seen = Sighting(
            stream_id=stream_id, started_at=started_at, title=title, category=category, detected_by=detected_by
        )

        async def change(session: AsyncSession, channel: ChannelRow) -> BroadcastRow:
            return await self._see(session, channel, seen)

        row = await self._change(channel_id, change)
        assert row is not None
        return row

    async def went_offline(self, channel_id: str, *, stream_id: str | None = None, at: datetime) -> None:
        """A channel is offline; its broadcast ends when the grace window is over. A late report changes nothing.

        Args:
            stream_id: The stream that ended, where the platform says it.
            at: When the platform said so.

        Raises:
            ChannelNotFound: it was removed.
        """

        async def change(session: AsyncSession, channel: ChannelRow) -> None:
            row, now = await _open(session, channel.id), self._clock()
            if row is not None and not _is_of(row, stream_id, at):
                return
            channel.live_state, channel.checked_at = "offline", now
            if row is not None and row.offline_at is None:
                row.offline_at = min(at, now)

        await self._change(channel_id, change)

    async def changed(self, channel_id: str, *, title: str | None, category: str | None, at: datetime) -> None:
        """Title or category changed; what its filters want now is recorded from now on.

        Raises:
            ChannelNotFound: it was removed.
        """

        async def change(session: AsyncSession, channel: ChannelRow) -> BroadcastRow | None:
            row = await _open(session, channel.id)
            if row is not None:
                add_entry(row, title, category, at=max(at, row.started_at))
            return row

        await self._change(channel_id, change)

    async def settle(self) -> int:
        """End the broadcasts whose grace window is over, and stop their recordings.

        Returns:
            How many ended.
        """
        over = (BroadcastRow.ended_at.is_(None), BroadcastRow.offline_at <= self._clock() - self._grace)
        async with self._database.read() as session:
            channel_ids = (await session.scalars(select(BroadcastRow.channel_id).where(*over))).all()
        for channel_id in channel_ids:

            async def change(session: AsyncSession, channel: ChannelRow) -> None:
                found = select(BroadcastRow).where(*over, BroadcastRow.channel_id == channel.id)
                for row in await session.scalars(found):
                    await self._end(session, channel, row)

            with suppress(ChannelNotFound):
                await self._change(channel_id, change)
        return len(channel_ids)

    async def _change(
        self, channel_id: str, change: Callable[[AsyncSession, ChannelRow], Awaitable[BroadcastRow | None]]
    ) -> BroadcastRow | None:
        """Run a change of one channel alone, and start the recordings of the broadcast that it returns."""
        try:
            row, started = await self._changed(channel_id, change)
        except IntegrityError:  # a person started the same recording
            row, started = await self._changed(channel_id, change)
        for recording in started:
            await self._recordings.submit(recording)
        return row

    async def _changed(
        self, channel_id: str, change: Callable[[AsyncSession, ChannelRow], Awaitable[BroadcastRow | None]]
    ) -> tuple[BroadcastRow | None, list[RecordingRow]]:
        async with self._database.write() as session:
            channel = await _locked(session, channel_id)
            row = await change(session, channel)
            await session.flush()
            return row, [] if row is None else await self._start(session, channel, row)

    async def _start(self, session: AsyncSession, channel: ChannelRow, row: BroadcastRow) -> list[RecordingRow]:
        if row.offline_at is not None or row.ended_at is not None or not (channel.enabled and channel.auto_record):
            return []
        held = set(await session.scalars(select(RecordingRow.quality).where(RecordingRow.broadcast_id == row.id)))
        wanted = [each for each in self._decide(channel, row, self._clock()) if each.quality not in held]
        return [await self._recordings.start_in(session, each) for each in wanted]

    async def _see(self, session: AsyncSession, channel: ChannelRow, seen: Sighting) -> BroadcastRow:
        now = self._clock()
        row = await self._late(session, channel, seen, now)
        if row is not None:
            return row
        row = await self._continued(session, channel, seen) or await self._begin(session, channel, seen)
        at, had_title = row.started_at if not row.history else now, row.title is not None
        add_entry(row, seen.title, seen.category, at=at, may_lag=seen.detected_by == "poll")
        if row.title is not None and not had_title:
            await self._rename(session, channel, row)
        channel.live_state, channel.checked_at = "live", now
        channel.error_code = channel.error_message = None
        return row

    async def _late(
        self, session: AsyncSession, channel: ChannelRow, seen: Sighting, now: datetime
    ) -> BroadcastRow | None:
        """The broadcast of a report that came too late to change anything."""
        if seen.stream_id is None:
            return None
        latest = await _latest(session, channel.id)
        if latest is None:
            return None
        if latest.platform_stream_id == seen.stream_id:
            over = latest.ended_at is not None and now < (latest.offline_at or latest.ended_at) + STALE
            return latest if over else None
        if seen.stream_id in latest.earlier_stream_ids:
            return latest
        older = select(BroadcastRow).where(
            BroadcastRow.channel_id == channel.id, BroadcastRow.platform_stream_id == seen.stream_id
        )
        found: BroadcastRow | None = await session.scalar(older)
        if found is None and latest.ended_at is None and latest.platform_stream_id is not None:
            is_older = latest.stream_started_at is not None and seen.started_at <= latest.stream_started_at
            return latest if is_older else None
        return found

    async def _continued(self, session: AsyncSession, channel: ChannelRow, seen: Sighting) -> BroadcastRow | None:
        """The open broadcast, if this is its stream or a reconnect; one that this is not ends here."""
        row = await _open(session, channel.id)
        if row is None:
            return None
        is_same = seen.stream_id is not None and seen.stream_id == row.platform_stream_id
        if not is_same and not await self._may_continue(session, channel, row, seen):
            await self._end(session, channel, row)
            return None
        if seen.stream_id is not None and not is_same:
            if row.platform_stream_id is not None:
                row.earlier_stream_ids = [*row.earlier_stream_ids, row.platform_stream_id]
            row.platform_stream_id, row.stream_started_at = seen.stream_id, seen.started_at
        row.offline_at = None
        return row

    async def _may_continue(
        self, session: AsyncSession, channel: ChannelRow, row: BroadcastRow, seen: Sighting
    ) -> bool:
        known = seen.stream_id is not None and row.platform_stream_id is not None
        left = row.offline_at or (channel.checked_at if known else None)
        if left is not None and seen.started_at - left > self._grace:
            return False
        found = (await session.scalars(select(RecordingRow).where(RecordingRow.broadcast_id == row.id))).all()
        return not found or any(_runs(each) or each.stop_reason in KEEPS for each in found)

    async def _rename(self, session: AsyncSession, channel: ChannelRow, row: BroadcastRow) -> None:
        """Name recordings that began before the title was known, as after Twitch's event, which has none."""
        names = {each.quality: each.title for each in self._decide(channel, row, self._clock())}
        running = (RecordingRow.broadcast_id == row.id, RecordingRow.state == "recording")
        for recording in await session.scalars(select(RecordingRow).where(*running)):
            recording.title = clean_title(names.get(recording.quality, recording.title))

    async def _begin(self, session: AsyncSession, channel: ChannelRow, seen: Sighting) -> BroadcastRow:
        if seen.stream_id is not None:  # the same stream, long after its end: its id goes to the newer broadcast
            same = (BroadcastRow.channel_id == channel.id, BroadcastRow.platform_stream_id == seen.stream_id)
            for earlier in await session.scalars(select(BroadcastRow).where(*same)):
                earlier.platform_stream_id = None
            await session.flush()
        row = BroadcastRow(
            id=new_id("brc"),
            channel_id=channel.id,
            platform_stream_id=seen.stream_id,
            stream_started_at=seen.started_at,
            earlier_stream_ids=[],
            history=[],
            detected_by=seen.detected_by,
            started_at=seen.started_at,
        )
        add_entry(row, seen.title, seen.category, at=seen.started_at)
        session.add(row)
        await session.flush()
        self._report(session, "channel.live", channel, row)
        log.info("channel_went_live", channel_id=channel.id, broadcast_id=row.id, detected_by=seen.detected_by)
        return row

    async def _end(self, session: AsyncSession, channel: ChannelRow, row: BroadcastRow) -> None:
        row.offline_at = row.offline_at or channel.checked_at or self._clock()
        row.ended_at = max(row.offline_at, row.started_at)
        running = (RecordingRow.broadcast_id == row.id, RecordingRow.state == "recording")
        for recording in await session.scalars(select(RecordingRow).where(*running)):
            self._recordings.stop_in(recording, "offline")
        self._report(session, "channel.offline", channel, row)
        log.info("broadcast_ended", channel_id=channel.id, broadcast_id=row.id)

    def _report(self, session: AsyncSession, event: str, channel: ChannelRow, row: BroadcastRow) -> None:
        data: dict[str, Any] = {
            "channel_id": channel.id,
            "name": channel.name,
            "broadcast_id": row.id,
            "title": row.title,
            "category": row.category,
            "started_at": rfc3339(row.started_at),
            "offline_at": row.offline_at and rfc3339(row.offline_at),
        }
        record_event(session, event, owner_id=channel.owner_id, subject_id=channel.id, data=data)


async def _locked(session: AsyncSession, channel_id: str) -> ChannelRow:
    statement = select(ChannelRow).where(ChannelRow.id == channel_id).with_for_update()
    channel: ChannelRow | None = await session.scalar(statement.execution_options(populate_existing=True))
    if channel is None:
        raise ChannelNotFound(channel_id)
    return channel


async def _latest(session: AsyncSession, channel_id: str) -> BroadcastRow | None:
    newest = (BroadcastRow.started_at.desc(), BroadcastRow.id.desc())
    statement = select(BroadcastRow).where(BroadcastRow.channel_id == channel_id).order_by(*newest).limit(1)
    found: BroadcastRow | None = await session.scalar(statement)
    return found


async def _open(session: AsyncSession, channel_id: str) -> BroadcastRow | None:
    latest = await _latest(session, channel_id)
    return latest if latest is not None and latest.ended_at is None else None


def _is_of(row: BroadcastRow, stream_id: str | None, at: datetime) -> bool:
    """Whether a report of an end is about the newest stream of a broadcast, not about one before it."""
    if stream_id is not None and row.platform_stream_id not in (None, stream_id):
        return False
    return row.stream_started_at is None or row.stream_started_at <= at


def _runs(recording: RecordingRow) -> bool:
    return recording.state == "recording" and recording.stop_requested_at is None
