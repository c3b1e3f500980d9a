"""Videos and uploads when two things happen at once, or a process dies in between."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from playhead.catalog.deletions import Deletions
from playhead.catalog.tables import UploadRow, VideoRow
from playhead.catalog.titles import VideoName
from playhead.catalog.uploads.uploads import Uploads
from playhead.catalog.videos import Videos
from playhead.db.database import Database, DatabaseUnavailable
from playhead.jobs import transitions
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.storage import keys
from playhead.storage.store import Store
from tests.contract.catalog.test_tus import PART, TUS, create, patch, staged
from tests.fixtures.site import Site


async def count(site: Site, table: Any) -> int:
    """Rows of a table."""
    async with site.get(Database).read() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def upload(site: Site) -> dict[str, Any]:
    """A video of Ann's that waits for its ingest."""
    video: dict[str, Any] = (await site.ann.client.post("/api/v1/videos", content=b"0123456789")).json()
    return video


async def test_of_two_renames_of_one_version_one_wins(site: Site) -> None:
    """The other gets 412, on a database that lets both begin as well."""
    video = await site.ready_video()

    answers = await asyncio.gather(
        *(
            site.ann.client.patch(f"/api/v1/videos/{video}", json={"title": title}, headers={"if-match": '"1"'})
            for title in ("one", "two", "three", "four")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_an_errored_video_is_prepared_again_once(site: Site) -> None:
    """Two tabs that ask at once start one ingest."""
    video = await site.ready_video(state="errored", error_code="x", error_message="y")

    answers = await asyncio.gather(*(site.ann.client.post(f"/api/v1/videos/{video}/retry") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert await count(site, JobRow) == 1


async def test_an_upload_that_is_finished_from_two_sides_makes_one_video(site: Site) -> None:
    """Clients that lost the last answer ask at once; none sees an error of ours."""
    url = (await create(site.ann, 5)).headers["location"]
    await site.get(Uploads)._staging.append(url.rpartition("/")[2], 0, _bytes(b"01234"))

    answers = await asyncio.gather(*(site.ann.client.head(url, headers=TUS) for _ in range(4)))

    assert {answer.status_code for answer in answers} <= {200, 423}
    assert (await site.ann.client.head(url, headers=TUS)).headers["playhead-video"]
    assert (await count(site, VideoRow), await count(site, JobRow)) == (1, 1)


async def test_bytes_without_a_record_are_removed_with_their_upload(site: Site) -> None:
    """A crash between the store and the record, and a client that never came back: nothing stays."""
    url = (await create(site.ann, 5)).headers["location"]
    upload_id = url.rpartition("/")[2]
    await site.get(Uploads)._staging.append(upload_id, 0, _bytes(b"01234"))
    async with site.get(Database).read() as session:
        row = await session.get_one(UploadRow, upload_id)
    await site.get(Uploads)._staging.finish(upload_id, keys.original(row.video_id))
    assert await staged(site) != []
    clock = utc_now() + timedelta(days=2)
    site.get(Uploads)._clock = lambda: clock

    assert await site.get(Uploads).sweep() == 1

    assert await staged(site) == []


async def test_a_completed_upload_is_forgotten_without_its_video(site: Site) -> None:
    """A day later the upload answers 404; the bytes are the video's."""
    url = (await create(site.ann, 5)).headers["location"]
    video = (await patch(site.ann, url, 0, b"01234")).headers["playhead-video"]
    clock = utc_now() + timedelta(days=2)
    site.get(Uploads)._clock = lambda: clock

    assert await site.get(Uploads).sweep() == 1

    assert (await site.ann.client.head(url, headers=TUS)).status_code == 404
    assert await staged(site) == [keys.original(video)]


async def test_a_length_shorter_than_what_came_is_refused(site: Site) -> None:
    """400, and the right length may still be declared."""
    url = (await site.ann.client.post("/api/v1/uploads", headers=TUS | {"Upload-Defer-Length": "1"})).headers[
        "location"
    ]
    await patch(site.ann, url, 0, b"0123456789")

    short = await patch(site.ann, url, 10, b"", {"Upload-Length": "5"})
    right = await patch(site.ann, url, 10, b"", {"Upload-Length": "10"})

    assert (short.status_code, right.status_code) == (400, 204)
    assert right.headers["playhead-video"]


async def test_an_upload_whose_record_fails_leaves_no_bytes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 for the client, and the store is as before."""

    async def lost(*_: Any, **__: Any) -> None:
        raise DatabaseUnavailable("The database did not answer this request.")

    monkeypatch.setattr(site.get(Videos), "admit", lost)

    assert (await site.ann.client.post("/api/v1/videos", content=b"0123")).status_code == 503
    assert await staged(site) == []


async def test_an_upload_whose_process_dies_is_swept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the store holds without a record is removed a day later."""

    class Killed(BaseException):
        pass

    async def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(site.get(Videos), "admit", killed)
    monkeypatch.setattr(site.get(Deletions), "carry_out", killed)
    with pytest.raises(Killed):
        await site.get(Videos).receive(
            await _principal(site), _bytes(b"0123"), size=4, named=lambda: VideoName("x", None)
        )
    monkeypatch.undo()
    assert await staged(site) != []
    await site.get(Deletions).sweep()
    assert await staged(site) != []

    clock = utc_now() + timedelta(days=2)
    monkeypatch.setattr(site.get(Deletions), "_clock", lambda: clock)
    await site.get(Deletions).sweep()

    assert await staged(site) == []


async def test_what_a_stopping_ingest_still_writes_is_removed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deleted video's ingest hears of it a second later; its poster may come after the deletion."""
    video = await upload(site)
    assert (await site.ann.client.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    await site.get(Store).write(keys.poster(video["id"]), _bytes(b"jpeg"))

    clock = utc_now() + timedelta(minutes=2)
    monkeypatch.setattr(site.get(Deletions), "_clock", lambda: clock)
    await site.get(Deletions).sweep()

    assert await staged(site) == []


async def test_a_failed_ingest_whose_video_is_gone_is_not_run_again(site: Site) -> None:
    """409 in words, in place of a job that can only fail."""
    video = await upload(site)
    await _fail(site, video["job_id"])
    assert (await site.ann.client.delete(f"/api/v1/videos/{video['id']}")).status_code == 204

    answer = await site.ann.client.post(f"/api/v1/jobs/{video['job_id']}/retry")

    assert (answer.status_code, answer.json()["code"]) == (409, "video_not_errored")


async def test_a_failed_ingest_run_again_prepares_its_video(site: Site) -> None:
    """By the job's own route as by the video's."""
    video = await upload(site)
    await _fail(site, video["job_id"])

    assert (await site.ann.client.post(f"/api/v1/jobs/{video['job_id']}/retry")).status_code == 202
    again = (await site.ann.client.get(f"/api/v1/videos/{video['id']}")).json()
    assert (again["state"], again["job_id"], again["error"]) == ("preparing", video["job_id"], None)


@pytest.mark.parametrize("filename", [".", "..", "./", "\u202e", "a/..", ".mp4"])
async def test_every_filename_gives_a_title(site: Site, filename: str) -> None:
    """Never an empty one."""
    one = await site.ann.client.post("/api/v1/videos", params={"filename": filename}, content=b"0123")
    name = base64.b64encode(filename.encode()).decode()
    two = await site.ann.client.post(
        "/api/v1/uploads", content=b"0", headers=PART | {"Upload-Length": "1", "Upload-Metadata": f"filename {name}"}
    )

    assert one.json()["title"].strip()
    assert two.status_code == 201


async def _bytes(data: bytes) -> Any:
    yield data


async def _principal(site: Site) -> Any:
    from playhead.access.principals import Principal, scopes_of

    ann = site.ann.user
    return Principal(ann.id, ann.email, "member", scopes_of("member"), "key", "key_x")


async def _fail(site: Site, job_id: str) -> None:
    kind = site.get(JobKinds).get("ingest")
    async with site.get(Database).write() as session:
        await transitions.begin(session, job_id, 1, worker="w", now=utc_now())
    async with site.get(Database).write() as session:
        await transitions.fail(session, job_id, 1, kind, JobError("x", "y", hint=None, retryable=False), now=utc_now())
