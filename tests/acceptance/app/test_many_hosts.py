"""The same program over PostgreSQL and S3: an API host without a worker, and workers with data folders of their own."""

import io
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import httpx2
import pytest

from tests.fixtures.clips import make_clip
from tests.fixtures.databases import PostgresqlServer, postgresql
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.processes import ffmpegs_of, is_alive
from tests.fixtures.s3 import S3Server, s3_server
from tests.fixtures.server import Server, environment_of, running_server
from tests.fixtures.tiers import thorough

__all__ = ["postgresql", "s3_server"]

PATCHES = 4
"""Into how many a file is cut."""


@dataclass(frozen=True)
class Hosts:
    """One API host and two worker hosts, by the process ids of the latter."""

    api: Server
    workers: list["subprocess.Popen[bytes]"]
    folders: list[Path]
    bucket: str
    s3: S3Server

    def objects(self) -> list[str]:
        """What the bucket holds, unfinished multipart uploads included, but for pieces kept for the next stitch."""
        client = self.s3.client()
        objects = client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        unfinished = client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])
        found = [found["Key"] for found in [*objects, *unfinished]]
        return [key for key in found if "renders" not in key.split("/")]


@pytest.fixture(scope="module")
def hosts(
    tmp_path_factory: pytest.TempPathFactory, postgresql: PostgresqlServer, s3_server: S3Server
) -> Iterator[Hosts]:
    """Three hosts that share a database and a bucket, and no folder."""
    folder = tmp_path_factory.mktemp("hosts")
    bucket = s3_server.new_bucket()
    database = postgresql.create()
    settings = {"database": database, "store": s3_server.store_url(bucket, "video"), "worker_dead_after": "PT4S"}
    folders = [folder / name for name in ("worker-1", "worker-2")]
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for name, value in s3_server.environment.items():
            patch.setenv(name, value)
        stack.callback(postgresql.drop, database)
        workers = [stack.enter_context(running_worker(folder, settings)) for folder in folders]
        api = stack.enter_context(running_server(folder / "api", arguments=["--no-worker"], **settings))
        yield Hosts(api, workers, folders, bucket, s3_server)


@contextmanager
def running_worker(folder: Path, settings: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """A worker on a host of its own; a clean end of one that still runs is 0."""
    folder.mkdir()
    environment = environment_of(folder) | {f"PLAYHEAD_{name.upper()}": value for name, value in settings.items()}
    with (folder / "worker.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "playhead", "worker"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
        if process.poll() is None:
            process.terminate()
            assert process.wait(PATIENCE_S) == 0, (folder / "worker.log").read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def upload_in_pieces(editor: Editor, path: Path) -> str:
    """Send a file by tus in a few PATCHes, asking for the offset between them; gives the video's id."""
    data = path.read_bytes()
    piece = -(-len(data) // PATCHES)
    tus = {"Tus-Resumable": "1.0.0"}
    metadata = f"filename {b64encode(path.name.encode()).decode()}"
    made = editor.http.post(
        "/api/v1/uploads", headers=tus | {"Upload-Length": str(len(data)), "Upload-Metadata": metadata}
    )
    place = made.raise_for_status().headers["location"]
    sent = 0
    while (at := int(editor.http.head(place, headers=tus).raise_for_status().headers["upload-offset"])) < len(data):
        answer = editor.http.patch(
            place,
            headers=tus | {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"},
            content=data[at : at + piece],
        )
        answer.raise_for_status()
        sent += 1
    assert sent == PATCHES
    return str(editor.http.head(place, headers=tus).raise_for_status().headers["playhead-video"])


def renderer(hosts: Hosts) -> "tuple[subprocess.Popen[bytes], int] | None":
    """The worker that runs ffmpeg now, and its ffmpeg."""
    for worker in hosts.workers:
        for ffmpeg in ffmpegs_of(worker.pid):
            return worker, ffmpeg
    return None


def scratch_of(folder: Path) -> list[Path]:
    """Files that jobs left on a worker's host."""
    found = (folder / "data").rglob("*")
    kept = {"secrets", ".slots"}
    return [path for path in found if path.is_file() and not kept.intersection(path.parts) and "work" in path.parts]


def frames_of(data: bytes) -> int:
    """Frames that decode."""
    with av.open(io.BytesIO(data), mode="r") as container:
        return len(list(container.decode(video=0)))


def prepared_project(editor: Editor, clips: list[Path]) -> dict[str, Any]:
    """Upload the clips in pieces, wait until each is ready, arrange them."""
    videos = [upload_in_pieces(editor, clip) for clip in clips]
    for video in videos:
        found = editor.prepared(video)
        assert found["state"] == "ready", found
        assert found["has_poster"]
    clip_list = [{"video_id": video} for video in videos]
    settings = {"width": 1280, "height": 720, "fps": 30, "background": "#000000"}
    project: dict[str, Any] = editor.post("/projects", {"title": "Two hosts", "clips": clip_list, "settings": settings})
    return project


@thorough
def test_readiness_looks_at_all_hosts(hosts: Hosts) -> None:
    """The workers of other hosts count; the store is the bucket."""
    ready = wait_for("two workers", lambda: _two_alive(hosts.api.get("/readyz")))

    assert {check["name"]: check["ok"] for check in ready["checks"]} == {
        "database": True,
        "store": True,
        "worker": True,
        "disk": True,
    }


def _two_alive(ready: dict[str, Any]) -> dict[str, Any] | None:
    worker = next(check for check in ready["checks"] if check["name"] == "worker")
    return ready if worker["detail"] == "2 alive" else None


def test_the_way_of_the_data_over_many_hosts(hosts: Hosts, tmp_path: Path) -> None:
    """Upload to one host, render on another that is killed, finish on a third, play from the bucket."""
    clips = [
        make_clip(tmp_path, seconds=1, size=(320, 180), fps=30, name="wide.mp4"),
        make_clip(tmp_path, seconds=10, size=(360, 640), fps=24, audio=False, name="tall.mp4"),
    ]
    with Editor(hosts.api) as editor:
        project = prepared_project(editor, clips)
        job = editor.post(f"/projects/{project['id']}/stitch")["id"]
        wait_for("the second clip being rendered", lambda: "clip0-video0" in editor.steps(job))
        worker, ffmpeg = wait_for("an ffmpeg", lambda: renderer(hosts))
        before = editor.steps(job)

        os.kill(worker.pid, signal.SIGKILL)

        wait_for("the end of the orphan", lambda: not is_alive(ffmpeg))
        ended = editor.ended(job)
        after = editor.steps(job)
        found = editor.get(f"/projects/{project['id']}")
        assert (ended["state"], ended["attempts"]) == ("succeeded", 2), ended
        assert {name: after[name] for name in before} == before
        assert (found["status"], found["reel"]["stale"]) == ("complete", False)

        reel = found["reel"]["video_id"]
        assert_played_from_the_bucket(hosts, editor, reel)
        assert frames_of(editor.http.get(f"/api/v1/videos/{reel}/stream", follow_redirects=True).content) == 11 * 30
        known = {video["id"] for video in editor.get("/videos")["items"]}
        assert len(known) == 3
        wait_for(
            "no part in the bucket", lambda: not [key for key in hosts.objects() if not known & set(key.split("/"))]
        )
        alive = next(folder for folder, each in zip(hosts.folders, hosts.workers, strict=True) if each is not worker)
        wait_for("no scratch on the other host", lambda: not scratch_of(alive))


def assert_played_from_the_bucket(hosts: Hosts, editor: Editor, video: str) -> None:
    """The signed URL leads to the bucket, which gives ranges; the interface's policy lets a page go there."""
    signed = editor.post(f"/videos/{video}/playback", {"kind": "file"})["url"]
    with httpx2.Client(trust_env=False, timeout=120) as viewer:
        answer = viewer.get(signed, headers={"Range": "bytes=10-19"})
        assert answer.status_code == 307, answer.text
        target = answer.headers["location"]
        assert target.startswith(hosts.s3.endpoint)

        part = viewer.get(target, headers={"Range": "bytes=10-19"})
        whole = viewer.get(target)

        assert (part.status_code, part.headers["content-range"]) == (206, f"bytes 10-19/{len(whole.content)}")
        assert part.content == whole.content[10:20]
        assert frames_of(whole.content) == 11 * 30
        page = viewer.get(f"{hosts.api.url}/")
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(target))
        media = next(
            rule for rule in page.headers["content-security-policy"].split("; ") if rule.startswith("media-src ")
        )
        assert origin in media.split()
