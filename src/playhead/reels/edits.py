"""Effects of clips and of the reel between the request, the rows and the stitch. Pure.

Rows keep what differs from the defaults, so that an effect that is taken away leaves nothing behind.
"""

from collections.abc import Mapping
from typing import Any

from playhead.reels.edit_shapes import Effects, ReelEdit
from playhead.reels.tables import ClipRow, ProjectRow

STILL_S = 4.0
"""How long an image or a card is shown unless the clip says otherwise."""


def effects_of(clip: ClipRow) -> dict[str, Any]:
    """Effects of a clip, without defaults."""
    return clip.effects or {}


def apply_effects(clip: ClipRow, wanted: Effects) -> None:
    """Put the effects that a request names into a row; those it leaves out stay."""
    named = {name: getattr(wanted, name) for name in Effects.model_fields.keys() & wanted.model_fields_set}
    merged = Effects.model_validate(effects_of(clip)).model_copy(update=named)
    clip.effects = _stored(merged)


def edit_of(row: ProjectRow) -> ReelEdit:
    """What lies over and under all clips of a project."""
    return ReelEdit.model_validate(row.edit or {})


def apply_edit(row: ProjectRow, changes: ReelEdit, names: set[str]) -> None:
    """Put some fields of *changes* into a row."""
    row.edit = _stored(edit_of(row).model_copy(update={name: getattr(changes, name) for name in names}))


def speed_of(clip: ClipRow) -> float:
    """How much faster a clip is shown than its video."""
    return float(effects_of(clip).get("speed", 1.0))


def overlap_of(clip: ClipRow) -> float:
    """Seconds by which a clip overlaps the one before."""
    transition: Mapping[str, Any] = effects_of(clip).get("transition_in") or {}
    return float(transition.get("duration_s", 0.0)) if transition.get("kind") == "crossfade" else 0.0


def track_of(clip: ClipRow) -> str | None:
    """The caption track of a clip."""
    captions: Mapping[str, Any] = effects_of(clip).get("captions") or {}
    track: str | None = captions.get("track_id")
    return track


def decisive_edit(row: ProjectRow) -> dict[str, Any]:
    """What of a project's edit decides the reel: markers do not."""
    return {name: value for name, value in (row.edit or {}).items() if name != "markers"}


def _stored(shape: Effects | ReelEdit) -> dict[str, Any] | None:
    kept = shape.model_dump(mode="json", exclude_defaults=True, include=set(_fields(shape)))
    return {name: value for name, value in kept.items() if value not in (None, {}, [])} or None


def _fields(shape: Effects | ReelEdit) -> Mapping[str, Any]:
    return (Effects if isinstance(shape, Effects) else ReelEdit).model_fields
