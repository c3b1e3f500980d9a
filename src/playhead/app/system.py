"""What an admin asks of the whole installation: room, workers, queues. Sums by SQL; nothing walks the store."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import ArtifactRow, RenderRow, UploadRow, VideoRow
from playhead.db.database import Database
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.settings import Settings

KEEP_S: Final = 30.0
"""Sums over a large catalog take up to a third of a second; they are asked for at most this often."""

MOST_SCRATCH: Final = 5_000
"""Files of running jobs that are counted."""


@dataclass(frozen=True, slots=True)
class Use:
    """Room that one kind of thing takes."""

    name: str
    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Room:
    """What is used, and what is free on the disk of the data folder."""

    uses: tuple[Use, ...]
    path: str
    total_bytes: int
    free_bytes: int
    headroom_bytes: int


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """The catalog's database."""

    kind: str
    version: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs of one kind that have not ended."""

    kind: str
    queued: int
    running: int
    oldest_queued_at: datetime | None


class Sums:
    """Figures that change slowly, for all who ask within `KEEP_S` the same.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, database: Database, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._settings = database, settings
        self._clock = clock
        self._kept: tuple[Room, DatabaseFacts] | None = None
        self._at = 0.0
        self._lock = asyncio.Lock()

    async def read(self) -> tuple[Room, DatabaseFacts]:
        """The last figures when they are young, else new ones."""
        async with self._lock:
            if self._kept is None or self._clock() - self._at >= KEEP_S:
                self._kept = await self._count()
                self._at = self._clock()
            return self._kept

    async def _count(self) -> tuple[Room, DatabaseFacts]:
        settings = self._settings
        async with self._database.read() as session:
            uses = [*await _videos(session), *await _made(session)]
            database = await _database(session, is_sqlite=self._database.is_sqlite)
        scratch, disk = await asyncio.to_thread(lambda: (_scratch(settings.work), shutil.disk_usage(settings.data)))
        room = Room((*uses, scratch), str(settings.data), disk.total, disk.free, settings.disk_headroom)
        return room, database


async def queues(database: Database) -> list[Queue]:
    """What waits and runs, by kind of job, the longest wait first."""
    waits = case((JobRow.state == "queued", JobRow.created_at))
    statement = (
        select(JobRow.kind, func.count(waits), func.count(), func.min(waits))
        .where(JobRow.state.in_(ACTIVE))
        .group_by(JobRow.kind)
    )
    async with database.read() as session:
        rows = (await session.execute(statement)).all()
    found = [Queue(kind, queued, active - queued, oldest) for kind, queued, active, oldest in rows]
    return sorted(found, key=lambda one: (one.oldest_queued_at is None, one.oldest_queued_at, one.kind))


def store_place(url: str) -> tuple[str, str]:
    """The kind of a store, and where it is, without options: ``("s3", "s3://bucket/prefix")``."""
    parsed = urlsplit(url)
    kind = {"file": "folder"}.get(parsed.scheme, parsed.scheme)
    return kind, parsed.path if kind == "folder" else f"{parsed.scheme}://{parsed.hostname or ''}{parsed.path}"


async def _videos(session: AsyncSession) -> list[Use]:
    name = case(
        (VideoRow.trashed_at.is_not(None), "trash"), (VideoRow.origin == "reel", "reels"), else_="originals"
    ).label("name")
    statement = select(name, func.count(), func.sum(VideoRow.size_bytes)).group_by(name)
    rows = {found: (count, size) for found, count, size in await session.execute(statement)}
    return [Use(each, *_figures(rows.get(each))) for each in ("originals", "reels", "trash")]


async def _made(session: AsyncSession) -> list[Use]:
    statement = select(ArtifactRow.kind, func.count(), func.sum(ArtifactRow.size_bytes)).group_by(ArtifactRow.kind)
    artifacts = {kind: (count, size) for kind, count, size in await session.execute(statement)}
    posters = await _one(session, select(func.count(VideoRow.poster_size_bytes), func.sum(VideoRow.poster_size_bytes)))
    renders = await _one(session, select(func.count(), func.sum(RenderRow.size_bytes)))
    unfinished = select(func.count(), func.sum(UploadRow.size_bytes)).where(UploadRow.completed_at.is_(None))
    return [
        _sum("renditions", (artifacts.get("rendition"), artifacts.get("download"))),
        _sum("pictures", (*map(artifacts.get, ("storyboard", "preview", "waveform", "poster")), posters)),
        _sum("images", (await _one(session, select(func.count(), func.sum(ImageRow.size_bytes))),)),
        _sum("renders", (renders,)),
        _sum("uploads", (await _one(session, unfinished),)),
    ]


async def _one(session: AsyncSession, statement: Any) -> tuple[int, int]:
    count, size = (await session.execute(statement)).one()
    return count, size


def _sum(name: str, parts: tuple[tuple[int, int] | None, ...]) -> Use:
    figures = [_figures(part) for part in parts]
    return Use(name, sum(count for count, _ in figures), sum(size for _, size in figures))


def _figures(row: tuple[int, int] | None) -> tuple[int, int]:
    return (0, 0) if row is None else (row[0], int(row[1] or 0))


async def _database(session: AsyncSession, *, is_sqlite: bool) -> DatabaseFacts:
    if is_sqlite:
        version = "select sqlite_version()"
        pages = "select page_count * page_size from pragma_page_count, pragma_page_size"
    else:
        version, pages = "show server_version", "select pg_database_size(current_database())"
    said = str(await session.scalar(text(version)))
    size = int(await session.scalar(text(pages)) or 0)
    return DatabaseFacts("SQLite" if is_sqlite else "PostgreSQL", said.partition(" ")[0], size)


def _scratch(folder: Path) -> Use:
    """Files of running jobs on this host; a file that is gone meanwhile does not count."""
    count = size = 0
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]  # locks of workers
        for name in names:
            if count >= MOST_SCRATCH:
                return Use("scratch", count, size)
            try:
                size += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 - the cheap ones
            except OSError:
                continue
            count += 1
    return Use("scratch", count, size)
