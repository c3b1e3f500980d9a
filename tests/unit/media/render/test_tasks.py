"""Which files a plan needs, and what decides their bytes."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from playhead.media.mp4.movie import Colour
from playhead.media.render.plan import AudioFormat, AudioPiece, SourceTracks, StitchPlan
from playhead.media.render.tasks import RenderTask, clip_samples, render_tasks, track_samples
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan

NTSC = Fraction(30000, 1001)


def of(plan: StitchPlan) -> list[tuple[str, str]]:
    return [(task.kind, task.file_name) for task in render_tasks(plan)]


def one_task(**others: Any) -> RenderTask:
    """The task of a plan of one encoded piece, with one fact of the reel or of the clip changed."""
    clip_facts = {name: others.pop(name) for name in ("hdr", "tracks", "action") if name in others}
    at = {name: others.pop(name) for name in ("frames", "start_s") if name in others}
    form = reel_format(**others)
    (task,) = render_tasks(stitch_plan(form, clip_plan(form, (piece(form, at.pop("frames", 30), **at),), **clip_facts)))
    return task


def test_what_is_copied_needs_no_file() -> None:
    form = reel_format(sound=AudioFormat())
    head, body = piece(form, 10), replace(piece(form, 50), kind="copy")
    clips = [
        clip_plan(form, (body,), sound=AudioPiece("copy", 47)),
        clip_plan(form, (head, body, head), sound=AudioPiece("encode", 47)),
        clip_plan(form, (body,), sound=AudioPiece("silence", 47)),
    ]

    assert of(stitch_plan(form, *clips)) == [
        ("video", "clip1-video0.mp4"),
        ("video", "clip1-video2.mp4"),
        ("audio", "clip1-audio.m4a"),
    ]


def test_sound_encoded_at_once_needs_the_samples_of_each_clip_and_then_one_track() -> None:
    form = reel_format(sound=AudioFormat(mode="encode"))
    body = replace(piece(form, 50), kind="copy")
    sounds = (AudioPiece("encode", 47), AudioPiece("silence", 47))

    tasks = of(stitch_plan(form, *(clip_plan(form, (body,), sound=sound) for sound in sounds)))

    assert tasks == [("samples", "clip0-samples.pcm"), ("track", "track.m4a")]


def test_a_clip_without_a_whole_packet_has_no_sound_of_its_own() -> None:
    form = reel_format(sound=AudioFormat())
    body = replace(piece(form, 1), kind="copy")

    assert of(stitch_plan(form, clip_plan(form, (body,), sound=AudioPiece("encode", 0)))) == []


def test_samples_end_with_the_picture_and_never_drift() -> None:
    """A hundred clips of a broken number of samples each: together they are as many as the whole picture takes."""
    form = reel_format(fps=NTSC, sound=AudioFormat(44_100, mode="encode"))
    ticks = 7 * form.frame_ticks
    clips = [
        clip_plan(form, (piece(form, 7),), sound=AudioPiece("encode", 10), start_tick=number * ticks)
        for number in range(100)
    ]
    plan = stitch_plan(form, *clips)

    assert sum(clip_samples(plan)) == round(700 / NTSC * 44_100)
    assert set(clip_samples(plan)) == {10_300, 10_301}
    assert track_samples(plan) == 100 * 10 * 1024


def test_samples_begin_at_the_frame_although_slots_begin_on_the_grid() -> None:
    """The second clip's first slot begins 192 samples after its picture; its samples do not."""
    form = reel_format(sound=AudioFormat(mode="encode"))
    first = clip_plan(form, (piece(form, 4),), sound=AudioPiece("encode", 6, start_s=0.0))
    second = clip_plan(
        form,
        (piece(form, 4),),
        sound=AudioPiece("encode", 6, start_s=5.0 - 256 / 48_000),
        start_tick=first.ticks,
    )

    spans = [task.span for task in render_tasks(stitch_plan(form, first, second)) if task.kind == "samples"]

    assert [span.samples for span in spans if span] == [6400, 6400]
    assert [span.start_s for span in spans if span] == pytest.approx([0.0, 5.0])


@pytest.mark.parametrize(
    "changed",
    [
        {"size": (320, 180)},
        {"fps": 25},
        {"background": "#ffffff"},
        {"codec": "hevc"},
        {"timing": "variable"},
        {"colour": Colour(6, 6, 6)},
        {"frames": 31},
        {"start_s": 0.5},
        {"hdr": True},
        {"tracks": SourceTracks(alpha=True)},
        {"action": "boundary"},
        {"colour": Colour(1, 1, 1, full_range=True)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_changes_the_bytes_changes_the_profile(changed: dict[str, Any]) -> None:
    profile = json.dumps(one_task().profile(), sort_keys=True)

    assert json.dumps(one_task(**changed).profile(), sort_keys=True) != profile


def test_where_a_clip_stands_in_the_reel_does_not_change_its_profile() -> None:
    """So that a clip that is only moved is not rendered again."""
    form = reel_format()
    clips = [clip_plan(form, (piece(form, 30),)), clip_plan(form, (piece(form, 30),), start_tick=30 * form.frame_ticks)]

    one, two = render_tasks(stitch_plan(form, *clips))

    assert one.name != two.name
    assert one.profile() == two.profile()


def test_weights_share_a_clips_estimate_by_frames() -> None:
    form = reel_format()
    clip = clip_plan(form, (piece(form, 10), piece(form, 30, 1.0)), estimate_s=4.0)

    weights = [task.weight for task in render_tasks(stitch_plan(form, clip))]

    assert weights[1] - weights[0] == pytest.approx(2.0)
