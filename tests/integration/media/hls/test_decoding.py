"""Streams decoded by ffmpeg and read frame by frame: the same pictures and the same sound as in the file."""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.hls.audio import SegmentedAudio
from playhead.media.hls.folder import write_folder
from playhead.media.hls.stream import cut_stream
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from tests.fixtures.clips import make_clip
from tests.fixtures.edits import EditRow, with_edits
from tests.fixtures.sync import flashes, read_beeps, read_frames

SIZE = (160, 90)


def ffmpeg(*arguments: str | Path) -> str:
    """Run it; what it wrote."""
    command = [str(find_ffmpeg().binary), "-v", "error", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def hashes(path: Path, track: str) -> list[str]:
    """A hash of every decoded frame, none dropped or doubled."""
    listed = ffmpeg("-i", path, "-map", f"0:{track}:0", "-fps_mode", "passthrough", "-f", "framemd5", "-")
    return [line.split(",")[-1].strip() for line in listed.splitlines() if not line.startswith("#")]


def encoded(folder: Path, *options: str, seconds: float = 9, audio: bool = True) -> Path:
    """A clip encoded once more with the given options."""
    source = make_clip(folder, seconds=seconds, size=SIZE, gop=45, audio=audio, name="source.mp4")
    out = folder / "encoded.mp4"
    ffmpeg("-i", source, "-c:v", "libx264", *options, *(["-c:a", "copy"] if audio else []), out)
    return out


ENCODINGS = {
    "B-frames": ["-preset", "medium", "-bf", "3", "-g", "45"],
    "no B-frames": ["-preset", "ultrafast", "-g", "45"],
    "open GOPs": ["-x264-params", "open-gop=1:keyint=45:min-keyint=45:scenecut=0:bframes=3"],
    "one GOP": ["-g", "1000", "-x264-params", "scenecut=0"],
    "keyframes only": ["-g", "1"],
    "negative composition offsets": ["-bf", "2", "-g", "45", "-movflags", "+negative_cts_offsets"],
    "fragments": ["-bf", "2", "-g", "45", "-movflags", "+frag_keyframe+empty_moov+default_base_moof"],
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_frame_is_the_same_as_in_the_file(tmp_path: Path, name: str) -> None:
    clip = encoded(tmp_path, *ENCODINGS[name])

    write_folder(clip, tmp_path / "hls")

    assert hashes(tmp_path / "hls/index.m3u8", "v") == hashes(clip, "v")


def test_hevc_decodes_to_the_same_frames(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=7, size=SIZE, codec="hevc", gop=60)

    write_folder(clip, tmp_path / "hls")

    assert hashes(tmp_path / "hls/index.m3u8", "v") == hashes(clip, "v")


def test_sound_is_the_same_from_its_first_sample_on(tmp_path: Path) -> None:
    """The priming packet is decoded and skipped; only the padding of the last packet is played as well."""
    clip = make_clip(tmp_path, seconds=8, size=SIZE, gop=60)

    write_folder(clip, tmp_path / "hls")

    stream, file = hashes(tmp_path / "hls/index.m3u8", "a"), hashes(clip, "a")
    assert len(stream) == len(file) > 370
    assert stream[:-1] == file[:-1]


def test_pictures_and_sound_begin_together(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=2, size=SIZE)

    write_folder(clip, tmp_path / "hls")

    with av.open(str(tmp_path / "hls/index.m3u8")) as container:
        first: dict[type, float] = {}
        for frame in container.decode(container.streams.video[0], container.streams.audio[0]):
            assert isinstance(frame, av.VideoFrame | av.AudioFrame)
            first.setdefault(type(frame), frame.time or 0.0)
    assert first[av.VideoFrame] == pytest.approx(first[av.AudioFrame], abs=0.0005)


def assembled(stream: SegmentedVideo | SegmentedAudio, clip: Path, out: Path) -> Path:
    """One file of a track's init segment and all its segments."""
    with FileBytes(clip) as source, out.open("wb") as file:
        file.write(stream.init())
        for number in range(len(stream.cuts) - 1):
            for part in stream.segment(number):
                file.write(part if isinstance(part, bytes) else source.read_at(part[0], part[1] - part[0]))
    return out


SPANS = [("1.37", "3.71"), ("0", "1.5"), ("4.1", "8.97"), ("2.0", "2.0334")]


@pytest.mark.parametrize(("start", "end"), SPANS)
@pytest.mark.parametrize("name", ["B-frames", "open GOPs"])
def test_a_span_decodes_to_its_frames(tmp_path: Path, name: str, start: str, end: str) -> None:
    """After the hidden frames come those of the span, each at its time, without an error of the decoder."""
    clip = encoded(tmp_path, *ENCODINGS[name])
    with FileBytes(clip) as source:
        stream = cut_stream(read_movie(source), Fraction(start), Fraction(end), followed=False)

    frames = read_frames(assembled(stream.video, clip, tmp_path / "span.mp4"), {1: SIZE})

    lead = float(stream.video.lead_s)
    ends = [frame.at_s for frame in frames[1:]] + [float(stream.video.bounds_s[-1])]
    seen = [frame for frame, until in zip(frames, ends, strict=True) if frame.at_s >= lead - 1e-6]
    first, last = int(Fraction(start) * 30), -int(-Fraction(end) * 30 // 1) - 1
    numbers = [frame.number for frame in seen]
    assert numbers[: last - first + 1] == list(range(first, last + 1))
    for before, after in pairwise(seen[: last - first + 1][1:]):
        assert after.at_s - before.at_s == pytest.approx(1 / 30, abs=1e-5)


@pytest.mark.parametrize("start", ["1.0", "1.37", "2.713"])
def test_the_sound_of_a_span_stays_on_its_pictures(tmp_path: Path, start: str) -> None:
    """Beeps begin on frame 15 of each second, wherever the span begins."""
    clip = make_clip(tmp_path, seconds=6, size=SIZE, gop=60)
    with FileBytes(clip) as source:
        stream = cut_stream(read_movie(source), Fraction(start), Fraction(6), followed=False)
    assert stream.audio is not None

    beeps = read_beeps(assembled(stream.audio, clip, tmp_path / "sound.mp4"))

    wanted = [0.5 + second - float(Fraction(start)) for second in range(6)]
    expected = [at + float(stream.video.lead_s) for at in wanted if at > 0.05]
    assert beeps == pytest.approx(expected, abs=0.003)


def test_silence_is_silent_and_as_long_as_the_pictures(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=3, size=SIZE, audio=False)
    with FileBytes(clip) as source:
        stream = cut_stream(read_movie(source), Fraction("0.4"), Fraction("2.4"), followed=False)
    assert stream.audio is not None

    path = assembled(stream.audio, clip, tmp_path / "silence.mp4")

    with av.open(str(path)) as container:
        frames: Sequence[av.AudioFrame] = list(container.decode(container.streams.audio[0]))
    assert sum(frame.samples for frame in frames) / 48_000 == pytest.approx(2.0, abs=0.012)
    assert all(np.abs(frame.to_ndarray()).max() < 1e-4 for frame in frames)


LEAD, SECOND, PRIMING, HEARD = 1024, 15_360, 1024, 48_000
"""Where the first frame and the sound of a clip begin, and how long a second is, in ticks of their tracks."""

Edited = tuple[str, list[EditRow], list[EditRow], int, list[float], list[float]]

EDITED: list[Edited] = [
    # name, edits of pictures and of sound, frames, flashes, beeps
    ("cut at both ends", [(2000, LEAD + SECOND)], [(2000, PRIMING + HEARD)], 60, [0.5, 1.5], [0.5, 1.5]),
    ("in parts that go on", [(1000, LEAD), (1000, LEAD + SECOND)], [(2000, PRIMING)], 60, [0.5, 1.5], [0.5, 1.5]),
    ("pictures late", [(500, -1), (2500, LEAD)], [(3000, PRIMING)], 75, [1, 2], [0.5, 1.5, 2.5]),
    ("sound late", [(3000, LEAD)], [(500, -1), (1400, PRIMING + HEARD)], 90, [0.5, 1.5, 2.5], [1]),
    ("both late", [(1500, -1), (1500, LEAD)], [(1000, -1), (2000, PRIMING)], 45, [1], [0.5, 1.5]),
    ("sound ends early", [(3000, LEAD)], [(1000, PRIMING)], 90, [0.5, 1.5, 2.5], [0.5]),
]


@pytest.mark.parametrize("row", EDITED, ids=[row[0] for row in EDITED])
def test_a_stream_follows_the_edit_list(tmp_path: Path, row: Edited) -> None:
    """Whole and as a span: what it hides is neither seen nor heard, and what it delays comes when it should."""
    _, video, audio, frames, seen, heard = row
    plain, clip = make_clip(tmp_path, seconds=3, size=SIZE, gop=15), tmp_path / "edited.mp4"
    clip.write_bytes(with_edits(plain.read_bytes(), video=video, audio=audio))
    with FileBytes(clip) as source:
        span = cut_stream(read_movie(source), Fraction(0), Fraction(3), followed=False)
    assert span.audio is not None
    parts = assembled(span.video, clip, tmp_path / "v.mp4"), assembled(span.audio, clip, tmp_path / "a.mp4")

    write_folder(clip, tmp_path / "hls")

    index = tmp_path / "hls/index.m3u8"
    for pictures, sound in ((index, index), parts):
        found = read_frames(pictures, {1: SIZE})
        assert len(found) == frames
        assert [round(at, 2) for at in flashes(found)] == seen
        assert read_beeps(sound) == pytest.approx(heard, abs=0.011)
