"""Lowering of an edit: a flat list of segments, each with all that is done to its frames, or with nothing.

A clip is cut where effects begin or end, so that what lies between can be copied. Effects that are near each other
share a segment, since each segment that is encoded starts an encoder and has keyframes of its own.
"""

from collections.abc import Mapping, Sequence

from playhead.media.edit.cutting import segment_part
from playhead.media.edit.layers import layers_of
from playhead.media.edit.model import Edit
from playhead.media.edit.placing import Placed, place, runs, touched
from playhead.media.edit.segments import AudioEffects, Fade, Heard, Segment, Shown, VideoEffects
from playhead.media.edit.words import reasons_of

SHORTEST_COPY_S = 2.0
"""Shortest run between effects that is left alone: a keyframe is likely in it."""


def lower(edit: Edit, lengths: Mapping[str, float]) -> list[Segment]:
    """Lower an edit; the lengths of the segments add up to the reel's.

    Args:
        lengths: Seconds of each video, by its id.

    Raises:
        EditUnfit: a transition longer than half of a clip beside it, or an empty clip.
    """
    placed = place(edit, lengths)
    found: list[Segment] = []
    for one, before in zip(placed, [None, *placed], strict=False):
        whole = _whole(edit, one, before, placed[max(0, one.number - 2) : one.number + 1])
        found += [segment_part(whole, start_s, end_s) for start_s, end_s in runs(_touched(whole), whole.length_s)]
    return found


def _whole(edit: Edit, one: Placed, before: Placed | None, near: Sequence[Placed]) -> Segment:
    """Args:
    near: The clip with those beside it, which are all that it can overlap.
    """
    clip, mixes = one.clip, before is not None and one.overlap_in_s > 0
    fades = tuple(_fades(one))
    video = VideoEffects(
        shown=_shown(one, 0.0, one.own_s),
        before=_shown(before, before.own_s, before.own_s + one.own_s) if before is not None and mixes else None,
        mix_s=one.overlap_in_s,
        fades=fades,
        layers=layers_of(edit, one, near),
    )
    audio = AudioEffects(
        heard=_heard(one, 0.0),
        before=_heard(before, before.own_s) if before is not None and mixes else None,
        mix_s=one.overlap_in_s,
        fades=fades,
    )
    return Segment(
        clip_id=clip.clip_id,
        source_id=_source_id(one),
        start_s=clip.start_s,
        end_s=one.source_s(one.own_s),
        length_s=one.own_s,
        video=video,
        audio=audio,
        reasons=reasons_of(video),
    )


def _source_id(one: Placed) -> str:
    return one.clip.video_id or one.clip.image_id or ""


def _shown(one: Placed, start_s: float, end_s: float) -> Shown:
    clip = one.clip
    return Shown(
        source_id=_source_id(one),
        card=clip.card,
        still=clip.video_id is None,
        start_s=one.source_s(start_s),
        speed=clip.speed,
        framing=clip.framing,
        zoom=clip.zoom,
        zoom_from=start_s / one.length_s,
        zoom_to=end_s / one.length_s,
    )


def _heard(one: Placed, start_s: float) -> Heard:
    clip = one.clip
    return Heard(
        source_id=clip.video_id or "",
        start_s=one.source_s(start_s),
        speed=clip.speed,
        volume=clip.volume,
        audio_track=clip.audio_track,
    )


def _fades(one: Placed) -> list[Fade]:
    """On the clip's clock. Where a crossfade is, the clip's own fade has no place."""
    clip, found = one.clip, []
    if clip.fade_in_s > 0 and not one.overlap_in_s:
        found.append(Fade(kind="in", start_s=0.0, duration_s=clip.fade_in_s))
    if one.dip_in is not None:
        half_s, colour = one.dip_in.duration_s / 2, one.dip_in.colour
        found.append(Fade(kind="in", start_s=0.0, duration_s=half_s, colour=colour, dip=True))
    if clip.fade_out_s > 0 and not one.overlap_out_s:
        found.append(Fade(kind="out", start_s=one.length_s - clip.fade_out_s, duration_s=clip.fade_out_s))
    if one.dip_out is not None:
        half_s, colour = one.dip_out.duration_s / 2, one.dip_out.colour
        found.append(Fade(kind="out", start_s=one.length_s - half_s, duration_s=half_s, colour=colour, dip=True))
    return found


def _touched(whole: Segment) -> list[tuple[float, float]]:
    """Spans of a clip's clock in which something is done that is not done to all of it."""
    video, audio = whole.video, whole.audio
    spans = [] if video is None else [*_fading(video.fades), *((one.start_s, one.end_s) for one in video.layers)]
    spans += [(0.0, video.mix_s)] if video is not None and video.before is not None else []
    spans += [] if audio is None else _fading(audio.fades)
    return touched(spans, whole.length_s, SHORTEST_COPY_S)


def _fading(fades: Sequence[Fade]) -> list[tuple[float, float]]:
    return [(fade.start_s, fade.start_s + fade.duration_s) for fade in fades]
