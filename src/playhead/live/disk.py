"""Room on the disk for a recording: asked for before it runs out, and the end of the recording where there is none."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

LOOK_S: Final = 2.0
ASK_S: Final = 30.0
"""Between two requests for room."""

AskForRoom = Callable[[int], Awaitable[bool]]
"""Frees so many bytes, as far as policies allow; whether there is as much now."""


class Disk:
    """The disk of recordings, as one of them sees it.

    Args:
        ask_below: Free bytes under which room is asked for.
        stop_below: Free bytes under which a recording ends: finalising and the database need some.
        ask: Asks retention.
    """

    def __init__(self, folder: Path, *, ask_below: int, stop_below: int, ask: AskForRoom) -> None:
        self._folder, self._ask_below, self._stop_below, self._ask = folder, ask_below, stop_below, ask
        self._looked_at = self._asked_at = float("-inf")

    async def has_room(self, *, ask_now: bool = False) -> bool:
        """Whether recording may go on; looks every two seconds.

        Args:
            ask_now: A write has failed for lack of room.
        """
        now = time.monotonic()
        if now - self._looked_at < LOOK_S and not ask_now:
            return True
        self._looked_at = now
        free = self._free()
        if free >= max(self._ask_below, self._stop_below) and not ask_now:
            return True
        if ask_now or now - self._asked_at > ASK_S or free < self._stop_below:
            self._asked_at = now
            log.warning("recording_disk_low", free_bytes=free)
            freed = await self._ask(max(self._ask_below, 2 * self._stop_below))
            if ask_now and not freed:  # a quota shows in no figure
                return False
        return self._free() >= self._stop_below

    def _free(self) -> int:
        folder = self._folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return shutil.disk_usage(folder).free


async def nobody_frees(wanted_bytes: int) -> bool:  # noqa: ARG001
    """Without retention nothing is deleted for recordings."""
    await asyncio.sleep(0)
    return False
