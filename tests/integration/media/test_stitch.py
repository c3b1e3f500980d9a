"""Unlike clips become one reel: every frame in its place, every beep on its flash."""

import asyncio
import resource
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.errors import VerifyFailed
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.format import ReelFormat
from playhead.media.join import PartMissing, join
from playhead.media.plan import ClipSource, StitchPlan, plan_stitch
from playhead.media.probe import probe
from playhead.media.render import RenderedPaths, render_clip
from playhead.media.verify import verify
from tests.fixtures.clips import make_clip
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames

NTSC = Fraction(30000, 1001)
BEEP_TOLERANCE_S = 0.004
"""AAC smears an onset by some samples; a drift of one priming packet would be 0.021 s."""


async def stitch(
    folder: Path, clips: Sequence[tuple[Path, float, float | None]], form: ReelFormat
) -> tuple[Path, StitchPlan]:
    """Plan, render and join; two renders at a time."""
    sources = [
        ClipSource(f"c{index}", f"v{index}", await probe(path), start, end)
        for index, (path, start, end) in enumerate(clips)
    ]
    plan = plan_stitch(sources, form)
    parts = [
        RenderedPaths(folder / f"{clip.clip_id}.mp4", folder / f"{clip.clip_id}.pcm" if plan.has_audio else None)
        for clip in plan.clips
    ]
    two = asyncio.Semaphore(2)

    async def render(index: int) -> None:
        async with two:
            await render_clip(plan.clips[index], form, clips[index][0], parts[index], threads=1)

    await asyncio.gather(*(render(index) for index in range(len(parts))))
    out = folder / "reel.mp4"
    await join(parts, plan, out)
    return out, plan


def of_clip(frames: Sequence[SeenFrame], plan: StitchPlan, index: int) -> Sequence[SeenFrame]:
    clip = plan.clips[index]
    return frames[clip.first_frame : clip.first_frame + clip.frames]


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

    out, plan = await stitch(tmp_path, clips, ReelFormat(640, 360, fps))
    found = await verify(out, plan)

    assert found.video.frames == plan.frames
    wanted_s = sum(clip.end_s - clip.start_s for clip in plan.clips)
    assert found.duration_s == pytest.approx(wanted_s, abs=0.5 / float(fps))
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
        assert min(abs(light - beep) for light in lights) <= 0.5 / float(fps) + BEEP_TOLERANCE_S, beep
    assert len(beeps) == len(lights) - sum(1 for light in flashes(list(of_clip(frames, plan, 4))))


async def test_a_trim_starts_and_ends_on_the_very_frame(tmp_path: Path) -> None:
    """Frames 37 to 70 of a clip with keyframes far apart are exactly those, wherever the cut falls in its group."""
    path = make_clip(tmp_path, seconds=4, gop=100)

    out, plan = await stitch(tmp_path, [(path, 37 / 30, 71 / 30), (path, 0.5, 0.6)], ReelFormat(320, 180, Fraction(30)))
    await verify(out, plan)

    assert [frame.number for frame in read_frames(out, {1: (320, 180)})] == [*range(37, 71), 15, 16, 17]


@pytest.mark.parametrize("name", ["a.mkv", "a.mov", "a.ts", "a.flv", "a.webm", "a.avi"])
async def test_a_trim_keeps_lip_sync_in_every_container(tmp_path: Path, name: str) -> None:
    """Seeking differs from one to the next; the flash and its beep come out together all the same."""
    codec = {"webm": "vp9", "avi": "mpeg4"}.get(name[-4:].strip("."), "h264")
    path = make_clip(tmp_path, seconds=6, gop=75, name=name, codec=codec)

    out, plan = await stitch(tmp_path, [(path, 3.2, 5.0), (path, 0, 1.0)], ReelFormat(320, 180, Fraction(30)))
    await verify(out, plan)

    frames = read_frames(out, {1: (320, 180)})
    numbers = [frame.number for frame in of_clip(frames, plan, 0)]
    assert numbers == list(range(numbers[0] or 0, (numbers[0] or 0) + 54))
    assert numbers[0] in {"a.ts": {95, 96}, "a.flv": {94, 95, 96}}.get(name, {96})
    assert flashes(frames) == pytest.approx(read_beeps(out), abs=0.5 / 30 + BEEP_TOLERANCE_S)


async def test_a_beep_right_at_the_cut_is_neither_lost_nor_smeared(tmp_path: Path) -> None:
    """Cuts placed on the beep itself put it on the first sample of the clip, each time."""
    path = make_clip(tmp_path, seconds=3)

    out, plan = await stitch(
        tmp_path, [(path, 0.5, 1.2), (path, 1.5, 2.2), (path, 0.5, 1.3)], ReelFormat(320, 180, NTSC)
    )

    starts = [float(clip.first_frame / plan.format.fps) for clip in plan.clips]
    assert read_beeps(out) == pytest.approx(starts, abs=BEEP_TOLERANCE_S)


async def test_a_turned_clip_stands_upright(tmp_path: Path) -> None:
    """A phone's rotation is applied: the code strip of the stored picture's top comes out at the right."""
    import av
    import numpy as np

    path = make_clip(tmp_path, seconds=1, rotate=90)

    out, plan = await stitch(tmp_path, [(path, 0, None)], ReelFormat(180, 320, Fraction(30)))

    assert plan.clips[0].reason == "turned by 90 degrees"
    with av.open(str(out)) as container:
        picture = next(container.decode(container.streams.video[0])).to_ndarray(format="gray").astype(np.int16)
    assert picture[:, 135:].std() > 60
    assert picture[:, :130].std() < 15


async def test_a_source_that_ends_early_holds_its_last_picture(tmp_path: Path) -> None:
    """A plan that asks for more than there is still gets all its frames, and silence."""
    path = make_clip(tmp_path, seconds=1)
    facts = await probe(path)
    plan = plan_stitch([ClipSource("c", "v", facts)], ReelFormat(320, 180, Fraction(30)))
    longer = StitchPlan.from_dict({**plan.to_dict(), "frames": 45, "duration_s": 1.5})
    clip = {**plan.to_dict()["clips"][0], "frames": 45}
    longer = StitchPlan.from_dict({**longer.to_dict(), "clips": [clip]})
    part = RenderedPaths(tmp_path / "p.mp4", tmp_path / "p.pcm")

    await render_clip(longer.clips[0], longer.format, path, part, threads=1)
    await join([part], longer, tmp_path / "reel.mp4")

    await verify(tmp_path / "reel.mp4", longer)
    numbers = [frame.number for frame in read_frames(tmp_path / "reel.mp4", {1: (320, 180)})]
    assert numbers == [*range(30), *[29] * 15]


async def test_two_hundred_clips_join_with_few_open_files_and_no_drift(tmp_path: Path) -> None:
    """At 29.97 each clip is a broken number of microseconds; the last frame is still at its exact time."""
    clips = [make_clip(tmp_path, seconds=0.2, fps=NTSC, mark=mark, gop=3) for mark in (1, 2)]
    facts = [await probe(path) for path in clips]
    form = ReelFormat(320, 180, NTSC)
    length = float(5 / NTSC)
    plan = plan_stitch([ClipSource(f"c{n}", "v", facts[n % 2], 0, length) for n in range(200)], form)
    parts = [RenderedPaths(tmp_path / f"{mark}.mp4", tmp_path / f"{mark}.pcm") for mark in (1, 2)]
    for index in (0, 1):
        await render_clip(plan.clips[index], form, clips[index], parts[index], threads=1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        await join([parts[n % 2] for n in range(200)], plan, tmp_path / "reel.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    await verify(tmp_path / "reel.mp4", plan)
    frames = read_frames(tmp_path / "reel.mp4", {1: (320, 180), 2: (320, 180)})
    assert [(frame.mark, frame.number) for frame in frames] == [(n // 5 % 2 + 1, n % 5) for n in range(1000)]
    assert frames[-1].at_s == pytest.approx(float(999 / NTSC), abs=1e-6)


async def test_high_dynamic_range_is_brought_to_standard_range(tmp_path: Path) -> None:
    """A PQ source of 10 bits comes out as plain 8-bit BT.709, and is told so beforehand."""
    path = tmp_path / "pq.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=0.5,format=yuv420p10le", "-c:v", "libx265"]
    colour = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    subprocess.run([find_ffmpeg().binary, "-v", "error", *picture, "-x265-params", colour, path], check=True)

    out, plan = await stitch(tmp_path, [(path, 0, None)], ReelFormat(320, 180, Fraction(30)))
    found = await verify(out, plan)

    assert "HDR: brought to standard range" in plan.clips[0].reason
    assert (found.video.pix_fmt, found.video.hdr) == ("yuv420p", False)


async def test_a_silent_reel_has_no_sound_track(tmp_path: Path) -> None:
    """Where no clip has sound, none is invented."""
    path = make_clip(tmp_path, seconds=1, audio=False)

    out, plan = await stitch(tmp_path, [(path, 0, None), (path, 0.2, 0.7)], ReelFormat(320, 180, Fraction(25)))

    assert (await verify(out, plan)).audio is None


async def test_a_reel_that_is_not_the_plan_is_refused_with_numbers(tmp_path: Path) -> None:
    """A part swapped for a shorter one shows as frames that are missing."""
    path = make_clip(tmp_path, seconds=1)
    out, plan = await stitch(tmp_path, [(path, 0, None)], ReelFormat(320, 180, Fraction(30)))
    wanted = StitchPlan.from_dict({**plan.to_dict(), "frames": 40, "duration_s": 40 / 30})

    with pytest.raises(VerifyFailed, match="30 frames instead of 40"):
        await verify(out, wanted)


async def test_damage_inside_a_reel_is_found(tmp_path: Path) -> None:
    """Bytes overwritten in the middle of the pictures do not pass."""
    path = make_clip(tmp_path, seconds=2)
    out, plan = await stitch(tmp_path, [(path, 0, None)], ReelFormat(320, 180, Fraction(30)))
    data = bytearray(out.read_bytes())
    start = data.index(b"mdat") + 400
    data[start : start + 3000] = b"\xa5" * 3000
    out.write_bytes(data)

    with pytest.raises(VerifyFailed):
        await verify(out, plan)


async def test_a_missing_part_is_named(tmp_path: Path) -> None:
    """The join does not start with a clip that was never rendered."""
    path = make_clip(tmp_path, seconds=1)
    plan = plan_stitch([ClipSource("clp_x", "v", await probe(path))], ReelFormat(320, 180, Fraction(30)))

    with pytest.raises(PartMissing, match="clp_x"):
        await join([RenderedPaths(tmp_path / "none.mp4", tmp_path / "none.pcm")], plan, tmp_path / "reel.mp4")
