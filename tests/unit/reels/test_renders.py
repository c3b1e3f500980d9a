"""What decides the bytes of a rendered piece."""

from dataclasses import replace
from fractions import Fraction

from playhead.media.stitch.plan import SoundFormat, SoundPiece, StitchPlan
from playhead.media.stitch.tasks import render_tasks
from playhead.reels.renders import digests_of
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

FORM = reel_format(sound=SoundFormat(mode="encode"))


def plan_of(*starts_s: float) -> StitchPlan:
    """Clips of ten frames of one video, one after another."""
    form = FORM
    clips = []
    for number, start_s in enumerate(starts_s):
        clip = clip_plan(
            form,
            (piece(form, 10, start_s),),
            sound=SoundPiece("encode", 16, start_s=start_s),
            first_frame=10 * number,
            start_tick=10 * number * form.frame_ticks,
        )
        clips.append(replace(clip, clip_id=f"clp_{number}"))
    ticks = 10 * len(clips) * form.frame_ticks
    return StitchPlan(form, tuple(clips), ticks, 10 * len(clips), "", 0.0)


def pictures(plan: StitchPlan, sha256: str = "a") -> list[str]:
    """The digests of a plan's pictures, in order."""
    found = digests_of(plan, render_tasks(plan), {"vid_1": sha256})
    return [digest for name, digest in found.items() if "picture" in name]


def track(plan: StitchPlan) -> str:
    """The digest of its sound."""
    return digests_of(plan, render_tasks(plan), {"vid_1": "a"})["track"]


def test_a_piece_is_found_again_after_the_clips_changed_places() -> None:
    assert pictures(plan_of(1.0, 2.0)) == pictures(plan_of(2.0, 1.0))[::-1]


def test_another_span_or_other_bytes_are_another_piece() -> None:
    assert len({*pictures(plan_of(1.0, 1.5)), *pictures(plan_of(1.0), sha256="b")}) == 3


def test_another_format_is_another_piece() -> None:
    plan = plan_of(1.0)
    other = replace(plan, format=replace(plan.format, fps=Fraction(25)))

    assert pictures(plan) != pictures(other)


def test_the_whole_track_depends_on_the_order() -> None:
    assert track(plan_of(1.0, 2.0)) != track(plan_of(2.0, 1.0))
    assert track(plan_of(1.0, 2.0)) == track(plan_of(1.0, 2.0))
