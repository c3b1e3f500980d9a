"""A `playhead serve` as a child of the demo: on a free port, awaited until ready, stopped by SIGINT."""

import math
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playhead.errors import Unavailable

READY_WITHIN_S = 60.0
WORKER_FAILS_FOR_S = 3.0
"""Duration after which a failed worker has failed again: it is restarted after a second."""

STOPPED_WITHIN_S = 30.0


class ServerFailed(Unavailable):
    """The server did not start, ended early, or did not stop cleanly."""

    code = "server_failed"
    title = "The server failed"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def wait(self) -> None:
        """Wait until the server ends by itself.

        Raises:
            ServerFailed: always, as it should not end.
        """
        code = self.process.wait()
        raise ServerFailed(f"playhead serve ended with {code}.", hint=tail(self.log))


@contextmanager
def running(folder: Path, *, host: str, port: int, key: str) -> Iterator[Running]:
    """Start a server with the environment of this process, wait until it is ready, and stop it at the end.

    Args:
        key: API key of the installation, to ask why it is not ready.

    Raises:
        ServerFailed: with the last lines of its log.
    """
    port = usable_port(host, port)
    log = folder / "serve.log"
    command = [sys.executable, "-m", "playhead", "serve", "--host", host, "--port", str(port)]
    with log.open("wb") as out:
        # In a session of its own, so that Ctrl-C reaches this process alone and stops the server once.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    server = Running(f"http://{_shown(host)}:{port}", process, log)
    try:
        _wait_until_ready(server, key)
        yield server
    finally:
        code = _stop(process)
        if code != 0 and sys.exc_info()[0] is None:
            raise ServerFailed(f"playhead serve ended with {code} instead of 0.", hint=tail(log))


def usable_port(host: str, port: int) -> int:
    """The wanted port, or a free one if that is taken."""
    for wanted in (port, 0):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerFailed(f"No port can be opened on {host}.")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _wait_until_ready(server: Running, key: str) -> None:
    import httpx2

    deadline = time.monotonic() + READY_WITHIN_S
    last, failing_since = "", math.inf
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ServerFailed(f"playhead serve ended with {server.process.returncode}.", hint=tail(server.log))
        try:
            answer = httpx2.get(f"{server.url}/readyz", timeout=5, trust_env=False)
            if answer.status_code == 200:
                return
            last = answer.text[:500]
            failure = _worker_failure(server.url, key)
            failing_since = min(failing_since, time.monotonic()) if failure else math.inf
            if failure and time.monotonic() - failing_since > WORKER_FAILS_FOR_S:
                raise ServerFailed(failure)
        except httpx2.TransportError as error:
            last = str(error)
        time.sleep(0.1)
    raise ServerFailed(f"The server was not ready within {READY_WITHIN_S:.0f} s: {last}", hint=tail(server.log))


def _worker_failure(url: str, key: str) -> str | None:
    """The reason why the worker fails; None while it starts."""
    from playhead.cli.client import Api, Refused
    from playhead.cli.follow import no_worker

    try:
        with Api(url, key) as api:
            problem = api.get("/workers")["problem"]
    except Refused:
        return None
    return no_worker(problem) if problem and problem["code"] == "worker_failed" else None


def _stop(process: "subprocess.Popen[bytes]") -> int:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
