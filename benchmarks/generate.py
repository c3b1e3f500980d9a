"""Two hundred generations in flight in one worker, beside a thread for each that polls as a provider's client does."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.fixtures.editor import wait_for
from tests.fixtures.fake_providers import Fake, fake_process
from tests.fixtures.ports import free_port
from tests.fixtures.processes import worker_of
from tests.fixtures.server import Server, running_server

IN_FLIGHT = 200
SECONDS = 30.0
ENDING = 8
"""Of them, which end while they are watched, each by a callback."""

MODEL = "kwaivgi/kling-v2.5-turbo-pro"

PEER = """
import httpx2, resource, sys, threading, time
url, seconds, *ids = sys.argv[1:]
until = time.monotonic() + float(seconds)
def follow(name):
    with httpx2.Client(headers={"authorization": "Bearer r8_test"}, trust_env=False, timeout=60) as client:
        while time.monotonic() < until:
            client.get(f"{url}/replicate/v1/predictions/{name}").json()
            time.sleep(0.5)
threads = [threading.Thread(target=follow, args=(name,)) for name in ids]
began = time.process_time()
for thread in threads: thread.start()
for thread in threads: thread.join()
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

WEIGHT = """
import asyncio, sys
from pathlib import Path
def rss():
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
import playhead.app.worker, playhead.jobs.worker, playhead.generate.running, playhead.generate.configured
from playhead.db.database import Database
import playhead.db.migrate, dbos, sqlalchemy.ext.asyncio, psycopg
base = rss()
import httpx2
httpx2.AsyncClient()
client = rss()
from playhead.generate.adapters import ADAPTERS, adapter_class
for each in ADAPTERS.values():
    adapter_class(each)
sdks = [name for name in ("replicate", "fal_client", "runwayml", "google.genai", "openai") if name in sys.modules]
print(client - base, rss() - client, ",".join(sdks) or "none", flush=True)
"""


def main() -> None:
    """Print polls, CPU, memory, and the time from a callback to a video that is ready."""
    _weight()
    port = free_port()
    settings = {"public_url": f"http://127.0.0.1:{port}", "allow_private_urls": "true"}
    with (
        tempfile.TemporaryDirectory(prefix="ph-bench-") as folder,
        fake_process() as fake,
        running_server(Path(folder), arguments=["--port", str(port)], **settings) as server,
    ):
        worker = wait_for("a worker", lambda: worker_of(server.process.pid))
        idle_cpu, idle_mib = _over(SECONDS / 2, worker)
        project_id = _start(server, fake)
        wait_for("all in flight", lambda: len(fake.charges()) == IN_FLIGHT or None)
        wait_for("their confirmation", lambda: _all_running(server) or None)
        before = _polls(fake)
        cpu, mib = _over(SECONDS, worker)
        polls = (_polls(fake) - before) / SECONDS
        print(f"{IN_FLIGHT} in flight: {polls:.2f} polls/s, {cpu:.1f} % of a core, {mib:.0f} MiB resident")
        print(f"the same worker idle: {idle_cpu:.1f} % of a core, {idle_mib:.0f} MiB resident")
        _peer(fake)
        _endings(server, fake, project_id)


def _weight() -> None:
    done = subprocess.run([sys.executable, "-c", WEIGHT], check=True, capture_output=True, text=True)
    client, adapters, sdks = done.stdout.split()
    print(f"adapters: {float(adapters):.1f} MiB, the HTTP client {float(client):.1f} MiB; SDKs of providers: {sdks}")


def _start(server: Server, fake: Fake) -> str:
    fake.script(steps=["running:100000"])
    fake.script(match="ends", steps=["running:150-180", "succeeded"])
    with server.client() as client:
        settings = {"base_url": f"{fake.url}/replicate/v1", "key": "r8_test"}
        client.put("/api/v1/providers/replicate", json=settings).raise_for_status()
    words = [f"Shot {number} {'ends' if number < ENDING else 'goes on'}" for number in range(IN_FLIGHT)]
    clips = [{"prompt": {"text": text, "provider": "replicate", "model": MODEL}} for text in words]
    project_id = str(server.post("/api/v1/projects", {"title": "Bench", "clips": clips})["id"])
    server.post(f"/api/v1/projects/{project_id}/generate", {})
    return project_id


def _all_running(server: Server) -> bool:
    return all(not server.get(f"/api/v1/generations?state={state}")["items"] for state in ("queued", "submitting"))


def _over(seconds: float, pid: int) -> tuple[float, float]:
    """Percent of a core over a while, and the memory at its end."""
    before, began = _cpu_s(pid), time.monotonic()
    time.sleep(seconds)
    percent = 100 * (_cpu_s(pid) - before) / (time.monotonic() - began)
    status = Path(f"/proc/{pid}/status").read_text()
    return percent, int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _polls(fake: Fake) -> int:
    found = [each for each in fake.requests() if each["method"] == "GET" and "/predictions/" in each["path"]]
    return len(found)


def _peer(fake: Fake) -> None:
    seconds, before = 10.0, _polls(fake)
    ids = [run["id"] for run in fake.charges()]
    done = subprocess.run(
        [sys.executable, "-c", PEER, fake.url, str(seconds), *ids], check=True, capture_output=True, text=True
    )
    cpu, mib = map(float, done.stdout.split())
    polls = (_polls(fake) - before) / seconds
    print(f"a thread each, polling twice a second: {polls:.0f} polls/s, {10 * cpu:.0f} % of a core, {mib:.0f} MiB")


def _endings(server: Server, fake: Fake, project_id: str) -> None:
    def ended() -> Any:
        found = server.get(f"/api/v1/generations?state=succeeded&project_id={project_id}")["items"]
        return found if len(found) == ENDING else None

    done = wait_for("the ends", ended, within_s=600)
    told: dict[str, float] = {}
    for each in fake.callbacks():
        told[each["url"]] = max(each["at"], told.get(each["url"], 0.0))
    took = sorted(
        time_of(generation["finished_at"]) - at
        for generation in done
        for url, at in told.items()
        if generation["id"] in url
    )
    print(f"callback to ready: median {took[len(took) // 2]:.1f} s, longest {took[-1]:.1f} s of {len(took)}")


def time_of(text: str) -> float:
    """Unix time of an RFC 3339 time."""
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


if __name__ == "__main__":
    main()
