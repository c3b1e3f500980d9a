"""A film to many clients: Playhead beside nginx and Starlette's FileResponse, all of them running at once.

Ratios are of one run, pair by pair. ``wrk`` asks over kept connections; nginx counts with the better of ``tcp_nopush``
on and off. Everybody logs each request into a file.
"""

import re
import selectors
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import servers
from benchmarks.servers import Served
from playhead.kit.units import KIB, MIB

ROUNDS = 5
SECONDS = 3
SIZES = (
    (0, "whole file"),
    (10 * MIB, "10 MiB ranges"),
    (MIB, "1 MiB ranges"),
    (64 * KIB, "64 KiB ranges"),
    (KIB, "1 KiB ranges"),
)
FILM_BYTES = 1 << 30
VIEWERS, RATE, WATCHED_S = 1000, 256 * KIB, 10

_RANGES = """
local size, film = {size}, {film}
request = function()
  if size == 0 then return wrk.format("GET") end
  local first = math.random(0, film - size)
  return wrk.format("GET", nil, {{ ["Range"] = string.format("bytes=%d-%d", first, first + size - 1) }})
end
"""


def main() -> None:
    """Print all rows."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        film = servers.make_film(folder, FILM_BYTES)
        ours = stack.enter_context(servers.playhead(film, folder / "playhead"))
        nginx = [
            stack.enter_context(servers.nginx(film, folder / f"nginx-{nopush}", nopush=nopush))
            for nopush in (True, False)
        ]
        starlette = stack.enter_context(servers.file_response(film))
        for size, label in SIZES:
            _throughput(label, size, ours, nginx, starlette, folder)
        _slow_viewers([ours, nginx[0], starlette])
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        film = servers.make_film(folder, FILM_BYTES)
        two = stack.enter_context(servers.playhead(film, folder / "playhead", workers=2))
        peers = [stack.enter_context(servers.nginx(film, folder / "nginx", nopush=False, workers=2))]
        print("with two server processes each:")
        for size, label in SIZES:
            _throughput(f"  {label}", size, two, peers, None, folder)


def _throughput(
    label: str, size: int, ours: Served, nginx: Sequence[Served], starlette: Served | None, folder: Path
) -> None:
    """Bytes a second of each, over and over in turn, and the ratios of each turn."""
    script = folder / "ranges.lua"
    script.write_text(_RANGES.format(size=size, film=FILM_BYTES))
    rows: list[tuple[float, float, float]] = []
    for served in (ours, *nginx, *([starlette] if starlette else [])):
        _wrk(served.url, script, 1)
    for _ in range(ROUNDS):
        mine, best = _wrk(ours.url, script), max(_wrk(one.url, script) for one in nginx)
        rows.append((mine, best, _wrk(starlette.url, script) if starlette else 0.0))
    by_nginx = [mine / best for mine, best, _ in rows]
    text = f"{label}: {statistics.median(row[0] for row in rows) / MIB:.0f} MiB/s; {_of(by_nginx)} x nginx"
    if starlette:
        text += f"; {_of([mine / other for mine, _, other in rows])} x Starlette FileResponse"
    print(text, flush=True)


def _of(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def _wrk(url: str, script: Path, seconds: int = SECONDS) -> float:
    """Bytes a second over eight kept connections."""
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if failed:
        raise RuntimeError(f"{url}: {failed[1]} answers failed")
    amount, unit = re.findall(r"Transfer/sec:\s+([0-9.]+)([KMG]?)B", said)[0]
    return float(amount) * {"": 1, "K": KIB, "M": MIB, "G": 1 << 30}[unit]


def _slow_viewers(all_served: Sequence[Served]) -> None:
    """A thousand clients that each take 256 KiB a second."""
    costs: dict[str, float] = {}
    for served in all_served:
        before = served.cpu_s
        worst, taken = watch(served.url)
        costs[served.name] = (served.cpu_s - before) / WATCHED_S
        print(
            f"{VIEWERS} viewers of 256 KiB/s each, {served.name}: the slowest got {worst / KIB:.0f} KiB/s, "
            f"all together {taken / WATCHED_S / MIB:.0f} MiB/s, {costs[served.name]:.2%} of a core, "
            f"{served.rss_mib:.0f} MiB"
        )
    first, peer = costs[all_served[0].name], costs[all_served[1].name]
    print(f"  processor against {all_served[1].name}: {first / peer:.2f} x", flush=True)


def watch(url: str) -> tuple[float, int]:
    """The rate of the slowest viewer in bytes a second, and what all of them got."""
    parts = urlsplit(url)
    assert parts.port is not None
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    selector, got = selectors.DefaultSelector(), dict[socket.socket, int]()
    for _ in range(VIEWERS):
        viewer = socket.socket()
        viewer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * KIB)
        viewer.connect(("127.0.0.1", parts.port))
        viewer.sendall(request)
        viewer.setblocking(False)
        selector.register(viewer, selectors.EVENT_READ, viewer)
        got[viewer] = 0
    buffer, began = bytearray(64 * KIB), time.monotonic()
    while (now := time.monotonic() - began) < WATCHED_S:
        allowed = int(now * RATE)
        for key, _ in selector.select(0.05):
            viewer = key.data
            while (room := allowed - got[viewer]) > 0:
                try:
                    count = viewer.recv_into(buffer, min(room, len(buffer)))
                except BlockingIOError:
                    break
                if not count:
                    raise RuntimeError(f"{url} ended a viewer's connection")
                got[viewer] += count
        time.sleep(0.02)  # readiness is by level: without it the viewers that wait for their rate would spin
    for viewer in got:
        viewer.close()
    return min(got.values()) / WATCHED_S, sum(got.values())
