"""A counter of the viewers of share links that writes at most once every few seconds."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable

import structlog
from sqlalchemy import update

from playhead.access.tokens import digest
from playhead.db.database import Database
from playhead.delivery.shares.tables import ShareRow
from playhead.errors import Unavailable
from playhead.kit.recent import Recent

SESSION_S = 6 * 3600.0
"""A viewer who comes back within this time is the same one: links are renewed every few hours."""

MAX_VIEWERS = 20_000
"""Remembered, about 0.2 KiB each; beyond it the oldest would count again."""

EVERY_S = 5.0

log = structlog.get_logger(__name__)


class ViewCounter:
    """Counts in memory and writes behind the requests' back. Each process counts its own viewers."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._viewers: Recent[bytes, bool] = Recent(max_age_s=SESSION_S, max_entries=MAX_VIEWERS)
        self._waiting: Counter[str] = Counter()
        self._writer: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def saw(self, share_id: str, *viewer: str) -> None:
        """Count a viewer, unless it was counted in the last six hours.

        Args:
            viewer: Identity of the viewer; kept as a hash.
        """
        key, now = digest("\n".join((share_id, *viewer))), self._clock()
        if self._viewers.get(key, now):
            return
        self._viewers.put(key, True, now=now, generation=self._viewers.generation)
        self._waiting[share_id] += 1
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_later(), name="count views")

    def unwritten(self, share_id: str) -> int:
        """Viewers counted here whom the database does not know yet."""
        return self._waiting[share_id]

    async def settle(self) -> None:
        """Write what waits, before the database closes."""
        self._closing.set()
        if self._writer is not None:
            await self._writer
        if self._waiting:
            await self._write()

    async def _write_later(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), EVERY_S)
        await self._write()

    async def _write(self) -> None:
        counted, self._waiting = self._waiting, Counter()
        try:
            async with self._database.write() as session:
                for share_id, number in sorted(counted.items()):
                    change = update(ShareRow).where(ShareRow.id == share_id).values(views=ShareRow.views + number)
                    await session.execute(change)
        except BaseException as error:
            self._waiting.update(counted)  # with the next viewer's
            if not isinstance(error, Unavailable):
                raise
            log.warning("share_views_not_written", shares=len(counted), detail=error.detail)
