"""The reel's sound as whole AAC packets on one grid: what each clip puts on it, from which file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playhead.media.stitch.parts import MergeParts, PartUnfit
from playhead.media.stitch.plan import AAC_FRAME, SoundFormat, StitchPlan

PRIMING = 1
"""Packets before the presentation begins: a decoder needs the one before to complete the first (ISO/IEC 14496-3
section 4.6.11), so it is coded, decoded, and hidden by the edit list."""


@dataclass(frozen=True, slots=True)
class SoundWish:
    """What one clip puts on the grid.

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


def sound_wishes(plan: StitchPlan, parts: MergeParts) -> Iterator[SoundWish]:
    """Tell for each clip what it puts on the grid; the first clip with any slots brings the priming packet.

    Raises:
        PartUnfit: a file is missing.
    """
    lead, at = PRIMING, 0
    for index, clip in enumerate(plan.clips):
        slots = 0 if clip.sound is None else clip.sound.slots
        brought = lead if slots or index == len(plan.clips) - 1 else 0
        yield _wish(plan, parts, index, at, brought)
        at += slots
        lead -= brought


def _wish(plan: StitchPlan, parts: MergeParts, index: int, at: int, lead: int) -> SoundWish:
    """Args:
    at: Slots of the clips before, without the priming packet.
    lead: Priming packets that this clip brings.
    """
    sound, form = plan.clips[index].sound, plan.format.sound
    slots = lead + (0 if sound is None else sound.slots)
    if form is not None and form.mode == "encode":
        if parts.track is None:
            raise PartUnfit("The rendered sound of the reel is missing.")
        return SoundWish(parts.track, PRIMING + at - lead, slots, exact=True)
    if sound is None or sound.kind == "silence" or not sound.slots:
        return SoundWish(None, 0, slots)
    if sound.kind == "encode":
        return SoundWish(parts.sound(index), PRIMING - lead, slots, exact=True)
    return SoundWish(parts.source(index), sound.first_packet - lead, slots)


def reach(plan: StitchPlan, form: SoundFormat) -> int:
    """How many samples of sound are presented: as long as the picture, as far as there are packets."""
    packets = sum(clip.sound.slots for clip in plan.clips if clip.sound is not None)
    return min(plan.ticks * form.sample_rate // plan.format.timescale, packets * AAC_FRAME)
