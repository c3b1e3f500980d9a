"""Clips become one reel: every frame in its place, every beep on its flash, whatever is copied and whatever encoded."""

import itertools
import os
import resource
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.probe import probe
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.plan import StitchPlan
from playhead.media.render.stitch import Stitched, StitchOptions, stitch_files
from tests.fixtures.clips import make_clip
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames

NTSC = Fraction(30000, 1001)
BEEP_TOLERANCE_S = 0.004
"""AAC smears an onset by some samples; a drift of one priming packet would be 0.021 s."""

PACKET_S = 1024 / 48000
"""Copied sound lies on the grid of packets: it may be half of one away from its picture, at every cut anew."""


async def stitch(
    folder: Path,
    clips: Sequence[tuple[Path, float, float | None]],
    size: tuple[int, int],
    fps: Fraction | int,
    **how: str,
) -> Stitched:
    """Stitch and verify; two renders at a time."""
    settings = ReelSettings(width=size[0], height=size[1], fps=Fraction(fps), **how)  # type: ignore[arg-type]
    options = StitchOptions(jobs=2, threads=1)
    return await stitch_files([FileClip(*clip) for clip in clips], settings, folder / "reel.mp4", options)


def of_clip(frames: Sequence[SeenFrame], plan: StitchPlan, index: int) -> Sequence[SeenFrame]:
    """The frames of the reel that are one clip's."""
    clip = plan.clips[index]
    return frames[clip.first_frame : clip.first_frame + clip.frames]


def actions(made: Stitched) -> list[str]:
    """What became of each clip."""
    return [clip.action for clip in made.plan.clips]


@pytest.mark.parametrize("fps", [NTSC, Fraction(25)], ids=str)
async def test_a_mixed_set_keeps_order_length_and_lip_sync_at_every_cut(tmp_path: Path, fps: Fraction) -> None:
    """Sizes, rates, codecs, shapes and missing sound all differ; no beep leaves its flash by more than half a frame."""
    clips = [
        (make_clip(tmp_path, mark=1, fps=30, size=(320, 180)), 0.0, None),
        (make_clip(tmp_path, mark=2, fps=25, size=(480, 270), codec="hevc", seconds=3), 0.4, 2.6),
        (make_clip(tmp_path, mark=3, fps=29.97, codec="vp9"), 0.0, None),
        (make_clip(tmp_path, mark=4, fps=24, size=(180, 320), audio_rate=44100), 0.0, 1.7),
        (make_clip(tmp_path, mark=5, fps=60, audio=False), 0.25, None),
        (make_clip(tmp_path, mark=6, fps=30, audio_delay_s=0.3), 0.0, None),
        (make_clip(tmp_path, mark=7, fps=50, codec="mpeg4"), 0.1, 1.9),
    ]
    shapes = {1: (320, 180), 2: (480, 270), 3: (320, 180), 4: (180, 320), 5: (320, 180), 6: (320, 180), 7: (320, 180)}

    made = await stitch(tmp_path, clips, (640, 360), fps)

    plan, out = made.plan, made.path
    wanted_s = float(sum(clip.end_s - clip.start_s for clip in plan.clips))
    assert actions(made) == ["encode"] * 7
    assert made.probe.duration_s == pytest.approx(wanted_s, abs=1 / float(fps))
    frames = read_frames(out, shapes)
    assert len(frames) == plan.frames
    for index, clip in enumerate(plan.clips):
        seen = of_clip(frames, plan, index)
        assert {frame.mark for frame in seen} == {index + 1}
        source_fps = float((await probe(clips[index][0])).video.fps)
        for number, frame in enumerate(seen):
            shown = clip.start_s + number / float(fps)
            nearest = min(shown * source_fps, source_fps * clip.end_s - 1)
            assert frame.number is not None
            assert abs(frame.number - nearest) <= 0.51 + 0.51 * source_fps / float(fps), (index, number)
    beeps, lights = read_beeps(out), flashes(frames)
    for beep in beeps:
        tolerance = 0.5 / float(fps) + PACKET_S / 2 + BEEP_TOLERANCE_S
        assert min(abs(light - beep) for light in lights) <= tolerance, beep
    assert len(beeps) == len(lights) - sum(1 for light in flashes(list(of_clip(frames, plan, 4))))


@pytest.mark.parametrize("sound", ["copy", "encode"])
async def test_like_clips_are_copied_with_every_frame_and_no_drift(tmp_path: Path, sound: str) -> None:
    """Trims between keyframes encode the cut GOPs alone; the twelfth cut is as exact as the first."""
    path = make_clip(tmp_path, seconds=4, gop=15, size=(160, 90))
    spans = [(0.0, None), (0.4, 3.9), (1.0, 3.0), (0.7, None)] * 3

    made = await stitch(tmp_path, [(path, *span) for span in spans], (160, 90), 30, audio=sound)

    assert set(actions(made)) == {"copy", "boundary"}
    encoded_s = sum(clip.encoded_s for clip in made.plan.clips)
    assert encoded_s < 0.35 * made.plan.duration_s
    frames = read_frames(made.path, {1: (160, 90)})
    for index, (start_s, _) in enumerate(spans):
        numbers = [frame.number for frame in of_clip(frames, made.plan, index)]
        first = round(start_s * 30)
        assert abs((numbers[0] or 0) - first) <= 1, index
        assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + len(numbers))), index
    lights, beeps = flashes(frames), read_beeps(made.path)
    assert len(beeps) == len(lights)
    tolerance = BEEP_TOLERANCE_S + (PACKET_S / 2 if sound == "copy" else 0.5 / 30)
    assert [beep - light for beep, light in zip(beeps, lights, strict=True)] == pytest.approx(
        [0.0] * len(beeps), abs=tolerance
    )


@pytest.mark.parametrize("gop", [100, 15])
async def test_a_trim_starts_and_ends_on_the_very_frame(tmp_path: Path, gop: int) -> None:
    """Frames 37 to 70 of a clip are exactly those, wherever the cut falls in its group, copied in part or not."""
    path = make_clip(tmp_path, seconds=4, gop=gop)

    made = await stitch(tmp_path, [(path, 37 / 30, 71 / 30), (path, 0.5, 0.6)], (320, 180), 30)

    assert actions(made) == (["encode", "encode"] if gop == 100 else ["boundary", "copy"])
    assert [frame.number for frame in read_frames(made.path, {1: (320, 180)})] == [*range(37, 71), 15, 16, 17]


@pytest.mark.parametrize("name", ["a.mkv", "a.mov", "a.ts", "a.flv", "a.webm", "a.avi"])
async def test_a_trim_keeps_lip_sync_in_every_container(tmp_path: Path, name: str) -> None:
    """Seeking differs from one to the next; the flash and its beep come out together all the same."""
    codec = {"webm": "vp9", "avi": "mpeg4"}.get(name[-4:].strip("."), "h264")
    path = make_clip(tmp_path, seconds=6, gop=75, name=name, codec=codec)

    made = await stitch(tmp_path, [(path, 3.2, 5.0), (path, 0, 1.0)], (320, 180), 30)

    frames = read_frames(made.path, {1: (320, 180)})
    numbers = [frame.number for frame in of_clip(frames, made.plan, 0)]
    assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + 54))
    assert numbers[0] in {"a.ts": {95, 96}, "a.flv": {94, 95, 96}}.get(name, {96})
    assert flashes(frames) == pytest.approx(read_beeps(made.path), abs=0.5 / 30 + PACKET_S / 2 + BEEP_TOLERANCE_S)


async def test_a_beep_right_at_the_cut_is_neither_lost_nor_smeared(tmp_path: Path) -> None:
    """Cuts placed on the beep itself put it on the first sample of the clip, each time."""
    path = make_clip(tmp_path, seconds=3)

    made = await stitch(
        tmp_path, [(path, 0.5, 1.2), (path, 1.5, 2.2), (path, 0.5, 1.3)], (320, 180), NTSC, audio="encode"
    )

    starts = [clip.start_tick / made.plan.format.timescale for clip in made.plan.clips]
    assert read_beeps(made.path) == pytest.approx(starts, abs=BEEP_TOLERANCE_S)


async def test_a_turned_clip_stands_upright(tmp_path: Path) -> None:
    """A phone's rotation is applied: the code strip of the stored picture's top comes out at the right."""
    import av
    import numpy as np

    path = make_clip(tmp_path, seconds=1, rotate=90)

    made = await stitch(tmp_path, [(path, 0, None)], (180, 320), 30)

    assert "turned by 90 degrees" in made.plan.clips[0].reason
    with av.open(str(made.path)) as container:
        picture = next(container.decode(container.streams.video[0])).to_ndarray(format="gray").astype(np.int16)
    assert picture[:, 135:].std() > 60
    assert picture[:, :130].std() < 15


def limit_with_room_for(count: int) -> int:
    """A limit of descriptors below which so many are free, whatever this process has open for other tests."""
    taken = {int(name) for name in os.listdir("/dev/fd")}  # noqa: PTH208 - a Path would not be shorter
    return next(itertools.islice((number + 1 for number in itertools.count() if number not in taken), count - 1, None))


async def test_two_hundred_clips_join_with_few_open_files_and_no_drift(tmp_path: Path) -> None:
    """At 29.97 each clip is a broken number of microseconds; the last frame is still at its exact time."""
    clips = [make_clip(tmp_path, seconds=0.2, fps=NTSC, mark=mark, gop=3) for mark in (1, 2)]
    end = 6 / NTSC  # 6 frames, which round(0.2 * 29.97) is
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit_with_room_for(48), hard))
    try:
        made = await stitch(tmp_path, [(clips[n % 2], 0, None) for n in range(200)], (320, 180), NTSC)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert set(actions(made)) == {"copy"}
    frames = read_frames(made.path, {1: (320, 180), 2: (320, 180)})
    count = round(end * NTSC)
    assert [(frame.mark, frame.number) for frame in frames] == [
        (n // count % 2 + 1, n % count) for n in range(200 * count)
    ]
    assert frames[-1].at_s == pytest.approx(float((200 * count - 1) / NTSC), abs=1e-4)


async def test_high_dynamic_range_is_brought_to_standard_range(tmp_path: Path) -> None:
    """A PQ source of 10 bits comes out as plain 8-bit BT.709, and is told so beforehand."""
    path = tmp_path / "pq.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=0.5,format=yuv420p10le", "-c:v", "libx265"]
    colour = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    subprocess.run([find_ffmpeg().binary, "-v", "error", *picture, "-x265-params", colour, path], check=True)

    made = await stitch(tmp_path, [(path, 0, None)], (320, 180), 30)

    assert "HDR: brought to standard range" in made.plan.clips[0].reason
    assert (made.probe.video.pix_fmt, made.probe.video.hdr) == ("yuv420p", False)


async def test_a_silent_reel_has_no_sound_track(tmp_path: Path) -> None:
    """Where no clip has sound, none is invented."""
    path = make_clip(tmp_path, seconds=1, audio=False)

    made = await stitch(tmp_path, [(path, 0, None), (path, 0.2, 0.7)], (320, 180), 25)

    assert made.probe.audio is None
