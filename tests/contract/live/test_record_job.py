"""What becomes of a recording when its job ends."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs import transitions
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import rfc3339, utc_now
from playhead.kit.ids import new_id
from playhead.live.capture.capture import Capture, Opened
from playhead.live.disk import Disk, nobody_frees
from playhead.live.errors import NothingRecorded, SourceRefused
from playhead.live.jobs import RecordJob, Waits
from playhead.live.parts import PartManifest
from playhead.live.recordings import FINALISE, RECORD, Recordings
from playhead.live.shipping import Shipping
from playhead.live.status import StatusBoard
from playhead.live.tables import RecordingRow
from playhead.outbox.tables import EventRow
from playhead.storage.local import LocalStore
from tests.contract.live.test_recording_status import make_recording, row_of

LOST = JobError("nothing_recorded", "Not a single frame came from the source.", hint="Check it.")


class Case:
    """A recording, its job, and the kind that does it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        kinds = JobKinds(JobKind(name=FINALISE, queue="media", run=self._nothing))
        self.jobs = Jobs(database, f"sqlite:///{folder / 'jobs.db'}", kinds)
        self.work = RecordJob(
            database,
            self.jobs,
            Recordings(database, self.jobs),
            StatusBoard(database),
            folder=folder,
            waits=Waits(stall_s=5, window_s=1, window_url_s=1),
            open_source=self._refuse,
            connect=self._connect,
            disk=lambda each: Disk(each, ask_below=0, stop_below=0, ask=nobody_frees),
            shipping=Shipping(LocalStore(folder / "store"), folder, interval_s=10),
        )
        self.kind = self.work.kind()
        kinds.register(self.kind)
        self.recording_id = self.job_id = ""

    async def begin(self, *, media: bool) -> None:
        """Insert the recording with a running job."""
        self.recording_id = await make_recording(self.database)
        if media:
            part = self.folder / self.recording_id / f"{new_id('cap')}.mp4"
            part.parent.mkdir()
            part.write_bytes(b"media")
        async with self.database.write() as session:
            row = await session.get_one(RecordingRow, self.recording_id)
            job = await self.jobs.record(
                session, kind=RECORD, owner_id=row.owner_id, title="R", args={"recording_id": row.id}
            )
            row.job_id = self.job_id = job.id
        async with self.database.write() as session:
            await transitions.begin(session, self.job_id, 1, worker="w", now=utc_now())

    async def end(self, how: str, facts: Any = None) -> RecordingRow:
        """End its job; its row then."""
        now = utc_now()
        async with self.database.write() as session:
            if how == "succeed":
                await transitions.succeed(session, self.job_id, 1, self.kind, facts, now=now)
            elif how == "fail":
                await transitions.fail(session, self.job_id, 1, self.kind, facts, now=now)
            else:
                await transitions.cancel(session, self.job_id, self.kind, now=now)
        return await row_of(self.database, self.recording_id)

    async def events(self) -> list[str]:
        async with self.database.read() as session:
            return list(await session.scalars(select(EventRow.type).where(EventRow.type.startswith("recording."))))

    async def kind_of_job(self, job_id: str | None) -> str:
        async with self.database.read() as session:
            return (await session.get_one(JobRow, job_id)).kind

    async def _nothing(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        return {}

    async def _refuse(self, source: dict[str, Any], quality: str) -> Opened:
        raise SourceRefused("The source asks for a password.")

    def _connect(self, opened: Opened) -> Capture:
        raise AssertionError(opened)


@pytest.fixture
def case(database: Database, tmp_path: Path) -> Case:
    return Case(database, tmp_path)


async def test_what_was_recorded_is_finalised(case: Case) -> None:
    gaps = [{"start_s": 4.0, "length_s": 1.5, "cause": "host"}]
    await case.begin(media=True)
    row = await case.end("succeed", {"reason": "disk_full", "size_bytes": 5, "duration_s": 9.0, "gaps": gaps})

    assert (row.state, row.stop_reason, row.error_code, row.gaps) == ("finalising", "disk_full", "disk_full", gaps)
    assert row.ended_at is not None
    assert row.job_id != case.job_id
    assert await case.kind_of_job(row.job_id) == FINALISE


@pytest.mark.parametrize("how", ["fail", "cancel"])
async def test_a_job_that_fails_or_is_canceled_loses_nothing(case: Case, how: str) -> None:
    await case.begin(media=True)
    row = await case.end(how, LOST)

    assert (row.state, await case.kind_of_job(row.job_id)) == ("finalising", FINALISE)
    assert await case.events() == []


async def test_a_recording_without_a_frame_says_why(case: Case) -> None:
    await case.begin(media=False)
    row = await case.end("fail", LOST)

    assert (row.state, row.error_code, row.error_hint) == ("errored", "nothing_recorded", "Check it.")
    assert await case.events() == ["recording.failed"]


async def test_what_another_host_recorded_is_finalised_before_its_media_are_here(case: Case, tmp_path: Path) -> None:
    """Its manifest is restored first; its source is not there any more."""
    await case.begin(media=False)
    folder = tmp_path / case.recording_id
    folder.mkdir()
    PartManifest(capture_id=new_id("cap"), began_at=rfc3339(utc_now())).write(folder)
    result = await case.work.run(JobContext(job_id=case.job_id, work=tmp_path), {"recording_id": case.recording_id})
    row = await case.end("fail", LOST)

    assert result["reason"] == "lost"
    assert (row.state, await case.kind_of_job(row.job_id)) == ("finalising", FINALISE)


async def test_a_source_that_refuses_ends_a_recording_that_has_not_begun(case: Case, tmp_path: Path) -> None:
    await case.begin(media=False)
    context = JobContext(job_id=case.job_id, work=tmp_path)

    with pytest.raises(SourceRefused, match="password"):
        await case.work.run(context, {"recording_id": case.recording_id})


async def test_a_recording_that_has_ended_is_not_recorded_on(case: Case) -> None:
    await case.begin(media=False)
    await case.end("fail", LOST)

    with pytest.raises(Conflict, match="not continued"):
        await case.jobs.retry(case.job_id)
    assert NothingRecorded.retry == "never"
