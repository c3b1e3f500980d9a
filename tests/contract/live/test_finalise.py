"""Finalise: exactly one video, whatever died in between; and nothing is lost."""

import io
import threading
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.catalog.artifacts import find_artifact
from playhead.catalog.tables import PendingDeletionRow, VideoRow
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.jobs.failure import describe
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import JobRow
from playhead.live.finalise import FinaliseJob
from playhead.live.jobless import sweep_jobless
from playhead.live.recordings import FINALISE, RECORD, RecordingRequest, Recordings
from playhead.live.repairs import REPAIR_GAP
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.outbox.tables import EventRow
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures.clips import make_clip
from tests.fixtures.recorded import BEGAN, record
from tests.fixtures.site import Site, open_site
from tests.fixtures.spliced import run

STEPS = ("reserve", "join", "verify", "poster")


class Killed(Exception):
    """The worker is gone."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds with a keyframe each second."""
    return make_clip(tmp_path_factory.mktemp("clip"), seconds=4, size=(160, 90), gop=30, name="four.mp4")


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """An installation where no worker runs."""
    async with opened(tmp_path, sqlite_url) as made:
        yield made


@pytest.fixture
async def each_site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """The same, over a real database of each kind."""
    async with opened(tmp_path, migrated_url) as made:
        yield made


@asynccontextmanager
async def opened(tmp_path: Path, database_url: str) -> AsyncIterator[Site]:
    """Recordings are recorded by nobody."""
    async with open_site(tmp_path, database_url, allow_private_urls=True) as made:
        if RECORD not in {kind.name for kind in made.get(JobKinds)}:
            made.get(JobKinds).register(JobKind(name=RECORD, queue="live", run=no_run))
        yield made


async def no_run(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """Recordings wait here: no worker runs."""
    return {}


async def ended(site: Site, clip: Path, tmp_path: Path) -> RecordingRow:
    """A recording whose parts are on disk: a hole of a second, and a change of category after a second."""
    async with site.get(Database).write() as session:
        channel = ChannelRow(
            id="chn_01k3q9h2v7e8t9m5x0c4d6f8ga",
            owner_id=site.ann.user.id,
            name="Ann",
            url="https://example.org/ann",
            platform="url",
            qualities=["best"],
            filters={},
            schedule=[],
            created_at=BEGAN,
            updated_at=BEGAN,
        )
        history = [
            {"at": BEGAN.isoformat(), "title": "Hello", "category": "Talk"},
            {"at": (BEGAN + timedelta(seconds=1.2)).isoformat(), "title": "Hello", "category": "Chess"},
        ]
        broadcast = BroadcastRow(
            id="brc_01k3q9h2v7e8t9m5x0c4d6f8ga",
            channel_id=channel.id,
            history=history,
            earlier_stream_ids=[],
            detected_by="polling",
            started_at=BEGAN,
        )
        session.add(channel)
        await session.flush()
        session.add(broadcast)
    wanted = RecordingRequest(owner_id=site.ann.user.id, title="Hello", source={"platform": "url"}, broadcast=broadcast)
    row = await site.get(Recordings).start(wanted)
    folder = tmp_path / "live" / row.id
    folder.mkdir(parents=True)
    record(folder, clip, 0, 2, clock="one")
    record(folder, clip, 3, clock="one", cause="ad")
    return await finalising(site, row.id)


async def finalising(site: Site, recording_id: str) -> RecordingRow:
    async with site.get(Database).write() as session:
        row = await session.get(RecordingRow, recording_id)
        assert row is not None
        row.state = "finalising"
        await site.get(Recordings).request_job(session, row, FINALISE)
    return row


async def job_of(site: Site, row: RecordingRow) -> tuple[JobKind, JobRow]:
    async with site.get(Database).read() as session:
        job = await session.get(JobRow, row.job_id)
    assert job is not None
    return site.get(JobKinds).get(FINALISE), job


async def attempt(
    site: Site, row: RecordingRow, work: Path, recorded: dict[str, Any], *, die_in: str = "", die_after: str = ""
) -> None:
    """One attempt of a worker at the job: it dies in the middle of a step, or when a step is recorded."""

    async def run_step(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name not in recorded:
            result = await function()
            if name == die_in:
                raise Killed
            recorded[name] = result
        if name == die_after:
            raise Killed
        return recorded[name]

    kind, job = await job_of(site, row)
    work.mkdir()
    result = await kind.run(JobContext(job_id=job.id, work=work, run_step=run_step), job.args)
    async with site.get(Database).write() as session:
        await kind.on_succeeded(session, job, result)


async def videos(site: Site) -> list[VideoRow]:
    async with site.get(Database).read() as session:
        return list(await session.scalars(select(VideoRow)))


async def read(site: Site, recording_id: str) -> RecordingRow:
    async with site.get(Database).read() as session:
        row = await session.get(RecordingRow, recording_id)
    assert row is not None
    return row


async def test_a_recording_becomes_a_video(each_site: Site, clip: Path, tmp_path: Path) -> None:
    """With its gaps, its chapters, an event; then its parts go."""
    site = each_site
    row = await ended(site, clip, tmp_path)

    await attempt(site, row, tmp_path / "one", {})

    [video] = await videos(site)
    found = await read(site, row.id)
    assert (found.state, found.video_id, found.job_id) == ("ready", video.id, None)
    assert found.gaps == [{"start_s": 2.0, "length_s": 1.0, "cause": "ad"}]
    assert (video.origin, video.state, video.title) == ("recording", "ready", "Hello")
    assert video.duration_s == pytest.approx(3.0, abs=0.05)
    assert video.poster_sha256 is not None
    async with site.get(Database).read() as session:
        chapters = await find_artifact(session, video.id, "chapters.vtt")
        events = list(await session.scalars(select(EventRow.type)))
        going = list(await session.scalars(select(PendingDeletionRow.prefix)))
    assert chapters is not None
    assert [one["title"] for one in chapters.facts["chapters"]] == [
        "Hello - Talk",
        "Hello - Chess",
        "Hello - Chess (after a gap of 1 s by an advertisement)",
    ]
    assert "recording.finished" in events
    assert going == [keys.recording_prefix(row.id)]
    assert (tmp_path / "live" / row.id).is_dir()
    assert await site.get(FinaliseJob).sweep() == 1
    assert not (tmp_path / "live" / row.id).exists()


async def test_a_worker_that_dies_in_any_step_makes_no_second_video(site: Site, clip: Path, tmp_path: Path) -> None:
    """The next one goes on; at the end there is one video, and the bytes of one."""
    row, recorded = await ended(site, clip, tmp_path), dict[str, Any]()

    for step in STEPS:
        with pytest.raises(Killed):
            await attempt(site, row, tmp_path / f"in {step}", recorded, die_in=step)
        with pytest.raises(Killed):
            await attempt(site, row, tmp_path / f"after {step}", recorded, die_after=step)
        assert await videos(site) == []
    await attempt(site, row, tmp_path / "whole", recorded)

    [video] = await videos(site)
    stored = [found.key async for found in site.get(Store).list("videos/")]
    assert (await read(site, row.id)).video_id == video.id
    assert sorted(stored) == [
        f"videos/{video.id}/made/chapters.vtt",
        f"videos/{video.id}/original",
        f"videos/{video.id}/poster.jpg",
    ]


async def test_a_recording_without_a_frame_says_so_and_keeps_its_bytes(site: Site, tmp_path: Path) -> None:
    """It can be finalised again, by hand, too."""
    wanted = RecordingRequest(owner_id=site.ann.user.id, title="Nothing", source={"platform": "url"})
    row = await site.get(Recordings).start(wanted)
    folder = tmp_path / "live" / row.id
    folder.mkdir(parents=True)
    (folder / "cap_01k3q9h2v7e8t9m5x0c4d6f8ga.mp4").write_bytes(b"half a header")
    row = await finalising(site, row.id)

    with pytest.raises(Exception, match="no video in the recording") as caught:
        await attempt(site, row, tmp_path / "one", {})
    kind, job = await job_of(site, row)
    async with site.get(Database).write() as session:
        await kind.on_failed(session, job, describe(caught.value))

    found = await read(site, row.id)
    assert (found.state, found.error_code, found.video_id) == ("errored", "no_frames", None)
    assert await site.get(FinaliseJob).sweep() == 0
    assert (folder / "cap_01k3q9h2v7e8t9m5x0c4d6f8ga.mp4").exists()


async def test_recordings_whose_job_is_gone_get_another(each_site: Site) -> None:
    """One whose row was lost goes on; one that ended without a next job is finalised."""
    site = each_site
    recordings, database = site.get(Recordings), site.get(Database)
    wanted = RecordingRequest(owner_id=site.ann.user.id, title="Lost", source={"platform": "url"})
    lost, failed, active = [await recordings.start(wanted) for _ in range(3)]
    async with database.write() as session:
        lost_row, failed_job = await session.get(RecordingRow, lost.id), await session.get(JobRow, failed.job_id)
        assert lost_row is not None
        assert failed_job is not None
        lost_row.job_id, failed_job.state = None, "failed"

    assert await sweep_jobless(database, recordings) == 2

    kinds = {}
    async with database.read() as session:
        for row in (lost, failed, active):
            found = await session.get(RecordingRow, row.id)
            assert found is not None
            job = await session.get(JobRow, found.job_id)
            assert job is not None
            kinds[row.id] = found.state, job.kind
    assert kinds == {
        lost.id: ("recording", RECORD),
        failed.id: ("finalising", FINALISE),
        active.id: ("recording", RECORD),
    }
    assert await sweep_jobless(database, recordings) == 0


async def test_sidecars_are_for_the_owner(site: Site, clip: Path, tmp_path: Path) -> None:
    """A ZIP whose files are named after the video; there is none before the video."""
    row = await ended(site, clip, tmp_path)
    path = f"/api/v1/recordings/{row.id}/sidecars"
    assert (await site.ann.client.get(path)).json()["code"] == "recording_without_video"

    await attempt(site, row, tmp_path / "one", {})

    assert (await site.anonymous.get(path)).status_code == 401
    assert (await site.bob.client.get(path)).status_code == 404
    answer = await site.ann.client.get(path)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == [
            "Hello-ffmpeg-chapters.txt",
            "Hello-thumb.jpg",
            "Hello.chapters.vtt",
            "Hello.nfo",
        ]


async def test_chapters_are_data_and_a_track_by_a_signed_link(site: Site, clip: Path, tmp_path: Path) -> None:
    """A video without any has none, and no link."""
    row = await ended(site, clip, tmp_path)
    await attempt(site, row, tmp_path / "one", {})
    video, plain = f"/api/v1/videos/{(await read(site, row.id)).video_id}", f"/api/v1/videos/{await site.ready_video()}"

    items = (await site.ann.client.get(f"{video}/chapters")).json()["items"]
    link = (await site.ann.client.post(f"{video}/playback", json={"kind": "chapters"})).json()
    answer = await site.anonymous.get(link["path"])

    assert [one["start_s"] for one in items] == [0.0, 1.2, 2.0]
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/vtt")
    assert answer.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.200\nHello - Talk\n")
    assert (await site.bob.client.get(f"{video}/chapters")).status_code == 404
    assert (await site.anonymous.get(link["path"] + "0")).status_code == 403
    assert (await site.ann.client.get(f"{plain}/chapters")).json() == {"items": []}
    assert (await site.ann.client.post(f"{plain}/playback", json={"kind": "chapters"})).status_code == 404


@pytest.fixture(params=["a video", "a playlist"])
def url(request: pytest.FixtureRequest, clip: Path, tmp_path: Path) -> Iterator[str | None]:
    """The platform's playlist of the whole broadcast; None: it is a video of the library."""
    if request.param == "a video":
        yield None
        return
    folder = tmp_path / "platform"
    folder.mkdir()
    hls = ("-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod", "-hls_list_size", "0")
    run("-i", str(clip), "-c", "copy", *hls, str(folder / "whole.m3u8"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/whole.m3u8"
        server.shutdown()


async def test_a_gap_is_repaired_from_another_video(site: Site, clip: Path, tmp_path: Path, url: str | None) -> None:
    """The recording gets a new video without the gap, kept as the one before was; that stays, and says so."""
    row = await ended(site, clip, tmp_path)
    await attempt(site, row, tmp_path / "one", {})
    before = (await read(site, row.id)).video_id
    assert (await site.ann.client.patch(f"/api/v1/videos/{before}", json={"keep": True})).status_code == 200
    other = await stored(site, clip)
    path = f"/api/v1/recordings/{row.id}/repair"
    body = {"starts_at": BEGAN.isoformat(), ("video_id" if url is None else "url"): url or other}

    assert (await site.anonymous.post(path, json=body)).status_code == 401
    assert (await site.bob.client.post(path, json=body)).status_code == 404
    assert (await site.ann.client.post(path, json=body | {"video_id": before})).status_code == 400
    assert (await site.ann.client.post(path, json={"url": "file:///etc/passwd"})).status_code == 400
    answer = await site.ann.client.post(path, json=body)
    assert (await site.ann.client.post(path, json=body)).json()["id"] == answer.json()["id"]

    kind = site.get(JobKinds).get(REPAIR_GAP)
    async with site.get(Database).read() as session:
        job = await session.get(JobRow, answer.json()["id"])
    assert job is not None
    (tmp_path / "two").mkdir()
    result = await kind.run(JobContext(job_id=job.id, work=tmp_path / "two"), job.args)
    async with site.get(Database).write() as session:
        await kind.on_succeeded(session, job, result)

    found, titles = await read(site, row.id), {video.id: video.title for video in await videos(site)}
    assert found.video_id not in (before, other)
    assert (found.gaps, titles[found.video_id or ""], titles[before or ""]) == (
        [],
        "Hello",
        "Hello (before the repair)",
    )
    assert found.duration_s == pytest.approx(4.0, abs=0.05)
    assert {video.id for video in await videos(site) if video.keep} == {before, found.video_id}
    again = await site.ann.client.post(path, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "recording_without_gaps")


async def stored(site: Site, clip: Path) -> str:
    """A ready video with bytes: the whole broadcast."""
    video_id = await site.ready_video(title="The whole")
    copy = clip.with_name("copy.mp4")
    copy.write_bytes(clip.read_bytes())
    await site.get(Store).write_file(keys.original(video_id), copy)
    return video_id
