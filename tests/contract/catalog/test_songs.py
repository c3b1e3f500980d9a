"""A file of audio alone becomes a video with a black picture, so that it can be the music of a project."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.catalog.originals import verify_stored
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import INGEST
from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound, StoreUnavailable
from playhead.storage.store import Store
from tests.fixtures.audio import heard_hz, run_ffmpeg
from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


async def test_a_song_is_a_video_of_its_own_packets(site: Site, tmp_path: Path) -> None:
    """It has a picture for its whole length, and its row knows the new bytes."""
    song = tmp_path / "song.mp3"
    run_ffmpeg("-f", "lavfi", "-i", "sine=f=700:d=2", str(song))

    uploaded = await site.ann.client.post(
        "/api/v1/videos", content=song.read_bytes(), headers={"content-type": "audio/mpeg"}, params={"title": "Song"}
    )
    assert uploaded.status_code in (201, 202), uploaded.text
    video = uploaded.json()["id"]
    await run(site, tmp_path, uploaded.json()["job_id"])

    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    assert (found["state"], round(found["duration_s"], 1)) == ("ready", 2.0)
    assert found["remarks"] == ["It is audio alone: Playhead put a black picture to it."]
    stored = b"".join([block async for block in site.get(Store).read(keys.original(video))])
    async with site.get(Database).read() as session:
        row = (await session.scalars(select(VideoRow).where(VideoRow.id == video))).one()
    assert (row.size_bytes, row.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    (tmp_path / "stored.mp4").write_bytes(stored)
    assert heard_hz(tmp_path / "stored.mp4") == 700


@pytest.mark.parametrize("method", ["write_file", "write"])
async def test_an_exchange_that_broke_off_goes_on_at_the_next_attempt(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Before its video is stored, or once the row describes it and the file is still there."""
    song = tmp_path / "song.mp3"
    run_ffmpeg("-f", "lavfi", "-i", "sine=f=700:d=1", str(song))
    uploaded = await site.ann.client.post(
        "/api/v1/videos", content=song.read_bytes(), headers={"content-type": "audio/mpeg"}, params={"title": "Song"}
    )
    video, store = uploaded.json()["id"], site.get(Store)
    with monkeypatch.context() as broken:

        async def breaks(*_: Any) -> None:
            raise StoreUnavailable("It broke off.")

        broken.setattr(store, method, breaks)
        with pytest.raises(StoreUnavailable):
            await run(site, tmp_path, uploaded.json()["job_id"])

    await run(site, tmp_path, uploaded.json()["job_id"])

    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    assert (found["state"], found["remarks"]) == ("ready", ["It is audio alone: Playhead put a black picture to it."])
    async with site.get(Database).read() as session:
        row = await session.get_one(VideoRow, video)
    await verify_stored(store, keys.original(video), row.size_bytes, row.sha256)
    with pytest.raises(ObjectNotFound):
        await store.stat(keys.song(video))


async def run(site: Site, folder: Path, job_id: str) -> None:
    """Run the job as a worker would."""
    kind = site.get(JobKinds).get(INGEST)
    async with site.get(Database).read() as session:
        job = (await session.scalars(select(JobRow).where(JobRow.id == job_id))).one()
        session.expunge(job)
    result = await kind.run(JobContext(job_id=job.id, work=folder), job.args)
    async with site.get(Database).write() as session:
        assert await transitions.succeed(session, job.id, job.run, kind, result, now=utc_now()) is not None
