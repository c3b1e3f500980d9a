"""Captions by the command line: added, transcribed by a real worker, played by a real player."""

from pathlib import Path
from urllib.parse import urljoin

import httpx2

from playhead.media.captions.srt import write_srt
from playhead.media.captions.web_vtt import read_web_vtt
from tests.fixtures.server import Server
from tests.fixtures.voice import make_talking_clip
from tests.integration.cli.test_commands import says, tells

SRT = "1\n00:00:00,500 --> 00:00:01,500\nHello there\n\n2\n00:00:02,000 --> 00:00:03,000\nA & B\n"


def test_captions_are_added_transcribed_and_played(shared_server: Server, tmp_path: Path) -> None:
    """The stream has them at the times of the video."""
    (tmp_path / "talk.srt").write_text(SRT)
    video = says(shared_server, "upload", str(make_talking_clip(4, (1, 3))), "--wait").strip()
    track = says(shared_server, "captions", "add", video, str(tmp_path / "talk.srt"), "--language", "eng").strip()
    made = shared_server.cli("captions", "transcribe", video, "--engine", "pocketsphinx", "--wait")
    items = tells(shared_server, "captions", "list", video)
    playlist = says(shared_server, "url", video, "--kind", "hls").strip()

    assert made.returncode == 0, made.stderr
    assert [(item["id"], item["language"], item["default"], item["origin"]) for item in items] == [
        (track, "en", True, "upload"),
        (made.stdout.strip(), "en", False, "transcription"),
    ]
    assert says(shared_server, "captions", "download", track) == SRT
    assert "-->" in says(shared_server, "captions", "download", items[1]["id"], "--format", "vtt")
    assert played(playlist) == SRT
    says(shared_server, "captions", "delete", items[1]["id"], "--yes")
    assert len(tells(shared_server, "captions", "list", video)) == 1


def test_a_file_that_is_no_captions_is_refused_with_its_line(shared_server: Server, tmp_path: Path) -> None:
    (tmp_path / "bad.srt").write_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nok\n\xff\xff")
    refused = shared_server.cli("captions", "add", "vid_01k3q9h2v7e8t9m5x0c4d6f8ga", str(tmp_path / "bad.srt"))

    assert refused.returncode == 1
    assert "line 4: this is not UTF-8" in refused.stderr


def played(playlist: str) -> str:
    """The text of the first caption track of a stream."""
    master = httpx2.get(playlist).text
    subtitles = next(line for line in master.splitlines() if "TYPE=SUBTITLES" in line)
    listed = urljoin(playlist, subtitles.partition('URI="')[2].rstrip('"'))
    (piece,) = (line for line in httpx2.get(listed).text.splitlines() if line and not line.startswith("#"))
    return write_srt(read_web_vtt(httpx2.get(urljoin(listed, piece)).text))
