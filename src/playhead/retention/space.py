"""Free space first: what is deleted for good while the disk of a local store is nearly full."""

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import func, select

from playhead.catalog.renders import Renders
from playhead.catalog.seams import Room
from playhead.catalog.trash import RETENTION, Trash
from playhead.catalog.videos import Videos
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id
from playhead.kit.units import format_bytes
from playhead.live.tables import RecordingRow
from playhead.outbox.outbox import record_event
from playhead.outbox.tables import EventRow
from playhead.retention.errors import RetentionStopped
from playhead.retention.history import trash_totals
from playhead.retention.library import Library
from playhead.retention.plan import Candidate, Plan, Removal, plan_space
from playhead.retention.tables import RunRow
from playhead.storage.store import Store

REASON: Final = "room for what is being stored"

QUIET: Final = timedelta(hours=1)
"""A disk that stays nearly full is reported this often."""

TURN_S: Final = 0.1
_BATCH: Final = 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Space:
    """Free space, and the floor under which retention deletes.

    Attributes:
        free_bytes: Of the store's disk; None for a remote store.
        recording_bytes_per_s: Bit rate of all running recordings together, in bytes.
    """

    free_bytes: int | None
    floor_bytes: int
    recording_bytes_per_s: float

    @property
    def missing_bytes(self) -> int:
        """How far free space is under its floor."""
        return 0 if self.free_bytes is None else max(0, self.floor_bytes - self.free_bytes)


class SpaceKeeper:
    """The `catalog.seams.MakeRoom` of this host.

    Args:
        min_free: Floor of free space in bytes.
        headroom: Time for which running recordings always have room; zero: nothing is deleted for recordings.
        turns: File that callers of all processes lock, one at a time.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        videos: Videos,
        trash: Trash,
        renders: Renders,
        library: Library,
        *,
        min_free: int,
        headroom: timedelta,
        turns: Path,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._store = database, store
        self._videos, self._trash, self._renders, self._library = videos, trash, renders, library
        self._min_free, self._headroom, self._turns = min_free, headroom, turns
        self._clock = clock

    async def read(self) -> Space:
        """Free space now."""
        statement = select(func.sum(RecordingRow.bytes_per_s)).where(RecordingRow.state == "recording")
        async with self._database.read() as session:
            rate = float(await session.scalar(statement) or 0.0)
        floor = max(self._min_free, round(rate * self._headroom.total_seconds()))
        return Space(self._store.free_bytes(), floor, rate)

    async def plan(self) -> Plan:
        """What would go now, after the trash."""
        missing = (await self.read()).missing_bytes
        async with self._database.read() as session:
            _, in_trash = await trash_totals(session)
        return await self._plan(missing - in_trash)

    async def sweep(self) -> int:
        """Make room when free space is under its floor; the bytes freed."""
        return (await self.make_room()).freed_bytes

    async def make_room(self, wanted_bytes: int = 0) -> Room:
        """See `catalog.seams.MakeRoom`."""
        if self._store.free_bytes() is None:
            return Room(None, 0, wanted_bytes == 0, "The store is remote: retention frees no space of this host.")
        floor = (await self.read()).floor_bytes
        if self._headroom:
            floor = max(floor, wanted_bytes)
        if (room := self._as_it_is(floor, wanted_bytes)) is not None:
            return room
        async with self._turn():  # whoever had it before may have made room
            room = self._as_it_is(floor, wanted_bytes) or await self._make_room(floor)
        return replace(room, enough=room.enough and self._free() >= wanted_bytes)

    def _as_it_is(self, floor: int, wanted_bytes: int) -> Room | None:
        """The room that there is; None when some must be made."""
        free = self._free()
        return Room(free, 0, free >= wanted_bytes, f"{format_bytes(free)} are free.") if free >= floor else None

    async def _make_room(self, floor: int) -> Room:
        before = self._free()
        freed = [*await self._empty_trash(floor)]
        if self._free() < floor:
            await self._renders.sweep(max_bytes=0, max_age=timedelta(0))
        stopped = None
        if self._free() < floor:
            plan = await self._plan(floor - self._free())
            try:
                plan.require_confirmed(force=False)
                freed += await self._delete(plan, floor)
            except RetentionStopped as error:
                stopped = error
        room = _outcome(self._free(), floor, sum(freed), stopped)
        await self._note(room, before, floor, len(freed))
        return room

    async def _empty_trash(self, floor: int) -> list[int]:
        freed: list[int] = []
        while self._free() < floor:
            async with self._database.read() as session:
                oldest = await self._trash.oldest(session, 1)
            if not oldest:
                break
            freed.append(await self._trash.delete_now(oldest[0].id, by=RETENTION, reason=REASON))
        return freed

    async def _plan(self, need_bytes: int) -> Plan:
        """The oldest, with the holds of as many as it takes."""
        async with self._database.read() as session:
            videos = sorted(await self._library.videos(session), key=lambda video: (video.created_at, video.id))
            known: list[Candidate] = []
            found = 0
            while found < need_bytes and len(known) < len(videos):
                batch = videos[len(known) : len(known) + _BATCH]
                checked = await self._library.held(session, batch, [video.id for video in batch])
                found += sum(video.size_bytes for video in checked if not video.holds)
                known += checked
        return plan_space([*known, *videos[len(known) :]], need_bytes)

    async def _delete(self, plan: Plan, floor: int) -> list[int]:
        """Delete what is planned until there is room; each is checked again in its own transaction."""
        freed: list[int] = []
        for removal in plan.remove:
            if self._free() >= floor:
                break
            freed += await self._delete_one(removal)
        return freed

    async def _delete_one(self, removal: Removal) -> list[int]:
        video_id = removal.video.id
        async with self._database.write(reserve=True) as session:
            row = await visible_video(session, video_id, lock=True)
            if row is None or await self._library.holds_of(session, [video_id]):
                return []
            size_bytes = await self._videos.delete_in(session, row, by=RETENTION, reason=removal.reason)
        await self._videos.deleted(row)
        return [size_bytes]

    async def _note(self, room: Room, before: int, floor: int, videos: int) -> None:
        """Record the pass if it did anything, and every hour that the disk was nearly full."""
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            said = await session.scalar(
                select(EventRow.id).where(EventRow.type == "disk.low", EventRow.created_at > now - QUIET).limit(1)
            )
            if said is not None and not videos:
                return
            session.add(
                RunRow(
                    id=new_id("run"),
                    cause="space",
                    state="done" if room.enough else "stopped",
                    detail=room.detail,
                    removed=videos,
                    removed_bytes=room.freed_bytes,
                    created_at=now,
                    ended_at=now,
                )
            )
            if said is None:
                facts: dict[str, Any] = {"free_bytes": before, "floor_bytes": floor, "freed_bytes": room.freed_bytes}
                data = {"host": socket.gethostname(), **facts, "detail": room.detail}
                record_event(session, "disk.low", owner_id=None, subject_id=socket.gethostname()[:40], data=data)
        log.warning("disk_low", free_bytes=before, floor_bytes=floor, freed_bytes=room.freed_bytes, detail=room.detail)

    def _free(self) -> int:
        free = self._store.free_bytes()
        assert free is not None  # of a local store
        return free

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for the turn of this call among all processes of this host: two plans would both delete the oldest."""
        fd = os.open(self._turns, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not _locked(fd):  # noqa: ASYNC110 - the holder may be another process
                await asyncio.sleep(TURN_S)
            yield
        finally:
            os.close(fd)


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _outcome(free: int, floor: int, freed: int, stopped: RetentionStopped | None) -> Room:
    made = f"Retention deleted {format_bytes(freed)}" if freed else "Retention deleted nothing"
    if free >= floor:
        return Room(free, freed, True, f"{made}; {format_bytes(free)} are free.")
    why = "More than half of the library would have to go" if stopped else "What is left is held"
    return Room(free, freed, False, f"{made}. {why}; {format_bytes(free)} of {format_bytes(floor)} are free.")
