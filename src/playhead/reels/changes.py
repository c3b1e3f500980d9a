"""Changes since a reel was made, as phrases. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    replaced = [clip for clip in common if clip.video_id != old[clip.id]["video_id"]]
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
    return words + _settings(snapshot["settings"], project)


def _order(common: Sequence[ClipRow], old: Mapping[str, Any]) -> bool:
    kept = {clip.id for clip in common}
    return [clip.id for clip in common] != [clip_id for clip_id in old if clip_id in kept]


def _settings(old: Mapping[str, Any], project: ProjectRow) -> list[str]:
    was, now = {**DEFAULTS, **old}, settings_of(project)
    return [f"the {word}" for word, names in SETTINGS if any(getattr(now, name) != was[name] for name in names)]


def _span(clip: ClipRow) -> tuple[float, float | None]:
    return clip.start_s, clip.end_s


def _old_span(clip: Mapping[str, Any]) -> tuple[float, float | None]:
    return clip["start_s"], clip["end_s"]
