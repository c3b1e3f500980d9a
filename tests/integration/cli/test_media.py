"""Files at the command line: what a person types, and what comes out."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from playhead.cli.main import run
from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.clips import encrypted, make_clip, text_as_mp4, truncated, zero_bytes
from tests.fixtures.processes import obey_ctrl_c
from tests.fixtures.sync import read_frames

SIZE = (160, 90)


def media(*words: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "playhead", "media", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def tells(*words: str | Path) -> Any:
    done = media(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_probe_tells_an_mp4_from_its_index(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=2, size=SIZE, gop=15, name="clip.mp4")

    (facts,) = tells("probe", clip)
    video, audio = facts["tracks"]

    assert (facts["container"], facts["faststart"], facts["fragmented"]) == ("mp4", False, False)
    assert facts["duration_s"] == 2.0
    assert (video["width"], video["height"], video["fps"], video["constant_rate"]) == (160, 90, "30", True)
    assert (video["codec"], video["codec_string"][:7], video["keyframe_interval_s"]) == ("h264", "avc1.64", 0.5)
    assert (audio["codec_string"], audio["sample_rate"], audio["channels"]) == ("mp4a.40.2", 48_000, 2)
    assert "160×90, 30 fps" in media("probe", clip).stdout


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.webm"])
def test_probe_agrees_with_libav(tmp_path: Path, name: str) -> None:
    """What is read in place and what the full examination finds are the same."""
    clip = make_clip(tmp_path, seconds=1, size=SIZE, codec="vp9" if name.endswith("webm") else "h264", name=name)

    assert tells("probe", clip) == tells("probe", clip, "--decode")


def test_probe_says_when_a_header_lies(tmp_path: Path) -> None:
    """Half of the duration that is told in ``mvhd`` and ``mdhd``; the tables know better."""
    clip = make_clip(tmp_path, seconds=2, size=SIZE, audio=False, name="clip.mp4")
    data = bytearray(clip.read_bytes())
    for kind, at in ((b"mvhd", 20), (b"mdhd", 20)):
        place = data.index(kind) + at
        told = int.from_bytes(data[place : place + 4], "big")
        data[place : place + 4] = (told // 2).to_bytes(4, "big")
    clip.write_bytes(data)

    (facts,) = tells("probe", clip)

    assert (facts["duration_s"], facts["header_duration_s"]) == (2.0, 1.0)
    assert "2.000 s; the header claims 1.000 s" in media("probe", clip).stdout


@pytest.mark.parametrize("decode", [[], ["--decode"]], ids=["index", "libav"])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_video_of_varying_rate_is_as_long_as_it_is_shown(tmp_path: Path, decode: list[str], b_frames: int) -> None:
    """30 frames a second, then 7.5, to 3.9 s: with B-frames its samples in decode order last 0.2 s less."""
    clip = make_clip(tmp_path, seconds=4, size=SIZE, audio=False, name="clip.mp4")
    varying = tmp_path / "varying.mp4"
    rate = ["-vf", "select='lt(n,60)+not(mod(n,4))'", "-fps_mode", "vfr"]
    codec = ["-c:v", "libx264", "-bf", str(b_frames), "-x264-params", "b-adapt=0:keyint=600:scenecut=0"]
    subprocess.run([find_ffmpeg().binary, "-v", "error", "-i", clip, *rate, *codec, varying], check=True)

    (facts,) = tells("probe", varying, *decode)
    (video,) = facts["tracks"]

    assert facts["duration_s"] == pytest.approx(3.9, abs=0.001)
    assert (video["duration_s"], video["header_duration_s"]) == (facts["duration_s"], None)
    assert video["keyframe_interval_s"] == facts["duration_s"]
    assert "claims" not in media("probe", varying, *decode).stdout


@pytest.mark.parametrize(("channels", "words"), [(1, "mono"), (2, "stereo"), (6, "5.1"), (5, "5 channels")])
def test_probe_says_channels_as_people_do(tmp_path: Path, channels: int, words: str) -> None:
    sound = "aevalsrc=" + "|".join(["sin(t)"] * channels) + ":d=1"
    inputs = ["-f", "lavfi", "-i", "color=s=160x90:d=1", "-f", "lavfi", "-i", sound]
    subprocess.run([find_ffmpeg().binary, "-v", "error", *inputs, "-c:a", "aac", tmp_path / "clip.mp4"], check=True)

    assert f"44100 Hz, {words}, " in media("probe", tmp_path / "clip.mp4").stdout


@pytest.mark.parametrize("command", ["probe", "plan", "stitch", "hls", "poster", "storyboard", "preview"])
def test_every_command_says_alike_what_is_wrong_with_a_file(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its name, and a hint that fits a file that nobody uploads."""
    missing, empty, folder = tmp_path / "missing.mp4", zero_bytes(tmp_path), tmp_path / "folder"
    folder.mkdir()
    locked = encrypted(tmp_path)
    out = [] if command in ("probe", "plan") else ["-o", str(tmp_path / "out")]

    codes = [run(["media", command, str(file), *out]) for file in (missing, empty, folder, locked)]

    assert codes == [1, 1, 1, 1]
    assert [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error")] == [
        f"Error: There is no file {missing}.",
        f"Error: {empty}: This file is empty (0 bytes). Copy or download it again.",
        f"Error: {folder} is a folder. Name a file in it.",
        f"Error: {locked}: This video is encrypted: Playhead cannot play or stitch it. Export it, or download it, "
        "without copy protection (DRM).",
    ]


def test_probe_has_a_remark_where_more_is_in_a_file_than_is_read(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=1, size=SIZE, name="clip.mp4")
    two = tmp_path / "two.mp4"
    two.write_bytes(clip.read_bytes() * 2)

    (facts,), (plain,) = tells("probe", two), tells("probe", clip)

    assert plain["remarks"] == []
    assert facts["remarks"] == [
        f"Behind the first recording (1.0 s, {clip.stat().st_size / 1000:.1f} kB) there is a second one of "
        f"{clip.stat().st_size / 1000:.1f} kB, which is not read; split the file to use it."
    ]
    assert f"remark     {facts['remarks'][0]}" in media("probe", two).stdout


def test_probe_names_each_file_that_is_no_video_and_tells_the_others(tmp_path: Path) -> None:
    good = make_clip(tmp_path, seconds=1, size=SIZE, name="good.mp4")
    text, cut = text_as_mp4(tmp_path), truncated(tmp_path)

    done = media("probe", tmp_path / "missing.mp4", text, good, cut, tmp_path)

    assert done.returncode == 1
    assert str(good) in done.stdout
    errors = done.stderr.splitlines()
    assert len(errors) == 4
    for error, words in zip(errors, ("no file", "reads like text", "cut.mp4: ", "is a folder"), strict=True):
        assert error.startswith("Error: ")
        assert words in error


def test_plan_says_for_each_clip_what_is_done_and_why(tmp_path: Path) -> None:
    fits = make_clip(tmp_path, seconds=3, size=SIZE, gop=15, name="fits.mp4")
    other = make_clip(tmp_path, seconds=1, size=(80, 60), fps=25, name="other.mp4")

    done = media("plan", fits, f"{fits}:0.25-2.5", other)

    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()[:4]
    assert head.split()[:4] == ["CLIP", "FILE", "SPAN", "ACTION"]
    assert [row.split()[3] for row in rows] == ["copy", "boundary", "encode"]
    assert "80×60 against 160×90" in rows[2]
    assert [clip["action"] for clip in tells("plan", fits, other)["clips"]] == ["copy", "encode"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fits.mp4", "other.mp4"]


@pytest.mark.parametrize("verify", ["joins", "packets"])
def test_stitch_prints_the_file_that_it_wrote(tmp_path: Path, verify: str) -> None:
    one = make_clip(tmp_path, seconds=2, size=SIZE, mark=1, gop=15)
    two = make_clip(tmp_path, seconds=1, size=SIZE, mark=2, codec="vp9")
    out = tmp_path / "reel.mp4"

    done = media("stitch", f"{one}:0.5-", two, "-o", out, "--verify", verify)

    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    assert "1 of 2 clips is copied" in done.stderr or "copied" in done.stderr
    frames = read_frames(out, {1: SIZE, 2: SIZE})
    assert [(frame.mark, frame.number) for frame in frames] == [(1, n) for n in range(15, 60)] + [
        (2, n) for n in range(30)
    ]
    facts = tells("stitch", one, two, "-o", out, "--force", "--size", "80x60", "--fps", "25")
    assert (facts["probe"]["video"]["width"], facts["probe"]["video"]["fps"]) == (80, "25")


def test_stitch_refuses_to_overwrite_and_says_how(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=1, size=SIZE, name="clip.mp4")
    before = clip.read_bytes()

    for out in (clip, tmp_path / "." / "clip.mp4"):
        done = media("stitch", clip, "-o", out, "--force")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "would be overwritten" in done.stderr
    there = tmp_path / "there.mp4"
    there.touch()
    done = media("stitch", clip, "-o", there)

    assert (done.returncode, "--force" in done.stderr) == (1, True)
    assert (clip.read_bytes(), there.stat().st_size) == (before, 0)


@pytest.mark.parametrize("fits", [True, False], ids=["while it is merged", "while it is encoded"])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, *, fits: bool) -> None:
    """A limit on the size of files stands for it."""
    clip = make_clip(tmp_path, seconds=2, size=(320, 180), name="clip.mp4")
    size = clip.stat().st_size
    options = [] if fits else ["--size", "640x360"]

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, size // 4))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = media("stitch", clip, clip, "-o", tmp_path / "reel.mp4", *options, preexec_fn=limited)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stitch_that_is_stopped_leaves_no_file_and_no_process(tmp_path: Path, sent: signal.Signals) -> None:
    """Ctrl-C and a plain kill, while ffmpeg encodes."""
    clip = make_clip(tmp_path, seconds=4, size=(640, 360), name="clip.mp4")
    command = [sys.executable, "-m", "playhead", "media", "stitch", *[str(clip)] * 6, "-o", str(tmp_path / "reel.mp4")]
    command += ["--size", "1920x1080", "--fps", "60"]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=obey_ctrl_c,  # noqa: PLW1509 - one call, and no thread is started here
    )
    try:
        until = time.monotonic() + 120
        while not (children := _children(process.pid)):
            assert time.monotonic() < until
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        process.send_signal(sent)
        process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()

    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
