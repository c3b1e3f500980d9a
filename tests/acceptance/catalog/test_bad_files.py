"""What people and attackers upload: each ends as errored with a sentence, never stuck, never followed."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures import clips
from tests.fixtures.editor import Editor
from tests.fixtures.server import Server

BAD: list[tuple[str, Callable[[Path], Path], str]] = [
    ("prose", clips.text_as_mp4, "text"),
    ("cut in the middle", clips.truncated, "ends in the middle"),
    ("encrypted", clips.encrypted, "is encrypted"),
    ("a picture of 20,000 x 20,000", clips.huge_header, "20000×20000"),
    ("a playlist to a local file", clips.playlist_as_mp4, "playlist"),
    ("a concat script", clips.ffconcat_as_mp4, ""),
    ("a drawing", clips.svg_as_mp4, ""),
    ("a session description", clips.sdp_as_mp4, ""),
]


@pytest.mark.parametrize(("make", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_file_that_is_no_video_says_so(
    shared_server: Server,
    tmp_path: Path,
    make: Callable[[Path], Path],
    words: str,
) -> None:
    """Errored, with what is wrong and what to do; playback is 404, stitching names it, deleting works."""
    with Editor(shared_server) as editor:
        video = editor.prepared(editor.upload(make(tmp_path))["id"])

        assert video["state"] == "errored", video
        assert words in video["error"]["message"], video["error"]
        assert "Traceback" not in video["error"]["message"]
        assert "/" not in video["error"]["message"]
        assert video["job_id"] is None
        path = f"/api/v1/videos/{video['id']}"
        assert editor.http.post(f"{path}/playback", json={"kind": "file"}).status_code == 404
        assert editor.http.get(f"{path}/thumbnail").status_code == 404
        project = editor.post("/projects", {"title": "x", "clips": [{"video_id": video["id"]}]})
        assert editor.http.post(f"/api/v1/projects/{project['id']}/stitch").status_code == 409
        assert editor.http.delete(f"{path}?force=true").status_code == 204


def test_a_playlist_reaches_nobody(shared_server: Server, tmp_path: Path) -> None:
    """A loopback address inside an upload gets no connection."""
    with socket.socket() as canary, Editor(shared_server) as editor:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.setblocking(False)
        target = f"http://127.0.0.1:{canary.getsockname()[1]}/segment.ts"

        video = editor.prepared(editor.upload(clips.playlist_as_mp4(tmp_path, target=target))["id"])

        assert video["state"] == "errored"
        with pytest.raises(BlockingIOError):
            canary.accept()


def test_a_good_file_after_all_the_bad_ones_is_ready(shared_server: Server, tmp_path: Path) -> None:
    """With its facts, a poster, and its own bytes."""
    path = clips.make_clip(tmp_path, seconds=2, size=(320, 180), fps=25, name="good.mp4")
    with Editor(shared_server) as editor:
        video = editor.prepared(editor.upload(path)["id"])

        assert (video["state"], video["error"]) == ("ready", None)
        assert (video["width"], video["height"], video["fps"], video["duration_s"]) == (320, 180, 25.0, 2.0)
        assert (video["video_codec"], video["audio_codec"]) == ("h264", "aac")
        assert editor.fetch(video["id"]) == path.read_bytes()
        poster = editor.http.get(video["poster_url"], headers={"Authorization": ""})
        assert (poster.status_code, poster.headers["content-type"]) == (200, "image/jpeg")
        assert poster.content.startswith(b"\xff\xd8")
