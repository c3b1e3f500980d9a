"""A video with several audio tracks by the command line: listed, another one chosen, and heard in the next reel."""

from pathlib import Path

from tests.fixtures.audio import Tone, heard_hz, make_tracks, run_ffmpeg
from tests.fixtures.server import Server
from tests.integration.cli.test_commands import says, tells


def test_the_chosen_track_is_stitched(shared_server: Server, tmp_path: Path) -> None:
    """Without a choice it would be the first one with sound."""
    tones = Tone(0, title="Mic"), Tone(600, language="eng"), Tone(700, language="deu", title="Saal")
    clip = make_tracks(tmp_path, "tracks.mkv", *tones)
    video = says(shared_server, "upload", str(clip), "--wait").strip()

    shown = says(shared_server, "videos", "show", video)
    listed = says(shared_server, "videos", "audio", video).splitlines()
    chosen = says(shared_server, "videos", "audio", video, "3").splitlines()
    stitched = reel_of(shared_server, video, tmp_path)
    refused = shared_server.cli("videos", "audio", video, "9")

    assert "3 audio tracks; number 2 (English, mono) is played: the first is silent." in shown
    assert [line.split()[0] for line in listed] == ["TRACK", "1", "2", "3"]
    assert listed[1].endswith("Mic    AAC, mono, 48000 Hz  silent")
    assert [line.endswith("played") for line in listed] == [False, False, True, False]
    assert [line.endswith("played") for line in chosen] == [False, False, False, True]
    assert stitched == 700
    assert refused.returncode == 1
    assert "it has 1 (Mic, mono), 2 (English, mono), 3 (Saal, German, mono)" in refused.stderr


def reel_of(server: Server, video: str, folder: Path) -> int:
    """The pitch of a reel that is stitched of the video."""
    project = tells(server, "projects", "create", "Tracks", "--clip", video)["id"]
    reel = says(server, "stitch", project, "--wait").strip()
    path = folder / f"{reel}.mp4"
    run_ffmpeg("-i", says(server, "url", reel).strip(), "-c", "copy", str(path))
    return heard_hz(path)
