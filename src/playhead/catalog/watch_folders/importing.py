"""The job that makes a video of one file of a watch folder.

Its video's id is in the job's arguments from the start, so that a repeated step makes no second video. The file is
removed last of all. The store has proven that it holds the same bytes before the video is listed, since what prepares
a video may put other bytes in their place (a song becomes a video). Whenever the job dies, the file is still there, or
the video is.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.deletions import Deletions
from playhead.catalog.library.collections import Collections
from playhead.catalog.library.names import clean_name
from playhead.catalog.originals import verify_stored
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import clean_filename, title_from
from playhead.catalog.videos import Videos
from playhead.catalog.visible import visible_video
from playhead.catalog.watch_folders.files import Identity, key_of, opened, remove
from playhead.catalog.watch_folders.folders import IMPORT, FolderSettings, owner_of
from playhead.catalog.watch_folders.tables import WatchFileRow
from playhead.db.database import Database
from playhead.errors import Conflict, NotFound
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.text import shorten
from playhead.storage import keys
from playhead.storage.store import Store

_CHUNK: Final = 1 << 20
_REPORT_EVERY: Final = 64 << 20

log = structlog.get_logger(__name__)


class _Changed(Exception):
    """The file is another one than when it was looked at."""


class FileImport:
    """Copies a file into the store, lists its video, and removes the file if the folder says so."""

    def __init__(
        self,
        database: Database,
        store: Store,
        videos: Videos,
        deletions: Deletions,
        collections: Collections,
        folders: Sequence[FolderSettings],
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._store = database, store
        self._videos, self._deletions, self._collections = videos, deletions, collections
        self._folders: Mapping[str, FolderSettings] = {str(folder.path): folder for folder in folders}
        self._clock = clock

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=IMPORT,
            title="Import",
            doing="Importing",
            done="Imported",
            folds="owner",
            things="files",
            queue="ingest",
            goes_last=True,
            run=self.run,
            on_succeeded=_look_anew,
            on_failed=_note_problem,
            on_canceled=_note_canceled,
            on_retried=_note_retry,
            step_titles=step_titles(
                copy="Copy the file",
                verify="Check the bytes",
                list="Add it to the library",
                remove="Remove it from the folder",
            ),
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """A file that changed since it was looked at is left for a later look."""
        folder = self._folder(str(args["folder"]))
        stored = await context.step("copy", self._copy, context, folder, args)
        if stored is None:
            return {"changed": True}
        if folder.mode == "move":
            await context.step("verify", self._verify, args, stored)
        await context.progress(0.9, "Adding it to the library")
        listed = await context.step("list", self._list, folder, args, stored)
        if folder.mode == "move":
            await context.step("remove", self._remove, folder, args)
        return {"changed": False, "video_id": listed}

    def _folder(self, path: str) -> FolderSettings:
        if path not in self._folders:
            raise NotFound(
                f"{path} is no watch folder any more.",
                hint="The setting watch_folders has changed.",
                code="watch_folder_gone",
                title="Not a watch folder",
            )
        return self._folders[path]

    async def _copy(self, context: JobContext, folder: FolderSettings, args: dict[str, Any]) -> dict[str, Any] | None:
        """Copy the bytes; None when they are not the ones that were looked at, or change meanwhile."""
        video_id, identity = str(args["video_id"]), Identity(*args["identity"])
        self._videos.check_room(identity.size_bytes)
        await self._deletions.lease(keys.video_prefix(video_id))
        try:
            written = await self._store.write(
                keys.original(video_id), _bytes_of(context, folder.path, str(args["name"]), identity)
            )
        except _Changed:
            await self._deletions.carry_out(keys.video_prefix(video_id))
            return None
        except OSError as error:
            await self._deletions.carry_out(keys.video_prefix(video_id))
            raise Conflict(
                f"{args['name']} cannot be read: {error.strerror or error}.",
                hint="Let the user that Playhead runs as read it.",
                code="watch_file_unreadable",
                title="The file cannot be read",
            ) from error
        return {"size_bytes": written.size_bytes, "sha256": written.sha256}

    async def _verify(self, args: dict[str, Any], stored: dict[str, Any]) -> bool:
        """Have the store give back the bytes of a file that is to be removed."""
        await verify_stored(self._store, keys.original(str(args["video_id"])), stored["size_bytes"], stored["sha256"])
        return True

    async def _list(self, folder: FolderSettings, args: dict[str, Any], stored: dict[str, Any]) -> str:
        """List the video, or find the one that this content became before; its id."""
        video_id, name = str(args["video_id"]), str(args["name"])
        written = Stored.read(stored)
        made: VideoRow | None = None
        async with self._database.write() as session:
            file = await session.get(WatchFileRow, key_of(str(folder.path), name), with_for_update=True)
            if await session.get(VideoRow, video_id) is not None:
                return video_id  # a crash cut off an earlier attempt right after its commit
            known = await self._same_content(session, folder, written.sha256)
            if known is None:
                made = await self._admit(session, folder, video_id, name, written)
            if file is not None:
                file.state, file.sha256, file.video_id = "imported", written.sha256, known or video_id
                file.problem, file.updated_at = None, self._clock()
        if made is None:
            await self._deletions.carry_out(keys.video_prefix(video_id))
            return str(known)
        log.info("watch_file_imported", folder=str(folder.path), name=name, video_id=video_id)
        await self._videos.submit(made)
        return video_id

    async def _admit(
        self, session: AsyncSession, folder: FolderSettings, video_id: str, name: str, written: Stored
    ) -> VideoRow:
        owner = await owner_of(session, folder.owner)
        if owner is None:
            raise NotFound(f"There is no user {folder.owner}.", code="user_not_found", title="User not found")
        filename = clean_filename(name)
        admitted = Admitted(
            video_id=video_id,
            owner_id=owner.id,
            title=title_from(filename),
            filename=filename,
            origin="upload",
            written=written,
        )
        row = await self._videos.admit(session, admitted)
        if folder.collection:
            name = clean_name(folder.collection, what="collection")
            await session.flush()
            await self._collections.put(session, await self._collections.named(session, owner.id, name), [row])
        return row

    async def _same_content(self, session: AsyncSession, folder: FolderSettings, sha256: str) -> str | None:
        """The video that the same content of this folder became.

        Of a folder whose files are moved only while that video is in the library: a file that comes again is meant, and
        removed for a video in the trash it would be lost with it.
        """
        statement = select(WatchFileRow.video_id).where(
            WatchFileRow.folder == str(folder.path), WatchFileRow.sha256 == sha256, WatchFileRow.video_id.is_not(None)
        )
        for video_id in await session.scalars(statement):
            if folder.mode == "copy" or await visible_video(session, str(video_id)) is not None:
                return str(video_id)
        return None

    async def _remove(self, folder: FolderSettings, args: dict[str, Any]) -> bool:
        """Remove the file; why it could not be is noted on it."""
        name, identity = str(args["name"]), Identity(*args["identity"])
        try:
            return await asyncio.to_thread(remove, folder.path, name, identity)
        except OSError as error:
            async with self._database.write() as session:
                row = await session.get(WatchFileRow, key_of(str(folder.path), name), with_for_update=True)
                if row is not None:
                    row.problem = f"It was imported, but cannot be removed: {error.strerror or error}."
                    row.hint = "Let the user that Playhead runs as write to the folder, or remove the file yourself."
            log.warning("watch_file_not_removed", folder=str(folder.path), name=name, error=repr(error))
            return False


async def _bytes_of(context: JobContext, folder: Path, name: str, identity: Identity) -> AsyncIterator[bytes]:
    """The bytes of a file from its start to its end.

    Raises:
        _Changed: it is another file, or has changed by its end.
        OSError: it cannot be read.
    """
    read = 0
    with ExitStack() as stack:
        try:
            file = await asyncio.to_thread(stack.enter_context, opened(folder, name))
        except FileNotFoundError as error:
            raise _Changed from error
        while Identity.of(os.fstat(file)) == identity:
            chunk = await asyncio.to_thread(os.pread, file, _CHUNK, read)
            if not chunk:
                if read != identity.size_bytes:
                    raise _Changed
                return
            yield chunk
            if read // _REPORT_EVERY != (read + len(chunk)) // _REPORT_EVERY:
                await context.progress(0.9 * read / identity.size_bytes, "Copying the file")
            read += len(chunk)
        raise _Changed


async def _look_anew(session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
    row = await _row_of(session, job)
    if row is not None and result["changed"]:
        row.state, row.seen_at, row.job_id = "waiting", utc_now(), None


async def _note_problem(session: AsyncSession, job: JobRow, error: JobError) -> None:
    await _give_up(session, job, error.message, error.hint)


async def _note_canceled(session: AsyncSession, job: JobRow) -> None:
    await _give_up(session, job, "Its import was canceled.", "Scan the folder again when you want it.", final=True)


async def _note_retry(session: AsyncSession, job: JobRow) -> None:
    row = await session.get(WatchFileRow, _key(job), with_for_update=True)
    if row is None or row.state != "problem" or row.job_id != job.id:
        raise Conflict(
            f"{job.args['name']} was looked at since, so this import is out of date.",
            hint="Scan the watch folders again.",
            code="import_out_of_date",
            title="Nothing to retry",
        )
    row.state, row.problem, row.hint = "importing", None, None


async def _give_up(session: AsyncSession, job: JobRow, problem: str, hint: str | None, *, final: bool = False) -> None:
    row = await _row_of(session, job)
    if row is None:
        return
    row.state, row.problem, row.hint = "problem", shorten(problem, 1000), shorten(hint, 500) if hint else None
    row.attempts = 99 if final else row.attempts + 1
    row.seen_at = row.updated_at = utc_now()
    log.warning("watch_file_unreadable", folder=row.folder, name=row.name, detail=problem)


async def _row_of(session: AsyncSession, job: JobRow) -> WatchFileRow | None:
    """The file that this job, and no later one, imports and has not imported yet."""
    row = await session.get(WatchFileRow, _key(job), with_for_update=True)
    return row if row is not None and row.job_id == job.id and row.state == "importing" else None


def _key(job: JobRow) -> str:
    return key_of(str(job.args["folder"]), str(job.args["name"]))
