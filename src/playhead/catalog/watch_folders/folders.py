"""Looks at watch folders: which files are new and no longer grow, and the jobs that import them.

A file is imported when two looks find it unchanged and nobody writes it. What cannot be read is listed with the
reason, tried three times an hour apart, and not again before it changes or a person asks for it.
"""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.tables import UserRow
from playhead.catalog.watch_folders.files import (
    Entry,
    Identity,
    Look,
    is_being_written,
    key_of,
    look,
    opened,
    require_video,
)
from playhead.catalog.watch_folders.tables import WatchFileRow, WatchFolderRow
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id
from playhead.kit.text import one_line, shorten
from playhead.media.errors import EmptyFile, NotAVideo

IMPORT: Final = "import"
"""Kind of the job that imports one file."""

SETTLED: Final = timedelta(seconds=5)
"""Least time between the two looks."""

MAX_ATTEMPTS: Final = 3
AGAIN_AFTER: Final = timedelta(hours=1)

AT_ONCE: Final = 8
"""Files of a folder that are imported at the same time; others wait, so that uploads of people come between."""

PATIENCE_S: Final = 20.0
"""A look that takes longer, as on a network share that hangs, goes on by itself; the next sweep joins it."""

log = structlog.get_logger(__name__)


class FolderSettings(Protocol):
    """A configured folder (``settings.WatchFolder``)."""

    @property
    def path(self) -> Path: ...
    @property
    def mode(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def collection(self) -> str | None: ...


class WatchFolders:
    """The looks of one process at the configured folders."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        folders: Sequence[FolderSettings],
        *,
        settled: timedelta = SETTLED,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._jobs, self.folders = database, jobs, folders
        self._settled, self._clock = settled, clock
        self._looking: asyncio.Task[int] | None = None

    @property
    def settled_s(self) -> float:
        """Seconds between two looks after which an unchanged file is imported."""
        return self._settled.total_seconds()

    async def sweep(self) -> int:
        """Look at all folders; how many imports were requested, 0 when that takes long."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.look(), name="look at watch folders")
        done, _ = await asyncio.wait([self._looking], timeout=PATIENCE_S)
        return self._looking.result() if done else 0

    async def look(self, *, again: bool = False) -> int:
        """Look at all folders now; how many imports were requested.

        Args:
            again: Try files with problems once more.
        """
        return sum([await self._look_at(folder, again=again) for folder in self.folders])

    async def close(self) -> None:
        """End a look that still runs."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_at(self, folder: FolderSettings, *, again: bool) -> int:
        path = str(folder.path)
        try:
            found = await asyncio.to_thread(look, folder.path)
        except OSError as error:
            await self._note(path, f"The folder cannot be read: {error.strerror or error}.")
            return 0
        async with self._database.read() as session:
            owner = await owner_of(session, folder.owner)
        if owner is None:
            await self._note(path, f"There is no user {folder.owner}, who is to own its videos.")
            return 0
        due = await self._compare(path, found, again=again)
        requested = 0
        for name in due:
            requested += await self._begin(folder, owner, name)
        return requested

    async def _compare(self, path: str, found: Look, *, again: bool) -> list[str]:
        """Write down what has changed since the last look; names of the files that are to be imported now."""
        now = self._clock()
        async with self._database.write() as session:
            await self._upsert(session, path, None, truncated=found.truncated)
            rows = await _rows(session, path)
            by_identity = {Identity(row.inode, row.size_bytes, row.mtime_ns): row for row in rows.values()}
            for entry in found.entries:
                _see(session, rows, by_identity, path, entry, now)
            await _forget_gone(session, rows, {key_of(path, entry.name) for entry in found.entries})
            busy = sum(row.state == "importing" for row in rows.values())
            due = [row for row in rows.values() if self._is_due(row, now, again=again)]
            due.sort(key=lambda row: (row.seen_at, row.name))
            return [row.name for row in due[: max(0, AT_ONCE - busy)]]

    def _is_due(self, row: WatchFileRow, now: datetime, *, again: bool) -> bool:
        if row.state == "waiting":
            return row.size_bytes > 0 and now - row.seen_at >= self._settled
        retry = row.attempts < MAX_ATTEMPTS and now - row.seen_at >= AGAIN_AFTER
        return row.state == "problem" and (again or retry)

    async def _begin(self, folder: FolderSettings, owner: UserRow, name: str) -> int:
        """Request the import of a file that has settled; 1 if it was requested."""
        path = str(folder.path)
        refused = await asyncio.to_thread(_refusal, folder.path, name)
        async with self._database.write() as session:
            row = await session.get(WatchFileRow, key_of(path, name), with_for_update=True)
            if row is None or row.state not in ("waiting", "problem"):
                return 0
            row.updated_at = now = self._clock()
            if refused is not None:
                row.state, row.problem, row.hint = refused  # type: ignore[assignment]
                row.seen_at = now
                row.attempts += row.state == "problem"
                if row.state == "problem":
                    log.warning("watch_file_unreadable", folder=path, name=name, detail=row.problem)
                return 0
            identity = Identity(row.inode, row.size_bytes, row.mtime_ns)
            video_id = new_id("vid")
            job = await self._jobs.record(
                session,
                kind=IMPORT,
                owner_id=owner.id,
                title=shorten(one_line(name.rpartition("/")[2]), 200),
                args={"folder": path, "name": name, "identity": list(identity), "video_id": video_id},
            )
            row.state, row.job_id, row.problem, row.hint = "importing", job.id, None, None
        await self._jobs.submit(job.id)
        return 1

    async def _note(self, path: str, problem: str) -> None:
        async with self._database.write() as session:
            known = await session.get(WatchFolderRow, path)
            if known is None or known.problem != problem:
                log.warning("watch_folder_unreadable", folder=path, detail=problem)
            await self._upsert(session, path, problem, truncated=False)

    async def _upsert(self, session: AsyncSession, path: str, problem: str | None, *, truncated: bool) -> None:
        row = await session.get(WatchFolderRow, path, with_for_update=True)
        if row is None:
            row = WatchFolderRow(path=path)
            session.add(row)
        row.looked_at, row.host, row.problem = self._clock(), socket.gethostname()[:255], problem
        row.truncated = truncated
        await session.flush()


async def owner_of(session: AsyncSession, email: str) -> UserRow | None:
    """The user who owns what a folder brings."""
    found: UserRow | None = await session.scalar(select(UserRow).where(func.lower(UserRow.email) == email.lower()))
    return found


async def _rows(session: AsyncSession, path: str) -> dict[str, WatchFileRow]:
    found = await session.scalars(select(WatchFileRow).where(WatchFileRow.folder == path))
    return {row.key: row for row in found}


def _see(
    session: AsyncSession,
    rows: dict[str, WatchFileRow],
    by_identity: Mapping[Identity, WatchFileRow],
    path: str,
    entry: Entry,
    now: datetime,
) -> None:
    """Note one file: new, renamed, changed, or as it was."""
    key = key_of(path, entry.name)
    row = rows.get(key)
    if row is None:
        before = by_identity.get(entry.identity)
        moved = before is not None and before.state == "imported"
        row = WatchFileRow(key=key, folder=path, name=_shown(entry.name), attempts=0, updated_at=now)
        row.sha256, row.video_id = (before.sha256, before.video_id) if before is not None and moved else (None, None)
        _reset(row, entry.identity, now)
        row.state = "imported" if moved else "waiting"
        if row.name != entry.name:
            row.state, row.problem, row.hint = "ignored", "Its name is not UTF-8.", "Rename the file."
        session.add(row)
        rows[key] = row
    elif Identity(row.inode, row.size_bytes, row.mtime_ns) != entry.identity and row.state != "importing":
        _reset(row, entry.identity, now)
        row.state, row.updated_at = "waiting", now


def _reset(row: WatchFileRow, identity: Identity, now: datetime) -> None:
    row.inode, row.size_bytes, row.mtime_ns = identity
    row.attempts, row.problem, row.hint, row.job_id, row.seen_at = 0, None, None, None, now


async def _forget_gone(session: AsyncSession, rows: dict[str, WatchFileRow], present: set[str]) -> None:
    """Forget files that are gone and never became videos."""
    for key in [key for key, row in rows.items() if key not in present]:
        if rows[key].state in ("waiting", "problem", "ignored"):
            await session.delete(rows.pop(key))


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _refusal(folder: Path, name: str) -> tuple[str, str | None, str | None] | None:
    """State, problem and hint of a file that cannot be imported now; None when it can."""
    try:
        with opened(folder, name) as file:
            if is_being_written(file):
                return "waiting", None, None
            require_video(file)
    except (EmptyFile, FileNotFoundError):
        return "waiting", None, None
    except NotAVideo as error:
        return "ignored", shorten(error.detail, 1000), None
    except OSError as error:
        reason = error.strerror or str(error)
        return "problem", f"It cannot be read: {reason}.", "Let the user that Playhead runs as read it."
    return None
