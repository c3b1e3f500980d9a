"""What a stitch still has to render, and how it is divided into parts."""

from dataclasses import replace

import pytest

from playhead.media.stitch.plan import SoundFormat, SoundPiece, StitchPlan
from playhead.media.stitch.tasks import RenderTask
from playhead.reels.blueprint import PART_S, Blueprint, portions
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

FORM = reel_format(sound=SoundFormat(mode="encode"))


def blueprint(*starts_s: float) -> Blueprint:
    """Clips of ten frames of one video, with one track of sound."""
    clips = []
    for number, start_s in enumerate(starts_s):
        sound = SoundPiece("encode", 16, start_s=start_s)
        clip = clip_plan(FORM, (piece(FORM, 10, start_s),), sound=sound, start_tick=10 * number * FORM.frame_ticks)
        clips.append(replace(clip, first_frame=10 * number))
    plan = StitchPlan(FORM, tuple(clips), 10 * len(clips) * FORM.frame_ticks, 10 * len(clips), "", 0.0)
    return Blueprint.of(plan, {"vid_1": "a" * 64})


def names(tasks: list[RenderTask]) -> list[str]:
    return [task.name for task in tasks]


def test_at_first_everything_is_missing_and_the_track_comes_last() -> None:
    assert names(blueprint(0.0, 1.0).missing(set())) == [
        *("clip0-picture0", "clip0-samples", "clip1-picture0", "clip1-samples"),
        "track",
    ]


def test_the_same_picture_twice_is_rendered_once() -> None:
    """Its sound is not: that is cut where the second falls on the grid of packets."""
    assert names(blueprint(1.0, 1.0).missing(set())) == ["clip0-picture0", "clip0-samples", "clip1-samples", "track"]


def test_what_is_held_is_not_rendered() -> None:
    drawn = blueprint(0.0, 1.0)

    assert names(drawn.missing({drawn.digests["clip0-picture0"], drawn.digests["clip1-samples"]})) == [
        *("clip0-samples", "clip1-picture0"),
        "track",
    ]
    assert drawn.missing(set(drawn.digests.values())) == []


def test_the_samples_of_a_track_that_is_held_are_not_needed() -> None:
    drawn = blueprint(0.0, 1.0)

    assert names(drawn.missing({drawn.digests["track"]})) == ["clip0-picture0", "clip1-picture0"]


@pytest.mark.parametrize(
    ("weights", "sizes"),
    [
        ([], []),
        ([1.0], [1]),
        ([1.0, 1.0, 1.0], [3]),
        ([PART_S, 1.0], [1, 1]),
        ([PART_S - 1, PART_S - 1, 1.0], [2, 1]),
        ([100.0, 100.0], [1, 1]),
    ],
)
def test_short_tasks_share_a_part(weights: list[float], sizes: list[int]) -> None:
    """In order, and none is left out."""
    tasks = [RenderTask("picture", number, 0, None, weight, {}) for number, weight in enumerate(weights)]
    found = portions(tasks)

    assert [len(part) for part in found] == sizes
    assert [task for part in found for task in part] == tasks
