"""A project with far more clips than anyone arranges by hand."""

import io
from pathlib import Path

import av

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor
from tests.fixtures.server import running_server

CLIPS = 200
SPAN_S = 0.2
FPS = 10


def test_two_hundred_clips_become_one_reel(tmp_path: Path) -> None:
    """Two videos by turns, a short span of each: every frame is there, picture and sound end together."""
    with running_server(tmp_path, media_slots="2") as server, Editor(server) as editor:
        sources = [
            make_clip(tmp_path, seconds=1, size=(64, 64), fps=FPS, name="one.mp4", mark=1),
            make_clip(tmp_path, seconds=1, size=(96, 64), fps=FPS, name="two.mp4", mark=2, audio=False),
        ]
        videos = [editor.upload(path)["id"] for path in sources]
        assert [editor.prepared(video)["state"] for video in videos] == ["ready", "ready"]
        clips = [{"video_id": videos[number % 2], "start_s": 0.2, "end_s": 0.2 + SPAN_S} for number in range(CLIPS)]
        settings = {"width": 64, "height": 64, "fps": FPS, "background": "#000000"}
        project = editor.post("/projects", {"title": "Many", "clips": clips, "settings": settings})

        ended = editor.ended(editor.post(f"/projects/{project['id']}/stitch")["id"], within_s=170)

        assert ended["state"] == "succeeded", ended
        reel = editor.get(f"/projects/{project['id']}")["reel"]["video_id"]
        with av.open(io.BytesIO(editor.fetch(reel)), mode="r") as container:
            assert len(list(container.decode(video=0))) == CLIPS * SPAN_S * FPS
            assert container.duration is not None
            assert abs(container.duration / 1_000_000 - CLIPS * SPAN_S) <= 0.5 / FPS
