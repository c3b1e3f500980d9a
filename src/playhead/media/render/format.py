"""Format of a reel: the requested settings, and the rest such that as much as possible can be copied."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from playhead.media.errors import FormatOutOfBounds
from playhead.media.mp4.movie import BT709, Colour
from playhead.media.probe import AudioStream
from playhead.media.render.packets import RATES
from playhead.media.render.pieces import natural_run
from playhead.media.render.plan import AudioFormat, AudioMode, Codec, ReelFormat, Timing
from playhead.media.render.survey import Survey

MIN_SIDE, MAX_SIDE = 16, 4096
MIN_FPS, MAX_FPS = 1, 60
MIN_LUFS, MAX_LUFS = -70.0, -5.0
"""What FFmpeg's loudnorm takes."""

AUTO_LONGEST_SIDE = 1920
"""Longest side of an automatic size, unless clips are copied in it."""

DEFAULT_SIZE = (1920, 1080)
DEFAULT_FPS = Fraction(30)

MIN_CLASS_SHARE = Fraction(1, 3)
"""Clips decide about the look of a reel by being copied only when they make up this much of it."""

_WHOLE_RATES = (24, 25, 30, 50, 60)
_NTSC_RATES = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
_CODECS = ("h264", "hevc", "av1")


@dataclass(frozen=True, slots=True)
class ReelSettings:
    """Requested settings; None leaves a setting to the clips.

    Attributes:
        width, height: Even, 16 to 4096. One alone takes the other from the clips' shape.
        fps: 1 to 60; 29.97 and the like are meant as n * 1000/1001.
        codec: None is H.264, which plays everywhere.
        audio: None copies; a loudness encodes in any case.
        loudness_lufs: -70 to -5.
    """

    width: int | None = None
    height: int | None = None
    fps: float | Fraction | None = None
    background: str = "#000000"
    codec: Codec | None = None
    timing: Timing | None = None
    audio: AudioMode | None = None
    loudness_lufs: float | None = None


class VideoClass(NamedTuple):
    """Clips of one class can stand in one track as they are; *fps* is 0 where the timing is variable."""

    codec: str
    width: int
    height: int
    fps: Fraction
    colour: Colour


def resolve(surveys: Sequence[Survey], settings: ReelSettings, music: AudioStream | None = None) -> ReelFormat:
    """Fill in the settings that were not requested.

    Of the classes of video that the settings allow, the one with the most seconds to copy is taken, if it makes up
    ``MIN_CLASS_SHARE`` of the reel or is as the clips are mostly anyway, and is upright or wide as they mostly are.
    Otherwise the orientation, then the size and the rate, that most of the time has.

    Args:
        surveys: One for each clip; none at all gives 1920x1080 at 30.
        music: Audio that is mixed in.

    Raises:
        FormatOutOfBounds: a value that no reel can have.
    """
    _check_words(settings)
    usual = _usual_format(surveys, settings)
    best = _best_class(surveys, settings, usual)
    if best is not None:
        fps = best.fps or usual.fps
        usual = replace(usual, width=best.width, height=best.height, fps=fps, colour=best.colour)
    return replace(usual, audio=resolve_audio(surveys, settings, music))


def resolve_audio(
    surveys: Sequence[Survey], settings: ReelSettings, music: AudioStream | None = None
) -> AudioFormat | None:
    """Stereo if any clip has it, or the music; the rate at which the most packets can be copied; None where no clip
    has audio, and there is no music.

    Raises:
        FormatOutOfBounds: a loudness that no reel can have.
    """
    loudness = settings.loudness_lufs
    if loudness is not None and not MIN_LUFS <= loudness <= MAX_LUFS:
        raise FormatOutOfBounds(f"The loudness must be {MIN_LUFS:g} to {MAX_LUFS:g} LUFS, not {loudness:g}.")
    audible = [survey for survey in surveys if survey.audio_codec is not None]
    if not audible and music is None:
        return None
    mono = all(survey.audio_channels == 1 for survey in audible) and (music is None or music.channels == 1)
    channels = 1 if mono else 2
    fitting = [survey for survey in audible if survey.packets is not None and survey.packets.channels == channels]
    rates = _most((survey.packets.sample_rate, survey.length_s) for survey in fitting if survey.packets)
    rates = rates or _most((survey.audio_rate, survey.length_s) for survey in audible if survey.audio_rate in RATES)
    mode: AudioMode = "encode" if loudness is not None or music is not None else settings.audio or "copy"
    return AudioFormat(rates[0] if rates else RATES[-1], channels, mode, loudness)


def class_of(survey: Survey, timing: Timing) -> VideoClass | None:
    """The class in which a clip can be copied; None when it cannot be at all."""
    grid = survey.grid
    if survey.copy_blockers or grid is None or (timing == "constant" and grid.rate is None):
        return None
    fps = grid.rate if timing == "constant" and grid.rate is not None else Fraction(0)
    return VideoClass(survey.codec, survey.coded_width, survey.coded_height, fps, survey.colour)


def snap_rate(fps: Fraction) -> Fraction:
    """The customary rate nearest to a measured one: 29.969 is 30000/1001, 28.7 is 30, 15 is 30, 120 is 60."""
    if fps <= 0:
        return DEFAULT_FPS
    for ntsc in _NTSC_RATES:
        if abs(fps - ntsc) < ntsc / 2000:  # half the way to the whole rate beside it
            return ntsc
    while fps > MAX_FPS * 1.1:
        fps /= 2
    while fps < 20:
        fps *= 2
    return Fraction(min(_WHOLE_RATES, key=lambda whole: abs(whole - fps)))


def _best_class(surveys: Sequence[Survey], settings: ReelSettings, usual: ReelFormat) -> VideoClass | None:
    seconds: dict[VideoClass, Fraction] = defaultdict(Fraction)
    for survey in surveys:
        found = class_of(survey, usual.timing)
        if found is not None and survey.grid is not None and _allowed(found, settings, usual):
            run = natural_run(survey.grid, usual.timing)
            seconds[found] += run.copied / survey.grid.nominal if run else 0
    if not any(seconds.values()):
        return None
    best = max(seconds, key=lambda one: (seconds[one], one.width * one.height, one.fps, one.colour == BT709))
    enough = seconds[best] >= MIN_CLASS_SHARE * sum(survey.length_s for survey in surveys)
    same = (best.width, best.height) == (usual.width, usual.height) and best.fps in (0, usual.fps)
    return best if enough or same else None


def _allowed(found: VideoClass, settings: ReelSettings, usual: ReelFormat) -> bool:
    if found.codec != usual.codec or (settings.fps is not None and found.fps not in (0, usual.fps)):
        return False
    if settings.width not in (None, found.width) or settings.height not in (None, found.height):
        return False
    shape = _orientation(found.width, found.height) == _orientation(usual.width, usual.height)
    sides = all(MIN_SIDE <= side <= MAX_SIDE and side % 2 == 0 for side in (found.width, found.height))
    return shape and sides and (found.fps == 0 or MIN_FPS <= found.fps <= MAX_FPS)


def _usual_format(surveys: Sequence[Survey], settings: ReelSettings) -> ReelFormat:
    width, height = settings.width, settings.height
    auto_width, auto_height = _usual_size(surveys)
    if width is None and height is None:
        width, height = auto_width, auto_height
    width = _even((height or 0) * auto_width / auto_height) if width is None else width
    height = _even(width * auto_height / auto_width) if height is None else height
    _check_side("width", width)
    _check_side("height", height)
    return ReelFormat(
        width=width,
        height=height,
        fps=_usual_rate(surveys) if settings.fps is None else _requested_rate(settings.fps),
        background=settings.background.lower(),
        codec=settings.codec or "h264",
        timing=settings.timing or "constant",
    )


def _usual_size(surveys: Sequence[Survey]) -> tuple[int, int]:
    shapes = _most((_orientation(one.width, one.height), one.length_s) for one in surveys)
    if not shapes:
        return DEFAULT_SIZE
    upright = [one for one in surveys if _orientation(one.width, one.height) == shapes[0]]
    _, width, height = _most(((one.width * one.height, one.width, one.height), one.length_s) for one in upright)[0]
    shrink = min(1.0, AUTO_LONGEST_SIDE / max(width, height))
    return _even(width * shrink), _even(height * shrink)


def _usual_rate(surveys: Sequence[Survey]) -> Fraction:
    rates = _most((snap_rate(one.grid.nominal if one.grid else one.fps), one.length_s) for one in surveys)
    return rates[0] if rates else DEFAULT_FPS


def _most(weighed: Iterable[tuple[Any, Fraction]]) -> list[Any]:
    """Keys by their weight together, heaviest first; the larger key of equals."""
    weights: dict[Any, Fraction] = defaultdict(Fraction)
    for key, weight in weighed:
        weights[key] += weight
    return sorted(weights, key=lambda key: (weights[key], key), reverse=True)


def _orientation(width: int, height: int) -> int:
    return (width > height) - (width < height)


def _even(value: float) -> int:
    return max(MIN_SIDE, round(value / 2) * 2)


def _requested_rate(fps: float | Fraction) -> Fraction:
    if not math.isfinite(fps) or not MIN_FPS <= fps <= MAX_FPS:
        raise FormatOutOfBounds(f"The frame rate must be {MIN_FPS} to {MAX_FPS} frames a second, not {float(fps):g}.")
    if isinstance(fps, Fraction):
        return fps.limit_denominator(1001)
    near = math.ceil(fps)
    ntsc = Fraction(near * 1000, 1001)
    return ntsc if fps != near and abs(fps - ntsc) < 0.006 else Fraction(fps).limit_denominator(100)


def _check_side(name: str, value: int) -> None:
    if not MIN_SIDE <= value <= MAX_SIDE:
        raise FormatOutOfBounds(f"The {name} must be {MIN_SIDE} to {MAX_SIDE} pixels, not {value}.")
    if value % 2:
        raise FormatOutOfBounds(f"The {name} must be an even number of pixels, not {value}.")


def _check_words(settings: ReelSettings) -> None:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", settings.background) is None:
        raise FormatOutOfBounds(f"The background must look like #1a2b3c, not {settings.background[:20]}.")
    for name, value, known in (
        ("codec", settings.codec, _CODECS),
        ("timing", settings.timing, ("constant", "variable")),
        ("sound", settings.audio, ("copy", "encode")),
    ):
        if value is not None and value not in known:
            raise FormatOutOfBounds(f"The {name} must be one of {', '.join(known)}, not {str(value)[:20]}.")
