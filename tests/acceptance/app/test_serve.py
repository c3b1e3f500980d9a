"""``playhead serve`` as a person starts and stops it."""

import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.processes import children_of, is_alive, worker_of
from tests.fixtures.server import (
    EMAIL,
    PASSWORD,
    Server,
    environment_of,
    restarted,
    run_cli,
    running_server,
    shared_server,
    start_serve,
)

__all__ = ["shared_server"]


def refused(folder: Path, *arguments: str, **settings: str) -> str:
    """Start a server that cannot start; gives the lines that it says."""
    done = run_cli(["serve", *arguments], environment_of(folder) | settings)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    return done.stderr


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    """Exit 2, what is wrong and what to do; no traceback, nothing started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = refused(tmp_path, "--port", str(port))

    assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use." in said
    assert "--port" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """Exit 2; here a file stands where the folder should be, which stops root, too."""
    (tmp_path / "data").write_text("not a folder")

    said = refused(tmp_path, "--port", "0")

    assert f"The data folder {tmp_path / 'data'} cannot be written" in said
    assert "Traceback" not in said


def test_a_second_server_on_a_folder_is_one_clear_line(shared_server: Server) -> None:
    """Exit 2 and the process that holds the folder; the first goes on."""
    said = refused(shared_server.data.parent, "--port", "0")

    assert f"Another playhead serve (process {shared_server.process.pid}) works on {shared_server.data}." in said
    assert httpx2.get(f"{shared_server.url}/livez", trust_env=False).status_code == 200


def test_a_setting_that_is_misspelt_is_one_clear_line(tmp_path: Path) -> None:
    """An ignored setting is a fire in waiting: the nearest name is offered."""
    said = refused(tmp_path, PLAYHEAD_UPLOADMAX="1GB")

    assert "PLAYHEAD_UPLOADMAX is not a setting." in said
    assert "PLAYHEAD_UPLOAD_MAX" in said


def test_the_first_start_offers_set_up_once(tmp_path: Path) -> None:
    """A one-time link makes the first admin, who is signed in; it works once, and no later start offers one."""
    process, url = start_serve(tmp_path, environment_of(tmp_path))
    try:
        said = (tmp_path / "serve.log").read_text()
        token = said.partition("/setup?token=")[2].split()[0]
        with httpx2.Client(base_url=url, trust_env=False, headers={"Origin": url}) as browser:
            assert browser.get("/api/v1/status").json()["setup_required"] is True
            account = {"token": token, "email": EMAIL, "password": PASSWORD}
            assert browser.post("/api/v1/setup", json=account).status_code == 201
            assert browser.get("/api/v1/me").json()["user"]["role"] == "admin"
            assert browser.post("/api/v1/setup", json=account | {"email": "b@example.org"}).status_code == 409
            assert browser.get("/api/v1/status").json()["setup_required"] is False
    finally:
        process.send_signal(2)
        assert process.wait(120) == 0
    ours = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a program inherits that it is ignored, as under nohup
    process, _ = start_serve(tmp_path, environment_of(tmp_path))
    signal.signal(signal.SIGHUP, ours)
    process.send_signal(signal.SIGHUP)  # its terminal goes
    assert process.wait(120) == 0
    assert (tmp_path / "serve.log").read_text().count("/setup?token=") == 1


def test_secrets_and_data_are_for_their_owner_alone(shared_server: Server) -> None:
    """0600 for each secret, 0700 for the folder."""
    secrets = [path for path in (shared_server.data / "secrets").rglob("*") if path.is_file()]

    assert secrets
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    assert stat.S_IMODE(shared_server.data.stat().st_mode) == 0o700


def test_ctrl_c_stops_server_and_worker(tmp_path: Path) -> None:
    """Exit 0, no process is left, although a live feed is open."""
    with running_server(tmp_path) as server, Editor(server) as editor:
        video = editor.http.post("/api/v1/videos", content=b"x" * 1000).json()
        pids = children_of(server.process.pid)
        assert pids
        with editor.http.stream("GET", f"/api/v1/jobs/{video['job_id']}/events") as feed:
            assert feed.status_code == 200

            assert server.stop() == 0

        wait_for("no process left", lambda: not any(is_alive(pid) for pid in pids))


def test_a_worker_leaves_when_its_server_was_killed(tmp_path: Path) -> None:
    """kill -9 of the server leaves no orphan, and the next start finds the folder free."""
    with running_server(tmp_path) as server:
        worker = worker_of(server.process.pid)
        assert worker is not None
        server.process.kill()
        server.process.wait()

        wait_for("the worker left", lambda: not is_alive(worker))
        with restarted(server) as again:
            assert httpx2.get(f"{again.url}/readyz", trust_env=False).status_code == 200


def test_a_server_without_a_worker_is_ready_and_says_that_jobs_wait(tmp_path: Path) -> None:
    """The workers run elsewhere: viewers must not lose the server with them."""
    environment = environment_of(tmp_path)
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "playhead", "serve", "--port", "0", "--no-worker"],
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        url = wait_for("the address", lambda: _url_in(log.read_text()))
        wait_for("the server", lambda: _alive(url))
        ready = httpx2.get(f"{url}/readyz", trust_env=False)

        assert ready.status_code == 200
        assert {check["name"]: check["detail"] for check in ready.json()["checks"]}["worker"] == (
            "No worker is running, so jobs wait. Start one: playhead worker."
        )
        assert "playhead_" in httpx2.get(f"{url}/metrics", trust_env=False).text
    finally:
        process.send_signal(2)
        assert process.wait(120) == 0


def _url_in(said: str) -> str | None:
    found = said.partition("serves at ")[2].split()
    return found[0] if found else None


def _alive(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/livez", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False
