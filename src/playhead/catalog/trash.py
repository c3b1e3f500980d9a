"""The trash: videos that are gone for people and links, and can be restored until their bytes are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import name_of, record
from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_of
from playhead.catalog.artifacts import sizes_of
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id

RETENTION: Final = "retention"
"""Who trashed what retention trashed."""

_BATCH: Final = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Emptied:
    """What went for good: how many videos, and their bytes in the store."""

    videos: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class TrashPage:
    """A page of the trash, and what all of it holds."""

    page: Page[VideoRow]
    sizes: dict[str, int]
    videos: int
    size_bytes: int


class Trash:
    """The use cases of the trash.

    Args:
        window: How long a video can be restored; then it is deleted with its bytes.
    """

    def __init__(self, database: Database, videos: Videos, *, window: timedelta, clock: Clock = utc_now) -> None:
        self._database, self._videos = database, videos
        self.window = window
        self._clock = clock

    async def put(self, principal: Principal, video_id: str, *, force: bool = False) -> None:
        """Move a video to the trash.

        Raises:
            VideoNotFound: none, or a stranger's.
            Conflict: projects hold clips of it and *force* is not set.
        """
        async with self._database.write(reserve=True) as session:
            row = await self._videos.find(session, principal, video_id, lock=True)
            await self._videos.require_unused(session, video_id, force=force)
            await self.put_in(session, row, by=principal, reason="requested")
        await self._videos.hidden(video_id)

    async def put_in(self, session: AsyncSession, row: VideoRow, *, by: Principal | str, reason: str) -> int:
        """Move a video to the trash in the caller's transaction; call `Videos.hidden` after the commit.

        Returns:
            Bytes that will be free once it is deleted.
        """
        now, size_bytes = self._clock(), (await sizes_of(session, [row.id]))[row.id]
        row.trashed_at, row.trashed_by, row.trash_reason = now, name_of(by), reason
        row.version += 1
        facts = {"title": row.title, "owner_id": row.owner_id, "size_bytes": size_bytes, "reason": reason}
        record(session, by, "video.trash", row.id, at=now, **facts)
        log.info("video_trashed", video_id=row.id, actor=name_of(by), reason=reason)
        return size_bytes

    async def restore(self, principal: Principal, video_id: str) -> VideoRow:
        """Take a video out of the trash as it was; one that is not in it stays as it is.

        What retention put there is kept from now on: else its next sweep would put it there again.

        Raises:
            VideoNotFound: none, or a stranger's.
        """
        async with self._database.write() as session:
            row = await self._own(session, principal, video_id)
            if row.trashed_at is None:
                return row
            row.keep = row.keep or row.trashed_by == RETENTION
            row.trashed_at = row.trashed_by = row.trash_reason = None
            row.version += 1
            record(session, principal, "video.restore", row.id, at=self._clock(), title=row.title)
        self._videos.media_changed()
        log.info("video_restored", video_id=video_id, user_id=principal.user_id)
        return row

    async def page(self, owner: Principal, *, limit: int, cursor: str | None) -> TrashPage:
        """One page of an owner's trash, the last that came first."""
        mine = _trashed_of(owner)
        async with self._database.read() as session:
            statement = select(VideoRow).where(mine)
            page: Page[VideoRow] = await page_of(
                session, statement, VideoRow.trashed_at, VideoRow.id, "-trashed_at", limit, cursor
            )
            ids = list(await session.scalars(select(VideoRow.id).where(mine)))
            sizes = await sizes_of(session, ids)
        return TrashPage(page, sizes, len(ids), sum(sizes.values()))

    async def delete(self, principal: Principal, video_id: str) -> None:
        """Delete a video of the trash for good.

        Raises:
            VideoNotFound: none in the trash, or a stranger's.
        """
        async with self._database.read() as session:
            row = await self._own(session, principal, video_id)
        if row.trashed_at is None:
            raise VideoNotFound(video_id)
        await self._delete([video_id], by=principal, reason="requested")

    async def empty(self, principal: Principal) -> Emptied:
        """Delete all that is in the principal's trash for good."""
        async with self._database.read() as session:
            ids = list(await session.scalars(select(VideoRow.id).where(_trashed_of(principal))))
        return await self._delete(ids, by=principal, reason="requested")

    async def oldest(self, session: AsyncSession, limit: int = _BATCH) -> Sequence[VideoRow]:
        """What has been in the trash the longest, of all owners."""
        statement = select(VideoRow).where(VideoRow.trashed_at.is_not(None))
        return (await session.scalars(statement.order_by(VideoRow.trashed_at, VideoRow.id).limit(limit))).all()

    async def delete_now(self, video_id: str, *, by: str, reason: str) -> int:
        """Delete one video of the trash for good; its bytes, 0 when it is not there any more."""
        return (await self._delete([video_id], by=by, reason=reason)).size_bytes

    async def sweep(self) -> int:
        """Delete what was in the trash for as long as it is kept; how many."""
        async with self._database.read() as session:
            waiting = await self.oldest(session)
        before = self._clock() - self.window
        ids = [row.id for row in waiting if row.trashed_at is not None and row.trashed_at <= before]
        return (await self._delete(ids, by="trash", reason="the time in the trash is over", before=before)).videos

    async def _delete(
        self, ids: Sequence[str], *, by: Principal | str, reason: str, before: datetime | None = None
    ) -> Emptied:
        """One transaction for each: what was restored in the meantime stays."""
        videos = size_bytes = 0
        for video_id in ids:
            async with self._database.write(reserve=True) as session:
                row = await session.get(VideoRow, video_id, with_for_update=True)
                if row is None or row.trashed_at is None or (before is not None and row.trashed_at > before):
                    continue
                size_bytes += await self._videos.delete_in(session, row, by=by, reason=reason)
                videos += 1
            await self._videos.deleted(row)
        return Emptied(videos, size_bytes)

    async def _own(self, session: AsyncSession, principal: Principal, video_id: str) -> VideoRow:
        row = await session.get(VideoRow, video_id, with_for_update=True) if is_id("vid", video_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise VideoNotFound(video_id)
        return row


def _trashed_of(owner: Principal) -> ColumnElement[bool]:
    return and_(VideoRow.owner_id == owner.user_id, VideoRow.trashed_at.is_not(None))
