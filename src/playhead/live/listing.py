"""Pages of broadcasts and recordings, the newest first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id, page_of
from playhead.db.database import Database
from playhead.kit.ids import is_id
from playhead.live.channels import Channels
from playhead.live.errors import BroadcastNotFound, ChannelNotFound
from playhead.live.shapes import Broadcast
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.live.views import broadcast_resource


@dataclass(frozen=True, slots=True)
class RecordingQuery:
    """Which recordings to list."""

    owner_id: str
    state: str | None = None
    channel_id: str | None = None
    limit: int = 50
    cursor: str | None = None


class History:
    """What was live, and what was recorded of it."""

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database, self._channels = database, channels

    async def recordings(self, query: RecordingQuery) -> Page[RecordingRow]:
        """One page of an owner's recordings.

        Raises:
            InvalidCursor: not a cursor of this list.
        """
        statement = select(RecordingRow).where(RecordingRow.owner_id == query.owner_id)
        if query.state:
            statement = statement.where(RecordingRow.state == query.state)
        if query.channel_id:
            statement = statement.where(RecordingRow.channel_id == query.channel_id)
        async with self._database.read() as session:
            return await page_by_id(session, statement, RecordingRow.id, "rec", query.limit, query.cursor)

    async def broadcasts(
        self, principal: Principal, channel_id: str, limit: int, cursor: str | None
    ) -> Page[Broadcast]:
        """One page of a channel's broadcasts.

        Raises:
            ChannelNotFound: none, or a stranger's.
            InvalidCursor: not a cursor of this list.
        """
        async with self._database.read() as session:
            await self._channels.find(session, principal, channel_id)
            statement = select(BroadcastRow).where(BroadcastRow.channel_id == channel_id)
            page: Page[BroadcastRow] = await page_of(
                session, statement, BroadcastRow.started_at, BroadcastRow.id, "-started_at", limit, cursor
            )
            recorded = await _recordings_of(session, [row.id for row in page.items])
        return Page([broadcast_resource(row, recorded[row.id]) for row in page.items], page.next_cursor)

    async def broadcast(self, principal: Principal, broadcast_id: str) -> Broadcast:
        """One broadcast.

        Raises:
            BroadcastNotFound: none, or of a stranger's channel.
        """
        async with self._database.read() as session:
            row = await session.get(BroadcastRow, broadcast_id) if is_id("brc", broadcast_id) else None
            if row is None or not await self._is_visible(session, principal, row.channel_id):
                raise BroadcastNotFound(broadcast_id)
            return broadcast_resource(row, (await _recordings_of(session, [row.id]))[row.id])

    async def _is_visible(self, session: AsyncSession, principal: Principal, channel_id: str) -> bool:
        try:
            await self._channels.find(session, principal, channel_id)
        except ChannelNotFound:
            return False
        return True


async def _recordings_of(session: AsyncSession, broadcast_ids: Sequence[str]) -> dict[str, list[RecordingRow]]:
    rows = await session.scalars(
        select(RecordingRow).where(RecordingRow.broadcast_id.in_(broadcast_ids)).order_by(RecordingRow.id)
    )
    found: dict[str, list[RecordingRow]] = defaultdict(list)
    for row in rows:
        found[row.broadcast_id or ""].append(row)
    return found


async def open_broadcast(session: AsyncSession, channel: ChannelRow) -> BroadcastRow | None:
    """The broadcast of a channel that is live now."""
    found: BroadcastRow | None = await session.scalar(
        select(BroadcastRow)
        .where(
            BroadcastRow.channel_id == channel.id, BroadcastRow.offline_at.is_(None), BroadcastRow.ended_at.is_(None)
        )
        .order_by(BroadcastRow.started_at.desc())
        .limit(1)
    )
    return found
