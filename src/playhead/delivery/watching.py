"""Notes which videos are being watched in their rows, for retention, which runs in other processes."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import structlog
from sqlalchemy import update

from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.delivery.links.target import IMAGES
from playhead.delivery.transfers.registry import Transfers
from playhead.errors import Unavailable
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id

LOOK_S = 10.0
AGAIN_S = 60.0
"""A video that is watched for hours costs one write a minute, however many watch it."""

log = structlog.get_logger(__name__)


class Watching:
    """Looks at the transfers of this process while there are any.

    Args:
        monotonic: Seconds.
    """

    def __init__(
        self,
        database: Database,
        transfers: Transfers,
        *,
        clock: Clock = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._transfers = database, transfers
        self._clock, self._monotonic = clock, monotonic
        self._written: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        transfers.on_seen = self._start

    def _start(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_while_watched(), name="note watched videos")

    async def close(self) -> None:
        """Stop looking; what was seen last is written."""
        self._closing.set()
        if self._task is not None:
            await self._task

    async def _look_while_watched(self) -> None:
        while self._transfers.seen and not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), LOOK_S)
            await self.write()

    async def write(self) -> None:
        """Write what was seen since the last time; what is still sent counts as seen again."""
        seen, now = self._transfers.seen, self._monotonic()
        self._written = {video_id: at for video_id, at in self._written.items() if now - at < AGAIN_S}
        due = sorted(video_id for video_id in seen - self._written.keys() if is_id("vid", video_id))
        try:
            if due:
                async with self._database.write() as session:
                    await session.execute(update(VideoRow).where(VideoRow.id.in_(due)).values(watched_at=self._clock()))
        except Unavailable as error:
            log.warning("watched_videos_not_written", videos=len(due), detail=error.detail)
            return
        self._written |= dict.fromkeys(due, now)
        seen.clear()
        seen.update(one.video_id for one in self._transfers.active if one.kind not in IMAGES)
