"""The audio of a reel as whole AAC packets on one grid: what each clip puts on it, from which file, and why."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from playhead.media.edit.segments import AudioEffects, Heard
from playhead.media.render.packets import Packets
from playhead.media.render.plan import AAC_FRAME, AudioFormat, AudioPiece, HeardClip, ReelFormat, SourceTracks
from playhead.media.render.reasons import FORCED, audio_difference
from playhead.media.render.survey import STILL, Survey


def slot_at(at_s: Fraction, sample_rate: int) -> int:
    """Number of packets of the reel's presentation that end at or before the packet edge nearest to a time."""
    return math.floor(at_s * sample_rate / AAC_FRAME + Fraction(1, 2))


class AudioLine:
    """Audio of a reel, planned segment by segment in order: segments of one clip go on where the one before ended.

    Args:
        clips: Id of the clip, id of its video, and survey of every segment of the reel.
    """

    def __init__(self, form: ReelFormat, clips: Sequence[tuple[str, str, Survey]]) -> None:
        self._form = form
        self._clips: dict[str, HeardClip] = {}
        self._packets: dict[str, Packets] = {}
        for clip_id, video_id, survey in clips:
            if survey.audio_codec is None:
                continue
            if survey.packets is not None and not audio_difference(survey, form):
                self._packets.setdefault(clip_id, survey.packets)
            known = self._clips.setdefault(
                clip_id, HeardClip(clip_id, video_id, survey.tracks, survey.start_s, survey.end_s)
            )
            start_s, end_s = min(known.start_s, survey.start_s), max(known.end_s, survey.end_s)
            self._clips[clip_id] = replace(known, start_s=start_s, end_s=end_s)
        self._zeros: dict[str, Fraction] = {}
        self._clip_id, self._before_id = "", ""
        self._last: AudioPiece | None = None

    def piece(
        self,
        clip_id: str,
        survey: Survey,
        *,
        begin_s: Fraction,
        end_s: Fraction,
        source_s: Fraction,
        forced: bool = False,
        effects: AudioEffects | None = None,
    ) -> tuple[AudioPiece | None, str]:
        """Plan one segment; with a remark for people, empty when it is copied or there is none.

        Args:
            begin_s, end_s: Half-open span of the segment in the reel.
            source_s: Time in the source of the segment's first frame.
        """
        audio = self._form.audio
        if audio is None:
            return None, ""
        begins = clip_id != self._clip_id
        if begins:
            self._clip_id, self._before_id, self._last = clip_id, self._clip_id, None
        first = slot_at(begin_s, audio.sample_rate)
        slots = slot_at(end_s, audio.sample_rate) - first
        early_s = Fraction(first * AAC_FRAME, audio.sample_rate) - begin_s
        if effects is not None and does_nothing(effects):
            effects = None
        if effects is None:
            start_s = self._source_s(clip_id, source_s, begin_s) + early_s
            piece, words = _plain(survey, self._form, start_s, begin_s, end_s, slots, forced=forced)
            if piece.kind == "copy":
                self._zeros[clip_id] = self._on_packets(clip_id, self._zeros[clip_id])
        else:
            effects = self._settled(effects, begin_s)
            piece, words = self._with_effects(survey, effects, early_s, end_s - begin_s, slots)
        piece = self._joined(self._measured(piece, survey))
        self._last = piece
        if begins and survey.audio_remark and piece.kind != "silence":
            words = "; ".join(filter(None, (survey.audio_remark, words)))
        return piece, words

    def _source_s(
        self, clip_id: str, source_s: Fraction, begin_s: Fraction, speed: float = 1.0, *, mixed: bool = False
    ) -> Fraction:
        """Time in the source that is heard at a time of the reel: one line through all segments of a clip.

        What is shown there is the frame nearest to it, so it may differ by half a frame; by more, it begins anew.
        """
        rate = Fraction(speed)
        known = self._zeros.get(clip_id)
        if known is None or abs(known + rate * begin_s - source_s) > rate / self._form.fps:
            known = source_s - rate * begin_s
            self._zeros[clip_id] = known = self._on_packets(clip_id, known) if mixed and speed == 1 else known
        return known + rate * begin_s

    def _on_packets(self, clip_id: str, zero_s: Fraction) -> Fraction:
        """Move the line of a clip onto its own packets, where they are near enough to be copied.

        AAC overlaps its packets: only at the same places do encoded ones go on without a click where copied ones end.
        """
        audio, packets = self._form.audio, self._packets.get(clip_id)
        if audio is None or audio.mode != "copy" or packets is None:
            return zero_s
        packet_s = Fraction(AAC_FRAME, audio.sample_rate)
        late_s = (zero_s - packets.origin_s + packet_s / 2) % packet_s - packet_s / 2
        return zero_s if abs(late_s) > 1 / self._form.fps / 2 else zero_s - late_s

    def _settled(self, effects: AudioEffects, begin_s: Fraction) -> AudioEffects:
        heard, before = effects.heard, effects.before
        heard = replace(heard, start_s=self._heard_s(self._clip_id, heard, begin_s))
        if before is not None:
            before = replace(before, start_s=self._heard_s(self._before_id, before, begin_s))
        return replace(effects, heard=heard, before=before)

    def _heard_s(self, clip_id: str, heard: Heard, begin_s: Fraction) -> float:
        return round(float(self._source_s(clip_id, Fraction(heard.start_s), begin_s, heard.speed, mixed=True)), 9)

    def _with_effects(
        self, survey: Survey, effects: AudioEffects, early_s: Fraction, length_s: Fraction, slots: int
    ) -> tuple[AudioPiece, str]:
        before = self._clips.get(self._before_id) if effects.before is not None else None
        if before is None or effects.before is None or not _is_audible(effects.before, before.tracks, length_s):
            effects, before = replace(effects, before=None), None
        audible = survey.audio_codec is not None and _is_audible(effects.heard, survey.tracks, length_s)
        if not audible and before is None:
            muted = survey.audio_codec is not None and effects.heard.volume == 0
            return AudioPiece("silence", slots), "muted" if muted else ""
        if not audible:
            effects = replace(effects, heard=replace(effects.heard, source_id=""))
        words = "" if self._form.audio and self._form.audio.mode == "encode" else f"sound re-encoded: {why(effects)}"
        return AudioPiece("encode", slots, start_s=float(early_s), effects=effects, before=before), words

    def _measured(self, piece: AudioPiece, survey: Survey) -> AudioPiece:
        """A part of a clip is brought to the loudness that the clip as a whole needs."""
        audio, clip = self._form.audio, self._clips.get(self._clip_id)
        if audio is None or audio.loudness_lufs is None or piece.kind != "encode" or clip is None:
            return piece
        if piece.effects is None and (clip.start_s, clip.end_s) == (survey.start_s, survey.end_s):
            return piece
        return replace(piece, measured_s=(clip.start_s, clip.end_s))

    def _joined(self, piece: AudioPiece) -> AudioPiece:
        last = self._last
        both = last is not None and last.kind == piece.kind == "encode" and last.measured_s == piece.measured_s
        if last is None or not both or _steady(last.effects) is None:
            return piece
        return replace(piece, joined=_steady(last.effects) == _steady(piece.effects))


def does_nothing(effects: AudioEffects) -> bool:
    """Whether a clip is heard as it is; the choice of its track is made before."""
    return (effects.heard.speed, effects.heard.volume, effects.before, effects.fades) == (1.0, 1.0, None, ())


def why(effects: AudioEffects) -> str:
    """What is done, in words such as "speed, crossfade"."""
    found = {
        "speed": effects.heard.speed != 1,
        "volume": effects.heard.volume != 1,
        "crossfade": effects.before is not None,
        "fade": bool(effects.fades),
    }
    return ", ".join(name for name, there in found.items() if there)


def _steady(effects: AudioEffects | None) -> tuple[float, float] | None:
    """Speed and volume where nothing else is done, from one end to the other; else None."""
    if effects is None:
        return 1.0, 1.0
    return None if effects.before is not None or effects.fades else (effects.heard.speed, effects.heard.volume)


def _is_audible(heard: Heard, tracks: SourceTracks, length_s: Fraction) -> bool:
    end_s = heard.start_s + heard.speed * float(length_s)
    return bool(heard.source_id) and heard.volume > 0 and tracks.has_audio_in(heard.start_s, end_s)


def _plain(
    survey: Survey,
    form: ReelFormat,
    start_s: Fraction,
    begin_s: Fraction,
    end_s: Fraction,
    slots: int,
    *,
    forced: bool,
) -> tuple[AudioPiece, str]:
    audio = form.audio
    assert audio is not None
    absent = _absent(survey, start_s, start_s + end_s - begin_s)
    if absent or slots == 0:
        missed = absent and survey.container != STILL  # nobody expects to hear an image
        return AudioPiece("silence", slots), f"{absent}: silence is added" if missed else ""
    encoded = AudioPiece("encode", slots, start_s=float(start_s))
    if audio.mode == "encode":
        return encoded, ""
    reason = FORCED if forced else audio_difference(survey, form)
    if reason or survey.packets is None:
        return encoded, f"sound re-encoded: {reason}"
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
