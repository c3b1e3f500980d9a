"""The plan as data: what a job keeps between its steps."""

import json
from fractions import Fraction

import pytest

from playhead.media.mp4.movie import Colour
from playhead.media.render.format import ReelSettings
from playhead.media.render.plan import ReelFormat, StitchPlan, Timing
from playhead.media.render.planner import plan_stitch
from tests.fixtures.movies import Sound, a_clip, a_movie

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize("timing", ["constant", "variable"])
def test_a_plan_survives_json(timing: Timing) -> None:
    """Copies, boundaries, encodes and silence, of any rate."""
    clips = [
        a_clip(a_movie(rate=NTSC, bframes=2)),
        a_clip(a_movie(rate=NTSC, bframes=2), 0.5, 4),
        a_clip(a_movie(rate=Fraction(24), sound=None)),
        a_clip(a_movie(times=[0, 3000, 9000, 12000, 30000, 90000])),
        a_clip(a_movie(rate=NTSC, sound=Sound(rate=44_100))),
    ]

    plan = plan_stitch(clips, ReelSettings(timing=timing, loudness_lufs=None))

    assert {clip.action for clip in plan.clips} >= {"copy", "boundary"}
    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_a_silent_plan_survives_json() -> None:
    """No sound is None, not a format."""
    plan = plan_stitch([a_clip(a_movie(sound=None))], ReelSettings(background="#FF0000"))

    assert plan.format.audio is None
    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


@pytest.mark.parametrize(
    ("fps", "timescale", "frame_ticks"),
    [
        (Fraction(30), 10_020, 334),
        (Fraction(24), 10_008, 417),
        (NTSC, 30_000, 1001),
        (Fraction(60), 10_020, 167),
        (Fraction(25, 2), 10_000, 800),
    ],
)
def test_each_frame_takes_a_whole_number_of_ticks(fps: Fraction, timescale: int, frame_ticks: int) -> None:
    """At a constant rate nothing is rounded; otherwise a tick is 1/90000 s."""
    form = ReelFormat(640, 360, fps)

    assert (form.timescale, form.frame_ticks) == (timescale, frame_ticks)
    assert Fraction(form.frame_ticks, form.timescale) == 1 / fps
    assert ReelFormat(640, 360, fps, timing="variable", colour=Colour(6, 6, 6)).timescale == 90_000
