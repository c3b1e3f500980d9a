"""Uploads of 2 GiB: how fast beside hashing and writing the same bytes, and how much memory the server takes."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx2

from benchmarks.figures import forget_peak, paired, peak_rss_mib, show
from tests.fixtures.server import Server, running_server

SIZE = 2 << 30
CHUNK = 1 << 20
BLOCK = os.urandom(CHUNK)
TUS = {"Tus-Resumable": "1.0.0"}


def main() -> None:
    """Print both ways in."""
    with tempfile.TemporaryDirectory() as name, running_server(Path(name), upload_max=str(SIZE * 2)) as server:
        folder = Path(name)
        for label, send in (("one request", _plain), ("tus, PATCHes of 64 MiB", _tus)):
            forget_peak(server.process.pid)
            before = peak_rss_mib(server.process.pid)
            ours, peer = paired(partial(_timed, server, send), partial(_hash_and_write, folder), runs=2)
            after = peak_rss_mib(server.process.pid)
            show(f"2 GiB by {label}", ours, peer, "hash and write alone")
            print(f"  memory of the API process: {before:.0f} MiB before, {after:.0f} MiB at its peak")


def _timed(server: Server, send: Callable[[httpx2.Client], str]) -> float:
    with server.client() as client:
        began = time.perf_counter()
        video = send(client)
        took = time.perf_counter() - began
        client.delete(f"/api/v1/videos/{video}").raise_for_status()
        return took


def _plain(client: httpx2.Client) -> str:
    answer = client.post("/api/v1/videos", content=_bytes(SIZE), timeout=600).raise_for_status()
    return str(answer.json()["id"])


def _tus(client: httpx2.Client) -> str:
    url = client.post("/api/v1/uploads", headers=TUS | {"Upload-Length": str(SIZE)}).headers["location"]
    part = 64 << 20
    for offset in range(0, SIZE, part):
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        answer = client.patch(url, content=_bytes(part), headers=headers, timeout=600).raise_for_status()
    return str(answer.headers["playhead-video"])


def _bytes(size: int) -> Iterator[bytes]:
    for _ in range(size // CHUNK):
        yield BLOCK


def _hash_and_write(folder: Path) -> float:
    began = time.perf_counter()
    digest = hashlib.sha256()
    with (folder / "peer").open("wb") as out:
        for block in _bytes(SIZE):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    (folder / "peer").unlink()
    return time.perf_counter() - began
