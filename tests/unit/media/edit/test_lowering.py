"""Lowering: segments that add up to the reel, cut only where something is done, and each with what is done there."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.edit.lowering import SHORTEST_COPY_S, lower
from playhead.media.edit.model import (
    Captions,
    Card,
    Crop,
    Cue,
    Edit,
    EditClip,
    Framing,
    Title,
    Transition,
    Watermark,
    Word,
)
from playhead.media.edit.placing import EditUnfit, place, reel_length_s
from playhead.media.edit.segments import Segment
from tests.fixtures.examples import examples

LENGTHS = {"a": 60.0, "b": 40.0}


def crossfade(seconds: float) -> Transition:
    """An overlap."""
    return Transition(kind="crossfade", duration_s=seconds)


def spans(segments: list[Segment]) -> list[tuple[str, float, float, bool]]:
    """Clip, span of the source, and whether something forces it to be encoded."""
    return [(one.clip_id, one.start_s, one.end_s, bool(one.reasons)) for one in segments]


def test_without_effects_each_clip_is_one_untouched_segment() -> None:
    """Copied as ever."""
    edit = Edit(clips=(EditClip(clip_id="1", video_id="a", start_s=2, end_s=5), EditClip(clip_id="2", video_id="b")))

    segments = lower(edit, LENGTHS)

    assert spans(segments) == [("1", 2, 5, False), ("2", 0, 40, False)]
    assert all(one.video is None and one.audio is None for one in segments)


def test_a_crossfade_is_a_segment_of_the_clip_that_comes() -> None:
    """It shows the end of the one before; the reel is shorter by it."""
    clips = (EditClip(clip_id="1", video_id="a"), EditClip(clip_id="2", video_id="b", transition_in=crossfade(1)))

    first, mixed, rest = lower(Edit(clips=clips), LENGTHS)

    assert spans([first, mixed, rest]) == [("1", 0, 59, False), ("2", 0, 1, True), ("2", 1, 40, False)]
    assert mixed.video is not None
    assert mixed.video.before is not None
    assert (mixed.video.before.source_id, mixed.video.before.start_s) == ("a", 59)
    assert (mixed.video.mix_start_s, mixed.video.mix_s) == (0, 1)
    assert mixed.audio is not None
    assert mixed.audio.before is not None
    assert mixed.reasons == ("crossfade of 1 s",)
    assert mixed.whole is not None
    assert (mixed.whole.end_s, mixed.whole.reasons) == (40, ("crossfade of 1 s",))


def test_a_dip_fades_both_clips_and_overlaps_nothing() -> None:
    """Half of it each."""
    dip = Transition(kind="dip", duration_s=2, colour="#ff0000")
    clips = (EditClip(clip_id="1", video_id="a"), EditClip(clip_id="2", video_id="b", transition_in=dip))

    segments = lower(Edit(clips=clips), LENGTHS)

    assert spans(segments) == [("1", 0, 59, False), ("1", 59, 60, True), ("2", 0, 1, True), ("2", 1, 40, False)]
    fades = [one.video.fades[0] for one in segments[1:3] if one.video is not None]
    assert [(fade.kind, fade.start_s, fade.duration_s, fade.colour) for fade in fades] == [
        ("out", 0, 1, "#ff0000"),
        ("in", 0, 1, "#ff0000"),
    ]
    assert [one.reasons for one in segments[1:3]] == [("dip to #ff0000 of 2 s",)] * 2


def test_captions_near_each_other_share_a_segment() -> None:
    """A second of silence between two cues is not worth a copy; ten are."""
    cues = tuple(Cue(start_s=at, end_s=at + 2, text=f"{at}") for at in (10, 13, 16, 30))
    edit = Edit(clips=(EditClip(clip_id="1", video_id="a", cues=cues),), captions=Captions(mode="burned"))

    segments = lower(edit, LENGTHS)

    assert spans(segments) == [
        ("1", 0, 10, False),
        ("1", 10, 18, True),
        ("1", 18, 30, False),
        ("1", 30, 32, True),
        ("1", 32, 60, False),
    ]
    assert segments[1].video is not None
    assert [(layer.start_s, layer.end_s) for layer in segments[1].video.layers] == [(0, 2), (3, 5), (6, 8)]


def test_cues_follow_their_video_through_trim_and_speed() -> None:
    """At twice the speed they are shown half as long, their words too; what was trimmed away is not shown."""
    word = Word(start_s=11, end_s=12, text="late")
    cues = (Cue(start_s=9, end_s=13, text="so late", words=(word,)), Cue(start_s=50, end_s=52, text="gone"))
    clip = EditClip(clip_id="1", video_id="a", start_s=10, end_s=30, speed=2, cues=cues)

    (segment,) = lower(Edit(clips=(clip,), captions=Captions(mode="burned")), LENGTHS)[:1]

    assert segment.video is not None
    (layer,) = segment.video.layers
    assert (layer.start_s, layer.end_s) == (0, 1.5)
    assert [(one.start_s, one.end_s) for one in layer.content.cue.words] == [(0.5, 1)]  # type: ignore[union-attr]


def test_soft_captions_touch_nothing() -> None:
    """They are a track."""
    edit = Edit(clips=(EditClip(clip_id="1", video_id="a"),), captions=Captions(mode="soft", cues=(_cue(1, 2),)))

    assert spans(lower(edit, LENGTHS)) == [("1", 0, 60, False)]


def test_a_title_is_cut_at_the_end_of_its_clip_and_reaches_into_a_crossfade() -> None:
    """There it lies over the mix."""
    title = Title(text="Name", start_s=57, end_s=90)
    clips = (
        EditClip(clip_id="1", video_id="a", titles=(title,)),
        EditClip(clip_id="2", video_id="b", transition_in=crossfade(2)),
    )

    segments = lower(Edit(clips=clips), LENGTHS)

    assert spans(segments)[1:3] == [("1", 57, 58, True), ("2", 0, 2, True)]
    assert segments[2].video is not None
    assert [(layer.start_s, layer.end_s) for layer in segments[2].video.layers] == [(-1, 2)]


@pytest.mark.parametrize(
    ("clip", "reason"),
    [
        (EditClip(clip_id="1", image_id="img", end_s=4.0), "still image"),
        (EditClip(clip_id="1", card=Card(text="Hello"), end_s=4.0), "title card"),
        (EditClip(clip_id="1", video_id="a", speed=2), "2 times the speed"),
        (EditClip(clip_id="1", video_id="a", framing=Framing(crop=Crop(width=0.5))), "cropped"),
    ],
)
def test_some_effects_are_of_the_whole_clip(clip: EditClip, reason: str) -> None:
    """Nothing of it is copied."""
    (segment,) = lower(Edit(clips=(clip,)), LENGTHS)

    assert segment.reasons == (reason,)


def test_a_watermark_encodes_everything_and_says_so() -> None:
    """Over every frame."""
    edit = Edit(clips=(EditClip(clip_id="1", video_id="a"),), watermark=Watermark(image_id="logo"))

    assert [one.reasons for one in lower(edit, LENGTHS)] == [("watermark",)]


def test_volume_is_of_the_audio_alone() -> None:
    """The picture is copied."""
    (segment,) = lower(Edit(clips=(EditClip(clip_id="1", video_id="a", volume=0.5),)), LENGTHS)

    assert segment.video is None
    assert segment.audio is not None
    assert segment.audio.heard.volume == 0.5


def test_framing_alone_does_not_force_anything() -> None:
    """A clip of the reel's shape is copied; else the planner finds it to be of another size."""
    (segment,) = lower(Edit(clips=(EditClip(clip_id="1", video_id="a", framing=Framing(fit="fill")),)), LENGTHS)

    assert segment.video is not None
    assert segment.reasons == ()


def test_a_transition_longer_than_half_of_a_clip_is_refused_with_its_numbers() -> None:
    """It names the clip and what would fit."""
    clips = (EditClip(clip_id="1", video_id="a", end_s=3.0), EditClip(clip_id="2", video_id="b"))
    late = replace(clips[1], transition_in=crossfade(2))

    with pytest.raises(
        EditUnfit, match=r"crossfade of 2 s before clip 2 .* half of clip 1, which lasts 3.00 s"
    ) as error:
        lower(Edit(clips=(clips[0], late)), LENGTHS)

    assert error.value.hint is not None
    assert "1.5 s or shorter" in error.value.hint


def _cue(start_s: float, end_s: float) -> Cue:
    return Cue(start_s=start_s, end_s=end_s, text="words")


@st.composite
def clips(draw: st.DrawFn) -> EditClip:
    start_s, length_s = draw(st.floats(0, 20)), draw(st.floats(0.5, 20))
    cues = draw(st.lists(st.tuples(st.floats(0, 60), st.floats(0.1, 4)), max_size=5))
    titles = draw(st.lists(st.tuples(st.floats(0, 20), st.floats(0.1, 6)), max_size=2))
    return EditClip(
        clip_id="",
        video_id=draw(st.sampled_from(["a", "b"])),
        start_s=start_s,
        end_s=start_s + length_s,
        speed=draw(st.sampled_from([0.25, 1, 1, 1, 1.7, 4])),
        fade_in_s=draw(st.sampled_from([0, 0, 0.4])),
        fade_out_s=draw(st.sampled_from([0, 0, 1.0])),
        cues=tuple(_cue(at, at + long) for at, long in cues),
        titles=tuple(Title(text="T", start_s=at, end_s=at + long) for at, long in titles),
        transition_in=Transition(
            kind=draw(st.sampled_from(["cut", "crossfade", "dip"])), duration_s=draw(st.floats(0.1, 1))
        ),
    )


EDITS = st.lists(clips(), min_size=1, max_size=6).map(
    lambda made: Edit(
        clips=tuple(replace(one, clip_id=str(number)) for number, one in enumerate(made)),
        captions=Captions(mode="burned", cues=(_cue(1, 3),)),
    )
)


@given(edit=EDITS)
@examples(150)
def test_any_edit_is_covered_once_and_in_order(edit: Edit) -> None:
    """Lengths add up to the reel; each clip's segments follow each other in its source; no run to copy is tiny."""
    try:
        placed = place(edit, LENGTHS)
    except EditUnfit:
        return

    segments = lower(edit, LENGTHS)

    assert sum(one.length_s for one in segments) == pytest.approx(reel_length_s(placed))
    for one in placed:
        own = [segment for segment in segments if segment.clip_id == one.clip.clip_id]
        assert own[0].start_s == pytest.approx(one.clip.start_s)
        assert own[-1].end_s == pytest.approx(one.source_s(one.own_s))
        for before, after in pairwise(own):
            assert after.start_s == pytest.approx(before.end_s)
        assert all(
            segment.length_s * one.clip.speed == pytest.approx(segment.end_s - segment.start_s) for segment in own
        )
        assert all(segment.reasons or segment.length_s >= SHORTEST_COPY_S - 1e-9 for segment in own if len(own) > 1)
