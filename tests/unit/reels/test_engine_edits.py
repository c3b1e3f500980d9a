"""Snapshots as edits of the engine: also those of versions that knew no effects."""

from typing import Any

import pytest

from playhead.media.edit.model import Card, Framing, Music
from playhead.reels.engine_edits import engine_edit

CLIP: dict[str, Any] = {"clip_id": "clp_1", "video_id": "vid_1", "start_s": 0.5, "end_s": None}


def test_a_snapshot_of_before_effects_is_plain() -> None:
    """It has neither effects nor an edit; jobs that wait while a server is upgraded go on."""
    (clip,) = engine_edit({"clips": [CLIP], "settings": {}}).clips

    assert (clip.clip_id, clip.video_id, clip.start_s, clip.end_s) == ("clp_1", "vid_1", 0.5, None)
    assert (clip.speed, clip.framing, clip.transition_in, clip.cues) == (1.0, Framing(), None, ())


@pytest.mark.parametrize(
    ("aspect", "effects", "fit"),
    [(None, {}, "fit"), ("9:16", {}, "fill"), ("9:16", {"framing": {"fit": "blur"}}, "blur")],
)
def test_another_shape_is_filled_unless_a_clip_says_otherwise(
    aspect: str | None, effects: dict[str, Any], fit: str
) -> None:
    snapshot = {"clips": [CLIP | {"effects": effects}], "settings": {}}
    edit = engine_edit(snapshot if aspect is None else snapshot | {"aspect": aspect})

    assert edit.clips[0].framing.fit == fit


def test_every_effect_arrives() -> None:
    """Under the names of the API, with its defaults."""
    effects = {
        "speed": 2.0,
        "titles": [{"text": "Here", "end_s": 1.0}],
        "captions": {"track_id": "cpt_1", "cues": [{"start_s": 1, "end_s": 2, "text": "Hello"}]},
        "transition_in": {"kind": "dip", "duration_s": 0.5},
    }
    card = {"clip_id": "clp_2", "video_id": None, "card": {"text": "End"}, "start_s": 0.0, "end_s": 4.0}
    edit = engine_edit({"clips": [CLIP | {"effects": effects}, card], "edit": {"music": {"video_id": "vid_2"}}})
    one, two = edit.clips

    assert (one.speed, one.titles[0].text, one.cues[0].text) == (2.0, "Here", "Hello")
    assert one.transition_in is not None
    assert (one.transition_in.kind, one.transition_in.colour) == ("dip", "#000000")
    assert (two.card, edit.music) == (Card(text="End"), Music(video_id="vid_2"))
