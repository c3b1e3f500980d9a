"""Servers of one film, each a process of its own on loopback: Playhead, nginx, Starlette on uvicorn."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from benchmarks.footage import run
from tests.fixtures.media_site import wait_for
from tests.fixtures.server import running_server

_NGINX = """
daemon off; master_process on; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/error.log;
user root;
events {{ worker_connections 4096; }}
http {{
  access_log {folder}/access.log; sendfile on; tcp_nopush {nopush}; aio off; keepalive_requests 100000000;
  types {{ video/mp4 mp4; }}
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ root {root}; }} }}
}}
"""


@dataclass(frozen=True)
class Served:
    """A film under a URL, and the processes that serve it."""

    name: str
    url: str
    pids: tuple[int, ...]

    @property
    def cpu_s(self) -> float:
        """Seconds of the processor that they have taken."""
        return sum(_cpu_s(pid) for pid in self.pids)

    @property
    def rss_mib(self) -> float:
        """Memory that they hold now."""
        return sum(_rss_mib(pid) for pid in self.pids)


@contextmanager
def playhead(film: Path, folder: Path, *, workers: int = 1) -> Iterator[Served]:
    """``playhead serve`` with its log in a file, and the film uploaded."""
    folder.mkdir()
    arguments = ["--workers", str(workers)] if workers > 1 else []
    free = {"client_transfers": "0", "client_connections": "0", "upload_max": str(4 << 30)}
    with running_server(folder, arguments=arguments, **free) as server:
        with server.client() as client, film.open("rb") as file:
            uploaded = client.post("/api/v1/videos", content=_blocks(file), timeout=600).raise_for_status().json()
            wait_for(lambda: client.get(f"/api/v1/videos/{uploaded['id']}").json()["state"] == "ready", "ready", 60)
            link = client.post(f"/api/v1/videos/{uploaded['id']}/playback", json={"ttl_s": 86400}).raise_for_status()
        serving = [pid for pid in _family(server.process.pid) if "worker" not in _command(pid)]
        yield Served("playhead", server.url + link.json()["path"], tuple(serving))


@contextmanager
def nginx(film: Path, folder: Path, *, nopush: bool, workers: int = 1) -> Iterator[Served]:
    """nginx with sendfile."""
    folder.mkdir()
    port, config = _free_port(), folder / "nginx.conf"
    facts = {"folder": folder, "root": film.parent, "port": port, "workers": workers}
    config.write_text(_NGINX.format(nopush="on" if nopush else "off", **facts))
    url = f"http://127.0.0.1:{port}/{film.name}"
    with _process([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)], url) as pid:
        yield Served(f"nginx, tcp_nopush {'on' if nopush else 'off'}", url, _family(pid))


@contextmanager
def file_response(film: Path) -> Iterator[Served]:
    """Starlette's FileResponse on uvicorn."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}/film.mp4"
    app = ["benchmarks.peers.file_response:app", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    with _process([sys.executable, "-m", "uvicorn", *app], url, {"FILM": str(film)}) as pid:
        yield Served("Starlette FileResponse", url, (pid,))


def make_film(folder: Path, size: int = 1 << 30) -> Path:
    """An MP4 of so many bytes: a second of picture, and padding after it."""
    film = folder / "film.mp4"
    run(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=640x360:r=30",
        "-t",
        "1",
        "-c:v",
        "libx264",
        "-movflags",
        "+faststart",
        str(film),
    )
    with film.open("ab") as file:
        padding = size - file.tell()
        file.write((1).to_bytes(4, "big") + b"free" + padding.to_bytes(8, "big"))
        for _ in range((padding - 16) // (1 << 20)):
            file.write(os.urandom(1 << 20))
        file.write(bytes((padding - 16) % (1 << 20)))
    return film


def _blocks(file: "object") -> Iterator[bytes]:
    while block := file.read(1 << 20):  # type: ignore[attr-defined]
        yield block


@contextmanager
def _process(command: Sequence[str], url: str, environment: dict[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(list(command), env={**os.environ, **(environment or {})})
    try:
        deadline = time.monotonic() + 20
        while not _answers(url):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{command[0]} does not answer")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx2.head(url, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _family(pid: int) -> tuple[int, ...]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (pid, *(int(child) for child in children))


def _command(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
