"""Planning of segments: every frame of a clip once, only what is touched encoded, digests that say what is drawn."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.edit.lowering import lower
from playhead.media.edit.model import (
    Captions,
    Card,
    Cue,
    Edit,
    EditClip,
    Framing,
    Title,
    Transition,
    TransitionKind,
    Watermark,
)
from playhead.media.edit.placing import EditUnfit
from playhead.media.mp4.movie import Movie
from playhead.media.render.blueprint import Blueprint
from playhead.media.render.format import ReelSettings
from playhead.media.render.plan import StitchPlan
from playhead.media.render.planner import plan_stitch
from playhead.media.render.survey import survey_still
from playhead.media.render.surveyed import surveyed
from tests.fixtures.examples import examples
from tests.fixtures.movies import a_clip, a_movie

NTSC = Fraction(30000, 1001)
LONG = a_movie(frames=1800, gop=60, bframes=2)
MOVIES = {
    "a": LONG,
    "b": a_movie(frames=1200, gop=30),
    "c": a_movie(frames=480, rate=Fraction(24)),
    "n": a_movie(frames=900, rate=NTSC),
}
CUTS = ReelSettings()
HASHES = {**{name: name * 64 for name in MOVIES}, "img": "1" * 64, "logo": "2" * 64}


def planned(
    edit: Edit,
    settings: ReelSettings = CUTS,
    forced: frozenset[str] = frozenset(),
    movies: dict[str, Movie] = MOVIES,
) -> StitchPlan:
    """The plan of an edit."""
    lengths = {name: a_clip(movie).survey.duration_s for name, movie in movies.items()}
    segments = lower(edit, lengths)
    surveys = [
        a_clip(movies[one.source_id], one.start_s, min(one.end_s, lengths[one.source_id])).survey
        if one.source_id in movies
        else survey_still(one.length_s)
        for one in segments
    ]
    return plan_stitch(surveyed(segments, surveys), settings, forced=forced)


def spans(plan: StitchPlan) -> list[tuple[str, str, int]]:
    """Clip, how, and frames of every piece."""
    return [(clip.clip_id, piece.kind, piece.frames) for clip in plan.clips for piece in clip.video]


def test_a_crossfade_encodes_its_second_and_what_reaches_to_the_next_keyframe() -> None:
    """60 s and 40 s at 30 fps, keyframes every 2 s and 1 s."""
    clips = (
        EditClip(clip_id="1", video_id="a"),
        EditClip(clip_id="2", video_id="b", transition_in=Transition(kind="crossfade", duration_s=1)),
    )

    plan = planned(Edit(clips=clips))

    assert spans(plan) == [("1", "copy", 1768), ("1", "encode", 2), ("2", "encode", 30), ("2", "copy", 1170)]
    mixed = plan.clips[1]
    assert mixed.effects is not None
    assert mixed.effects.before is not None
    assert mixed.effects.before.start_s == 59
    assert mixed.before is not None
    assert (mixed.before.video_id, mixed.before.converts) == ("a", False)
    assert mixed.reason.startswith("crossfade of 1 s")
    assert StitchPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


def test_captions_on_two_minutes_encode_those_minutes_alone() -> None:
    """In pieces as other long work; the rest is copied."""
    long = a_movie(frames=18_000, gop=60)
    cues = tuple(Cue(start_s=120 + at, end_s=122 + at, text="words") for at in range(0, 120, 3))
    clip = EditClip(clip_id="1", video_id="x", cues=cues)

    plan = planned(Edit(clips=(clip,), captions=Captions(mode="burned")), movies={"x": long})

    assert [kind for _, kind, _ in spans(plan)] == ["copy", "encode", "encode", "encode", "encode", "copy"]
    encoded = sum(frames for _, kind, frames in spans(plan) if kind == "encode")
    assert encoded / 30 == pytest.approx(120, abs=2)


def test_a_clip_that_is_encoded_anyway_is_encoded_in_one_piece() -> None:
    """24 fps in a reel of 30: no encoder more for its title, which is there all the same."""
    title = Title(text="Hello", start_s=5, end_s=8)
    clips = (EditClip(clip_id="1", video_id="a"), EditClip(clip_id="2", video_id="c", titles=(title,)))

    plan = planned(Edit(clips=clips))

    assert spans(plan) == [("1", "copy", 1800), ("2", "encode", 600)]
    assert plan.clips[1].effects is not None
    assert [(layer.start_s, layer.end_s) for layer in plan.clips[1].effects.layers] == [(5, 8)]


def test_a_watermark_encodes_everything() -> None:
    """And the plan says so."""
    plan = planned(Edit(clips=(EditClip(clip_id="1", video_id="a"),), watermark=Watermark(image_id="logo")))

    assert {kind for _, kind, _ in spans(plan)} == {"encode"}
    assert "watermark" in plan.summary


@pytest.mark.parametrize("timing", ["constant", "variable"])
def test_speed_changes_the_length(timing: str) -> None:
    """20 s at four times the speed are 5 s; at a quarter 80 s."""
    clips = tuple(EditClip(clip_id=f"{speed}", video_id="a", end_s=20.0, speed=speed) for speed in (4, 0.25, 1))

    plan = planned(Edit(clips=clips), ReelSettings(timing=timing))  # type: ignore[arg-type]

    assert [clip.ticks / plan.format.timescale for clip in plan.clips] == [5, 80, 20]
    slow = plan.clips[1].video
    assert slow[1].start_s == pytest.approx(slow[0].frames / 30 / 4)


def test_framing_matters_only_where_shapes_differ() -> None:
    """A clip of the reel's own size is copied."""
    fill = Framing(fit="fill")
    clips = (EditClip(clip_id="1", video_id="a", framing=fill), EditClip(clip_id="2", video_id="c", framing=fill))

    plan = planned(Edit(clips=clips))

    assert [clip.action for clip in plan.clips] == ["copy", "encode"]
    assert plan.clips[0].effects is None
    assert plan.clips[1].effects is not None
    assert plan.clips[1].effects.shown.framing == fill


def test_images_and_cards_take_the_videos_format() -> None:
    """They have no size and no rate of their own."""
    clips = (
        EditClip(clip_id="1", image_id="img", end_s=4.0),
        EditClip(clip_id="2", video_id="b"),
        EditClip(clip_id="3", card=Card(text="The end"), end_s=2.0),
    )

    plan = planned(Edit(clips=clips))

    assert (plan.format.width, plan.format.fps) == (MOVIES["b"].video.entry.width, 30)  # type: ignore[union-attr]
    assert spans(plan) == [("1", "encode", 120), ("2", "copy", 1200), ("3", "encode", 60)]


def digests(edit: Edit, hashes: dict[str, str] = HASHES) -> list[str]:
    """Digests of an edit's pieces."""
    return list(Blueprint.of(planned(edit, ReelSettings(fps=30)), hashes).pieces("video").values())


def test_a_piece_is_known_by_all_that_it_is_made_of() -> None:
    """Words, look, fonts, and the bytes of both videos; not by where in the reel it stands, nor by names."""
    title = Title(text="Hello", start_s=0, end_s=4)
    clip = EditClip(clip_id="1", video_id="c", titles=(title,), end_s=10.0)
    edit = Edit(clips=(clip,))
    (one,) = digests(edit)

    assert digests(Edit(clips=(replace(clip, titles=(replace(title, text="Hallo"),)),))) != [one]
    assert digests(edit, {**HASHES, "text": "other fonts"}) != [one]
    assert digests(edit, {**HASHES, "c": "d" * 64}) != [one]
    assert one in digests(Edit(clips=(EditClip(clip_id="0", video_id="c", end_s=7.0), clip)))


def test_a_crossfade_is_known_by_both_videos() -> None:
    """The one before may be replaced under the same name."""
    late = EditClip(clip_id="2", video_id="b", transition_in=Transition(kind="crossfade", duration_s=1))
    edit = Edit(clips=(EditClip(clip_id="1", video_id="a"), late))

    assert digests(edit) != digests(edit, {**HASHES, "a": "f" * 64})


KINDS: st.SearchStrategy[TransitionKind] = st.sampled_from(["cut", "cut", "crossfade", "dip"])


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    made = []
    for number in range(draw(st.integers(1, 5))):
        start_s, length_s = draw(st.floats(0, 5)), draw(st.floats(1, 14))
        titles = [Title(text="T", start_s=at, end_s=at + 1.03) for at in draw(st.lists(st.floats(0, 14), max_size=2))]
        kind = draw(KINDS)
        made.append(
            EditClip(
                clip_id=str(number),
                video_id=draw(st.sampled_from(["a", "b", "b", "c", "n"])),
                start_s=round(start_s, 2) if draw(st.booleans()) else start_s,
                end_s=start_s + length_s,
                speed=draw(st.sampled_from([1, 1, 1, 0.5, 3])),
                fade_out_s=draw(st.sampled_from([0, 0, 0.7])),
                titles=tuple(titles),
                transition_in=Transition(kind=kind, duration_s=draw(st.floats(0.1, 0.5))),
            )
        )
    return Edit(clips=tuple(made))


@given(edit=edits(), force=st.booleans())
@examples(100)
def test_no_frame_is_lost_or_doubled_between_segments(edit: Edit, force: bool) -> None:
    """Within a clip every piece begins where the one before ends; the reel is as long as its clips, to a frame."""
    try:
        plan = planned(edit, forced=frozenset(["0"]) if force else frozenset())
    except EditUnfit:
        return

    fps = plan.format.fps
    lengths = {name: a_clip(movie).survey.duration_s for name, movie in MOVIES.items()}
    wanted = sum(one.length_s for one in lower(edit, lengths))
    assert abs(plan.frames / fps - wanted) <= 1 / fps + Fraction(1, 1000)
    assert plan.frames == sum(clip.frames for clip in plan.clips)
    for before, after in pairwise(plan.clips):
        if before.clip_id == after.clip_id:
            last, speed = before.video[-1], next(one.speed for one in edit.clips if one.clip_id == before.clip_id)
            assert last.start_s + last.frames / float(fps) * speed == pytest.approx(after.video[0].start_s, abs=1e-5)
            if last.kind == after.video[0].kind == "copy":
                assert last.end_sample == after.video[0].first_sample
    for clip in plan.clips:
        for layer in clip.effects.layers if clip.effects else ():
            assert math.isclose(layer.start_s * fps, round(layer.start_s * fps), abs_tol=1e-5)
