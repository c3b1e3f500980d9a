"""The watch over free space: ``disk.low`` when it falls under the floor, and every six hours while it stays there."""

import asyncio
import shutil
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now
from playhead.outbox.outbox import record_event
from playhead.outbox.tables import EventRow

AGAIN_AFTER: Final = timedelta(hours=6)

Free = Callable[[Path], int]
"""Free bytes of the disk of a folder."""


def free_bytes(folder: Path) -> int:
    """What the system says."""
    return shutil.disk_usage(folder).free


class DiskWatch:
    """The disks that a worker writes to.

    Args:
        folders: Those that exist are watched.
        floor: Bytes that are kept free.
    """

    def __init__(
        self,
        database: Database,
        folders: Sequence[Path],
        *,
        floor: int,
        free: Free = free_bytes,
        host: str = "",
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._folders = folders
        self._floor = floor
        self._free = free
        self._host = host or socket.gethostname()
        self._clock = clock

    async def sweep(self) -> None:
        """Record an event when space is low and none of this host has been recorded lately."""
        free = await asyncio.to_thread(lambda: min(self._free(each) for each in self._folders if each.exists()))
        if free >= self._floor:
            return
        recently = self._clock() - AGAIN_AFTER
        mine = EventRow.type == "disk.low", EventRow.subject_id == self._host[:40], EventRow.created_at > recently
        async with self._database.write(reserve=True) as session:
            if await session.scalar(select(EventRow.id).where(*mine).limit(1)) is None:
                record_event(
                    session,
                    "disk.low",
                    owner_id=None,
                    subject_id=self._host[:40],
                    data={
                        "host": self._host,
                        "free_bytes": free,
                        "floor_bytes": self._floor,
                        "freed_bytes": 0,
                        "detail": "New uploads are refused.",
                    },
                )
