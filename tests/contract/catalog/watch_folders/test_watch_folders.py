"""Files of a watch folder become videos: each once, whole, and whatever dies on the way."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from playhead.catalog.tables import VideoRow
from playhead.catalog.watch_folders import files
from playhead.catalog.watch_folders.folders import AGAIN_AFTER, IMPORT, MAX_ATTEMPTS, SETTLED, WatchFolders
from playhead.catalog.watch_folders.tables import WatchFileRow
from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import describe
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.settings import Settings
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures.site import Site, open_site

HEAD = b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"
"""The beginning of an MP4: as far as a look reads."""


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


class Inbox:
    """A watch folder with what a worker does to it."""

    def __init__(self, site: Site, folder: Path, work: Path) -> None:
        self.site, self.folder, self.work = site, folder, work
        self.clock = Clock()
        settings = site.get(Settings)
        self.folders = WatchFolders(site.get(Database), site.get(Jobs), settings.watch_folders, clock=self.clock)

    def put(self, name: str, content: bytes = b"a") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(HEAD + content)
        return path

    async def look(self, *, after: timedelta = SETTLED, again: bool = False) -> int:
        self.clock.now += after
        return await self.folders.look(again=again)

    async def settle(self) -> int:
        """Two looks, which a resting file needs, and the imports."""
        await self.look()
        await self.look()
        return await self.import_all()

    async def import_all(self, *, step: Any = None) -> int:
        """Run the imports that wait, as a worker would; their number."""
        kind = self.site.get(JobKinds).get(IMPORT)
        async with self.site.get(Database).read() as session:
            jobs = list(await session.scalars(select(JobRow).where(JobRow.kind == IMPORT, JobRow.state == "queued")))
        for job in jobs:
            context = JobContext(job_id=job.id, work=self.work, **({"run_step": step} if step else {}))
            try:
                result = await kind.run(context, job.args)
            except Exception as error:
                async with self.site.get(Database).write() as session:
                    await transitions.fail(session, job.id, job.run, kind, describe(error), now=utc_now())
            else:
                async with self.site.get(Database).write() as session:
                    await transitions.succeed(session, job.id, job.run, kind, result, now=utc_now())
        return len(jobs)

    async def videos(self) -> list[VideoRow]:
        async with self.site.get(Database).read() as session:
            return list(await session.scalars(select(VideoRow).order_by(VideoRow.title, VideoRow.id)))

    async def titles(self) -> list[str]:
        return [video.title for video in await self.videos()]

    async def state(self) -> dict[str, Any]:
        answer = await self.site.ann.client.get("/api/v1/watch-folders")
        assert answer.status_code == 200, answer.text
        [found] = answer.json()["items"]
        return dict(found)


BOTH = pytest.mark.parametrize("mode", ["copy", "move"])


@pytest.fixture
def mode() -> str:
    """What most tests need; `BOTH` takes its place."""
    return "copy"


@pytest.fixture
async def inbox(tmp_path: Path, sqlite_url: str, mode: str) -> AsyncIterator[Inbox]:
    """Ann's, with the admin who looks at it."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (tmp_path / "work").mkdir()
    watched = {"path": folder, "owner": "ann@example.org", "mode": mode, "collection": "From the camera"}
    async with open_site(tmp_path / "data", sqlite_url, watch_folders=[watched]) as site:
        await site.make_admin(site.ann)
        yield Inbox(site, folder, tmp_path / "work")


@BOTH
async def test_a_file_becomes_a_video_once_it_rests(inbox: Inbox, mode: str) -> None:
    """In its collection, with its bytes; a file that is moved is gone from the folder then."""
    path = inbox.put("day 1/Harbour.mp4", b"some bytes")
    assert await inbox.look() == 0
    with path.open("ab") as file:
        file.write(b" and more")
    assert await inbox.look() == 0, "it has grown"

    assert (await inbox.look(), await inbox.import_all()) == (1, 1)

    [video] = await inbox.videos()
    assert (video.title, video.filename, video.origin, video.state) == ("Harbour", "Harbour.mp4", "upload", "preparing")
    stored = [chunk async for chunk in inbox.site.get(Store).read(keys.original(video.id))]
    assert b"".join(stored) == HEAD + b"some bytes and more"
    assert path.exists() is (mode == "copy")
    found = (await inbox.site.ann.client.get("/api/v1/collections")).json()["items"]
    assert [(each["name"], each["videos"]) for each in found] == [("From the camera", 1)]
    state = await inbox.state()
    assert (state["imported"], state["waiting"], state["problems"]) == (1, 0, [])


@BOTH
async def test_the_same_file_comes_once(inbox: Inbox, mode: str) -> None:
    """Renamed, touched, or copied beside itself. Moved in again after its video was deleted, it is meant."""
    inbox.put("One.mp4", b"1")
    assert await inbox.settle() == 1
    if mode == "copy":
        (inbox.folder / "One.mp4").rename(inbox.folder / "Renamed.mp4")
        assert await inbox.settle() == 0
        (inbox.folder / "Renamed.mp4").touch()
        assert await inbox.settle() == 1
    inbox.put("Again.mp4", b"1")
    await inbox.settle()
    assert await inbox.titles() == ["One"]

    [video] = await inbox.videos()
    await inbox.site.ann.client.delete(f"/api/v1/videos/{video.id}")
    inbox.put("Later.mp4", b"1")
    await inbox.settle()
    assert await inbox.titles() == ([] if mode == "copy" else ["Later"])


@pytest.mark.parametrize(
    ("mode", "dies_after"), [("copy", "list"), ("move", "copy"), ("move", "list"), ("move", "remove")]
)
async def test_a_crash_loses_and_doubles_nothing(inbox: Inbox, mode: str, dies_after: str) -> None:
    """The step that was cut off runs again; those before it are remembered, as the engine does."""
    path = inbox.put("One.mp4", b"1")
    await inbox.look()
    await inbox.look()
    recorded: dict[str, Any] = {}

    class Died(BaseException):
        pass

    async def dying(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name not in recorded:
            result = await function()
            if name == dies_after and "died" not in recorded:
                recorded["died"] = True
                raise Died
            recorded[name] = result
        return recorded[name]

    with pytest.raises(Died):
        await inbox.import_all(step=dying)
    assert path.exists() or len(await inbox.videos()) == 1
    await inbox.look()
    await inbox.import_all(step=dying)
    await inbox.settle()

    assert await inbox.titles() == ["One"]
    [video] = await inbox.videos()
    assert (await inbox.site.get(Store).stat(keys.original(video.id))).size_bytes == len(HEAD) + 1
    assert path.exists() is (mode == "copy")


async def test_what_cannot_be_imported_is_listed_and_not_tried_without_end(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text is left alone. A file without permission is tried again, and works once a person has seen to it."""
    (inbox.folder / "notes.txt").write_bytes(b"%PDF")
    inbox.put("Locked.mp4")
    refuse = True

    def opened(folder: Path, name: str) -> Any:
        if refuse and name == "Locked.mp4":
            raise PermissionError(13, "Permission denied")
        return files.opened(folder, name)

    monkeypatch.setattr("playhead.catalog.watch_folders.folders.opened", opened)
    await inbox.settle()

    state = await inbox.state()
    assert (state["ignored"], [each["name"] for each in state["problems"]]) == (1, ["Locked.mp4"])
    assert state["problems"][0]["problem"] == "It cannot be read: Permission denied."
    for _ in range(5):
        await inbox.look(after=AGAIN_AFTER)
    assert (await inbox.state())["problems"][0]["attempts"] == MAX_ATTEMPTS

    refuse = False
    assert await inbox.look(after=AGAIN_AFTER) == 0
    assert await inbox.look(again=True) == 1
    await inbox.import_all()
    assert (await inbox.titles(), (await inbox.state())["problems"]) == (["Locked"], [])


@BOTH
async def test_a_file_that_changes_while_it_is_copied_waits_for_the_next_look(inbox: Inbox) -> None:
    path = inbox.put("One.mp4", b"1")
    await inbox.look()
    await inbox.look()
    with path.open("ab") as file:
        file.write(b"2")

    await inbox.import_all()
    assert (await inbox.titles(), path.exists()) == ([], True)
    await inbox.settle()

    [video] = await inbox.videos()
    assert video.size_bytes == len(HEAD) + 2


async def test_a_folder_that_is_gone_says_so(inbox: Inbox) -> None:
    inbox.put("One.mp4")
    await inbox.look()
    shutil.rmtree(inbox.folder)
    await inbox.look()

    assert (await inbox.state())["problem"] == "The folder cannot be read: No such file or directory."
    assert (await inbox.site.bob.client.get("/api/v1/watch-folders")).status_code == 403
    scan = await inbox.site.ann.client.post("/api/v1/watch-folders/scan")
    again = await inbox.site.ann.client.post("/api/v1/watch-folders/scan")
    assert (scan.status_code, scan.json()["id"]) == (202, again.json()["id"])


async def test_only_so_many_are_imported_at_once(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playhead.catalog.watch_folders.folders.AT_ONCE", 2)
    for number in range(3):
        inbox.put(f"{number}.mp4", bytes([number]))
    await inbox.look()

    assert (await inbox.look(), await inbox.look()) == (2, 0)
    await inbox.import_all()
    assert await inbox.look() == 1
    async with inbox.site.get(Database).read() as session:
        states = list(await session.scalars(select(WatchFileRow.state).order_by(WatchFileRow.name)))
    assert states == ["imported", "imported", "importing"]


@pytest.mark.parametrize("mode", ["move"])
async def test_a_file_that_comes_again_for_a_video_in_the_trash_is_not_lost_with_it(inbox: Inbox) -> None:
    inbox.put("One.mp4")
    await inbox.settle()
    [video] = await inbox.videos()
    async with inbox.site.get(Database).write() as session:
        await session.execute(update(VideoRow).values(trashed_at=utc_now()))

    inbox.put("One.mp4")
    await inbox.settle()

    trashed, again = sorted(await inbox.videos(), key=lambda row: row.trashed_at is None)
    assert (trashed.id, again.trashed_at) == (video.id, None)


@pytest.mark.parametrize("mode", ["move"])
async def test_a_song_is_removed_although_its_bytes_are_a_video_by_then(inbox: Inbox) -> None:
    path = inbox.put("Song.mp4")

    async def prepared(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        result = await function()
        if name == "list":
            made = inbox.folder.parent / "made.mp4"
            made.write_bytes(b"a video")
            await inbox.site.get(Store).write_file(keys.original(result), made)
        return result

    await inbox.look()
    await inbox.look()
    await inbox.import_all(step=prepared)

    async with inbox.site.get(Database).read() as session:
        [state] = await session.scalars(select(JobRow.state).where(JobRow.kind == IMPORT))
    assert (state, path.exists()) == ("succeeded", False)
