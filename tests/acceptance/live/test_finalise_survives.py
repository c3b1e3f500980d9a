"""Finalise by a real worker that is killed: one video of all that was recorded."""

import asyncio
import io
import os
import signal
from pathlib import Path

import av
from sqlalchemy import select

from playhead.access.tables import UserRow
from playhead.app.domains import open_services
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.recordings import FINALISE, Recordings
from playhead.live.tables import RecordingRow
from playhead.settings import Settings
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.processes import ffmpegs_of, is_alive, worker_of
from tests.fixtures.recorded import record
from tests.fixtures.server import Server, running_server
from tests.fixtures.tiers import thorough


async def finalising(server: Server, recording_id: str) -> str:
    """Put a recording that has ended into the server's database; the id of its job."""
    services = open_services(Settings(data=server.data), server=False)
    try:
        database, recordings, now = services.get(Database), services.get(Recordings), utc_now()
        async with database.write() as session:
            owner = await session.scalar(select(UserRow.id))
            row = RecordingRow(
                id=recording_id,
                owner_id=owner,
                title="Evening",
                source={"platform": "url"},
                state="finalising",
                gaps=[],
                started_at=now,
                updated_at=now,
            )
            await recordings.request_job(session, row, FINALISE)
            session.add(row)
        await recordings.submit(row)
        assert row.job_id is not None
        return row.job_id
    finally:
        await services.close()


@thorough  # tests/contract/live/test_finalise.py keeps the promise for each step
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    """kill -9 while what changed in the recording is encoded: the job goes on from the parts."""
    first = make_clip(tmp_path, seconds=12, size=(640, 360), gop=30, name="first.mp4")
    second = make_clip(tmp_path, seconds=10, size=(1280, 720), gop=30, mark=2, name="second.mp4")
    with running_server(tmp_path) as server, Editor(server) as editor:
        recording = new_id("rec")
        folder = server.data / "live" / recording
        folder.mkdir(parents=True)
        record(folder, first, tail=b"\0\0\4\0moof torn")
        record(folder, second, late_s=15, cause="source")
        job = asyncio.run(finalising(server, recording))
        worker = worker_of(server.process.pid)
        assert worker is not None
        ffmpeg = wait_for("the second part being encoded", lambda: next(iter(ffmpegs_of(server.process.pid)), None))

        os.kill(worker, signal.SIGKILL)

        wait_for("the end of the orphan", lambda: not is_alive(ffmpeg))
        assert editor.get("/videos")["items"] == []
        ended = editor.ended(job)
        [video] = editor.get("/videos")["items"]
        with av.open(io.BytesIO(editor.fetch(video["id"])), mode="r") as container:
            frames = len(list(container.decode(video=0)))
        assert (ended["state"], ended["attempts"]) == ("succeeded", 2), ended
        assert (video["title"], video["origin"], video["state"]) == ("Evening", "recording", "ready")
        assert frames == 22 * 30
