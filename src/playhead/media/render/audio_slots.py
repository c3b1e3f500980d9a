"""Places of the clips' AAC packets on the grid of the reel, and the files that they come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playhead.media.render.parts import MergeParts, PartUnfit
from playhead.media.render.plan import AAC_FRAME, AudioFormat, StitchPlan
from playhead.media.render.tasks import led_by, run_head

PRIMING = 1
"""Packets before the presentation begins: a decoder needs the one before to complete the first (ISO/IEC 14496-3
section 4.6.11), so it is coded, decoded, and hidden by the edit list."""


@dataclass(frozen=True, slots=True)
class AudioSlots:
    """Slots of one clip on the grid.

    Attributes:
        path: None for silence.
        first: Index of its first packet there; may be below 0 in a copy, where packets before 0 are silence.
        slots: How many, with the priming packet where the clip brings it.
        exact: The file was made for this and must hold them all.
    """

    path: Path | None
    first: int
    slots: int
    exact: bool = False


def audio_slots(plan: StitchPlan, parts: MergeParts) -> Iterator[AudioSlots]:
    """Slots of each clip on the grid; the first clip with any slots brings the priming packet.

    Raises:
        PartUnfit: a file is missing.
    """
    lead, at = PRIMING, 0
    for index, clip in enumerate(plan.clips):
        slots = 0 if clip.audio is None else clip.audio.slots
        brought = lead if slots or index == len(plan.clips) - 1 else 0
        yield _slots_of(plan, parts, index, at, brought)
        at += slots
        lead -= brought


def _slots_of(plan: StitchPlan, parts: MergeParts, index: int, at: int, lead: int) -> AudioSlots:
    """Args:
    at: Slots of the clips before, without the priming packet.
    lead: Priming packets that this clip brings.
    """
    audio, form = plan.clips[index].audio, plan.format.audio
    slots = lead + (0 if audio is None else audio.slots)
    if form is not None and form.mode == "encode":
        if parts.track is None:
            raise PartUnfit("The rendered audio of the reel is missing.")
        return AudioSlots(parts.track, PRIMING + at - lead, slots, exact=True)
    if audio is None or audio.kind == "silence" or not audio.slots:
        return AudioSlots(None, 0, slots)
    if audio.kind == "encode":
        head = run_head(plan, index)
        made = plan.clips[head].audio
        first = PRIMING + (0 if made is None else led_by(made))
        first += sum(part.slots for clip in plan.clips[head:index] if (part := clip.audio) is not None)
        return AudioSlots(parts.audio(head), first - lead, slots, exact=True)
    return AudioSlots(parts.source(index), audio.first_packet - lead, slots)


def reach(plan: StitchPlan, form: AudioFormat) -> int:
    """Number of presented audio samples: as long as the video, as far as there are packets."""
    packets = sum(clip.audio.slots for clip in plan.clips if clip.audio is not None)
    return min(plan.ticks * form.sample_rate // plan.format.timescale, packets * AAC_FRAME)
