"""A disk that fills up under a real server: each refusal says so, nothing half-made stays, and it recovers."""

import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from playhead.db.reserve import PIECES
from playhead.kit.units import MIB
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.processes import children_of, worker_of
from tests.fixtures.server import Server, running_server

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small file system, which only root may")

DISK = 128 * MIB
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose data folder is a disk of 128 MiB, which it may use to the last byte."""
    folder = tmp_path_factory.mktemp("server")
    data = folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "none", str(data)], check=True)
    try:
        with running_server(folder, disk_headroom="0") as running:
            reserve = data / "playhead.db-reserve"
            wait_for("the reserve", lambda: reserve.is_dir() and len(list(reserve.iterdir())) == PIECES)
            yield running
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


@pytest.fixture
def server(small_server: Server) -> Iterator[Server]:
    """The same, with room again after each test."""
    yield small_server
    (small_server.data / "filler").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of 60 kB."""
    return make_clip(tmp_path_factory.mktemp("clips"), seconds=10, size=(320, 180), fps=30, name="clip.mp4")


def fill(server: Server, *, leave: int) -> None:
    """Fill the disk up to some bytes."""

    def filled() -> bool:
        room = shutil.disk_usage(server.data).free - leave
        try:
            if room > 0:
                os.posix_fallocate(file.fileno(), 0, room)
        except OSError:  # the server took some of it meanwhile
            return False
        return True

    with (server.data / "filler").open("wb") as file:
        wait_for("a full disk", filled)


def free(server: Server) -> None:
    """Make room again."""
    (server.data / "filler").unlink()


def stored(server: Server) -> set[Path]:
    """Every file of the store, and of scratch."""
    found = [*(server.data / "store").rglob("*"), *(server.data / "work").rglob("*")]
    return {path for path in found if path.is_file() and ".slots" not in path.parts}


def start_tus(editor: Editor, size: int) -> str:
    """Announce an upload; gives its address."""
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": f"filename {b64encode(b'big.mp4').decode()}"}
    answer = editor.http.post("/api/v1/uploads", headers=headers)
    return str(answer.raise_for_status().headers["location"])


def patch(editor: Editor, place: str, offset: int, data: bytes) -> httpx2.Response:
    """Send some bytes of an upload."""
    headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return editor.http.patch(place, headers=headers, content=data)


def problem(answer: httpx2.Response) -> dict[str, Any]:
    """The body of a refusal for lack of room."""
    assert answer.status_code == 507, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    return body


def test_an_upload_that_does_not_fit_is_refused_and_gone(server: Server) -> None:
    """507 with words before the first byte, or in the middle where the size was not told; later it fits."""
    with Editor(server) as editor:
        fill(server, leave=10 * MIB)
        before, listed = stored(server), editor.get("/videos")["items"]

        told = problem(editor.http.post("/api/v1/videos", content=b"\0" * 20 * MIB))
        untold = problem(editor.http.post("/api/v1/videos", content=iter([b"\0" * MIB] * 20)))

        assert (told["code"], untold["code"]) == ("disk_nearly_full", "store_full")
        assert "No room is left" in untold["detail"]
        assert str(server.data) not in untold["detail"]
        assert untold["hint"]
        assert stored(server) == before
        assert editor.get("/videos")["items"] == listed

        free(server)
        kept = editor.http.post("/api/v1/videos", content=iter([b"\0" * MIB] * 20))
        assert kept.status_code == 201
        editor.prepared(kept.json()["id"])


def test_a_resumable_upload_goes_on_when_there_is_room(server: Server) -> None:
    """A PATCH that fills the disk is 507 and keeps the old offset; the same PATCH works once there is room."""
    with Editor(server) as editor:
        place = start_tus(editor, 20 * MIB)
        assert patch(editor, place, 0, b"\1" * MIB).status_code == 204
        fill(server, leave=5 * MIB)

        assert problem(patch(editor, place, MIB, b"\2" * 19 * MIB))["code"] == "store_full"

        assert editor.http.head(place, headers=TUS).headers["upload-offset"] == str(MIB)
        free(server)
        assert patch(editor, place, MIB, b"\2" * 19 * MIB).status_code == 204


def test_a_stitch_that_does_not_fit_fails_clearly(server: Server, clip: Path) -> None:
    """The job tells of the disk, leaves nothing behind, and runs when there is room."""
    with Editor(server) as editor:
        video = editor.upload(clip)["id"]
        assert editor.prepared(video)["state"] == "ready"
        clips = [{"video_id": video}] * 120  # a reel of 7 MB
        project = editor.post("/projects", {"title": "Too large", "clips": clips})
        wait_for("the video's pictures", lambda: all(job["finished_at"] for job in editor.get("/jobs")["items"]))
        before = stored(server)
        fill(server, leave=4 * MIB)

        job = editor.post(f"/projects/{project['id']}/stitch")["id"]
        ended = editor.ended(job)

        assert ended["state"] == "failed"
        assert ended["error"]["code"] in {"disk_full", "store_full"}, ended["error"]
        assert "space" in ended["error"]["message"] or "room" in ended["error"]["message"]
        assert ended["error"]["hint"]
        assert editor.get(f"/projects/{project['id']}")["status"] == "failed"
        wait_for("nothing left behind", lambda: stored(server) == before)

        free(server)
        again = editor.post(f"/jobs/{job}/retry")["id"]
        assert editor.ended(again)["state"] == "succeeded"


def test_a_database_without_room_recovers(server: Server, clip: Path) -> None:
    """Not a byte is free: what writes is refused with words, what reads or frees room goes on, and jobs run later."""
    with Editor(server) as editor:
        video, other = editor.upload(clip)["id"], editor.upload(clip)["id"]
        assert {editor.prepared(each)["state"] for each in (video, other)} == {"ready"}
        worker = worker_of(server.process.pid)
        fill(server, leave=0)

        refused = first_refusal(editor)

        assert refused.status_code == 507, refused.text
        assert "room" in refused.json()["detail"], refused.text
        assert editor.get(f"/videos/{video}")["state"] == "ready"
        assert len(editor.fetch(video)) == clip.stat().st_size
        assert editor.http.get("/livez").status_code == 200
        told = {check["name"]: check["detail"] for check in editor.http.get("/readyz").json()["checks"]}
        assert told["disk"].startswith("The folder 'data' has "), told

        assert editor.http.delete(f"/api/v1/videos/{other}").status_code == 204
        assert not (server.data / "store" / "videos" / other).exists()

        free(server)
        wait_for("readiness", lambda: editor.http.get("/readyz").status_code == 200)
        project = editor.post("/projects", {"title": "After", "clips": [{"video_id": video}]})
        job = editor.post(f"/projects/{project['id']}/stitch")["id"]
        assert editor.ended(job)["state"] == "succeeded"
        assert worker in children_of(server.process.pid)


def first_refusal(editor: Editor) -> httpx2.Response:
    """Write until the log of the database has no room: it keeps some pages for itself."""
    for number in range(2000):
        answer = editor.http.post("/api/v1/projects", json={"title": f"{number} " + "x" * 150})
        if answer.status_code != 201:
            return answer
    raise AssertionError("2000 projects fit on a full disk")
