"""What is worth knowing of a reel before it is stitched."""

from playhead.media.edit.model import Captions, Cue, Edit, EditClip, Title
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
