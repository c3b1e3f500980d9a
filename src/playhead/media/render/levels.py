"""Levels of audio and times of frames: loudness normalization, and proof that a render lost nothing of its source."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from playhead.errors import PlayheadError
from playhead.media.render.plan import ClipPlan, HeardClip

if TYPE_CHECKING:
    from playhead.media.render.source_frames import Decoding

_PEAK_DB = -1.0
"""Highest true peak, in dBTP (EBU R 128)."""

_MOST_GAIN_DB = 20.0
"""A span that is quieter than that is noise or a whisper; more would only raise its hiss."""

_SILENCE_LUFS = -69.5
"""The gate of ITU-R BS.1770 is at -70; what never passes it has no loudness."""

_OVERSAMPLED = 4
"""True peaks are between samples; at four times the rate they are seen to within 0.5 dB (ITU-R BS.1770)."""


@dataclass(slots=True)
class Loudness:
    """Measured loudness of a span, filled by `read`.

    Attributes:
        integrated_lufs: Minus infinity before anything was heard.
        peak_db: True peak in dBTP.
    """

    integrated_lufs: float = -math.inf
    peak_db: float = -math.inf

    @property
    def filters(self) -> str:
        """Filters that print to standard output what `read` takes."""
        return r"ebur128=peak=true:metadata=1,ametadata=mode=print:file=pipe\\:1"

    def read(self, line: str) -> float | None:
        """Take one line; the seconds reached, if it has them."""
        key, _, value = line.strip().rpartition("=")
        try:
            if key == "lavfi.r128.I":
                self.integrated_lufs = float(value)
            elif key == "lavfi.r128.true_peak":
                self.peak_db = _decibels(float(value))
            elif "pts_time:" in line:
                return float(line.rpartition("pts_time:")[2])
        except ValueError:
            return None
        return None

    def gain_db(self, target_lufs: float) -> float:
        """Gain of the span; 0 for silence."""
        if self.integrated_lufs < _SILENCE_LUFS:
            return 0.0
        return min(_MOST_GAIN_DB, target_lufs - self.integrated_lufs)


def loudness_filters(heard: Loudness, target_lufs: float, sample_rate: int) -> str:
    """Filters, each after a comma, that bring a span to a loudness; none where there is nothing to do."""
    chain, _ = gain_filters(heard.gain_db(target_lufs), heard.peak_db, sample_rate)
    return chain


def gain_filters(gain_db: float, heard_peak_db: float, sample_rate: int, peak_db: float = _PEAK_DB) -> tuple[str, bool]:
    """The same for a gain, and whether true peaks are held below *peak_db*.

    Args:
        heard_peak_db: True peak before the gain.
    """
    limited = heard_peak_db + gain_db > peak_db
    if abs(gain_db) < 0.05 and (not limited or peak_db == _PEAK_DB):
        return "", False
    chain = f",volume={gain_db:.2f}dB"
    if limited:
        limiter = f"alimiter=level=disabled:limit={10 ** (peak_db / 20):.4f}:attack=5:release=50:latency=1"
        chain += f",aresample={sample_rate * _OVERSAMPLED},{limiter},aresample={sample_rate}"
    return chain, limited


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


SLACK_S = 1.0
"""A hole that is longer than the source explains by this is a loss; a damaged frame or two are not."""

AUDIBLE_DB, SILENT_DB = -50.0, -75.0
"""Peak levels: what is louder than the one in the source must not be quieter than the other in the reel."""

WINDOW_S = 0.1
"""Levels are measured over this long."""


class ContentLost(PlayheadError):
    """Part of a clip would be missing in the reel: the source could not be decoded there, or not be read in order."""

    code = "content_lost"
    title = "Part of a clip cannot be read"
    status = 422
    fault = "caller"


def check_frames(decoding: "Decoding", clip_id: str) -> None:
    """See that the decoder gave frames for all of a piece.

    Raises:
        ContentLost: for longer than any frame of the source is shown, none came.
    """
    tracks, start_s, speed = decoding.source.tracks, decoding.start_s, decoding.speed
    if tracks.video_end_s <= 0 or tracks.hold_s <= 0:
        return
    first_s = max(0.0, tracks.video_start_s - start_s)
    last_s = min(decoding.seconds * speed, tracks.video_end_s - start_s)
    if last_s <= first_s:
        return
    hole = _longest_hole([at_s * speed for at_s in decoding.seen_s], first_s, last_s)
    if hole[1] - hole[0] > tracks.hold_s + SLACK_S:
        raise ContentLost(_missing("frames", f"clip {clip_id}", decoding.source.video_id, start_s, hole), hint=_HINT)


def _longest_hole(shown_s: Sequence[float], first_s: float, last_s: float) -> tuple[float, float]:
    ordered = sorted(shown_s)
    entry = max(0, bisect_right(ordered, first_s) - 1)
    inside = [max(first_s, at) for at in ordered[entry : bisect_left(ordered, last_s)]]
    return max(pairwise([first_s, *inside, last_s]), key=lambda hole: hole[1] - hole[0])


@dataclass(slots=True)
class Levels:
    """Peak levels by time, as ``astats`` and ``ametadata`` print them.

    Attributes:
        base_s: When the span begins.
        peaks_db: By the number of the window, counted from there.
    """

    base_s: float = 0.0
    peaks_db: dict[int, float] = field(default_factory=dict)
    _at_s: float = 0.0

    @property
    def filters(self) -> str:
        """What makes them, but for where they are printed."""
        stats = "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level"
        return f"{stats},ametadata=mode=print"

    def read(self, line: str) -> None:
        """Take one line."""
        key, _, value = line.strip().rpartition("=")
        if "pts_time:" in line:
            at = line.rpartition("pts_time:")[2].strip()
            self._at_s = self._at_s if at == "NOPTS" else float(at) - self.base_s
        elif key.endswith(".Peak_level"):
            window = round(self._at_s / WINDOW_S)
            self.peaks_db[window] = max(self.near(window, 0), float(value) if value != "nan" else SILENT_DB)

    def near(self, window: int, reach: int = 2) -> float:
        """The highest level around a window; `SILENT_DB` at least."""
        return max(self.peaks_db.get(at, SILENT_DB) for at in range(window - reach, window + reach + 1))


def check_audio(heard: Levels, made: Levels, clip: ClipPlan | HeardClip, start_s: float, span_s: float) -> None:
    """See that the audio of a span is audible where that of its source is, and that its source was read to the end.

    Args:
        heard: Of the decoded source; *made*: of the result.
        start_s: Of the span in the source.

    Raises:
        ContentLost: it is not.
    """
    lost = [window for window, peak in heard.peaks_db.items() if peak > AUDIBLE_DB and made.near(window) <= SILENT_DB]
    lost = [window for window in lost if 0 <= window * WINDOW_S < span_s - WINDOW_S]
    if len(lost) * WINDOW_S > SLACK_S / 2:
        hole = (min(lost) * WINDOW_S, (max(lost) + 1) * WINDOW_S)
        raise ContentLost(_missing("audio", clip.name, clip.video_id, start_s, hole), hint=_HINT)
    tracks = clip.tracks
    first_s, last_s = max(0.0, tracks.audio_start_s - start_s), min(span_s, tracks.audio_end_s - start_s)
    if tracks.audio_end_s <= 0 or last_s <= first_s:
        return
    hole = _longest_hole([window * WINDOW_S for window in heard.peaks_db], first_s, last_s)
    if hole[1] - hole[0] > tracks.audio_hold_s + SLACK_S:
        raise ContentLost(_missing("audio", clip.name, clip.video_id, start_s, hole), hint=_HINT)


_HINT = "Convert the video with another tool, or trim the clip so that this part is left out."


def _missing(what: str, name: str, video_id: str, start_s: float, hole: tuple[float, float]) -> str:
    first_s, last_s = start_s + hole[0], start_s + hole[1]
    where = f"from {first_s:.2f} s to {last_s:.2f} s of video {video_id}"
    return f"{name[0].upper()}{name[1:]} would lose its {what} {where}: nothing could be decoded there."
