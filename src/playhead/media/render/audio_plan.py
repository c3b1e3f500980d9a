"""The audio of a reel as whole AAC packets on one grid: what each clip puts on it, from which file, and why."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playhead.media.render.packets import Packets
from playhead.media.render.parts import MergeParts, PartUnfit
from playhead.media.render.plan import AAC_FRAME, AudioFormat, AudioPiece, ReelFormat, StitchPlan
from playhead.media.render.reasons import FORCED, audio_difference
from playhead.media.render.survey import Survey


def slot_at(at_s: Fraction, sample_rate: int) -> int:
    """Number of packets of the reel's presentation that end at or before the packet edge nearest to a time."""
    return math.floor(at_s * sample_rate / AAC_FRAME + Fraction(1, 2))


def audio_piece(
    survey: Survey, form: ReelFormat, *, begin_s: Fraction, end_s: Fraction, source_s: Fraction, forced: bool
) -> tuple[AudioPiece | None, str]:
    """Plan one clip's audio; with a remark for people, empty when it is copied or there is none.

    Args:
        begin_s, end_s: Half-open span of the clip in the reel.
        source_s: Time in the source of the clip's first frame.
    """
    audio = form.audio
    if audio is None:
        return None, ""
    first = slot_at(begin_s, audio.sample_rate)
    slots = slot_at(end_s, audio.sample_rate) - first
    start_s = source_s - begin_s + Fraction(first * AAC_FRAME, audio.sample_rate)
    absent = _absent(survey, start_s, start_s + end_s - begin_s)
    if absent or slots == 0:
        return AudioPiece("silence", slots), f"{absent}: silence is added" if absent else ""
    encoded = AudioPiece("encode", slots, start_s=float(start_s))
    if audio.mode == "encode":
        return encoded, ""
    why = FORCED if forced else audio_difference(survey, form)
    if why or survey.packets is None:
        return encoded, f"sound re-encoded: {why}"
    kept = _kept(survey.packets, audio, form.fps, start_s, slots)
    return (encoded, f"sound re-encoded: {kept}") if isinstance(kept, str) else (kept, "")


def _absent(survey: Survey, start_s: Fraction, end_s: Fraction) -> str:
    if survey.audio_codec is None:
        return "no sound"
    return "" if survey.tracks.has_audio_in(float(start_s), float(end_s)) else "no sound in this part"


def _kept(packets: Packets, audio: AudioFormat, fps: Fraction, start_s: Fraction, slots: int) -> AudioPiece | str:
    """Packets to keep, or why none: heard more than half a frame early or late, or with hidden samples."""
    wanted = (start_s - packets.origin_s) * audio.sample_rate / AAC_FRAME
    first = math.floor(wanted + Fraction(1, 2))
    error_s = abs(first - wanted) * AAC_FRAME / audio.sample_rate
    if error_s > 1 / fps / 2:
        return "its packets do not meet the picture"
    if first >= packets.count or first + slots <= 0:
        return AudioPiece("silence", slots)
    if packets.cut and first + slots >= packets.count:
        return "its edit list ends within a packet"
    return AudioPiece("copy", slots, first_packet=first)


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
        return AudioSlots(parts.audio(index), PRIMING - lead, slots, exact=True)
    return AudioSlots(parts.source(index), audio.first_packet - lead, slots)


def reach(plan: StitchPlan, form: AudioFormat) -> int:
    """Number of presented audio samples: as long as the video, as far as there are packets."""
    packets = sum(clip.audio.slots for clip in plan.clips if clip.audio is not None)
    return min(plan.ticks * form.sample_rate // plan.format.timescale, packets * AAC_FRAME)
