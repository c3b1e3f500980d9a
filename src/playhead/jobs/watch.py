"""A watcher of jobs: one query per tick for all jobs that are followed in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import inspect, select

from playhead.db.database import Database
from playhead.jobs.errors import JobNotFound
from playhead.jobs.tables import FINISHED, JobRow

log = structlog.get_logger(__name__)

INTERVAL_S = 0.5
"""Progress is written once a second; twice that rate shows it without waste."""


class JobWatcher:
    """A watcher that yields changes and polls only while it has readers; ``close`` it at the end.

    Args:
        database: The catalog, with the rows.
        interval_s: Seconds between two polls.
    """

    def __init__(self, database: Database, *, interval_s: float = INTERVAL_S) -> None:
        self._database = database
        self._interval_s = interval_s
        self._views: set[_View] = set()
        self._loop: asyncio.Task[None] | None = None

    async def watch(self, job_id: str) -> AsyncIterator[JobRow]:
        """Give the job as it is now and after each change; ends after a finished state.

        A slow reader misses what lies between, never the last state. Close the iterator to stop early.

        Raises:
            JobNotFound: there is no such job, or it was deleted while watched.
        """
        view = _View(job_id)
        self._views.add(view)
        try:
            if (job := (await self._read({job_id})).get(job_id)) is None:
                raise JobNotFound(f"There is no job {job_id}.")
            view.show(job)
            self._start()
            while True:
                job = await view.next()
                yield job
                if job.state in FINISHED:
                    return
        finally:
            self._views.discard(view)

    async def close(self) -> None:
        """Stop polling."""
        if self._loop is not None:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    def _start(self) -> None:
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._poll(), name="job watcher")

    async def _poll(self) -> None:
        while self._views:
            await asyncio.sleep(self._interval_s)
            try:
                jobs = await self._read({view.job_id for view in self._views})
            except Exception as error:  # the views wait on: an end of this loop would leave them silent
                log.warning("watched_jobs_not_read", error=repr(error))
                continue
            for view in self._views:
                view.show(jobs.get(view.job_id))

    async def _read(self, job_ids: set[str]) -> dict[str, JobRow]:
        async with self._database.read() as session:
            found = await session.scalars(select(JobRow).where(JobRow.id.in_(job_ids)))
            return {job.id: job for job in found}


class _View:
    """What one watcher has seen, and the newest it has not."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self._newest: JobRow | None = None
        self._seen: tuple[Any, ...] | None = None
        self._changed = asyncio.Event()

    def show(self, job: JobRow | None) -> None:
        values = () if job is None else _values(job)
        if values != self._seen:
            self._seen, self._newest = values, job
            self._changed.set()

    async def next(self) -> JobRow:
        await self._changed.wait()
        self._changed.clear()
        if self._newest is None:
            raise JobNotFound(f"Job {self.job_id} is gone.")
        return self._newest


def _values(job: JobRow) -> tuple[Any, ...]:
    return tuple(getattr(job, column.key) for column in inspect(JobRow).column_attrs)
