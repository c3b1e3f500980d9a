"""A window of a reel: the segments of a span of it, in low resolution, for a render that is seen at once. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from playhead.reels.planning import LoweredEdit

if TYPE_CHECKING:
    from playhead.media.edit.model import Edit
    from playhead.media.edit.segments import Segment
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.plan import ReelFormat

LONGEST_S = 20.0
LONGEST_SIDE = 640
"""Pixels."""

_LEAD_S = 0.5
"""Seconds of the clip before that are shown where a window begins in a crossfade, which needs both clips."""

_SHORTEST_S = 0.04
"""Shortest part of a clip that is worth a segment."""


def window_of(lowered: LoweredEdit, start_s: float, end_s: float) -> LoweredEdit:
    """The part of an edit that is seen in ``[start_s, end_s)`` of the reel, as an edit of its own."""
    from playhead.media.edit.cutting import segment_part

    segments: list[Segment] = []
    for whole, at_s in _wholes(lowered):
        begin, end = max(0.0, start_s - at_s), min(whole.length_s, end_s - at_s)
        if end - begin >= min(_SHORTEST_S, whole.length_s):
            segments += [segment_part(whole, begin, end)]
    return replace(lowered, edit=_edit(lowered.edit, start_s, end_s, _end_s(lowered)), segments=segments)


def window_start_s(lowered: LoweredEdit, start_s: float) -> float:
    """Where a window begins that is to begin at *start_s*: before a crossfade, never in it."""
    for whole, at_s in _wholes(lowered):
        video = whole.video
        mixes = video is not None and video.before is not None
        if mixes and video is not None and at_s <= start_s < at_s + video.mix_s:
            return max(0.0, at_s - _LEAD_S)
    return max(0.0, min(start_s, _end_s(lowered) - _SHORTEST_S))


def small(settings: "ReelSettings", form: "ReelFormat") -> "ReelSettings":
    """Settings of a render of a reel of this format in low resolution."""
    scale = min(1.0, LONGEST_SIDE / max(form.width, form.height))
    width, height = (max(16, round(side * scale / 2) * 2) for side in (form.width, form.height))
    return replace(
        settings, width=width, height=height, fps=float(form.fps), codec="h264", timing="constant", loudness_lufs=None
    )


def _wholes(lowered: LoweredEdit) -> "Iterator[tuple[Segment, float]]":
    """Each clip as one segment, and where it begins in the reel."""
    at_s, latest = 0.0, None
    for segment in lowered.segments:
        whole = segment.whole or segment
        if whole is not latest:
            yield whole, at_s
            at_s += whole.length_s
            latest = whole


def _end_s(lowered: LoweredEdit) -> float:
    return sum(segment.length_s for segment in lowered.segments)


def _edit(edit: "Edit", start_s: float, end_s: float, reel_s: float) -> "Edit":
    from playhead.media.edit.model import NO_CAPTIONS

    edit = replace(edit, captions=NO_CAPTIONS)  # those that are burned in are layers of the segments
    if edit.music is None:
        return edit
    return replace(edit, music=replace(edit.music, before_s=start_s, after_s=max(0.0, reel_s - end_s)))
