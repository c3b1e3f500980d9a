"""Edits and effects as JSON, and back."""

import json

from playhead.media.edit.facts import facts_of, read_facts
from playhead.media.edit.lowering import lower
from playhead.media.edit.model import Captions, Crop, Edit, EditClip, Framing, Watermark
from playhead.media.edit.segments import VideoEffects
from tests.fixtures.golden_edits import GOLDENS


def test_edits_and_their_effects_come_back_as_they_were() -> None:
    """All that is as by default is left out."""
    for golden in GOLDENS.values():
        facts = json.loads(json.dumps(facts_of(golden.edit)))
        assert read_facts(Edit, facts) == golden.edit
        for segment in lower(golden.edit, dict.fromkeys(("dark", "light", "slow", "numbers", "upright"), 6.0)):
            if segment.video is not None:
                assert read_facts(VideoEffects, json.loads(json.dumps(facts_of(segment.video)))) == segment.video


def test_what_is_as_by_default_is_not_said() -> None:
    """So that a new fact does not change older digests."""
    clip = EditClip(clip_id="1", video_id="v", framing=Framing(crop=Crop(x=0.5, width=0.5)))
    edit = Edit(clips=(clip,), watermark=Watermark(image_id="i"), captions=Captions())

    assert facts_of(edit) == {
        "clips": [{"clip_id": "1", "video_id": "v", "framing": {"crop": {"x": 0.5, "width": 0.5}}}],
        "watermark": {"image_id": "i"},
    }


def test_facts_of_a_newer_version_are_ignored() -> None:
    assert read_facts(EditClip, {"clip_id": "1", "video_id": "v", "tilt": 3}) == EditClip(clip_id="1", video_id="v")
