"""Callbacks that came in, noticed by the worker that waits: one query a second for all that wait, none without any."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.generate.tables import GenerationRow

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
BATCH: Final = 500


class Wakes:
    """Calls back when a row's ``woken_at`` has changed.

    Args:
        look_s: Seconds between two looks.
    """

    def __init__(self, database: Database, *, look_s: float = LOOK_S) -> None:
        self._database = database
        self._look_s = look_s
        self._sleepers: dict[str, tuple[datetime | None, Callable[[], None]]] = {}
        self._loop: asyncio.Task[None] | None = None

    def add(self, row: GenerationRow, wake: Callable[[], None]) -> None:
        """Wake by *wake* at each change from the row as it was read; `remove` it at the end."""
        self._sleepers[row.id] = row.woken_at, wake
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._look_while_needed(), name="wakes of generations")

    def remove(self, generation_id: str) -> None:
        """Forget it."""
        self._sleepers.pop(generation_id, None)

    async def _look_while_needed(self) -> None:
        while self._sleepers:
            await asyncio.sleep(self._look_s)
            try:
                await self._look()
            except PlayheadError as error:  # polls go on beside it
                log.debug("callbacks_not_read", detail=error.detail)
            except Exception as error:  # all that wait depend on this one task
                log.warning("callbacks_not_read", detail=repr(error))

    async def _look(self) -> None:
        waiting = list(self._sleepers)
        for start in range(0, len(waiting), BATCH):
            statement = select(GenerationRow.id, GenerationRow.woken_at).where(
                GenerationRow.id.in_(waiting[start : start + BATCH])
            )
            async with self._database.read() as session:
                found = (await session.execute(statement)).all()
            for generation_id, woken_at in found:
                seen, wake = self._sleepers.get(generation_id, (woken_at, None))
                if wake is not None and woken_at != seen:
                    self._sleepers[generation_id] = woken_at, wake
                    wake()
