"""Starts and stops of recordings: of a channel by hand or by its schedule, and of a URL once."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now
from playhead.live.channels import Channels, recordings_of, watched
from playhead.live.detect.broadcasts import KEEPS
from playhead.live.filters import wants
from playhead.live.listing import open_broadcast
from playhead.live.names import name_of
from playhead.live.recordings import RecordingRequest, Recordings
from playhead.live.schedule import is_open, opened_at
from playhead.live.shapes import RecordingInput
from playhead.live.sources import STREAMS, check_source, read_source
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow

RETRY_AFTER: Final = timedelta(minutes=5)
"""Time before a source that ended or was lost is recorded again, in the same window or broadcast."""

RETRY_EMPTY_AFTER: Final = timedelta(minutes=30)
"""The same for a broadcast of which nothing came: each try is a recording in the list."""


class Starts:
    """The use cases that begin recordings, and end those of a channel.

    Args:
        allow_private: Whether sources may be on this computer and on private networks.
    """

    def __init__(
        self,
        database: Database,
        channels: Channels,
        recordings: Recordings,
        *,
        allow_private: bool,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._channels, self._recordings, self._clock = database, channels, recordings, clock
        self._allow_private = allow_private

    async def record_url(self, owner: Principal, wanted: RecordingInput) -> RecordingRow:
        """Record a URL once, from now on.

        Raises:
            SourceUrlInvalid: a URL that is not opened.
        """
        source = read_source(wanted.url, wanted.platform)
        await check_source(source, allow_private=self._allow_private)
        at = self._clock()
        title = wanted.title or name_of("{channel} {date} {time}", {"channel": source.name, "at": at})
        return await self._recordings.start(
            RecordingRequest(
                owner_id=owner.user_id,
                title=title,
                source={"platform": source.platform, "url": source.url},
                quality=wanted.quality,
                captures=wanted.captures,
            )
        )

    async def start(self, principal: Principal, channel_id: str, quality: str | None = None) -> list[RecordingRow]:
        """Record a channel from now on, whatever its filters and schedule say; what records already goes on.

        Raises:
            ChannelNotFound: none, or a stranger's.
        """
        async with self._database.write() as session:
            channel = await self._channels.find(session, principal, channel_id, lock=True)
            rows = await self._start_in(session, channel, [quality] if quality else channel.qualities, by_hand=True)
        for row in rows:
            await self._recordings.submit(row)
        return rows

    async def stop(self, principal: Principal, channel_id: str) -> list[RecordingRow]:
        """Request the end of all recordings of a channel.

        Raises:
            ChannelNotFound: none, or a stranger's.
        """
        async with self._database.write() as session:
            channel = await self._channels.find(session, principal, channel_id, lock=True)
            rows = await recordings_of(session, channel.id, "recording")
            for row in rows:
                self._recordings.stop_in(row, "requested")
        return list(rows)

    async def sweep(self) -> int:
        """Follow the schedules: stop what records outside of them, and start what is live when they open.

        Returns:
            How many recordings were started or stopped.
        """
        return await self._stop_closed() + await self._start_open()

    async def _stop_closed(self) -> int:
        now = self._clock()
        async with self._database.read() as session:
            closed = [row.id for row, channel in await session.execute(_recorded()) if _is_over(row, channel, now)]
        for recording_id in closed:
            async with self._database.write() as session:
                row = await session.get(RecordingRow, recording_id, with_for_update=True)
                if row is not None:
                    self._recordings.stop_in(row, "schedule")
        return len(closed)

    async def _start_open(self) -> int:
        now = self._clock()
        candidates = watched().where(
            ChannelRow.auto_record, or_(ChannelRow.live_state == "live", ChannelRow.platform == "url")
        )
        async with self._database.read() as session:
            channels = [row for row in await session.scalars(candidates) if is_open(row.schedule, row.time_zone, now)]
            due = [row.id for row in channels if await _is_due(session, row, now)]
        started = 0
        for channel_id in due:
            started += await self._start_due(channel_id, now)
        return started

    async def _start_due(self, channel_id: str, now: datetime) -> int:
        try:
            async with self._database.write() as session:
                channel = await session.get(ChannelRow, channel_id, with_for_update=True)
                if channel is None or not await _is_due(session, channel, now):
                    return 0
                rows = await self._start_in(session, channel, channel.qualities, by_hand=False)
        except IntegrityError:  # a detector was first
            return 0
        for row in rows:
            await self._recordings.submit(row)
        return len(rows)

    async def _start_in(
        self, session: AsyncSession, channel: ChannelRow, qualities: list[str], *, by_hand: bool
    ) -> list[RecordingRow]:
        broadcast = await open_broadcast(session, channel)
        running = {row.quality: row for row in await recordings_of(session, channel.id, "recording")}
        rows = []
        for quality in qualities:
            if quality in running and running[quality].stop_requested_at is None:
                rows.append(running[quality])
                continue
            earlier = await _recorded_before(session, broadcast, quality)
            wanted = wanted_of(channel, broadcast, quality, self._clock(), by_hand=by_hand, again=earlier is not None)
            rows.append(await self._recordings.start_in(session, wanted))
        return rows


def wanted_of(
    channel: ChannelRow,
    broadcast: BroadcastRow | None,
    quality: str,
    at: datetime,
    *,
    by_hand: bool = False,
    again: bool = False,
) -> RecordingRequest:
    """The recording of a channel to start.

    Args:
        by_hand: A person wants it, so that the schedule does not end it.
        again: The broadcast has a recording of this quality, so that this one stands by itself.
    """
    facts = {
        "channel": channel.name,
        "title": broadcast.title if broadcast else None,
        "category": broadcast.category if broadcast else None,
        "id": broadcast.platform_stream_id if broadcast else None,
        "quality": quality,
        "at": at,
        "time_zone": channel.time_zone,
    }
    several = len(channel.qualities) > 1 and not channel.name_template
    title = name_of(channel.name_template, facts)
    return RecordingRequest(
        owner_id=channel.owner_id,
        title=f"{title} ({quality})" if several else title,
        source={"platform": channel.platform, "url": channel.url, "platform_id": channel.platform_id}
        | {"by_hand": by_hand},
        quality=quality,
        captures=channel.captures,
        channel=channel,
        broadcast=None if again else broadcast,
    )


def _recorded() -> Select[RecordingRow, ChannelRow]:
    return (
        select(RecordingRow, ChannelRow)
        .join(ChannelRow, ChannelRow.id == RecordingRow.channel_id)
        .where(RecordingRow.state == "recording", RecordingRow.stop_requested_at.is_(None))
    )


def _is_over(row: RecordingRow, channel: ChannelRow, now: datetime) -> bool:
    return not row.source.get("by_hand") and not is_open(channel.schedule, channel.time_zone, now)


async def _is_due(session: AsyncSession, channel: ChannelRow, now: datetime) -> bool:
    """Whether a channel whose schedule is open should be recorded and is not.

    A live one has been since its broadcast began, unless the schedule opened later. Sources that show only by a
    connection whether they are live are recorded in their windows.
    """
    if await recordings_of(session, channel.id, "recording"):
        return False
    latest = await _latest(session, channel)
    if channel.live_state == "live":
        broadcast = await open_broadcast(session, channel)
        began = broadcast.started_at if broadcast else channel.created_at
        wanted = wants(channel, broadcast.title if broadcast else None, broadcast.category if broadcast else None)
        return wanted and (latest is None or latest.started_at < began or _goes_on(latest, now))
    opened = opened_at(channel.schedule, channel.time_zone, now)
    if opened is None or not channel.url.startswith(tuple(f"{scheme}://" for scheme in STREAMS)):
        return False
    if latest is None or latest.started_at < opened:
        return True
    return latest.stop_reason != "requested" and (latest.ended_at or latest.updated_at) < now - RETRY_AFTER


def _goes_on(latest: RecordingRow, now: datetime) -> bool:
    """Whether a broadcast that is still live is recorded again after a recording of it has ended.

    It is where the schedule or a lost source ended that, sooner if there was something to record; not where somebody
    stopped it, the disk is full, or the source refused.
    """
    if latest.stop_reason in KEEPS or latest.stop_reason == "refused":
        return False
    pause = RETRY_AFTER if latest.size_bytes else RETRY_EMPTY_AFTER
    return latest.stop_reason == "schedule" or (latest.ended_at or latest.updated_at) < now - pause


async def _latest(session: AsyncSession, channel: ChannelRow) -> RecordingRow | None:
    found: RecordingRow | None = await session.scalar(
        select(RecordingRow).where(RecordingRow.channel_id == channel.id).order_by(RecordingRow.id.desc()).limit(1)
    )
    return found


async def _recorded_before(session: AsyncSession, broadcast: BroadcastRow | None, quality: str) -> RecordingRow | None:
    if broadcast is None:
        return None
    found: RecordingRow | None = await session.scalar(
        select(RecordingRow).where(RecordingRow.broadcast_id == broadcast.id, RecordingRow.quality == quality)
    )
    return found
