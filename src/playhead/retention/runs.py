"""Runs: one pass of retention as a durable job, once a day or on request."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.seams import MakeRoom
from playhead.catalog.trash import RETENTION, Trash
from playhead.catalog.videos import Videos
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id
from playhead.kit.text import shorten
from playhead.outbox.outbox import record_event
from playhead.retention.errors import RetentionStopped
from playhead.retention.library import Library
from playhead.retention.plan import Plan, plan_policies
from playhead.retention.tables import RunRow

KIND: Final = "retention"

STEP: Final = 50
"""Videos of one recorded step."""


class Runs:
    """Plans, requests and lists runs.

    Args:
        at: Time of day of the scheduled run, ``HH:MM`` in UTC; ``off`` for none.
    """

    def __init__(self, database: Database, jobs: Jobs, library: Library, *, at: str, clock: Clock = utc_now) -> None:
        self._database, self._jobs, self._library = database, jobs, library
        self._at = None if at == "off" else time.fromisoformat(at)
        self._clock = clock
        self._last_day = ""

    async def plan(self) -> Plan:
        """What the policies would remove now."""
        async with self._database.read() as session:
            policies = await self._library.policies(session)
            videos = await self._library.held_under(session, await self._library.videos(session), policies)
        return plan_policies(videos, policies, self._clock())

    async def request(self, principal: Principal, *, force: bool) -> JobRow:
        """Request a run; one that is queued or runs is given instead of a second.

        Raises:
            RetentionStopped: it would remove more than half, and *force* is not set.
        """
        (await self.plan()).require_confirmed(force=force)
        async with self._database.write() as session:
            job = await self._record(
                session, owner_id=principal.user_id, cause="requested", by=principal.email, force=force
            )
        await self._jobs.submit(job.id)
        return job

    async def page(self, *, limit: int, cursor: str | None) -> Page[RunRow]:
        """One page of runs, newest first."""
        async with self._database.read() as session:
            return await page_by_id(session, select(RunRow), RunRow.id, "run", limit, cursor)

    def next_at(self) -> datetime | None:
        """When the next scheduled run begins; None: never."""
        if self._at is None:
            return None
        now = self._clock()
        today = datetime.combine(now.date(), self._at, now.tzinfo)
        return today if today > now else today + timedelta(days=1)

    async def sweep(self) -> bool:
        """Record the scheduled run of this day when its time has come; whether it did."""
        now = self._clock()
        day = now.date().isoformat()
        if self._at is None or now.time() < self._at or day == self._last_day:
            return False
        async with self._database.read() as session:
            if not any(policy.is_limit for policy in (await self._library.policies(session)).values()):
                return False
            done = await session.scalar(select(RunRow.id).where(RunRow.day == day))
            admin = await session.scalar(
                select(UserRow.id).where(UserRow.role == "admin", ~UserRow.disabled).order_by(UserRow.id).limit(1)
            )
        if done is not None or admin is None:
            self._last_day = day if done is not None else ""
            return False
        try:
            async with self._database.write() as session:
                job = await self._record(session, owner_id=admin, cause="schedule", day=day)
        except IntegrityError:  # another worker was first
            return False
        await self._jobs.submit(job.id)
        return True

    async def _record(
        self,
        session: AsyncSession,
        *,
        owner_id: str,
        cause: str,
        by: str | None = None,
        day: str | None = None,
        force: bool = False,
    ) -> JobRow:
        run_id = new_id("run")
        job = await self._jobs.record(
            session,
            kind=KIND,
            owner_id=owner_id,
            title="Retention",
            args={"run_id": run_id, "force": force},
            dedupe_key=KIND,
        )
        if job.args["run_id"] == run_id:
            session.add(
                RunRow(
                    id=run_id,
                    job_id=job.id,
                    day=day,
                    cause=cause,
                    requested_by=by,
                    state="queued",
                    created_at=self._clock(),
                )
            )
        return job


class RetentionJob:
    """Carries a run out: room first, then what the policies remove, in recorded steps."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        videos: Videos,
        trash: Trash,
        library: Library,
        runs: Runs,
        room: MakeRoom,
    ) -> None:
        self._database, self._jobs, self._videos, self._trash = database, jobs, videos, trash
        self._library, self._runs, self._room = library, runs, room

    def kind(self) -> JobKind:
        """The kind of job, for the engine."""
        return JobKind(
            name=KIND,
            title="Retention",
            doing="Applying retention",
            done="Applied retention",
            of=None,
            queue="system",
            run=self.run,
            on_succeeded=self._mark_done,
            on_failed=self._mark_failed,
            on_canceled=self._mark_canceled,
            on_retried=self._mark_queued,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make room, plan, then move what goes to the trash; each is checked again in its own transaction.

        Raises:
            RetentionStopped: more than half would go, and nobody has confirmed it.
        """
        await context.progress(0.0, "Looking at free space")
        await context.step("make room", self._make_room)
        await context.progress(0.05, "Planning")
        planned = await context.step("plan", self._plan, args)
        going = planned["remove"]
        for start in range(0, len(going), STEP):
            end = min(start + STEP, len(going))
            await context.progress(0.1 + 0.9 * start / len(going), f"Moving {len(going)} videos to the trash")
            await context.step(f"remove {start + 1} to {end}", self._remove, str(args["run_id"]), going[start:end])
        return {}

    async def _make_room(self) -> dict[str, Any]:
        room = await self._room.make_room()
        return {"freed_bytes": room.freed_bytes, "detail": room.detail}

    async def _plan(self, args: dict[str, Any]) -> dict[str, Any]:
        plan = await self._runs.plan()
        async with self._database.write() as session:
            row = await session.get(RunRow, str(args["run_id"]))
            if row is not None:
                row.state, row.held = "running", len(plan.held)
                row.planned, row.planned_bytes = len(plan.remove), plan.removed_bytes
        plan.require_confirmed(force=bool(args["force"]))
        return {"remove": [[removal.video.id, removal.reason] for removal in plan.remove]}

    async def _remove(self, run_id: str, going: Sequence[tuple[str, str]]) -> None:
        for video_id, reason in going:
            await self._remove_one(run_id, video_id, reason)

    async def _remove_one(self, run_id: str, video_id: str, reason: str) -> None:
        """Move a video to the trash, and count it, in one transaction, so that a repeated step passes it over.

        One that is gone, or that something holds by now, is passed over as well.
        """
        async with self._database.write(reserve=True) as session:
            row = await visible_video(session, video_id, lock=True)
            if row is None or await self._library.holds_of(session, [video_id]):
                return
            size_bytes = await self._trash.put_in(session, row, by=RETENTION, reason=reason)
            facts = {"video_id": row.id, "title": row.title, "reason": reason, "size_bytes": size_bytes}
            record_event(session, "video.trashed", owner_id=row.owner_id, subject_id=row.id, data=facts)
            counted = {"removed": RunRow.removed + 1, "removed_bytes": RunRow.removed_bytes + size_bytes}
            await session.execute(update(RunRow).where(RunRow.id == run_id).values(counted))
        await self._videos.hidden(video_id)

    async def _mark_done(self, session: AsyncSession, job: JobRow, _: dict[str, Any]) -> None:
        await self._jobs.release_key(session, job.id)
        await _end(session, job, "done")

    async def _mark_failed(self, session: AsyncSession, job: JobRow, error: JobError) -> None:
        state = "stopped" if error.code == RetentionStopped.code else "failed"
        await _end(session, job, state, detail=shorten(error.message, 1000))

    async def _mark_canceled(self, session: AsyncSession, job: JobRow) -> None:
        await _end(session, job, "canceled")

    async def _mark_queued(self, session: AsyncSession, job: JobRow) -> None:
        await _end(session, job, "queued", ended_at=None, detail=None)


async def _end(session: AsyncSession, job: JobRow, state: str, **facts: Any) -> None:
    row = await session.get(RunRow, str(job.args["run_id"]))
    if row is not None:
        for name, value in {"state": state, "ended_at": utc_now(), **facts}.items():
            setattr(row, name, value)
