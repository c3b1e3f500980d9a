"""The job of a recording: it captures until the broadcast ends, over any number of workers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.stills import submit_after
from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import Conflict, PlayheadError
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind
from playhead.jobs.outages import retry_through_outage
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.live.capture.capture import Capture, Opened
from playhead.live.disk import Disk
from playhead.live.errors import NothingRecorded
from playhead.live.lanes import LONGEST_SITE_WAIT_S, LONGEST_WAIT_S
from playhead.live.parts import PartManifest
from playhead.live.recordings import FINALISE, RECORD, Recordings, event_data
from playhead.live.shipping import Shipping
from playhead.live.status import StatusBoard
from playhead.live.supervisor import Bounds, Outcome, Supervisor
from playhead.live.tables import RecordingRow
from playhead.outbox.outbox import record_event

log = structlog.get_logger(__name__)

RECOVERIES: Final = 10_000
"""A recording of days outlives many workers."""

ENDS: Final = {
    "disk_full": ("It ended early: the disk was full.", "Free some space on the server, or let retention do it."),
}
"""Ends that a person should know of, though there is a recording."""

NOT_A_FRAME: Final = "Not a single frame came from the source."

OpenSource = Callable[[dict[str, Any], str], Awaitable[Opened]]
"""Resolves the ``source`` of a row, at a quality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Settings of recordings, in seconds.

    Attributes:
        window_s: Reconnect window of channels.
        window_url_s: Reconnect window of a URL that is recorded once.
    """

    stall_s: float
    window_s: float
    window_url_s: float


class RecordJob:
    """Records one recording; each attempt appends parts to its folder.

    Args:
        folder: Of all recordings.
        open_source: Resolves sources.
        connect: Makes the capture of an opened source.
        disk: Makes the view of a disk for one recording's folder.
        shipping: Ships what is recorded to a remote store.
    """

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        recordings: Recordings,
        board: StatusBoard,
        *,
        folder: Path,
        waits: Waits,
        open_source: OpenSource,
        connect: Callable[[Opened], Capture],
        disk: Callable[[Path], Disk],
        shipping: Shipping,
    ) -> None:
        self._database, self._jobs, self._recordings, self._board = database, jobs, recordings, board
        self._folder, self._waits = folder, waits
        self._open_source, self._connect, self._disk, self._shipping = open_source, connect, disk, shipping

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=RECORD,
            title="Record",
            doing="Recording",
            done="Recorded",
            queue="live",
            run=self.run,
            recoveries=RECOVERIES,
            on_succeeded=self._succeeded,
            on_failed=self._failed,
            on_canceled=self._canceled,
            on_retried=_refuse_retry,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Capture until it is over.

        Raises:
            NothingRecorded: not a single frame came.
        """
        row = await retry_through_outage(lambda: self._begin(context.job_id, args), on=DatabaseUnavailable)
        if row is None:
            return {"reason": "deleted", "size_bytes": 0}
        with structlog.contextvars.bound_contextvars(recording_id=row.id):
            await context.progress(0.0, "Recording")
            outcome = await self._record(row)
            log.info(
                "recording_ended",
                reason=outcome.reason,
                size_bytes=outcome.size_bytes,
                duration_s=outcome.duration_s,
                gaps=len(outcome.gaps),
            )
        if not outcome.size_bytes and not self._has_media(row.id):
            raise _nothing(outcome)
        return {
            "reason": outcome.reason,
            "size_bytes": outcome.size_bytes,
            "duration_s": outcome.duration_s,
            "gaps": outcome.gaps,
        }

    async def _begin(self, job_id: str, args: dict[str, Any]) -> RecordingRow | None:
        """The recording, with the name of the worker that records it now."""
        async with self._database.write() as session:
            row = await session.get(RecordingRow, str(args["recording_id"]))
            job = await session.get(JobRow, job_id)
            if row is None or row.state != "recording":
                return None
            row.worker = job.worker if job else None
        return row

    async def _record(self, row: RecordingRow) -> Outcome:
        folder = self._folder / row.id

        async def open_source() -> Opened:
            return await self._open_source(row.source, row.quality)

        with self._board.showing(row.id) as status:
            status.stop_reason = row.stop_reason
            supervisor = Supervisor(
                folder,
                status,
                open_source,
                self._connect,
                self._bounds(row),
                self._disk(folder),
                captures=max(1, row.captures),
            )
            async with self._shipping.alongside(row.id):
                return await supervisor.run()

    def _bounds(self, row: RecordingRow) -> Bounds:
        by_url = row.source.get("platform", "url") == "url"
        return Bounds(
            stall_s=self._waits.stall_s,
            window_s=self._waits.window_s if row.channel_id else self._waits.window_url_s,
            longest_wait_s=LONGEST_WAIT_S if by_url else LONGEST_SITE_WAIT_S,
            has_platform=row.broadcast_id is not None,
        )

    async def _succeeded(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        if (row := await _row_of(session, job)) is None:
            return
        for name in ("size_bytes", "duration_s", "gaps"):
            setattr(row, name, result.get(name, getattr(row, name)))
        row.stop_reason = row.stop_reason or str(result["reason"])
        await self._finalise(session, row)

    async def _failed(self, session: AsyncSession, job: JobRow, error: JobError) -> None:
        if (row := await _row_of(session, job)) is None:
            return
        if row.size_bytes or self._has_media(row.id):
            row.stop_reason = row.stop_reason or "failed"
            await self._finalise(session, row)
            return
        now = utc_now()
        row.state, row.ended_at, row.updated_at, row.bytes_per_s = "errored", now, now, 0.0
        row.error_code, row.error_message, row.error_hint = error.code, error.message, error.hint
        row.version += 1
        record_event(session, "recording.failed", owner_id=row.owner_id, subject_id=row.id, data=event_data(row))

    async def _canceled(self, session: AsyncSession, job: JobRow) -> None:
        await self._failed(session, job, JobError("canceled", "The recording was canceled.", None))

    async def _finalise(self, session: AsyncSession, row: RecordingRow) -> None:
        now = utc_now()
        row.state, row.ended_at, row.updated_at, row.bytes_per_s = "finalising", now, now, 0.0
        row.error_message, row.error_hint = ENDS.get(row.stop_reason or "", (None, None))
        row.error_code = row.stop_reason if row.error_message else None
        row.version += 1
        await self._recordings.request_job(session, row, FINALISE)
        if row.job_id:
            submit_after(session, self._jobs, row.job_id)

    def _has_media(self, recording_id: str) -> bool:
        """Whether anything was recorded: here, or by another host, whose media may still be in the store alone."""
        folder = self._folder / recording_id
        if any(path.stat().st_size for path in folder.glob("cap_*.mp4")):
            return True
        return any(PartManifest.read(path).began_at for path in folder.glob("cap_*.json"))


def _nothing(outcome: Outcome) -> PlayheadError:
    if outcome.error is not None:
        return outcome.error
    if outcome.reason == "disk_full":
        return NothingRecorded("There was no room on the disk to begin with.", hint=ENDS["disk_full"][1])
    words = f"Not a single frame came from the source: {outcome.words}" if outcome.words else NOT_A_FRAME
    return NothingRecorded(words, hint="Check that it is live, and that its address is right.")


async def _refuse_retry(session: AsyncSession, job: JobRow) -> None:  # noqa: ARG001
    raise Conflict(
        "A recording that has ended is not continued.",
        hint="Start a new one.",
        code="recording_ended",
        title="The recording has ended",
    )


async def _row_of(session: AsyncSession, job: JobRow) -> RecordingRow | None:
    """The row that a job records; None once another job has it, or it is gone."""
    row = await session.get(RecordingRow, str(job.args["recording_id"]), with_for_update=True)
    return row if row is not None and row.state == "recording" and row.job_id == job.id else None
