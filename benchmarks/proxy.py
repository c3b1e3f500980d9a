"""A film in a remote store: Playhead's redirect beside a bare route, Playhead's proxy beside obstore alone.

The store is a real S3 server on loopback, which takes a part of the processor from everybody alike. The redirects are
measured while it is down: what they cost holds no call to it.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import servers
from benchmarks.figures import forget_peak, paired, peak_rss_mib, show
from playhead.kit.units import KIB, MIB
from tests.fixtures.media_site import wait_for
from tests.fixtures.s3 import Restartable, restartable_server
from tests.fixtures.server import running_server

FILM_BYTES = 256 * MIB
REDIRECTS = 2000
SECONDS = 3
VIEWERS = (1, 64, 256)
WATCHED_S = 5.0

_READER = [sys.executable, str(Path(__file__).parent / "peers" / "read_ranges.py")]


@dataclass(frozen=True)
class Film:
    """A film in the store, and the server that delivers it."""

    url: str
    key: str
    pid: int


def main() -> None:
    """Print all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = servers.make_film(folder, FILM_BYTES)
        (folder / "s3").mkdir()
        with restartable_server(folder / "s3") as s3:
            os.environ |= s3.server.environment
            bucket = s3.server.new_bucket()
            with _playhead(film, folder / "redirect", s3, bucket, "redirect") as ours:
                _redirects(ours, s3)
            with _playhead(film, folder / "proxy", s3, bucket, "proxy") as ours:
                for length in (64 * MIB, 8 * MIB, MIB):
                    for readers in (1, 8):
                        _ranges(ours, s3, bucket, length, readers)
                _memory(ours)


@contextmanager
def _playhead(film: Path, folder: Path, s3: Restartable, bucket: str, delivery: str) -> Iterator[Film]:
    """``playhead serve`` on the bucket, with the film uploaded."""
    folder.mkdir()
    free = {"client_transfers": "0", "client_connections": "0", "log_format": "json"}
    with running_server(folder, store=s3.server.store_url(bucket), delivery=delivery, **free) as server:
        with server.client() as client, film.open("rb") as file:
            blocks = iter(lambda: file.read(1 << 20), b"")
            video = client.post("/api/v1/videos", content=blocks, timeout=600).raise_for_status().json()["id"]
            wait_for(lambda: client.get(f"/api/v1/videos/{video}").json()["state"] == "ready", "ready", 120)
            link = client.post(f"/api/v1/videos/{video}/playback", json={"ttl_s": 86400}).raise_for_status()
        yield Film(server.url + link.json()["path"], f"videos/{video}/original", server.process.pid)


def _redirects(ours: Film, s3: Restartable) -> None:
    with _bare_route() as peer:
        for url in (ours.url, peer):
            _p99(url, 200)
        s3.stop()
        mine, other = paired(lambda: 1e3 * _p99(ours.url), lambda: 1e3 * _p99(peer), runs=5)
        s3.start()
    show(f"presigned redirect, p99 of {REDIRECTS}, the store being down", mine, other, "bare FastAPI route", "ms")


@contextmanager
def _bare_route() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = ["benchmarks.peers.bare_redirect:app", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([sys.executable, "-m", "uvicorn", *app])
    try:
        wait_for(lambda: _listens(port), "the bare route listens", 30)
        yield f"http://127.0.0.1:{port}/v/film.mp4"
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _p99(url: str, count: int = REDIRECTS) -> float:
    """Seconds within which 99 of 100 redirects came, asked for one after the other over one connection."""
    parts = urlsplit(url)
    assert parts.port is not None
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-\r\n\r\n".encode()
    took: list[float] = []
    with socket.create_connection(("127.0.0.1", parts.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            began = time.perf_counter()
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(16 * KIB)
            took.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 307"):
                raise RuntimeError(f"no redirect: {head[:200]!r}")
    return statistics.quantiles(took, n=100)[98]


def _ranges(ours: Film, s3: Restartable, bucket: str, length: int, readers: int) -> None:
    numbers = [str(FILM_BYTES), str(length), str(readers), str(SECONDS)]
    mine, other = paired(
        lambda: _speed("http", ours.url, *numbers),
        lambda: _speed("obstore", f"{s3.server.endpoint}/{bucket}", ours.key, *numbers),
        runs=5,
    )
    label = f"proxied ranges of {length // MIB} MiB, {readers} at once"
    show(label, mine, other, "obstore alone", "MiB/s")


def _speed(*arguments: str) -> float:
    done = subprocess.run([*_READER, *arguments], check=True, capture_output=True, text=True)
    return float(done.stdout) / MIB


def _memory(ours: Film) -> None:
    """Viewers that take the first bytes and then nothing: all that may wait for them does."""
    base = 0.0
    for viewers in VIEWERS:
        forget_peak(ours.pid)
        taken = [_viewer(ours.url) for _ in range(viewers)]
        time.sleep(WATCHED_S)
        peak = peak_rss_mib(ours.pid)
        for viewer in taken:
            viewer.close()
        base = base or peak
        more = f", {(peak - base) / (viewers - VIEWERS[0]):.2f} MiB for each more" if viewers > VIEWERS[0] else ""
        print(f"{viewers} viewers who stand still: {peak:.0f} MiB at the peak of the API process{more}", flush=True)


def _viewer(url: str) -> socket.socket:
    parts = urlsplit(url)
    viewer = socket.socket()
    viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * KIB)
    viewer.connect(("127.0.0.1", parts.port))
    viewer.sendall(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    if not viewer.recv(64 * KIB).startswith(b"HTTP/1.1 200"):
        raise RuntimeError("a viewer was refused")
    return viewer


if __name__ == "__main__":
    main()
