"""Edits of the engine from snapshots of projects. Pure.

Snapshots of earlier versions have no effects, so that their clips are plain.
"""

from collections.abc import Mapping
from typing import Any

from playhead.media.captions.word_json import cue_of
from playhead.media.edit.model import (
    Captions,
    CaptionStyle,
    Card,
    Crop,
    Edit,
    EditClip,
    Framing,
    Music,
    Title,
    Transition,
    Watermark,
)
from playhead.reels import edit_shapes as shapes

FILLED = Framing(fit="fill")
"""Framing of clips in another shape than the project's, where they have none of their own."""


def engine_edit(snapshot: Mapping[str, Any]) -> Edit:
    """The edit that a stitch renders."""
    over = shapes.ReelEdit.model_validate(snapshot.get("edit") or {})
    usual = Framing() if snapshot.get("aspect") is None else FILLED
    return Edit(
        clips=tuple(_clip(clip, usual) for clip in snapshot["clips"]),
        music=None if over.music is None else Music(**over.music.model_dump()),
        watermark=None if over.watermark is None else Watermark(**over.watermark.model_dump()),
        captions=_captions(over.captions),
    )


def _clip(facts: Mapping[str, Any], usual: Framing) -> EditClip:
    given = facts.get("effects") or {}
    effects = shapes.Effects.model_validate(given)
    card = facts.get("card")
    return EditClip(
        clip_id=facts["clip_id"],
        video_id=facts.get("video_id"),
        image_id=facts.get("image_id"),
        card=None if card is None else Card(**shapes.Card.model_validate(card).model_dump()),
        start_s=facts["start_s"],
        end_s=facts["end_s"],
        speed=effects.speed,
        volume=effects.volume,
        audio_track=effects.audio_track,
        fade_in_s=effects.fade_in_s,
        fade_out_s=effects.fade_out_s,
        transition_in=None if effects.transition_in is None else Transition(**effects.transition_in.model_dump()),
        framing=_framing(effects.framing) if "framing" in given else usual,
        zoom=effects.zoom,
        titles=tuple(Title(**title.model_dump()) for title in effects.titles),
        cues=tuple(map(cue_of, (given.get("captions") or {}).get("cues", ()))),
    )


def _framing(given: shapes.Framing) -> Framing:
    crop = None if given.crop is None else Crop(**given.crop.model_dump())
    return Framing(fit=given.fit, background=given.background, crop=crop)


def _captions(given: shapes.Captions) -> Captions:
    return Captions(
        mode=given.mode,
        language=given.language,
        style=CaptionStyle(**given.style.model_dump()),
        cues=tuple(cue_of(cue.model_dump()) for cue in given.cues),
    )
