"""Stitches of real clips by real processes that are killed, stopped and filled up."""

import io
import os
import signal
from pathlib import Path
from typing import Any

import av
import pytest

from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.processes import ffmpegs_of, is_alive, worker_of
from tests.fixtures.server import Server, restarted, running_server
from tests.fixtures.tiers import thorough

HALF_A_FRAME = 0.5 / 30


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Short clips that share nothing, and a long one that takes seconds to render."""
    folder = tmp_path_factory.mktemp("clips")
    return [
        make_clip(folder, seconds=1, size=(320, 180), fps=30, name="one.mp4"),
        make_clip(folder, seconds=1, size=(180, 320), fps=24, audio=False, name="two.mp4"),
        make_clip(folder, seconds=10, size=(640, 360), fps=25, name="long.mp4"),
    ]


def measure(data: bytes) -> tuple[int, float]:
    """Frames that decode, and the seconds of the longest track."""
    with av.open(io.BytesIO(data), mode="r") as container:
        frames = len(list(container.decode(video=0)))
        assert container.duration is not None
        return frames, container.duration / 1_000_000


LARGE = {"settings": {"width": 1280, "height": 720, "fps": 30, "background": "#000000"}}
"""At this size the long clip takes its time."""

SMALL = {"settings": {"width": 160, "height": 90, "fps": 25}}
"""As none of the clips is, so that all are rendered."""


def start_stitch(editor: Editor, project: dict[str, Any]) -> str:
    """Ask for a large reel; gives the job's id."""
    path = f"/api/v1/projects/{project['id']}"
    editor.http.patch(path, json=LARGE, headers={"if-match": f'"{project["version"]}"'}).raise_for_status()
    return str(editor.post(f"/projects/{project['id']}/stitch")["id"])


def wait_for_long_render(editor: Editor, server: Server, job: str) -> int:
    """Wait until the long clip, the third, is being rendered; gives its ffmpeg's process id."""

    def look() -> int | None:
        if "clip1-video0" not in editor.steps(job):
            return None
        return next(iter(ffmpegs_of(server.process.pid)), None)

    return wait_for("the long clip being rendered", look)


def leftovers(server: Server) -> list[str]:
    """Files in scratch, parts of jobs, and bytes of videos that nobody lists; rendered pieces are kept on purpose."""
    with Editor(server) as editor:
        known = {video["id"] for video in editor.get("/videos?limit=200")["items"]}
    scratch = [path for path in (server.data / "work").rglob("*") if path.is_file() and ".slots" not in path.parts]
    stored = [path for path in (server.data / "store").rglob("*") if path.is_file()]
    lost = [path for path in stored if not known.intersection(path.parts) and "renders" not in path.parts]
    return [str(path.relative_to(server.data)) for path in scratch + lost]


def test_a_killed_worker_costs_at_most_one_step(tmp_path: Path, clips: list[Path]) -> None:
    """kill -9 in the middle of a render: the job is finished, finished steps are not redone, nothing is left."""
    with running_server(tmp_path) as server, Editor(server) as editor:
        project = editor.project("Killed", clips)
        job = start_stitch(editor, project)
        ffmpeg = wait_for_long_render(editor, server, job)
        before = editor.steps(job)
        worker = worker_of(server.process.pid)
        assert worker is not None

        os.kill(worker, signal.SIGKILL)

        wait_for("the end of the orphan", lambda: not is_alive(ffmpeg))
        assert editor.get(f"/projects/{project['id']}")["status"] == "stitching"
        ended = editor.ended(job)
        after = editor.steps(job)
        found = editor.get(f"/projects/{project['id']}")
        frames, duration = measure(editor.fetch(found["reel"]["video_id"]))

        assert (ended["state"], ended["attempts"]) == ("succeeded", 2), ended
        assert {name: after[name] for name in before} == before
        assert (found["status"], found["reel"]["stale"]) == ("complete", False)
        assert frames == 12 * 30
        assert abs(duration - 12.0) <= HALF_A_FRAME
        wait_for("nothing left behind", lambda: not leftovers(server))


def test_cancel_ends_ffmpeg_and_leaves_nothing(tmp_path: Path, clips: list[Path]) -> None:
    """The child is gone, the project is as it was before, and stitching anew works."""
    with running_server(tmp_path) as server, Editor(server) as editor:
        project = editor.project("Canceled", clips)
        job = start_stitch(editor, project)
        ffmpeg = wait_for_long_render(editor, server, job)

        canceled = editor.post(f"/jobs/{job}/cancel")

        assert canceled["state"] == "canceled"
        wait_for("the end of ffmpeg", lambda: not is_alive(ffmpeg))
        assert editor.get(f"/projects/{project['id']}")["status"] == "ready"
        assert editor.http.post(f"/api/v1/jobs/{job}/cancel").status_code == 409
        again = editor.post(f"/projects/{project['id']}/stitch")["id"]
        assert again != job
        editor.post(f"/jobs/{again}/cancel")


@thorough
def test_an_edit_renders_only_what_it_changed(tmp_path: Path, clips: list[Path]) -> None:
    """Clips that only change places are found rendered; a new one is not."""
    with running_server(tmp_path) as server, Editor(server) as editor:
        project = editor.project("Edited", [clips[0], clips[1]])
        path = f"/api/v1/projects/{project['id']}"
        editor.http.patch(path, json=SMALL, headers={"if-match": '"1"'}).raise_for_status()
        first = editor.ended(editor.post(f"/projects/{project['id']}/stitch")["id"])
        kept = [{name: clip[name] for name in ("id", "video_id")} for clip in project["clips"]]
        new = {"video_id": kept[0]["video_id"], "start_s": 0.3}
        editor.http.put(f"{path}/clips", json=[*kept[::-1], new], headers={"if-match": '"2"'}).raise_for_status()
        second = editor.ended(editor.post(f"/projects/{project['id']}/stitch")["id"])

        assert [first["state"], second["state"]] == ["succeeded", "succeeded"], second
        assert pictures(editor, first["id"]) == {"clip0-video0", "clip1-video0"}
        assert pictures(editor, second["id"]) == {"clip2-video0"}
        reel = editor.get(f"/projects/{project['id']}")["reel"]
        assert measure(editor.fetch(reel["video_id"]))[0] == round(2.7 * 25)


def pictures(editor: Editor, job: str) -> set[str]:
    """The pieces of picture that a job rendered."""
    return {name for name in editor.steps(job) if "video" in name}


@thorough
def test_two_projects_stitch_side_by_side(tmp_path: Path, clips: list[Path]) -> None:
    """Each gets its own clips, in its own order; one failing job touches no other."""
    with running_server(tmp_path, media_slots="2") as server, Editor(server) as editor:
        one = editor.project("One", [clips[0], clips[1]])
        two = editor.project("Two", [clips[1], clips[0], clips[0]])

        jobs = [editor.post(f"/projects/{project['id']}/stitch")["id"] for project in (one, two)]

        assert [editor.ended(job)["state"] for job in jobs] == ["succeeded", "succeeded"]
        for project, seconds in ((one, 2), (two, 3)):
            reel = editor.get(f"/projects/{project['id']}")["reel"]
            frames, duration = measure(editor.fetch(reel["video_id"]))
            fps = editor.get(f"/videos/{reel['video_id']}")["fps"]
            assert frames == round(seconds * fps)
            assert abs(duration - seconds) <= 0.5 / fps


@thorough
def test_a_stopped_server_hands_its_stitch_to_the_next(tmp_path: Path, clips: list[Path]) -> None:
    """Ctrl-C in mid-render ends with 0; the next start finishes the job without redoing what was done."""
    with running_server(tmp_path) as server, Editor(server) as editor:
        project = editor.project("Stopped", clips)
        job = start_stitch(editor, project)
        ffmpeg = wait_for_long_render(editor, server, job)
        before = editor.steps(job)

        assert server.stop() == 0
        assert not is_alive(ffmpeg)

    with restarted(server) as again, Editor(again) as editor:
        assert editor.ended(job)["state"] == "succeeded"
        after = editor.steps(job)
        assert {name: after[name] for name in before} == before
        assert editor.get(f"/projects/{project['id']}")["status"] == "complete"
