"""What decides the bytes of a rendered piece, what is still to be rendered, and how it is divided into batches."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playhead.media.render.blueprint import Blueprint, batches, digests_of
from playhead.media.render.plan import AudioFormat, AudioPiece, StitchPlan
from playhead.media.render.tasks import RenderTask, render_tasks
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

FORM = reel_format(sound=AudioFormat(mode="encode"))
LEAST_S = 8.0


def blueprint(*starts_s: float) -> Blueprint:
    """Clips of ten frames of one video, with one track of sound."""
    clips = []
    for number, start_s in enumerate(starts_s):
        sound = AudioPiece("encode", 16, start_s=start_s)
        clip = clip_plan(FORM, (piece(FORM, 10, start_s),), sound=sound, start_tick=10 * number * FORM.frame_ticks)
        clips.append(replace(clip, first_frame=10 * number))
    plan = StitchPlan(FORM, tuple(clips), 10 * len(clips) * FORM.frame_ticks, 10 * len(clips), "", 0.0)
    return Blueprint.of(plan, {"vid_1": "a" * 64})


def names(tasks: list[RenderTask]) -> list[str]:
    return [task.name for task in tasks]


def test_at_first_everything_is_missing_and_the_track_comes_last() -> None:
    assert names(blueprint(0.0, 1.0).missing(set())) == [
        *("clip0-video0", "clip0-samples", "clip1-video0", "clip1-samples"),
        "track",
    ]


def test_the_same_picture_twice_is_rendered_once() -> None:
    """Its sound is not: that is cut where the second falls on the grid of packets."""
    assert names(blueprint(1.0, 1.0).missing(set())) == ["clip0-video0", "clip0-samples", "clip1-samples", "track"]


def test_what_is_held_is_not_rendered() -> None:
    drawn = blueprint(0.0, 1.0)

    assert names(drawn.missing({drawn.digests["clip0-video0"], drawn.digests["clip1-samples"]})) == [
        *("clip0-samples", "clip1-video0"),
        "track",
    ]
    assert drawn.missing(set(drawn.digests.values())) == []


def test_the_samples_of_a_track_that_is_held_are_not_needed() -> None:
    drawn = blueprint(0.0, 1.0)

    assert names(drawn.missing({drawn.digests["track"]})) == ["clip0-video0", "clip1-video0"]


@pytest.mark.parametrize(
    ("weights", "sizes"),
    [
        ([], []),
        ([1.0], [1]),
        ([1.0, 1.0, 1.0], [3]),
        ([LEAST_S, 1.0], [1, 1]),
        ([LEAST_S - 1, LEAST_S - 1, 1.0], [2, 1]),
        ([100.0, 100.0], [1, 1]),
    ],
)
def test_short_tasks_share_a_batch(weights: list[float], sizes: list[int]) -> None:
    """In order, and none is left out."""
    tasks = [RenderTask("video", number, 0, None, weight, {}) for number, weight in enumerate(weights)]
    found = batches(tasks, LEAST_S)

    assert [len(batch) for batch in found] == sizes
    assert [task for batch in found for task in batch] == tasks


def plan_of(*starts_s: float) -> StitchPlan:
    """Clips of ten frames of one video, one after another."""
    form = FORM
    clips = []
    for number, start_s in enumerate(starts_s):
        clip = clip_plan(
            form,
            (piece(form, 10, start_s),),
            sound=AudioPiece("encode", 16, start_s=start_s),
            first_frame=10 * number,
            start_tick=10 * number * form.frame_ticks,
        )
        clips.append(replace(clip, clip_id=f"clp_{number}"))
    ticks = 10 * len(clips) * form.frame_ticks
    return StitchPlan(form, tuple(clips), ticks, 10 * len(clips), "", 0.0)


def pictures(plan: StitchPlan, sha256: str = "a") -> list[str]:
    """The digests of a plan's pictures, in order."""
    found = digests_of(plan, render_tasks(plan), {"vid_1": sha256})
    return [digest for name, digest in found.items() if "video" in name]


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
