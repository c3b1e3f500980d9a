"""Twenty prompts, a provider that misbehaves, processes that die at every step: each is charged once, and one reel."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.fixtures.editor import wait_for
from tests.fixtures.fake_providers import Fake, fake_process
from tests.fixtures.ports import free_port
from tests.fixtures.processes import children_of, is_alive, worker_of
from tests.fixtures.server import Server, running_server, start_serve
from tests.fixtures.sync import read_frames
from tests.fixtures.tiers import thorough

PROMPTS = [f"Shot {number:02}" for number in range(1, 21)]
PRICE = 0.35
"""Of 5 seconds by the model below, in dollars."""

MODEL = "kwaivgi/kling-v2.5-turbo-pro"

ACTIVE = ("queued", "submitting", "running")

MISCHIEF: list[dict[str, Any]] = [
    {"steps": ["queued:0.1-0.5", "running:0.5-3", "succeeded"]},
    {"match": "Shot 01", "submit": ["429:body:5", "ok"]},
    {"match": "Shot 02", "submit": ["wait:5", "ok"]},
    {"match": "Shot 03", "submit": ["drop_before_accept", "ok"]},
    {"match": "Shot 04", "submit": ["slow:9", "ok"], "callback": "missing"},
    {"match": "Shot 05", "submit": ["drop_after_accept", "ok"]},
    {"match": "Shot 06", "submit": ["500_after_accept", "ok"]},
    {"match": "Shot 07", "submit": ["500_before_accept", "429:header:2", "ok"]},
    {"match": "Shot 08", "callback": "forged", "steps": ["running:2-4", "succeeded"]},
    {"match": "Shot 09", "callback": "duplicate"},
    {"match": "Shot 10", "callback": "replayed"},
    {"match": "Shot 11", "callback": "missing"},
    {"match": "Shot 12", "callback": "late:4"},
    {"match": "Shot 13", "steps": ["running:1", "failed"], "error": "CUDA out of memory"},
    {"match": "Shot 14", "steps": ["running:1", "refused"]},
    {"match": "Shot 15", "result": "gateway_timeout:3"},
    {"match": "Shot 16", "result": "cut:5000"},
    {"match": "Shot 17", "result": "trickle:4"},
    {"match": "Shot 18", "steps": ["warming up:2", "running:1", "succeeded"]},
]


class Service:
    """One installation whose processes are killed, at one address: callbacks go there.

    Attributes:
        kills: Processes that were killed.
    """

    def __init__(self, server: Server, port: int) -> None:
        self.server, self._port = server, port
        self.kills: list[str] = []

    def kill_worker(self) -> None:
        """Kill it as a power cut does; the server starts another one."""
        worker = wait_for("a worker", lambda: worker_of(self.server.process.pid))
        os.kill(worker, signal.SIGKILL)
        self.kills.append("worker")
        wait_for("its end", lambda: not is_alive(worker))

    def kill_api(self) -> None:
        """Kill the server, and with it all that it started; then start it again."""
        process = self.server.process
        for pid in (process.pid, *children_of(process.pid)):
            with suppress(ProcessLookupError):  # a worker may have seen the end of its server already
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self.kills += ["api", "worker"]
        again, url = start_serve(self.server.log.parent, self.server.environment, ["--port", str(self._port)])
        self.server = replace(self.server, process=again, url=url)

    def get(self, path: str) -> Any:
        return self.server.get(f"/api/v1{path}")

    def post(self, path: str, body: Any = None) -> Any:
        return self.server.post(f"/api/v1{path}", body)


@contextmanager
def running_service(folder: Path) -> Iterator[Service]:
    port = free_port()
    settings = {"public_url": f"http://127.0.0.1:{port}", "allow_private_urls": "true", "worker_dead_after": "PT5S"}
    with running_server(folder, arguments=["--port", str(port)], **settings) as server:
        service = Service(server, port)
        try:
            yield service
        finally:
            if service.server.process.poll() is None:
                service.server.stop()


def takes_of(service: Service, project_id: str) -> dict[str, Any]:
    """The newest take of each prompt."""
    clips = service.get(f"/projects/{project_id}")["clips"]
    return {clip["prompt"]["text"]: clip["takes"][0] for clip in clips if clip["takes"]}


@thorough
def test_twenty_prompts_are_charged_once_whatever_dies(tmp_path: Path) -> None:
    """The worker is killed with an intent that was not sent, with requests on their way in both directions, with
    requests that were not polled, and with a result half fetched; the server twice among that."""
    with fake_process() as fake, running_service(tmp_path) as service:
        for script in MISCHIEF:
            fake.script(**script)
        with service.server.client() as client:
            settings = {"base_url": f"{fake.url}/replicate/v1", "key": "r8_test"}
            client.put("/api/v1/providers/replicate", json=settings).raise_for_status()
        clips = [{"prompt": {"text": text, "provider": "replicate", "model": MODEL}} for text in PROMPTS]
        project_id = service.post("/projects", {"title": "Shots", "clips": clips})["id"]
        assert round(service.post(f"/projects/{project_id}/estimate", {})["estimated"]["amount"], 2) == 7.0

        _kill_on_the_way(service, fake, project_id)
        _again(service, fake, project_id)
        _all_paid_once(service, fake, project_id)
        _one_reel(service, project_id, tmp_path)
        assert service.kills.count("api") >= 2
        assert service.kills.count("worker") >= 4
        assert fake.trapped() == 0


def _kill_on_the_way(service: Service, fake: Fake, project_id: str) -> None:
    clips = {clip["prompt"]["text"]: clip["id"] for clip in service.get(f"/projects/{project_id}")["clips"]}

    def generate(*numbers: int) -> None:
        wanted = [clips[f"Shot {number:02}"] for number in numbers]
        service.post(f"/projects/{project_id}/generate", {"clip_ids": wanted})

    def until(what: str, holds: Callable[[], bool]) -> None:
        wait_for(what, lambda: holds() or None)

    def runs(number: int) -> list[str]:
        return [run["id"] for run in fake.charges(refunded=None) if run["prompt"] == f"Shot {number:02}"]

    def row(number: int) -> Any:
        return service.get(f"/generations/{takes_of(service, project_id)[f'Shot {number:02}']['id']}")

    generate(1)
    until("a submit that was throttled", lambda: row(1)["provider_words"] is not None)
    generate(3, *range(5, 15))
    until("intents that were written, and not sent", lambda: row(14)["state"] == "submitting")
    service.kill_worker()
    generate(2)
    until("a request that was sent, and not accepted", lambda: row(2)["sent_at"] is not None and not runs(2))
    service.kill_api()
    generate(4)
    until("a request that was accepted, and not answered", lambda: bool(runs(4)) and not row(4)["external_id"])
    service.kill_worker()
    generate(15, 16, 18, 19, 20)
    until("a request that was confirmed, and not polled", lambda: bool(_unpolled(service, fake, project_id)))
    service.kill_worker()
    generate(17)
    until("a result that is half fetched", lambda: any(f"/results/{run}" in _fetched(fake) for run in runs(17)))
    service.kill_api()


def _fetched(fake: Fake) -> str:
    return " ".join(each["path"] for each in fake.requests() if each["path"].startswith("/results/"))


def _unpolled(service: Service, fake: Fake, project_id: str) -> list[str]:
    confirmed = [take["id"] for take in takes_of(service, project_id).values() if take["state"] == "running"]
    references = {service.get(f"/generations/{each}")["external_id"] for each in confirmed}
    polled = {each["path"].rpartition("/")[2] for each in fake.requests() if each["method"] == "GET"}
    return sorted(each for each in references if each and each not in polled)


def _again(service: Service, fake: Fake, project_id: str) -> None:
    """What failed and what was refused is generated again, as a person would."""

    def ended() -> Any:
        takes = takes_of(service, project_id)
        return (
            takes if all(take["state"] not in ("queued", "submitting", "running") for take in takes.values()) else None
        )

    takes = wait_for("the end of all", ended)
    states = {text: take["state"] for text, take in takes.items() if take["state"] != "succeeded"}
    assert states == {"Shot 13": "failed", "Shot 14": "refused"}
    assert "out of memory" in takes["Shot 13"]["error"]["message"]
    for text in states:
        fake.script(match=text, steps=["running:0.5", "succeeded"])
        service.post(f"/generations/{takes[text]['id']}/retry", {})
    assert {take["state"] for take in wait_for("the end of all", ended).values()} == {"succeeded"}


def _all_paid_once(service: Service, fake: Fake, project_id: str) -> None:
    assert sorted(charge["prompt"] for charge in fake.charges(refunded=False)) == PROMPTS
    assert sorted(charge["prompt"] for charge in fake.charges(refunded=True)) == ["Shot 13", "Shot 14"]
    project = service.get(f"/projects/{project_id}")
    assert project["status"] == "ready"
    videos = [clip["video_id"] for clip in project["clips"]]
    assert (len(set(videos)), None in videos) == (20, False)
    takes = takes_of(service, project_id)
    assert {round(take["cost"]["actual"], 2) for take in takes.values()} == {PRICE}


def _one_reel(service: Service, project_id: str, folder: Path) -> None:
    """The clips in order, each with its own mark in its frames, by the address for API clients."""
    service.post(f"/projects/{project_id}/stitch", {})
    wait_for("the reel", lambda: service.get(f"/projects/{project_id}")["status"] == "complete" or None)
    with service.server.client() as client:
        whole = client.get(f"/api/v1/projects/{project_id}/combined")
        part = client.get(f"/api/v1/projects/{project_id}/combined", headers={"Range": "bytes=100-199"})
    assert (whole.status_code, part.status_code, part.content) == (200, 206, whole.content[100:200])
    reel = folder / "reel.mp4"
    reel.write_bytes(whole.content)
    marks = [frame.mark for frame in read_frames(reel, dict.fromkeys(range(1, 21), (320, 180)))]
    assert list(dict.fromkeys(marks)) == list(range(1, 21))
