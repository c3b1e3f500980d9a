"""`playhead upload`, killed on its way and run again; and how other clients of tus go on."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fixtures.processes import obey_ctrl_c
from tests.fixtures.server import Server

SIZE = 192 << 20
FOUND_WITHIN_S = 120.0
TUS_JS = Path(__file__).parents[3] / "web/node_modules/tus-js-client"


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A file no part of which is like another; not a video, which only the preparation will notice."""
    path = tmp_path / "big.mp4"
    block = os.urandom(1 << 20)
    with path.open("wb") as out:
        for number in range(SIZE >> 20):
            out.write(number.to_bytes(4, "big") + block[4:])
    return path


def half_way(server: Server, running: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait until the server has some of the file, and hold the command there: it sends no more until it is let go.

    The server's disk is looked at, since a question to the server would wait behind the upload itself.
    """
    deadline = time.monotonic() + FOUND_WITHIN_S
    staged = server.data / "store" / "uploads"
    while time.monotonic() < deadline and running.poll() is None:
        if any(path.stat().st_size for path in staged.glob("upl_*") if path.is_file()):
            running.send_signal(signal.SIGSTOP)
            break
    with server.client() as client:
        found = [upload for upload in client.get("/api/v1/uploads").json()["items"] if upload["offset_bytes"]]
    assert found, "the upload was never seen half way"
    return dict(found[0])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_same_command_goes_on_where_it_was_killed(shared_server: Server, big: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "playhead", "upload", str(big)]
    running = subprocess.Popen(
        command,
        env=dict(shared_server.environment),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=obey_ctrl_c,  # noqa: PLW1509 - one call, and no thread is started here
    )
    upload = half_way(shared_server, running)
    running.send_signal(number)
    running.send_signal(signal.SIGCONT)
    said = running.communicate(timeout=120)[1]
    assert running.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert ("Run the same command again" in said) == (number == signal.SIGINT)

    with shared_server.client() as client:
        kept = client.head(f"/api/v1/uploads/{upload['id']}", headers={"Tus-Resumable": "1.0.0"})
    assert 0 < int(kept.headers["Upload-Offset"]) < SIZE
    again = shared_server.cli("upload", str(big))

    assert again.returncode == 0, again.stderr
    with shared_server.client() as client:
        done = client.head(f"/api/v1/uploads/{upload['id']}", headers={"Tus-Resumable": "1.0.0"})
        assert done.headers["Playhead-Video"] == again.stdout.strip()
    video = shared_server.get(f"/api/v1/videos/{again.stdout.strip()}")
    assert video["sha256"] == hashlib.sha256(big.read_bytes()).hexdigest()


def test_an_upload_that_was_given_up_at_the_server_begins_anew(shared_server: Server, big: Path) -> None:
    command = [sys.executable, "-m", "playhead", "upload", str(big)]
    running = subprocess.Popen(command, env=dict(shared_server.environment), text=True)
    upload = half_way(shared_server, running)
    running.kill()
    running.wait()
    with shared_server.client() as client:
        deadline = time.monotonic() + FOUND_WITHIN_S
        while time.monotonic() < deadline:
            gone = client.delete(f"/api/v1/uploads/{upload['id']}", headers={"Tus-Resumable": "1.0.0"})
            if gone.status_code != 423:
                break
        assert gone.status_code == 204

    again = shared_server.cli("upload", str(big))

    assert again.returncode == 0, again.stderr


def test_tuspy_uploads(shared_server: Server, tmp_path: Path) -> None:
    """The client of tus for Python, with checksums, through an endpoint with a slash."""
    from tusclient.client import TusClient

    data = os.urandom(300_000)
    (tmp_path / "clip.mp4").write_bytes(data)
    client = TusClient(f"{shared_server.url}/api/v1/uploads/", {"Authorization": f"Bearer {shared_server.admin_key}"})
    uploader = client.uploader(str(tmp_path / "clip.mp4"), chunk_size=70_000, upload_checksum=True)
    uploader.upload()

    assert hashlib.sha256(data).hexdigest() in stored(shared_server)


@pytest.mark.skipif(shutil.which("node") is None or not TUS_JS.is_dir(), reason="needs node and web/node_modules")
def test_tus_js_client_goes_on_after_a_dead_line_and_uploads_in_parallel(shared_server: Server, tmp_path: Path) -> None:
    """On a new line at once, while the server still waits for bytes on the old one; and in parts side by side."""
    data = os.urandom(600_000)
    (tmp_path / "clip.mp4").write_bytes(data)
    with shared_server.client() as client:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data))}
        url = client.post("/api/v1/uploads", headers=headers).headers["location"]
    with dead_line(shared_server, url, data[:300_000], len(data)):
        words = [f"{shared_server.url}/api/v1/uploads", url, shared_server.admin_key, str(tmp_path / "clip.mp4")]
        done = subprocess.run(
            ["node", "--input-type=module", "-e", TUS_JS_RUN, *words],
            cwd=TUS_JS.parents[1],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.stdout.split() == ["resumed", "parallel"], done.stderr
    assert stored(shared_server).count(hashlib.sha256(data).hexdigest()) == 2


@contextmanager
def dead_line(server: Server, url: str, data: bytes, size: int) -> Iterator[None]:
    """A PATCH whose client is never heard of again after its first bytes."""
    with socket.create_connection((urlsplit(server.url).hostname, urlsplit(server.url).port)) as line:
        head = (
            f"PATCH {url} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.admin_key}\r\nTus-Resumable: 1.0.0\r\n"
            f"Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {size}\r\n\r\n"
        )
        line.sendall(head.encode() + data)
        yield


def stored(server: Server) -> list[str]:
    """The hashes of all originals."""
    return [str(video["sha256"]) for video in server.get("/api/v1/videos?limit=200")["items"]]


TUS_JS_RUN = """
import * as tus from "tus-js-client";
import fs from "node:fs";
const [endpoint, uploadUrl, key, file] = process.argv.slice(1);
const send = (options) => new Promise((onSuccess, onError) => new tus.Upload(fs.readFileSync(file), {
  endpoint, headers: { Authorization: `Bearer ${key}` }, retryDelays: [0, 200, 500], onSuccess, onError, ...options,
}).start());
await send({ uploadUrl: new URL(uploadUrl, endpoint).href });
console.log("resumed");
await send({ parallelUploads: 3, metadata: { filename: "parallel.mp4" } });
console.log("parallel");
"""
