"""Recordings of a real server whose worker dies, and which dies as a whole: each goes on, and its gap is named."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.editor import wait_for
from tests.fixtures.live_sources import (
    FPS,
    REORDERED,
    frames_of,
    make_film,
    needs_nginx_rtmp,
    pictures,
    publishing,
    rtmp_server,
)
from tests.fixtures.processes import children_of, ffmpegs_of, is_alive, worker_of
from tests.fixtures.server import Server, restarted, running_server

pytestmark = needs_nginx_rtmp

FAST = {"allow_private_urls": "true", "live_reconnect_window_url": "4", "worker_dead_after": "5"}


def recording_of(server: Server, recording_id: str) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"/api/v1/recordings/{recording_id}")
    return found


def until(server: Server, recording_id: str, condition: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
    """Wait for something to be true of a recording."""
    seen: dict[str, Any] = {}

    def holds() -> bool:
        seen.update(recording_of(server, recording_id))
        assert seen["state"] != "errored", seen
        return condition(seen)

    wait_for(what, holds)
    return seen


def longer_than(duration_s: float) -> Callable[[dict[str, Any]], bool]:
    return lambda found: found["health"] == "receiving" and found["duration_s"] > duration_s


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    until_ended(*pids)


def until_ended(*pids: int) -> None:
    wait_for("the end of processes", lambda: not any(is_alive(pid) for pid in pids))


def download(server: Server, video_id: str, folder: Path) -> Path:
    """The finished video."""
    path = folder / f"{video_id}.mp4"
    with server.client() as client:
        path.write_bytes(client.get(f"/api/v1/videos/{video_id}/stream").raise_for_status().content)
    return path


def test_a_recording_survives_its_worker_and_the_whole_service(tmp_path: Path) -> None:
    """The gaps say for how long; what ended meanwhile is finalised, and what was requested to stop stops."""
    film = make_film(tmp_path, seconds=60)
    with rtmp_server(tmp_path / "nginx") as nginx, publishing(film, nginx.rtmp("show")):
        (tmp_path / "server").mkdir()
        with running_server(tmp_path / "server", **FAST) as server:
            ids = [
                server.post("/api/v1/recordings", {"url": nginx.rtmp(name), "title": name})["id"]
                for name in ("show", "show")
            ]
            for each in ids:
                until(server, each, longer_than(2), "a recording")
            worker = worker_of(server.process.pid)
            assert worker is not None
            captures = ffmpegs_of(worker)
            assert len(captures) == 2
            kill(worker)
            until_ended(*captures)
            for each in ids:
                until(server, each, lambda found: len(found["gaps"]) == 1 and found["health"] == "receiving", "part 2")
            family = children_of(server.process.pid)
            kill(server.process.pid, *(pid for pid in family if is_alive(pid)))
            with restarted(server) as again:
                for each in ids:
                    until(again, each, lambda found: len(found["gaps"]) == 2 and longer_than(4)(found), "part 3")
                again.post(f"/api/v1/recordings/{ids[0]}/stop")
                ready = until(again, ids[0], lambda found: found["state"] == "ready", "a video")
                video = download(again, ready["video_id"], tmp_path)
                again.post(f"/api/v1/recordings/{ids[1]}/stop")
                until(again, ids[1], lambda found: found["state"] == "ready", "the other video")

    found = frames_of(film).account([video])
    assert not found.unknown
    assert found.repeated == 0
    assert [gap["cause"] for gap in ready["gaps"]] == ["host", "host"]
    missing_s = sum(gap["length_s"] for gap in ready["gaps"])
    assert len(found.missing) / FPS == pytest.approx(missing_s, abs=2 * REORDERED / FPS)
    assert len(pictures(video)) / FPS == pytest.approx(ready["duration_s"], abs=1)
