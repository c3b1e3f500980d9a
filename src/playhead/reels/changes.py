"""Changes since a reel was made, as phrases. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from playhead.reels.edits import decisive_edit, effects_of
from playhead.reels.settings import DEFAULTS, settings_of
from playhead.reels.tables import ClipRow, ProjectRow

SETTINGS = (
    ("size", ("width", "height")),
    ("frame rate", ("fps",)),
    ("background", ("background",)),
    ("codec", ("codec",)),
    ("timing", ("timing",)),
    ("sound", ("sound",)),
    ("loudness", ("loudness_lufs",)),
)


EFFECTS = (
    ("speed", ("speed",)),
    ("sound", ("volume", "audio_track")),
    ("fades", ("fade_in_s", "fade_out_s")),
    ("transition", ("transition_in",)),
    ("framing", ("framing", "zoom")),
    ("titles", ("titles",)),
    ("captions", ("captions",)),
)
EDIT = ("music", "watermark", "captions")


def changes_since(snapshot: Mapping[str, Any], project: ProjectRow) -> list[str]:
    """Compare a project with the snapshot that its reel was stitched from.

    Args:
        snapshot: The arguments of the stitch: ``clips`` and ``settings``.

    Returns:
        Such as ``["1 clip added", "the order"]``; empty when nothing that decides the reel differs.
    """
    old = {clip["clip_id"]: clip for clip in snapshot["clips"]}
    new = {clip.id: clip for clip in project.clips}
    common = [clip for clip in project.clips if clip.id in old]
    replaced = [clip for clip in common if _source(clip) != _old_source(old[clip.id])]
    trimmed = [clip for clip in common if clip not in replaced and _span(clip) != _old_span(old[clip.id])]
    counts = (
        (len(new.keys() - old.keys()), "added"),
        (len(old.keys() - new.keys()), "removed"),
        (len(replaced), "replaced"),
        (len(trimmed), "trimmed"),
    )
    words = [f"{count} clip{'s' if count > 1 else ''} {verb}" for count, verb in counts if count]
    if _order(common, old):
        words.append("the order")
    words += _effects(common, old)
    return [*words, *_settings(snapshot["settings"], project), *_edit(snapshot.get("edit") or {}, project)]


def _order(common: Sequence[ClipRow], old: Mapping[str, Any]) -> bool:
    kept = {clip.id for clip in common}
    return [clip.id for clip in common] != [clip_id for clip_id in old if clip_id in kept]


def _effects(common: Sequence[ClipRow], old: Mapping[str, Any]) -> list[str]:
    """Effects that differ, such as "the captions of 2 clips"."""
    found = []
    for word, names in (*EFFECTS, ("card", ("card",))):
        count = sum(_facts(clip, names) != _old_facts(old[clip.id], names) for clip in common)
        if count:
            found.append(f"the {word} of {count} clip{'s' if count > 1 else ''}")
    return found


def _facts(clip: ClipRow, names: Sequence[str]) -> list[Any]:
    facts = {**effects_of(clip), "card": clip.card}
    return [_chosen(facts.get(name)) for name in names]


def _old_facts(clip: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    facts = {**(clip.get("effects") or {}), "card": clip.get("card")}
    return [_chosen(facts.get(name)) for name in names]


def _chosen(effect: Any) -> Any:
    """An effect as a person chose it: a snapshot has the cues of a caption track besides."""
    return effect["track_id"] if isinstance(effect, Mapping) and effect.get("track_id") else effect


def _edit(old: Mapping[str, Any], project: ProjectRow) -> list[str]:
    now = decisive_edit(project)
    return [f"the {name}" for name in EDIT if now.get(name) != old.get(name)]


def _source(clip: ClipRow) -> tuple[Any, ...]:
    return clip.video_id, clip.image_id, clip.card is not None


def _old_source(clip: Mapping[str, Any]) -> tuple[Any, ...]:
    return clip["video_id"], clip.get("image_id"), clip.get("card") is not None


def _settings(old: Mapping[str, Any], project: ProjectRow) -> list[str]:
    was, now = {**DEFAULTS, **old}, settings_of(project)
    return [f"the {word}" for word, names in SETTINGS if any(getattr(now, name) != was[name] for name in names)]


def _span(clip: ClipRow) -> tuple[float, float | None]:
    return clip.start_s, clip.end_s


def _old_span(clip: Mapping[str, Any]) -> tuple[float, float | None]:
    return clip["start_s"], clip["end_s"]
