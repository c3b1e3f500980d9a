"""`playhead upload`, killed on its way and run again."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.processes import obey_ctrl_c
from tests.fixtures.server import Server, shared_server

_ = shared_server
SIZE = 192 << 20
FOUND_WITHIN_S = 30.0


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
    said = running.communicate(timeout=30)[1]
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
