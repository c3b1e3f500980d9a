"""A plan in the words of the API: what is done to each clip of the edit, and where in the reel. Pure."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from playhead.reels.shapes import PlannedAction, PlannedClip, PlannedFormat, PlannedSpan, ProjectPlan

if TYPE_CHECKING:
    from playhead.media.render.plan import ClipPlan, ReelFormat, StitchPlan

_CUT = "the GOP that its edge cuts"


def plan_resource(plan: "StitchPlan", clip_ids: Sequence[str], remarks: Sequence[str]) -> ProjectPlan:
    """A plan without its version and its times.

    Args:
        clip_ids: All clips of the edit, in order; the plan has one or several segments of each.
    """
    segments: dict[str, list[ClipPlan]] = {clip_id: [] for clip_id in clip_ids}
    for segment in plan.clips:
        segments[segment.clip_id].append(segment)
    clips = [_clip(clip_id, found, plan.format) for clip_id, found in segments.items()]
    return ProjectPlan(
        version=0,
        summary=plan.summary,
        estimate_s=0.0,
        estimate_low_s=0.0,
        estimate_high_s=0.0,
        duration_s=round(plan.duration_s, 6),
        encoded_s=round(sum(clip.encoded_s for clip in clips), 3),
        remarks=list(remarks),
        format=_format(plan.format),
        clips=clips,
    )


def _format(form: "ReelFormat") -> PlannedFormat:
    return PlannedFormat(
        width=form.width,
        height=form.height,
        fps=round(float(form.fps), 3),
        codec=form.codec,
        timing=form.timing,
        sound=None if form.audio is None else form.audio.mode,
    )


def _clip(clip_id: str, segments: "Sequence[ClipPlan]", form: "ReelFormat") -> PlannedClip:
    return PlannedClip(
        clip_id=clip_id,
        action=_action(segments),
        reason="; ".join(dict.fromkeys(segment.reason for segment in _reasoned(segments))),
        encoded_s=round(sum(segment.encoded_s for segment in segments), 3),
        spans=_joined([span for segment in segments for span in _spans(segment, form)]),
    )


def _action(segments: "Sequence[ClipPlan]") -> PlannedAction:
    """Copied or encoded where all of it is; else in part."""
    actions = {segment.action for segment in segments}
    return actions.pop() if len(actions) == 1 else "boundary" if actions else "copy"


def _reasoned(segments: "Sequence[ClipPlan]") -> "Sequence[ClipPlan]":
    """Segments whose reasons say something: of a clip that is encoded in part, those that are encoded."""
    return [segment for segment in segments if segment.action != "copy"] or segments


def _spans(segment: "ClipPlan", form: "ReelFormat") -> Iterator[PlannedSpan]:
    """The pieces of a segment, in the time of the reel."""
    tick = segment.start_tick
    for piece in segment.video:
        end = tick + piece.ticks
        encoded = piece.kind == "encode"
        why = segment.reason.split("; sound ")[0] if segment.action == "encode" else _CUT
        yield PlannedSpan(
            start_s=round(tick / form.timescale, 3),
            end_s=round(end / form.timescale, 3),
            action="encode" if encoded else "copy",
            reason=why if encoded else "",
        )
        tick = end


def _joined(spans: Sequence[PlannedSpan]) -> list[PlannedSpan]:
    """Spans, where neighbours of one kind and reason are one."""
    found: list[PlannedSpan] = []
    for span in spans:
        if found and (found[-1].action, found[-1].reason) == (span.action, span.reason):
            found[-1] = found[-1].model_copy(update={"end_s": span.end_s})
        else:
            found.append(span)
    return found
