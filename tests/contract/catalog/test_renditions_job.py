"""The job behind renditions: pieces that are done stay done, and a rendition is there when it has passed its check."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.catalog.admission import probe_facts
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.renditions import RENDITIONS, renditions_of
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.jobs.errors import JobStopped
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.ids import new_id
from playhead.media.probe import probe
from playhead.media.render import ladder
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures import clips, sync
from tests.fixtures.site import Site

SIZE = (320, 180)
MARK = 4


@pytest.fixture
async def video(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ready video of Ann's with its bytes: seven seconds, which are three spans here."""
    monkeypatch.setattr(ladder, "SPAN_S", 2)
    path = clips.make_clip(tmp_path, size=SIZE, seconds=7, fps=15, mark=MARK)
    facts = probe_facts((await probe(path)).to_dict())
    video_id = await site.ready_video(**facts)

    async def once() -> Any:
        yield path.read_bytes()

    written = await site.get(Store).write(keys.original(video_id), once())
    async with site.get(Database).write() as session:
        row = await session.get(VideoRow, video_id)
        assert row is not None
        row.sha256, row.size_bytes = written.sha256, written.size_bytes
    return video_id


class Attempts:
    """Runs a job as often as it takes; the results of its steps are kept as the engine keeps them.

    Args:
        stop_at: The step that the first attempt is stopped in, after it has begun.
    """

    def __init__(self, site: Site, folder: Path, stop_at: str = "") -> None:
        self._site = site
        self._folder = folder
        self._stop_at = stop_at
        self._results: dict[str, Any] = {}
        self.begun: list[str] = []

    async def __call__(self, job: JobRow) -> dict[str, Any]:
        work = self._folder / new_id("job")
        work.mkdir()
        kind = self._site.get(JobKinds).get(RENDITIONS)
        context = JobContext(job_id=job.id, work=work, args=job.args, parts=kind.parts, run_step=self._step)
        return await kind.run(context, job.args)

    async def _step(self, name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name not in self._results:
            self.begun.append(name)
            if name == self._stop_at:
                self._stop_at = ""
                raise JobStopped
            self._results[name] = await function()
        return self._results[name]


async def asked(site: Site, video: str, **wish: Any) -> JobRow:
    answer = await site.ann.client.post(f"/api/v1/videos/{video}/renditions", json=wish)
    assert answer.status_code == 202, answer.text
    async with site.get(Database).read() as session:
        job = await session.scalar(select(JobRow).where(JobRow.id == answer.json()["id"]))
        assert job is not None
        session.expunge(job)
        return job


async def rows(site: Site, video: str) -> dict[str, ArtifactRow]:
    async with site.get(Database).read() as session:
        found = await renditions_of(session, video)
        session.expunge_all()
    return {row.name: row for row in found}


async def test_a_job_that_was_stopped_makes_again_only_what_it_had_not_finished(
    site: Site, tmp_path: Path, video: str
) -> None:
    """Of three spans the second was cut off: the next attempt begins with it, and no frame is missing."""
    job = await asked(site, video, heights=[180, 90], download=90)
    attempts = Attempts(site, tmp_path, stop_at="180p clip0-video1")
    with pytest.raises(JobStopped):
        await attempts(job)
    assert await rows(site, video) == {}
    before = len(attempts.begun)

    await attempts(job)

    assert attempts.begun[:before] == ["plan", "180p clip0-video0", "180p clip0-video1"]
    again = attempts.begun[before:]
    assert again[:2] == ["180p clip0-video1", "180p clip0-video2"]
    assert len(again) == len(set(again))
    assert again[-3:] == ["join 180p", "join 90p", "join download-90p"]
    assert [found.key async for found in site.get(Store).list(keys.job_prefix(job.id))] == []
    for name, row in (await rows(site, video)).items():
        async with site.get(Store).local_copy(keys.artifact(video, f"{name}.mp4"), tmp_path) as path:
            assert path.stat().st_size == row.size_bytes
            assert [frame.number for frame in sync.read_frames(path, {MARK: SIZE})] == list(range(105)), name
    listed = (await site.ann.client.get(f"/api/v1/videos/{video}/renditions")).json()["items"]
    assert [(item["name"], item["state"], item["has_audio"]) for item in listed] == [
        ("180p", "ready", False),
        ("90p", "ready", False),
        ("download-90p", "ready", True),
    ]


async def test_what_is_there_is_not_made_again(site: Site, tmp_path: Path, video: str) -> None:
    """A wish for more makes only the rest; the file that players know keeps its bytes."""
    first = await asked(site, video, heights=[90])
    await Attempts(site, tmp_path)(first)
    before = (await rows(site, video))["90p"].sha256
    async with site.get(Database).write() as session:
        job = await session.get(JobRow, first.id)
        assert job is not None
        job.state = "succeeded"

    attempts = Attempts(site, tmp_path)
    result = await attempts(await asked(site, video, heights=[180, 90]))

    assert [made["name"] for made in result["made"]] == ["180p"]
    assert not any(step.startswith("90p") for step in attempts.begun)
    assert (await rows(site, video))["90p"].sha256 == before


async def test_a_job_that_is_run_again_encodes_only_what_is_not_in_the_cache(
    site: Site, tmp_path: Path, video: str
) -> None:
    """Nothing is left of the first run but its finished pieces."""
    job = await asked(site, video, heights=[180])
    killed = Attempts(site, tmp_path, stop_at="180p clip0-video1")
    with pytest.raises(JobStopped):
        await killed(job)

    again = Attempts(site, tmp_path)
    await again(job)

    assert again.begun == ["plan", "180p clip0-video1", "180p clip0-video2", "join 180p"]


async def test_a_rendition_that_was_deleted_is_made_of_the_pieces_of_the_first(
    site: Site, tmp_path: Path, video: str
) -> None:
    first = await asked(site, video, heights=[90])
    await Attempts(site, tmp_path)(first)
    before = (await rows(site, video))["90p"].sha256
    async with site.get(Database).write() as session:
        job = await session.get(JobRow, first.id)
        assert job is not None
        job.state = "succeeded"
    deleted = await site.ann.client.delete(f"/api/v1/videos/{video}/renditions/90p")
    assert deleted.status_code == 204

    attempts = Attempts(site, tmp_path)
    await attempts(await asked(site, video, heights=[90]))

    assert attempts.begun == ["plan", "join 90p"]
    assert (await rows(site, video))["90p"].sha256 == before


async def test_a_video_deleted_meanwhile_leaves_nothing(site: Site, tmp_path: Path, video: str) -> None:
    """The job ends with what happened, and no byte stays under the video's name."""
    job = await asked(site, video, heights=[90])
    attempts = Attempts(site, tmp_path, stop_at="join 90p")
    with pytest.raises(JobStopped):
        await attempts(job)
    assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204

    with pytest.raises(VideoNotFound):
        await attempts(job)

    assert [found.key async for found in site.get(Store).list(keys.video_prefix(video))] == []
