"""The sweep of generations that nobody waits for any more: each gets its job again, or is looked for once more."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.generate.jobs import SETTLE, request_generating, request_settling
from playhead.generate.records import locked
from playhead.generate.submitting import Submitting
from playhead.generate.tables import ACTIVE as OPEN
from playhead.generate.tables import GenerationRow
from playhead.jobs.client import HOLDS_KEY, Jobs
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import Clock, utc_now

log = structlog.get_logger(__name__)

QUIET: Final = timedelta(minutes=1)
"""Age of the last change of what is looked at: a request that is at it is left alone."""

LOOK_AGAIN: Final = timedelta(minutes=10)
"""Between two looks at an unknown one; it was looked for in the first half minute already."""

LATEST: Final = timedelta(days=1)
"""Providers forget their requests, and their results sooner."""

AT_ONCE: Final = 20

LOOK_S: Final = 10.0
"""Longest look at a provider: other sweeps of this worker wait meanwhile."""

Act = Callable[[AsyncSession, GenerationRow], Awaitable[None]]


class Lost:
    """Finds generations whose job is gone, unknown ones that may be found now, and canceled ones with an open cost."""

    def __init__(self, database: Database, jobs: Jobs, submitting: Submitting, clock: Clock = utc_now) -> None:
        self._database = database
        self._jobs = jobs
        self._submitting = submitting
        self._clock = clock

    async def sweep(self) -> int:
        """Look once; how many were taken up again."""
        return await self._without_job() + await self._canceled() + await self._unknown()

    async def _without_job(self) -> int:
        at_it = exists().where(JobRow.id == GenerationRow.job_id, JobRow.state.in_(ACTIVE))
        found = await self._find(GenerationRow.state.in_(OPEN), ~at_it, self._quiet_for(QUIET))
        jobs = {row.id: row.job_id for row in found}

        async def resume(session: AsyncSession, row: GenerationRow) -> None:
            if row.is_active and row.job_id == jobs[row.id]:  # another worker's sweep was not first
                log.warning("generation_resumed", generation_id=row.id, state=row.state)
                await request_generating(session, self._jobs, row)

        return await self._each(found, resume)

    async def _canceled(self) -> int:
        settled = exists().where(JobRow.dedupe_key == f"{SETTLE}:" + GenerationRow.id, JobRow.state.in_(HOLDS_KEY))
        found = await self._find(
            GenerationRow.state == "canceled",
            GenerationRow.submit_state.in_(("sent", "confirmed")),
            GenerationRow.actual_micros.is_(None),
            GenerationRow.finished_at > self._clock() - LATEST,
            ~settled,
            self._quiet_for(QUIET),
        )

        async def settle(session: AsyncSession, row: GenerationRow) -> None:
            await request_settling(session, self._jobs, row)

        return await self._each(found, settle)

    async def _unknown(self) -> int:
        found = await self._find(
            GenerationRow.state == "unknown",
            GenerationRow.sent_at > self._clock() - LATEST,
            self._quiet_for(LOOK_AGAIN),
        )
        silent: set[str] = set()
        return await self._each([row for row in found if await self._is_there(row, silent)], self._revive)

    async def _is_there(self, row: GenerationRow, silent: set[str]) -> bool:
        """Whether the provider has it; the next look is some minutes later.

        Args:
            silent: Providers that did not answer; this adds to them, and they are not asked again.
        """
        if row.reference is not None:
            return True
        if row.provider in silent:
            return False
        try:
            async with asyncio.timeout(LOOK_S):
                if await self._submitting.find(row):
                    return True
        except TimeoutError:
            silent.add(row.provider)
            log.info("generation_not_looked_for", generation_id=row.id, code="timeout", detail=f"{LOOK_S:g} s")
        except PlayheadError as error:
            silent.add(row.provider)
            log.info("generation_not_looked_for", generation_id=row.id, code=error.code, detail=error.detail)
        async with self._database.write() as session:
            if (again := await locked(session, row.id)) is not None:
                again.updated_at = self._clock()
        return False

    async def _revive(self, session: AsyncSession, row: GenerationRow) -> None:
        if row.state != "unknown" or row.reference is None:
            return
        row.state, row.finished_at, row.updated_at, row.version = "running", None, self._clock(), row.version + 1
        row.error_code = row.error_message = row.error_hint = row.error_side = None
        log.info("generation_resumed", generation_id=row.id, state=row.state)
        await request_generating(session, self._jobs, row)

    def _quiet_for(self, time: timedelta) -> ColumnElement[bool]:
        return GenerationRow.updated_at < self._clock() - time

    async def _find(self, *conditions: ColumnElement[bool]) -> Sequence[GenerationRow]:
        statement = select(GenerationRow).where(*conditions).order_by(GenerationRow.id).limit(AT_ONCE)
        async with self._database.read() as session:
            return (await session.scalars(statement)).all()

    async def _each(self, found: Sequence[GenerationRow], act: Act) -> int:
        for row in found:
            async with self._database.write() as session:
                if (current := await locked(session, row.id)) is not None:
                    await act(session, current)
        return len(found)
