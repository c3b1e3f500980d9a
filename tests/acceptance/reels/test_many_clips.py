"""A project with far more clips than anyone arranges by hand."""

import io
import sqlite3
from pathlib import Path

import av

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.server import Server, another_worker, running_server
from tests.fixtures.tiers import thorough

CLIPS = 200
SPAN_S = 0.2
FPS = 10


@thorough
def test_two_hundred_clips_become_one_reel(tmp_path: Path) -> None:
    """Two videos by turns, a short span of each, shared out to two workers: every frame is there, picture and sound
    end together."""
    with running_server(tmp_path, media_slots="1") as server, Editor(server) as editor, another_worker(server):
        sources = [
            make_clip(tmp_path, seconds=1, size=(64, 64), fps=FPS, name="one.mp4", mark=1),
            make_clip(tmp_path, seconds=1, size=(96, 64), fps=FPS, name="two.mp4", mark=2, audio=False),
        ]
        videos = [editor.upload(path)["id"] for path in sources]
        assert [editor.prepared(video)["state"] for video in videos] == ["ready", "ready"]
        starts = [0.2 + number / 1000 for number in range(CLIPS)]  # no two alike: what is alike is rendered once
        clips = [
            {"video_id": videos[number % 2], "start_s": start, "end_s": start + SPAN_S}
            for number, start in enumerate(starts)
        ]
        settings = {"width": 64, "height": 64, "fps": FPS, "background": "#000000"}
        project = editor.post("/projects", {"title": "Many", "clips": clips, "settings": settings})
        wait_for("two workers", lambda: "2 alive" in str(editor.http.get("/readyz").json()))

        ended = editor.ended(editor.post(f"/projects/{project['id']}/stitch")["id"], within_s=400)

        assert ended["state"] == "succeeded", ended
        assert len(workers_of_parts(server, ended["id"])) == 2
        reel = editor.get(f"/projects/{project['id']}")["reel"]["video_id"]
        with av.open(io.BytesIO(editor.fetch(reel)), mode="r") as container:
            assert len(list(container.decode(video=0))) == CLIPS * SPAN_S * FPS
            assert container.duration is not None
            assert abs(container.duration / 1_000_000 - CLIPS * SPAN_S) <= 0.5 / FPS


def workers_of_parts(server: Server, job: str) -> set[str]:
    """Which workers did the parts of a job, by the job engine's record."""
    with sqlite3.connect(server.data / "jobs.db") as engine:
        found = engine.execute(
            "SELECT DISTINCT executor_id FROM workflow_status WHERE workflow_uuid LIKE ?", [f"{job}/%"]
        )
        return {executor for (executor,) in found}
