"""The waveform of a video: made on the first request, then given as bytes."""

from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import select

from playhead.catalog.tables import VideoRow
from playhead.catalog.waveforms import WAVEFORM
from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures import clips
from tests.fixtures.site import Site


async def test_the_first_request_has_it_made_and_later_ones_get_the_peaks(site: Site, tmp_path: Path) -> None:
    """Fifty a second: silent between the beeps, loud in them; repeated requests are one job."""
    data = clips.make_clip(tmp_path, seconds=2).read_bytes()
    video = await site.ready_video(duration_s=2.0, size_bytes=len(data))
    await site.get(Store).write(keys.original(video), _once(data))
    url = f"/api/v1/videos/{video}/waveform"

    first, again = await site.ann.client.get(url), await site.ann.client.get(url)
    assert (first.status_code, first.headers["retry-after"], again.json()) == (202, "1", first.json())
    await run(site, tmp_path, first.json()["job_id"])

    made = await site.ann.client.get(url)
    assert (made.status_code, made.headers["content-type"]) == (200, "application/octet-stream")
    assert 98 <= len(made.content) <= 104
    assert max(made.content[:20]) < 8 < 60 < max(made.content[25:29])  # the first beep is at 0.5 s


async def test_only_who_may_see_the_video_hears_of_its_audio(site: Site) -> None:
    """Each refusal says why."""
    silent = await site.ready_video(audio=False)
    early = await site.ready_video(state="preparing")

    async def ask(video: str, **query: int) -> tuple[int, str]:
        answer = await site.ann.client.get(f"/api/v1/videos/{video}/waveform", params=query)
        return answer.status_code, answer.json().get("code", "")

    assert (await site.anonymous.get(f"/api/v1/videos/{silent}/waveform")).status_code == 401
    assert (await site.bob.client.get(f"/api/v1/videos/{silent}/waveform")).status_code == 404
    assert await ask(silent) == (404, "waveform_not_found")
    assert await ask(await site.ready_video(), track=7) == (404, "waveform_not_found")
    assert await ask(early) == (409, "video_not_ready")


async def test_a_video_that_is_deleted_meanwhile_keeps_nothing(site: Site, tmp_path: Path) -> None:
    """The job ends well, without a file."""
    video = await site.ready_video()
    job_id = (await site.ann.client.get(f"/api/v1/videos/{video}/waveform")).json()["job_id"]
    async with site.get(Database).write() as session:
        await session.delete(await session.get(VideoRow, video))

    assert await run(site, tmp_path, job_id) == {}


async def run(site: Site, folder: Path, job_id: str) -> dict[str, object]:
    """Run the job as a worker would."""
    kind = site.get(JobKinds).get(WAVEFORM)
    async with site.get(Database).read() as session:
        job = (await session.scalars(select(JobRow).where(JobRow.id == job_id))).one()
        session.expunge(job)
    result = await kind.run(JobContext(job_id=job.id, work=folder), job.args)
    async with site.get(Database).write() as session:
        assert await transitions.succeed(session, job.id, job.run, kind, result, now=utc_now()) is not None
    return result


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
