"""Renditions by the command line, made by a real worker and played by a real server."""

import subprocess
from pathlib import Path

import httpx2

from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures import sync
from tests.fixtures.clips import make_clip
from tests.fixtures.server import Server
from tests.integration.cli.test_commands import says, tells


def test_a_video_gets_renditions_that_players_choose_among(shared_server: Server, tmp_path: Path) -> None:
    """Made, listed, in the stream as a variant, downloaded with sound, deleted."""
    clip = make_clip(tmp_path, seconds=3, size=(320, 180), fps=15, mark=8)
    video = says(shared_server, "upload", str(clip), "--wait").strip()

    made = shared_server.cli("videos", "renditions", video, "--heights", "90", "--download", "90", "--wait")
    items = tells(shared_server, "videos", "renditions", video)
    playlist = says(shared_server, "url", video, "--kind", "hls").strip()
    small = says(shared_server, "url", video, "--rendition", "download-90p").strip()

    assert made.returncode == 0, made.stderr
    assert "160×90, H.264 + audio" in made.stdout
    assert [(item["name"], item["state"]) for item in items] == [("90p", "ready"), ("download-90p", "ready")]
    assert "RESOLUTION=160x90" in httpx2.get(playlist).text
    assert len(frames(playlist, tmp_path)) == 45
    (tmp_path / "small.mp4").write_bytes(httpx2.get(small).content)
    assert len(sync.read_frames(tmp_path / "small.mp4", {8: (320, 180)})) == 45
    assert len(sync.read_beeps(tmp_path / "small.mp4")) == 3

    left = says(shared_server, "videos", "renditions", video, "--delete", "90p")
    assert "download-90p" in left
    assert "RESOLUTION=160x90" not in httpx2.get(playlist).text


def frames(playlist: str, folder: Path) -> list[int]:
    """Numbers of the frames that a player sees of the smallest variant."""
    out = folder / "played.mp4"
    smallest = ["-i", playlist, "-map", "0:v:1", "-c", "copy", str(out)]
    subprocess.run([find_ffmpeg().binary, "-v", "error", *smallest], check=True)
    return [frame.number for frame in sync.read_frames(out, {8: (320, 180)}) if frame.number is not None]


def test_heights_that_are_no_numbers_are_named(shared_server: Server) -> None:
    """Before anything is asked of the server."""
    refused = shared_server.cli("videos", "renditions", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga", "--heights", "small")

    assert refused.returncode == 2
    assert "720,360" in refused.stderr
