"""Watch marks: how far each user has watched a video, to continue in any browser."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.library.tables import WatchMarkRow
from playhead.catalog.library.watch_marks import marks_of
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.errors import InvalidInput
from playhead.kit.clock import Clock, utc_now

WATCHED_AT: Final = 0.9
"""Part of a video after which it counts as watched: what follows is mostly credits."""

BEGUN_S: Final = 10.0
"""A position before this is not worth continuing at."""

SHORT_S: Final = 60.0
"""A shorter video always starts at its beginning."""

APART: Final = timedelta(seconds=1)
"""Reports that come closer are not written: no player needs them."""


class WatchMarks:
    """The use cases of watch marks; each user has their own, admins that watch others' videos too."""

    def __init__(self, database: Database, videos: Videos, clock: Clock = utc_now) -> None:
        self._database, self._videos, self._clock = database, videos, clock

    async def note(
        self, viewer: Principal, video_id: str, *, position_s: float | None = None, watched: bool | None = None
    ) -> WatchMarkRow | None:
        """Keep where a viewer is, or mark a video as watched or not; the mark, None when there is none.

        A position at 90 % of the video or later marks it as watched. One that is not worth continuing at (near the
        start, or in a short video) is forgotten; what was watched stays watched.

        Raises:
            VideoNotFound: none, or a stranger's.
            InvalidInput: neither is given.
        """
        try:
            async with self._database.write() as session:
                return await self._note(session, viewer, video_id, position_s, watched)
        except IntegrityError:  # two tabs began at the same time
            async with self._database.write() as session:
                return await self._note(session, viewer, video_id, position_s, watched)

    async def _note(
        self, session: AsyncSession, viewer: Principal, video_id: str, position_s: float | None, watched: bool | None
    ) -> WatchMarkRow | None:
        video = await self._videos.find(session, viewer, video_id)
        if position_s is None and watched is None:
            raise InvalidInput("Neither a position nor a mark is given.", hint="Give position_s or watched.")
        row = await session.get(WatchMarkRow, (viewer.user_id, video_id))
        if row is None:
            if watched is False:
                return None
            row = WatchMarkRow(
                user_id=viewer.user_id, video_id=video_id, position_s=0.0, watched=False, updated_at=self._clock()
            )
            session.add(row)
        elif watched is None and self._clock() - row.updated_at < APART:
            return row
        if watched is not None:
            row.watched, row.position_s = watched, 0.0
        elif position_s is not None:
            _move(row, position_s, video.duration_s or 0.0)
        row.updated_at = self._clock()
        await session.flush()
        return row

    async def mark(self, session: AsyncSession, viewer: Principal, videos: Collection[str], *, watched: bool) -> None:
        """Mark videos as watched or not, in the caller's transaction."""
        before = await marks_of(session, viewer.user_id, videos)
        for video_id in videos:
            row = before.get(video_id)
            if row is None:
                row = WatchMarkRow(user_id=viewer.user_id, video_id=video_id)
                session.add(row)
            row.watched, row.position_s, row.updated_at = watched, 0.0, self._clock()

    async def begun(self, viewer: Principal, limit: int) -> list[VideoRow]:
        """Videos that a viewer has begun and not watched to the end, the last one first."""
        statement = (
            select(VideoRow)
            .join(WatchMarkRow, WatchMarkRow.video_id == VideoRow.id)
            .where(
                WatchMarkRow.user_id == viewer.user_id,
                WatchMarkRow.position_s > 0,
                VISIBLE,
                VideoRow.state == "ready",
            )
            .order_by(WatchMarkRow.updated_at.desc())
            .limit(limit)
        )
        if not viewer.is_admin:
            statement = statement.where(VideoRow.owner_id == viewer.user_id)
        async with self._database.read() as session:
            return list(await session.scalars(statement))


def _move(row: WatchMarkRow, position_s: float, duration_s: float) -> None:
    ended = duration_s > 0 and position_s >= WATCHED_AT * duration_s
    worth = duration_s >= SHORT_S and position_s >= BEGUN_S and not ended
    row.watched = row.watched or ended
    row.position_s = round(position_s, 1) if worth else 0.0
