"""Rows of live in the words of the API."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.live.schedule import is_open, next_opening
from playhead.live.shapes import Broadcast, Channel, Gap, Recording, RecordingFault, SourceFault
from playhead.live.sources import shown_url
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow

RUNNING = ("recording", "finalising")


def recording_resource(row: RecordingRow) -> Recording:
    """A recording, without the secrets of its source."""
    error = None
    if row.error_code:
        error = RecordingFault(code=row.error_code, message=row.error_message or "", hint=row.error_hint)
    names = Recording.model_fields.keys() - {"url", "error", "gaps"}
    facts = {name: getattr(row, name) for name in names}
    return Recording(**facts, url=shown_url(row.source), error=error, gaps=[Gap(**gap) for gap in row.gaps])


def broadcast_resource(row: BroadcastRow, recordings: Iterable[RecordingRow] = ()) -> Broadcast:
    """A broadcast with its timeline."""
    names = Broadcast.model_fields.keys() - {"recordings"}
    return Broadcast(
        **{name: getattr(row, name) for name in names}, recordings=[recording_resource(each) for each in recordings]
    )


async def channel_resources(session: AsyncSession, rows: Sequence[ChannelRow], now: datetime) -> list[Channel]:
    """Channels with what is live and what records."""
    ids = [row.id for row in rows]
    running = await session.scalars(
        select(RecordingRow)
        .where(RecordingRow.channel_id.in_(ids), RecordingRow.state.in_(RUNNING))
        .order_by(RecordingRow.id)
    )
    live = await session.scalars(
        select(BroadcastRow)
        .where(BroadcastRow.channel_id.in_(ids), BroadcastRow.offline_at.is_(None), BroadcastRow.ended_at.is_(None))
        .order_by(BroadcastRow.started_at)
    )
    recordings = defaultdict[str | None, list[RecordingRow]](list)
    for each in running:
        recordings[each.channel_id].append(each)
    broadcasts = {each.channel_id: each for each in live}
    return [_channel(row, broadcasts.get(row.id), recordings[row.id], now) for row in rows]


def _channel(
    row: ChannelRow, broadcast: BroadcastRow | None, recordings: Sequence[RecordingRow], now: datetime
) -> Channel:
    computed = {"url", "error", "is_open", "opens_at", "broadcast", "recordings"}
    facts = {name: getattr(row, name) for name in Channel.model_fields.keys() - computed}
    opened = is_open(row.schedule, row.time_zone, now)
    return Channel(
        **facts,
        url=shown_url({"url": row.url, "platform": row.platform}),
        error=SourceFault(code=row.error_code, message=row.error_message or "") if row.error_code else None,
        is_open=opened,
        opens_at=None if opened else next_opening(row.schedule, row.time_zone, now),
        broadcast=broadcast_resource(broadcast) if broadcast else None,
        recordings=[recording_resource(each) for each in recordings],
    )
