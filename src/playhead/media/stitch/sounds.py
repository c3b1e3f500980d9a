"""A clip's share of the reel's sound: which packets are kept, or why they are encoded."""

import math
from fractions import Fraction

from playhead.media.stitch.packets import Packets
from playhead.media.stitch.plan import AAC_FRAME, ReelFormat, SoundFormat, SoundPiece
from playhead.media.stitch.survey import Survey
from playhead.media.stitch.words import FORCED, sound_difference


def slot_at(at_s: Fraction, sample_rate: int) -> int:
    """How many packets of the reel's presentation end at or before the packet edge nearest to a time."""
    return math.floor(at_s * sample_rate / AAC_FRAME + Fraction(1, 2))


def sound_piece(
    survey: Survey, form: ReelFormat, *, begin_s: Fraction, end_s: Fraction, source_s: Fraction, forced: bool
) -> tuple[SoundPiece | None, str]:
    """Plan one clip's sound, and say what is done about it; nothing when it is copied or there is none.

    Args:
        begin_s, end_s: Half-open span of the clip in the reel.
        source_s: Time in the source of the clip's first frame.
    """
    sound = form.sound
    if sound is None:
        return None, ""
    first = slot_at(begin_s, sound.sample_rate)
    slots = slot_at(end_s, sound.sample_rate) - first
    start_s = source_s - begin_s + Fraction(first * AAC_FRAME, sound.sample_rate)
    absent = _absent(survey, start_s, start_s + end_s - begin_s)
    if absent or slots == 0:
        return SoundPiece("silence", slots), f"{absent}: silence is added" if absent else ""
    encoded = SoundPiece("encode", slots, start_s=float(start_s))
    if sound.mode == "encode":
        return encoded, ""
    why = FORCED if forced else sound_difference(survey, form)
    if why or survey.packets is None:
        return encoded, f"sound re-encoded: {why}"
    kept = _kept(survey.packets, sound, form.fps, start_s, slots)
    return (encoded, f"sound re-encoded: {kept}") if isinstance(kept, str) else (kept, "")


def _absent(survey: Survey, start_s: Fraction, end_s: Fraction) -> str:
    if survey.audio_codec is None:
        return "no sound"
    return "" if survey.tracks.sounds(float(start_s), float(end_s)) else "no sound in this part"


def _kept(packets: Packets, sound: SoundFormat, fps: Fraction, start_s: Fraction, slots: int) -> SoundPiece | str:
    """Keep packets, or say why not: one is heard more than half a frame early or late, or holds what is hidden."""
    wanted = (start_s - packets.origin_s) * sound.sample_rate / AAC_FRAME
    first = math.floor(wanted + Fraction(1, 2))
    error_s = abs(first - wanted) * AAC_FRAME / sound.sample_rate
    if error_s > 1 / fps / 2:
        return "its packets do not meet the picture"
    if first >= packets.count or first + slots <= 0:
        return SoundPiece("silence", slots)
    if packets.cut and first + slots >= packets.count:
        return "its edit list ends within a packet"
    return SoundPiece("copy", slots, first_packet=first)
