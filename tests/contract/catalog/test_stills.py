"""Pictures of a video: made once, found again, shown to whom they belong, and 404 where there is none."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image
from sqlalchemy import select

from playhead.catalog.artifacts import artifacts_of, find_artifact, forget_oldest, record_artifact
from playhead.catalog.deletions import Deletions
from playhead.catalog.stills import MAX_FAILURES, PREVIEW, STILLS, STORYBOARD, Stills
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.thumbnails import KEEP
from playhead.db.database import Database
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.links.target import ANIMATION, Kind, Target
from playhead.jobs import transitions
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.media.stills.pool import StillsPool
from playhead.storage import keys
from playhead.storage.errors import StoreUnavailable
from playhead.storage.store import Store
from playhead.storage.verify import hash_object
from tests.fixtures import clips
from tests.fixtures.site import Site, open_site
from tests.fixtures.sync import read_number


@pytest.fixture
async def remote_site(
    tmp_path: Path, sqlite_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    """An installation whose store is a bucket."""
    server = request.getfixturevalue("s3_server")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    url = server.store_url(server.new_bucket(), "films")
    async with open_site(tmp_path, sqlite_url, store=url) as opened:
        yield opened


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Operations that the decoder processes ran."""
    seen: list[str] = []
    run = StillsPool.run

    async def noted(self: StillsPool, video: int, request: dict[str, Any], **more: Any) -> Any:
        seen.append(request["operation"])
        return await run(self, video, request, **more)

    monkeypatch.setattr(StillsPool, "run", noted)
    return seen


async def stored_video(site: Site, folder: Path, **options: Any) -> str:
    """A ready video of Ann's with its bytes: three seconds, each picture numbered."""
    path = clips.make_clip(folder, **{"seconds": 3, "mark": 7, "gop": 15, "size": (320, 180), **options})
    data = path.read_bytes()
    container = {".mp4": "mp4", ".webm": "webm"}[path.suffix]
    video = await site.ready_video(duration_s=3.0, container=container, size_bytes=len(data))
    await site.get(Store).write(keys.original(video), _once(data))
    written = await hash_object(site.get(Store), keys.original(video))
    async with site.get(Database).write() as session:
        row = await session.get(VideoRow, video)
        assert row is not None
        row.sha256 = written.sha256
    return video


async def make_stills(site: Site, folder: Path, video: str) -> dict[str, Any]:
    """Run the job as a worker would; gives its result."""
    await site.get(Stills).request(video)
    (job,) = await jobs_of(site, video)
    result = await run(site, folder, job)
    await finish(site, job, result)
    return result


async def run(site: Site, folder: Path, job: JobRow) -> dict[str, Any]:
    work = folder / new_id("job")
    work.mkdir()
    return await site.get(JobKinds).get(STILLS).run(JobContext(job_id=job.id, work=work), job.args)


async def finish(site: Site, job: JobRow, result: dict[str, Any]) -> None:
    async with site.get(Database).write() as session:
        kind = site.get(JobKinds).get(STILLS)
        assert await transitions.succeed(session, job.id, job.run, kind, result, now=utc_now()) is not None


async def jobs_of(site: Site, video: str) -> list[JobRow]:
    async with site.get(Database).read() as session:
        statement = select(JobRow).where(JobRow.video_id == video, JobRow.kind == STILLS).order_by(JobRow.id)
        found = list(await session.scalars(statement))
        session.expunge_all()
        return found


async def stored(site: Site, video: str) -> list[str]:
    return sorted([found.key.rpartition("/")[2] async for found in site.get(Store).list(keys.video_prefix(video))])


async def fetch(client: httpx2.AsyncClient, url: str, **headers: str) -> httpx2.Response:
    """GET; a bucket that we are sent to is asked, too."""
    answer = await client.get(url, headers=headers)
    if answer.status_code == 307:
        async with httpx2.AsyncClient() as outside:
            return await outside.get(answer.headers["location"])
    return answer


async def signed(site: Site, video: str, kind: str) -> str:
    answer = await site.ann.client.post(f"/api/v1/videos/{video}/playback", json={"kind": kind})
    assert answer.status_code == 200, answer.text
    path: str = answer.json()["path"]
    return path


def picture(answer: httpx2.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


async def test_a_job_makes_poster_storyboard_and_preview(site: Site, tmp_path: Path) -> None:
    """The video then says where they are, alone and in lists."""
    video = await stored_video(site, tmp_path)
    before = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    assert (before["storyboard_url"], before["preview_url"], before["has_poster"]) == (None, None, False)

    await make_stills(site, tmp_path, video)

    after = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    listed = (await site.ann.client.get("/api/v1/videos")).json()["items"][0]
    assert listed == after
    assert after["version"] == before["version"]
    assert picture(await fetch(site.anonymous, after["poster_url"])).format == "JPEG"
    moving = picture(await fetch(site.anonymous, after["preview_url"]))
    assert (moving.format, moving.is_animated, moving.size) == ("WEBP", True, (320, 180))
    assert await stored(site, video) == ["original", "poster.jpg", "preview.webp", "storyboard.jpg"]


async def test_cues_lead_to_the_tiles_of_their_time(site: Site, tmp_path: Path) -> None:
    """A player follows the address of a cue from that of the track, and cuts the tile out."""
    video = await stored_video(site, tmp_path)
    await make_stills(site, tmp_path, video)
    url = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()["storyboard_url"]

    track = await site.anonymous.get(url)

    assert track.status_code == 200
    assert track.headers["content-type"] == "text/vtt; charset=utf-8"
    assert track.headers["cache-control"].startswith("private, max-age=")
    cues = track.text.split("\n\n")[1:]
    assert len(cues) == 6
    for number, cue in enumerate(cues):
        times, target = cue.strip().split("\n")
        assert times.startswith(f"00:00:0{number / 2:.3f} --> ")
        sheet, _, part = target.partition("#xywh=")
        left, top, width, height = map(int, part.split(","))
        whole = picture(await fetch(site.anonymous, str(httpx2.URL("http://playhead.test" + url).join(sheet))))
        assert read_number(whole.crop((left, top, left + width, top + height)), 7) == 15 * number


async def test_a_thumbnail_is_made_once(site: Site, tmp_path: Path, requested: list[str]) -> None:
    """The same picture, asked for at another of its times, in the next width up, by a crowd: decoded once."""
    video = await stored_video(site, tmp_path)
    url = await signed(site, video, "thumbnail")

    answers = await asyncio.gather(
        *(fetch(site.anonymous, f"{url}&t={at}&w={width}") for at, width in [(1.0, 320), (1.02, 161), (1.0333, 300)])
    )
    again = await fetch(site.anonymous, f"{url}&t=1.01&w=320")

    assert requested == ["still", "still"]
    assert [read_number(picture(answer), 7) for answer in (*answers, again)] == [30, 30, 31, 30]
    assert again.content == answers[0].content
    assert again.headers["etag"] == answers[0].headers["etag"]
    assert "immutable" in again.headers["cache-control"]
    assert again.headers["content-type"] == "image/jpeg"


async def test_a_bucket_gives_the_samples_and_not_the_film(
    remote_site: Site, tmp_path: Path, requested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Storyboard, preview and thumbnails come out of ranges; nothing is copied; viewers are sent to the bucket."""
    site = remote_site
    video = await stored_video(site, tmp_path)

    def copies(*_: Any) -> Any:
        raise AssertionError("the original was copied")

    monkeypatch.setattr(site.get(Store), "local_copy", copies)
    await make_stills(site, tmp_path, video)
    found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
    url = await signed(site, video, "thumbnail")

    assert (await site.anonymous.get(found["preview_url"])).status_code == 307
    assert (await site.anonymous.get(found["storyboard_url"])).text.count("#xywh=") == 6
    for at, number in ((0, 0), (1.7, 51), (1.7, 51), (9, 89)):
        assert read_number(picture(await fetch(site.anonymous, f"{url}&t={at}")), 7) == number
    assert requested == ["best", "sheet", "animation", "still", "still", "still"]


async def test_a_film_in_a_bucket_that_has_no_index_is_copied_for_a_job_alone(
    remote_site: Site, tmp_path: Path
) -> None:
    """WebM: a storyboard is worth it; who asks for a thumbnail is told that there is none."""
    site = remote_site
    video = await stored_video(site, tmp_path, codec="vp9")

    result = await make_stills(site, tmp_path, video)
    answer = await site.anonymous.get(await signed(site, video, "thumbnail") + "&t=1")

    assert result[STORYBOARD] is not None
    assert (answer.status_code, answer.json()["code"]) == (404, "media_not_found")
    assert list(tmp_path.glob("job_*/*")) == []


async def test_the_api_gives_thumbnails_to_the_owner(site: Site, tmp_path: Path) -> None:
    """With a time the picture shown then, with a width alone the first; without either the poster."""
    video = await stored_video(site, tmp_path)
    url = f"/api/v1/videos/{video}/thumbnail"

    assert read_number(picture(await site.ann.client.get(url, params={"t": "2.5"})), 7) == 75
    assert read_number(picture(await site.ann.client.get(url, params={"w": "200"})), 7) == 0
    assert (await site.ann.client.get(url)).status_code == 404
    first = await site.ann.client.get(url, params={"t": "2.5"})
    held = await site.ann.client.get(url, params={"t": "2.5"}, headers={"if-none-match": first.headers["etag"]})
    part = await site.ann.client.get(url, params={"t": "2.5"}, headers={"range": "bytes=0-1"})
    head = await site.ann.client.head(url, params={"t": "2.5"})
    assert (held.status_code, held.content) == (304, b"")
    assert (part.status_code, part.content) == (206, b"\xff\xd8")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(first.content)
    assert first.headers["cache-control"] == "private, no-cache"


async def test_a_stranger_sees_no_picture(site: Site, tmp_path: Path) -> None:
    """404 through the API, no link, and a link is good for its own kind and video alone."""
    video, other = await stored_video(site, tmp_path), await stored_video(site, tmp_path)
    await make_stills(site, tmp_path, video)
    assert (await site.bob.client.get(f"/api/v1/videos/{video}/thumbnail?t=1")).status_code == 404
    for kind in ("thumbnail", "storyboard", "preview"):
        made = await site.bob.client.post(f"/api/v1/videos/{video}/playback", json={"kind": kind})
        assert made.status_code == 404
    names = {"thumbnail": "thumbnail.jpg", "storyboard": "storyboard.vtt", "preview": "preview.webp"}
    for kind, name in names.items():
        link = await signed(site, video, kind)
        assert name in link
        altered = [link.replace(video, other), link.replace("&s=", "&s=A"), link.split("?")[0]]
        altered += [link.replace(name, another) for another in names.values() if another != name]
        for url in altered:
            answer = await site.anonymous.get(url)
            assert (answer.status_code, answer.headers["cache-control"]) == (403, "no-store"), url
    sheet = (await signed(site, video, "storyboard")).replace(".vtt", ".jpg")
    assert picture(await fetch(site.anonymous, sheet)).size == (960, 90)


@pytest.mark.parametrize("query", ["t=-1", "t=nan", "t=inf", "t=x", "t=1e300", "w=0", "w=-5", "w=x", "w=99999999"])
async def test_a_time_or_width_that_cannot_be_is_refused(site: Site, query: str) -> None:
    """Nothing is looked up or decoded for it."""
    video = await site.ready_video()
    for url in (
        f"{await signed(site, video, 'thumbnail')}&{query}",
        f"/api/v1/videos/{video}/thumbnail?{query}",
    ):
        answer = await site.ann.client.get(url)
        assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store"), answer.text


async def test_what_is_not_there_is_404_and_starts_a_job_once(site: Site) -> None:
    """A video from before there were storyboards gets one when somebody looks for it."""
    video, another, preparing = [await site.ready_video(state=state) for state in ("ready", "ready", "preparing")]
    wanted: list[tuple[Kind, str]] = [("storyboard", video), (ANIMATION, video), ("storyboard", preparing)]

    for link in [site.get(SignedLinks).sign(Target.opening(kind, of)) for kind, of in wanted]:
        for url in (link.path, link.path.replace(".vtt", ".jpg")):
            answer = await site.anonymous.get(url)
            assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")

    asked = await site.ann.client.post(f"/api/v1/videos/{another}/playback", json={"kind": "preview"})
    assert (asked.status_code, asked.json()["code"]) == (404, "media_not_found")
    assert [len(await jobs_of(site, each)) for each in (video, another, preparing)] == [1, 1, 0]


async def test_lost_or_undecodable_bytes_are_404(site: Site) -> None:
    """Never 500: not for a film that is gone, not for one that is no film."""
    gone, text = await site.ready_video(), await site.ready_video(size_bytes=5)
    await site.get(Store).write(keys.original(text), _once(b"prose"))

    for video in (gone, text):
        answer = await site.anonymous.get(f"{await signed(site, video, 'thumbnail')}&t=1")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


async def test_a_store_that_is_away_is_503_and_the_picture_comes_later(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says nothing of the video."""
    video = await stored_video(site, tmp_path)
    url = f"/api/v1/videos/{video}/thumbnail?t=1"

    def away(*_: Any) -> Any:
        raise StoreUnavailable("The store does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(site.get(Store), "read", away)
        answer = await site.ann.client.get(url)

    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert (await site.ann.client.get(url)).status_code == 200


async def test_a_video_that_yields_no_picture_is_tried_once(site: Site, tmp_path: Path) -> None:
    """It stays a video; its job has succeeded, and nobody asks again."""
    video = await site.ready_video(size_bytes=5)
    await site.get(Store).write(keys.original(video), _once(b"prose"))

    result = await make_stills(site, tmp_path, video)
    await site.anonymous.get(site.get(SignedLinks).sign(Target.opening("storyboard", video)).path)

    assert result == {"poster": None, STORYBOARD: None, PREVIEW: None}
    assert [job.state for job in await jobs_of(site, video)] == ["succeeded"]
    assert (await site.ann.client.get(f"/api/v1/videos/{video}")).json()["state"] == "ready"


async def test_a_job_that_keeps_failing_is_given_up(site: Site) -> None:
    """A worker that dies on it each time does not die for ever."""
    video = await site.ready_video()
    for _ in range(MAX_FAILURES + 2):
        await site.get(Stills).request(video)
        job = (await jobs_of(site, video))[-1]
        async with site.get(Database).write() as session:
            kind = site.get(JobKinds).get(STILLS)
            await transitions.fail(session, job.id, 1, kind, JobError("worker_keeps_dying", "again"), now=utc_now())

    assert len(await jobs_of(site, video)) == MAX_FAILURES


async def test_an_ingest_that_succeeds_asks_for_the_pictures(site: Site) -> None:
    """In the same transaction, so that no crash comes between."""
    from tests.fixtures.site import probe_of

    video = (await site.ann.client.post("/api/v1/videos", content=b"0123456789")).json()
    async with site.get(Database).write() as session:
        await transitions.begin(session, video["job_id"], 1, worker="w", now=utc_now())
    async with site.get(Database).write() as session:
        kind = site.get(JobKinds).get("ingest")
        result = {"probe": probe_of(), "poster": None}
        await transitions.succeed(session, video["job_id"], 1, kind, result, now=utc_now())

    (job,) = await jobs_of(site, video["id"])
    assert (job.state, job.owner_id, job.args) == ("queued", site.ann.user.id, {"video_id": video["id"]})


async def test_the_sweep_finds_videos_that_nobody_asked_for(site: Site) -> None:
    """Each once, and those that come later."""
    videos = [await site.ready_video() for _ in range(3)]
    await site.ready_video(state="preparing")
    await site.get(Stills).request(videos[0])

    assert [await site.get(Stills).sweep(), await site.get(Stills).sweep()] == [2, 0]

    later = await site.ready_video()
    assert await site.get(Stills).sweep() == 1
    assert [len(await jobs_of(site, video)) for video in [*videos, later]] == [1, 1, 1, 1]


async def test_a_video_that_is_deleted_leaves_no_picture(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one that a job, or a request, was just making."""
    video = await stored_video(site, tmp_path)
    await site.get(Stills).request(video)
    (job,) = await jobs_of(site, video)
    result = await run(site, tmp_path, job)
    assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204
    await site.get(Store).write(keys.artifact(video, STORYBOARD), _once(b"late"))
    await finish(site, job, result)

    clock = utc_now() + timedelta(minutes=2)
    monkeypatch.setattr(site.get(Deletions), "_clock", lambda: clock)
    await site.get(Deletions).sweep()

    assert await stored(site, video) == []
    async with site.get(Database).read() as session:
        assert list(await session.scalars(select(ArtifactRow))) == []


async def test_a_thumbnail_of_a_video_deleted_meanwhile_is_removed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = await stored_video(site, tmp_path)
    run = StillsPool.run

    async def slow(self: StillsPool, *args: Any, **more: Any) -> Any:
        made = await run(self, *args, **more)
        assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204
        return made

    monkeypatch.setattr(StillsPool, "run", slow)

    answer = await site.ann.client.get(f"/api/v1/videos/{video}/thumbnail?t=1")

    assert answer.status_code == 404
    assert await stored(site, video) == []


async def test_only_so_many_thumbnails_are_kept(site: Site, tmp_path: Path) -> None:
    """The oldest goes, its bytes too, when one more is made."""
    video = await stored_video(site, tmp_path)
    oldest = "thumbnail-1000-160.jpg"
    await site.get(Store).write(keys.artifact(video, oldest), _once(b"old"))
    async with site.get(Database).write() as session:
        long_ago = utc_now() - timedelta(days=1)
        for number in range(KEEP):
            facts = {"kind": "thumbnail", "sha256": "0" * 64, "size_bytes": 3, "facts": {}}
            at = long_ago + timedelta(seconds=number)
            name = f"thumbnail-{1000 + number}-160.jpg"
            session.add(ArtifactRow(video_id=video, name=name, created_at=at, **facts))

    assert (await site.ann.client.get(f"/api/v1/videos/{video}/thumbnail?t=1")).status_code == 200

    async with site.get(Database).read() as session:
        names = set(await session.scalars(select(ArtifactRow.name).where(ArtifactRow.video_id == video)))
    assert len(names) == KEEP
    assert oldest not in names
    assert "thumbnail-30-320.jpg" in names
    assert await stored(site, video) == ["original", "thumbnail-30-320.jpg"]


async def test_links_to_pictures_stay_the_same_for_half_a_day(site: Site) -> None:
    """So that a browser finds them in its cache."""
    video = await site.ready_video()

    links = {(await signed(site, video, "thumbnail")) for _ in range(2)}

    assert len(links) == 1


async def test_artifacts_are_recorded_found_and_replaced(site: Site) -> None:
    """One row for each name; none for a video that is gone."""
    video = await site.ready_video()
    async with site.get(Database).write() as session:
        for size in (1, 2):
            made = await record_artifact(
                session, video, "a.jpg", kind="storyboard", sha256="1" * 64, size_bytes=size, facts={"n": size}
            )
            assert made is not None
        missing = await record_artifact(session, new_id("vid"), "a.jpg", kind="x", sha256="1" * 64, size_bytes=1)

    assert missing is None
    async with site.get(Database).write() as session:
        found = await find_artifact(session, video, "a.jpg")
        assert found is not None
        assert (found.size_bytes, found.facts) == (2, {"n": 2})
        assert await artifacts_of(session, [video, new_id("vid")], ["a.jpg", "b.jpg"]) == {video: frozenset({"a.jpg"})}
        assert await artifacts_of(session, [], ["a.jpg"]) == {}
        assert await forget_oldest(session, video, "storyboard", keep=1) == []
        assert await forget_oldest(session, video, "storyboard", keep=0) == ["a.jpg"]
        assert await find_artifact(session, video, "a.jpg") is None


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
