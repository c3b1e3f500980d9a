"""Reasons for people: why a clip is encoded, and the reel in one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from playhead.kit.names import channels_name, codec_name, rate_name, size_name
from playhead.media.render.pieces import CopyRun, natural_run
from playhead.media.render.plan import Action, ClipPlan, ReelFormat
from playhead.media.render.survey import Survey

FORCED = "its copy did not pass the check"

_LATER = "its picture starts later than its sound"
_LONGER = "its sound goes on after its picture"
_LISTED = 3


def differences(survey: Survey, form: ReelFormat) -> list[str]:
    """Reasons why a clip's video cannot be copied into a reel of this format; empty when it can."""
    found = _against(survey, form)
    found += ["HDR: brought to standard range"] if survey.hdr else []
    found += ["transparency: laid on the background"] if survey.tracks.alpha else []
    found = found or [f"it {blocker}" for blocker in survey.copy_blockers]
    if found:
        return found
    if survey.grid is None:
        return ["its frame times are not known"]
    if form.timing == "constant" and survey.grid.rate is None:
        return ["its frame rate varies"]
    if natural_run(survey.grid, form.timing) is None:
        return [shortage(survey, form)]
    if survey.colour != form.colour:
        return ["other colours than most clips"]
    return []


def shortage(survey: Survey, form: ReelFormat) -> str:
    """Why no part of a clip that fits is worth copying."""
    grid = survey.grid
    if form.timing == "variable" and grid is not None and (grid.early or grid.late):
        return _LATER if grid.early else _LONGER
    if grid is not None and not grid.entries:
        return "no clean keyframe in this part"
    return "too little of this part can be copied"


def _against(survey: Survey, form: ReelFormat) -> list[str]:
    found = []
    width, height = _size(survey)
    if (width, height) != (form.width, form.height):
        found.append(f"{size_name(width, height)} against {size_name(form.width, form.height)}")
    fps = survey.fps if survey.grid is None else survey.grid.rate
    if form.timing == "constant" and fps is not None and not _same_rate(survey, fps, form.fps):
        found.append(f"{rate_name(fps)} fps against {rate_name(form.fps)}")
    if survey.codec != form.codec:
        found.append(f"{codec_name(survey.codec)} against {codec_name(form.codec)}")
    if survey.tracks.mirrored:
        found.append("mirrored")
    if survey.rotation:
        found.append(f"turned by {survey.rotation} degrees")
    return found


def _size(survey: Survey) -> tuple[int, int]:
    if survey.coded_width and not survey.copy_blockers:
        return survey.coded_width, survey.coded_height
    return survey.width, survey.height


def _same_rate(survey: Survey, fps: Fraction, wanted: Fraction) -> bool:
    return fps == wanted if survey.grid is not None else abs(fps - wanted) <= Fraction(1, 1000)


def clip_reason(survey: Survey, run: CopyRun | None, why: Sequence[str], encoded_s: float, audio: str) -> str:
    """The reason of one clip.

    Args:
        run: Copied part of its video.
        why: Reasons to encode them.
        encoded_s: Seconds of video that are encoded.
        audio: Remark on its audio; may be empty.
    """
    if run is None:
        parts = [", ".join(why)]
    elif run.whole:
        parts = ["copied"]
    else:
        parts = [f"copied; {seconds_name(encoded_s)} re-encoded where {_place(survey, run)}"]
    return "; ".join(part for part in (*parts, audio) if part)


def _place(survey: Survey, run: CopyRun) -> str:
    grid = survey.grid
    if grid is None or not (grid.early or grid.late or (grid.hidden and run.first.frame == 0)):
        return "the trim falls between keyframes"
    return _LATER if grid.early else _LONGER if grid.late else "its edit list begins between keyframes"


def summary(clips: Sequence[ClipPlan], reasons: Sequence[str], form: ReelFormat, *, music: bool = False) -> str:
    """One sentence without a full stop: "7 of 8 clips are copied; clip 3 is re-encoded: 24 fps against 30".

    Args:
        clips: Or segments of clips, in order.
        reasons: Reason of each clip to encode its video; ignored where it is copied.
        music: There is music under them.
    """
    whole = _whole_clips(clips, reasons)
    parts = [_copied(whole)] if any(clip.action != "encode" for clip in whole) else []
    parts += _encoded(whole)
    parts += _touched(whole)
    cut = [clip.cut_s for clip in whole if clip.cut_s]
    if cut:
        trims = "trims fall" if len(cut) > 1 else "a trim falls"
        trims = "copies begin or end" if any(clip.effects for clip in whole) else trims
        parts.append(f"{seconds_name(sum(cut))} re-encoded where {trims} between keyframes")
    parts += _whole_audio(form, music=music)
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A clip with all its segments.

    Attributes:
        reason: Of one that is encoded.
        effects: Of one that is copied: reasons of the segments that are encoded, and *effects_s* their length.
        cut_s: Encoded beside a copy, up to keyframes.
    """

    action: Action
    reason: str
    effects: tuple[str, ...]
    effects_s: float
    cut_s: float


def _whole_clips(clips: Sequence[ClipPlan], reasons: Sequence[str]) -> list[_Whole]:
    planned = zip(clips, reasons, strict=True)
    return [_whole_clip(list(own)) for _, own in groupby(planned, key=lambda one: one[0].clip_id)]


def _whole_clip(segments: Sequence[tuple[ClipPlan, str]]) -> _Whole:
    made = [(clip, reason) for clip, reason in segments if clip.action == "encode"]
    words = tuple(dict.fromkeys(reason for _, reason in made))
    if len(made) == len(segments):
        return _Whole("encode", ", ".join(words), (), 0.0, 0.0)
    cut_s = sum(clip.encoded_s for clip, _ in segments if clip.action == "boundary")
    action: Action = "boundary" if made or cut_s else "copy"
    return _Whole(action, "", words, sum(clip.encoded_s for clip, _ in made), cut_s)


def _touched(clips: Sequence[_Whole]) -> list[str]:
    """What is done to parts of clips that are copied otherwise."""
    words = list(dict.fromkeys(word for clip in clips for word in clip.effects))
    if not words:
        return []
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return [f"{seconds_name(sum(clip.effects_s for clip in clips))} re-encoded: {', '.join(words[:_LISTED])}{more}"]


def _copied(clips: Sequence[_Whole]) -> str:
    count, copied = len(clips), sum(clip.action != "encode" for clip in clips)
    if count == 1:
        return "The clip is copied"
    if copied == count:
        return "Both clips are copied" if count == 2 else f"All {count} clips are copied"
    return f"{copied} of {count} clips {'is' if copied == 1 else 'are'} copied"


def _encoded(clips: Sequence[_Whole]) -> list[str]:
    groups: dict[str, list[int]] = {}
    for number, clip in enumerate(clips, 1):
        if clip.action == "encode":
            groups.setdefault(clip.reason, []).append(number)
    largest = sorted(groups.items(), key=lambda group: (-len(group[1]), group[1]))
    shown = sorted(largest[:_LISTED], key=lambda group: group[1])
    everything = len(clips) > 1 and sum(map(len, groups.values())) == len(clips)
    if everything and len(groups) == 1:
        which = "Both" if len(clips) == 2 else f"All {len(clips)}"
        return [f"{which} clips are re-encoded: {shown[0][0]}"]
    if len(clips) == 1:
        return [f"The clip is re-encoded: {reason}" for reason, _ in shown]
    parts = [f"{_numbers(numbers)} re-encoded: {reason}" for reason, numbers in shown]
    rest = sum(len(numbers) for _, numbers in largest[_LISTED:])
    if rest:
        parts.append(f"{rest} more {'is' if rest == 1 else 'are'} re-encoded for other reasons")
    if everything and parts:
        parts[0] = parts[0][0].upper() + parts[0][1:]
    return parts


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"clip {numbers[0]} is"
    if len(numbers) <= _LISTED + 1:
        return f"clips {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} are"
    return f"clips {', '.join(map(str, numbers[:_LISTED]))} and {len(numbers) - _LISTED} more are"


def _whole_audio(form: ReelFormat, *, music: bool) -> Iterable[str]:
    if form.audio is None or form.audio.mode != "encode":
        return ()
    loudness = form.audio.loudness_lufs
    if music:
        end = "" if loudness is None else f" and brought to {loudness:g} LUFS"
        return (f"music is mixed in: the sound is encoded anew{end}",)
    end = "" if loudness is None else f", each clip brought to {loudness:g} LUFS"
    return (f"the sound is encoded in one piece{end}",)


def audio_difference(survey: Survey, form: ReelFormat) -> str:
    """Why a clip's packets cannot be copied, in words such as "Opus against AAC"; empty when they can."""
    audio, packets = form.audio, survey.packets
    if audio is None or survey.audio_codec is None:
        return ""
    if packets is None:
        if survey.audio_codec != "aac":
            return f"{codec_name(survey.audio_codec)} against AAC"
        return survey.audio_blocker or "not read"
    if packets.sample_rate != audio.sample_rate:
        return f"{packets.sample_rate / 1000:g} kHz against {audio.sample_rate / 1000:g}"
    if packets.channels != audio.channels:
        return f"{channels_name(packets.channels)} against {channels_name(audio.channels)}"
    return ""


def seconds_name(seconds: float) -> str:
    """To a tenth, never "0.0 s"."""
    return f"{max(0.1, seconds):.1f} s"
