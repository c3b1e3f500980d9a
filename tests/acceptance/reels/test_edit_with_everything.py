"""One edit with every kind of effect, stitched by a real server, in two shapes."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.acceptance.reels.test_stitch_survives import measure
from tests.fixtures.clips import make_clip
from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.images import gradient, stored
from tests.fixtures.processes import ffmpegs_of, worker_of
from tests.fixtures.server import Server, running_server
from tests.fixtures.tiers import thorough

SIZE, FPS = (320, 180), 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, since a worker of it is killed."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def project(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two clips of 6 s with a crossfade between them, an image, a card; music, watermark, captions and a title."""
    folder = tmp_path_factory.mktemp("clips")
    with Editor(server) as editor:
        one, two, music = (
            editor.upload(make_clip(folder, seconds=seconds, size=SIZE, fps=FPS, gop=15, name=name))["id"]
            for seconds, name in ((6, "one.mp4"), (6, "two.mp4"), (3, "music.mp4"))
        )
        for video in (one, two, music):
            assert editor.prepared(video)["state"] == "ready"
        body = stored(gradient(), "PNG")
        image = editor.http.post("/api/v1/images", params={"filename": "logo.png"}, content=body).json()["id"]
        srt = "1\n00:00:01,000 --> 00:00:02,000\nHello\n"
        track = editor.post(f"/videos/{one}/captions", {"text": srt, "language": "en"})["id"]
        found: dict[str, Any] = editor.post(
            "/projects",
            {
                "title": "Everything",
                "clips": [
                    {
                        "video_id": one,
                        "captions": {"track_id": track},
                        "fade_in_s": 0.5,
                        "titles": [{"text": "Here", "start_s": 0.5, "end_s": 1.5}],
                    },
                    {"video_id": two, "transition_in": {"kind": "crossfade", "duration_s": 1}, "volume": 0.5},
                    {"image_id": image, "end_s": 1, "zoom": "in"},
                    {"card": {"text": "The end"}, "end_s": 1, "transition_in": {"kind": "dip", "duration_s": 0.4}},
                    {"video_id": two, "end_s": 2, "speed": 2},
                ],
                "music": {"video_id": music, "volume": 0.3, "fade_out_s": 0.5},
                "captions": {"mode": "both", "language": "en"},
            },
        )
    return found


def test_the_reel_is_as_its_plan_says(server: Server, project: dict[str, Any]) -> None:
    """What no effect touches is copied; the reel has its captions, and is stale once their text changes."""
    path = f"/projects/{project['id']}"
    with Editor(server) as editor:
        plan = editor.get(f"{path}/plan")
        ended = editor.ended(editor.post(f"{path}/stitch")["id"])
        assert ended["state"] == "succeeded", ended
        found = editor.get(path)
        reel = found["reel"]["video_id"]
        frames, _ = measure(editor.fetch(reel))
        (captions,) = editor.get(f"/videos/{reel}/captions")["items"]
        track = project["clips"][0]["captions"]["track_id"]
        cues = {"cues": [{"start_s": 1, "end_s": 2, "text": "Bye"}]}
        tag = {"If-Match": f'"{editor.get(f"/captions/{track}")["version"]}"'}
        editor.http.put(f"/api/v1/captions/{track}/cues", json=cues, headers=tag).raise_for_status()
        changed = editor.get(path)

    assert plan["duration_s"] == pytest.approx(6 + 6 - 1 + 1 + 1 + 1, abs=1 / FPS)
    assert frames == round(plan["duration_s"] * FPS)
    first = plan["clips"][0]
    assert first["action"] == "boundary"
    assert [span["action"] for span in first["spans"]] == ["encode", "copy"]
    assert "copy" in [span["action"] for span in plan["clips"][1]["spans"]]
    assert {clip["action"] for clip in plan["clips"][2:]} == {"encode"}
    assert plan["format"]["sound"] == "encode", "music is mixed in"
    assert (captions["language"], captions["origin"]) == ("en", "reel")
    assert (found["status"], found["reel"]["stale"]) == ("complete", False)
    assert (changed["status"], changed["reel"]["changes"]) == ("stale", ["the text of captions"])


@thorough
def test_a_killed_worker_changes_no_byte(server: Server, project: dict[str, Any]) -> None:
    """The stitch is finished by the next worker; another stitch of the same edit gives the same file."""
    with Editor(server) as editor:
        edit = _copy(project) | {"settings": {"width": 640, "height": 360}}
        one, two = (editor.post("/projects", edit)["id"] for _ in range(2))
        job = editor.post(f"/projects/{one}/stitch")["id"]
        wait_for("something being rendered", lambda: next(iter(ffmpegs_of(server.process.pid)), None))
        worker = worker_of(server.process.pid)
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        ended = editor.ended(job)
        second = editor.ended(editor.post(f"/projects/{two}/stitch")["id"])
        reels = [editor.get(f"/projects/{each}")["reel"]["video_id"] for each in (one, two)]
        hashes = {editor.get(f"/videos/{reel}")["sha256"] for reel in reels}

    assert (ended["state"], ended["attempts"]) == ("succeeded", 2), ended
    assert (second["state"], len(hashes)) == ("succeeded", 1)


@thorough
def test_a_reel_in_another_shape_is_one_of_its_own(server: Server, project: dict[str, Any]) -> None:
    """It is listed in the project with its state, and the project's reel stays what it was."""
    path = f"/projects/{project['id']}"
    with Editor(server) as editor:
        before = editor.get(path)["reel"]
        job = editor.post(f"{path}/stitch", {"aspect": "9:16"})["id"]
        ended = editor.ended(job)
        found = editor.get(path)
        (variant,) = found["variants"]
        video = editor.get(f"/videos/{variant['video_id']}")

    assert ended["state"] == "succeeded", ended
    assert (variant["aspect"], variant["stale"], variant["job_id"]) == ("9:16", False, job)
    assert (video["width"], video["height"]) == (180, 320)
    assert found["reel"] == before


@thorough
def test_a_span_is_rendered_for_a_look(server: Server, project: dict[str, Any]) -> None:
    """In low resolution, by a signed link, not in the library; the same one again is there at once."""
    path = f"/projects/{project['id']}/preview-render"
    with Editor(server) as editor:
        videos = len(editor.get("/videos?limit=200")["items"])
        job = editor.post(path, {"start_s": 5.2, "end_s": 8.0})["id"]
        assert editor.ended(job)["state"] == "succeeded"
        made = editor.get(f"{path}/{job}")
        frames, _ = measure(httpx2.get(made["url"], timeout=60, trust_env=False).raise_for_status().content)
        again = editor.http.post(f"/api/v1{path}", json={"start_s": 5.2, "end_s": 8.0})
        after = len(editor.get("/videos?limit=200")["items"])

    assert made["start_s"] == pytest.approx(4.5, abs=0.01), "before the crossfade"
    assert made["end_s"] == 8.0
    assert frames == pytest.approx(3.5 * FPS, abs=1)
    assert (again.status_code, again.json()["id"]) == (200, job)
    assert after == videos


def _copy(project: dict[str, Any]) -> dict[str, Any]:
    """The same edit as a project of its own."""
    names = ["video_id", "image_id", "card", "start_s", "end_s", "fade_in_s", "titles", "captions", "transition_in"]
    names += ["volume", "zoom", "speed"]
    clips = [{name: clip[name] for name in names} for clip in project["clips"]]
    return {"title": "Copy", "clips": clips, "music": project["music"], "captions": project["captions"]}
