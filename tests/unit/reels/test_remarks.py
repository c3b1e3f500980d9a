"""Remarks on an edit, and the identity of what draws its words."""

from pathlib import Path

from playhead.media.edit.model import Captions, Cue, Edit, EditClip, Title, Transition
from playhead.media.render.blueprint import identity_of
from playhead.media.render.tasks import TEXT
from playhead.media.text.identity import text_identity
from playhead.reels.remarks import remarks_on
from playhead.reels.sources import Sources

SOURCES = Sources({}, {})


def test_titles_and_captions_that_nobody_will_see_are_named() -> None:
    """A mistyped time is kept, and said."""
    backward = Title(text="Back", start_s=3, end_s=1)
    late = Title(text="Late", start_s=1.5, end_s=2)
    fine = Title(text="Fine", start_s=0.5, end_s=9)
    cue = Cue(start_s=2, end_s=1, text="x")
    clip = EditClip(clip_id="c", video_id="v", end_s=2, speed=2, titles=(backward, late, fine), cues=(cue,))
    captions = Captions(cues=(Cue(start_s=1, end_s=1, text="y"),))

    assert remarks_on(Edit(clips=(clip,), captions=captions), SOURCES) == [
        "Title “Back” of clip 1 ends before it begins, so it is not shown.",
        "Title “Late” of clip 1 begins after the clip's end, so it is not shown.",
        "Caption “x” of clip 1 ends before it begins, so it is not shown.",
        "Caption “y” of the reel ends before it begins, so it is not shown.",
    ]


def test_a_fade_that_a_crossfade_replaces_is_named() -> None:
    """The fades at the ends of the reel stay."""
    mix = Transition(kind="crossfade", duration_s=1)
    clips = (
        EditClip(clip_id="1", video_id="a", fade_in_s=1, fade_out_s=1),
        EditClip(clip_id="2", video_id="b", transition_in=mix, fade_in_s=1, fade_out_s=1),
    )

    assert remarks_on(Edit(clips=clips), Sources({}, {})) == [
        "Clip 1 ends in a crossfade, so its own fade out has no effect.",
        "Clip 2 begins in a crossfade, so its own fade in has no effect.",
    ]


def test_added_fonts_are_in_the_identity_that_plans_and_stitches_look_pieces_up_by(tmp_path: Path) -> None:
    (tmp_path / "More.ttf").write_bytes(b"a font")

    assert identity_of(TEXT, Sources({}, {}, tmp_path).hashes) == text_identity(tmp_path)
    assert identity_of(TEXT, Sources({}, {}).hashes) == text_identity() != text_identity(tmp_path)
