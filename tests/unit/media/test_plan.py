"""The stitch plan: frames and samples that add up, and reasons in words."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.errors import InvalidSpan
from playhead.media.format import ReelFormat
from playhead.media.plan import ClipSource, StitchPlan, plan_stitch, sample_at, samples_of
from playhead.media.probe import AudioStream, Probe, VideoStream

FULL_HD = ReelFormat(1920, 1080, Fraction(30))
RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60),
]


def a_probe(
    duration_s: float = 10.0,
    size: tuple[int, int] = (1920, 1080),
    fps: Fraction = Fraction(30),
    codec: str = "h264",
    *,
    audio: bool = True,
    **video: object,
) -> Probe:
    stream = VideoStream(codec, *size, rotation=0, fps=fps, frames=None, pix_fmt="yuv420p", hdr=False)
    stream = replace(stream, **video)  # type: ignore[arg-type]
    return Probe("mp4", duration_s, 1000, stream, AudioStream("aac", 48000, 2) if audio else None)


def reason(*probes: Probe) -> str:
    clips = [ClipSource(f"c{index}", "v", probe) for index, probe in enumerate(probes)]
    return plan_stitch(clips, FULL_HD).clips[0].reason


@given(
    spans=st.lists(st.tuples(st.floats(0, 5), st.floats(0.05, 40)), min_size=1, max_size=60),
    fps=st.sampled_from(RATES),
)
def test_a_reel_is_as_long_as_its_clips_within_half_a_frame(spans: list[tuple[float, float]], fps: Fraction) -> None:
    """For any mix, at any rate; frames and samples are handed out without gap or overlap."""
    clips = [ClipSource(f"c{n}", "v", a_probe(50), start, start + length) for n, (start, length) in enumerate(spans)]

    plan = plan_stitch(clips, ReelFormat(640, 360, fps))

    wanted = sum(Fraction(clip.end_s or 0) - Fraction(clip.start_s) for clip in clips)
    assert abs(Fraction(plan.frames) / fps - wanted) <= Fraction(1, 2) / fps
    assert all(clip.frames >= 1 for clip in plan.clips)
    first = 0
    for clip in plan.clips:
        assert clip.first_frame == first
        first += clip.frames
    assert first == plan.frames
    assert sum(samples_of(clip, fps) for clip in plan.clips) == sample_at(plan.frames, fps)


@given(count=st.integers(1, 50))
def test_a_clip_shorter_than_a_frame_still_shows_one(count: int) -> None:
    """A thousandth of a second is a frame; nothing vanishes."""
    plan = plan_stitch([ClipSource(f"c{n}", "v", a_probe(), 0, 0.001) for n in range(count)], FULL_HD)

    assert [clip.frames for clip in plan.clips] == [1] * count


def test_a_plan_survives_json() -> None:
    """It is what a job keeps between its steps."""
    plan = plan_stitch([ClipSource("c", "v", a_probe(fps=Fraction(25), audio=False), 1.5, 3.25)], FULL_HD)

    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (a_probe(), "matches; rendered so that frames and sound meet exactly at the cut"),
        (a_probe(fps=Fraction(24)), "24 fps against 30"),
        (a_probe(fps=Fraction(24000, 1001)), "23.976 fps against 30"),
        (a_probe(codec="hevc"), "HEVC against H.264"),
        (a_probe(size=(1280, 720)), "1280x720 against 1920x1080"),
        (a_probe(audio=False), "no sound: silence is added"),
        (a_probe(rotation=90), "turned by 90 degrees"),
        (a_probe(hdr=True), "HDR: brought to standard range"),
        (a_probe(size=(640, 360), codec="vp9"), "640x360 against 1920x1080, VP9 against H.264"),
    ],
)
def test_each_clip_says_why_it_is_rendered(probe: Probe, words: str) -> None:
    """In words for people, all reasons at once."""
    assert reason(probe, a_probe()) == words


def test_a_silent_reel_needs_no_silence() -> None:
    """Where no clip has sound, the missing sound is no reason."""
    plan = plan_stitch([ClipSource("c", "v", a_probe(audio=False))], FULL_HD)

    assert plan.has_audio is False
    assert "sound:" not in plan.clips[0].reason


@pytest.mark.parametrize(
    ("start", "end"),
    [(3.0, 3.0), (4.0, 2.0), (-0.1, 2.0), (10.0, None), (0.0, 10.2), (float("nan"), 1.0), (0.0, float("inf"))],
)
def test_a_span_outside_its_video_is_refused(start: float, end: float | None) -> None:
    """Empty, backwards, before the start or past the end."""
    with pytest.raises(InvalidSpan, match="clp_1"):
        plan_stitch([ClipSource("clp_1", "v", a_probe(10.0), start, end)], FULL_HD)


def test_an_end_rounded_past_the_video_is_the_videos_end() -> None:
    """A browser knows the duration to some milliseconds only."""
    assert plan_stitch([ClipSource("c", "v", a_probe(10.0), 0, 10.04)], FULL_HD).clips[0].end_s == 10.0
