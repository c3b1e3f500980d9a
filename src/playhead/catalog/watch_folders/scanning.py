"""Scans of the watch folders on request: a job, since only a worker may have the folders."""

import asyncio
from typing import Any, Final

from playhead.access.principals import Principal
from playhead.catalog.watch_folders.folders import WatchFolders
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow

SCAN: Final = "watch_scan"


class WatchScans:
    """Requests for scans, and the job: two looks, as far apart as a file must rest before it is imported."""

    def __init__(self, database: Database, jobs: Jobs, folders: WatchFolders) -> None:
        self._database, self._jobs, self._folders = database, jobs, folders

    async def request(self, principal: Principal) -> JobRow:
        """Record the job, or give the one that is at it.

        Raises:
            Conflict: there are no watch folders.
        """
        if not self._folders.folders:
            raise Conflict(
                "This server has no watch folders.",
                hint="Name some in the setting watch_folders, and restart the server.",
                code="no_watch_folders",
                title="No watch folders",
            )
        async with self._database.write() as session:
            job = await self._jobs.record(
                session, kind=SCAN, owner_id=principal.user_id, title="Watch folders", args={}, dedupe_key=SCAN
            )
        await self._jobs.submit(job.id)
        return job

    def kind(self) -> JobKind:
        """How the job engine knows it. Once it has ended, the next may be requested."""

        async def done(session: Any, job: JobRow, _: dict[str, Any]) -> None:
            await self._jobs.release_key(session, job.id)

        return JobKind(
            name=SCAN,
            title="Scan of watch folders",
            doing="Scanning watch folders",
            done="Scanned watch folders",
            of=None,
            queue="ingest",
            run=self.run,
            on_succeeded=done,
            step_titles=step_titles(first="Look at the folders", second="Look again"),
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Two looks; files with problems are tried again by the first."""

        async def look(again: bool) -> int:
            return await self._folders.look(again=again)

        await context.progress(0.1, "Looking at the folders")
        requested = await context.step("first", look, True)
        await asyncio.sleep(self._folders.settled_s)
        await context.progress(0.6, "Looking again")
        return {"imports": requested + await context.step("second", look, False)}
