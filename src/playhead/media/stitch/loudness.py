"""Bring a clip to a loudness: measured over its span, then one gain, and a limiter where peaks would clip."""

import math
from dataclasses import dataclass

_PEAK_DB = -1.0
"""Highest true peak, in dBTP (EBU R 128)."""

_MOST_GAIN_DB = 20.0
"""A span that is quieter than that is noise or a whisper; more would only raise its hiss."""

_SILENCE_LUFS = -69.5
"""The gate of ITU-R BS.1770 is at -70; what never passes it has no loudness."""

_OVERSAMPLED = 4
"""True peaks lie between samples; at four times the rate they are seen to within 0.5 dB (ITU-R BS.1770)."""


@dataclass(slots=True)
class Loudness:
    """What was heard of a span; fill it by `read`.

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
        """Take one line; gives the seconds reached, if it tells them."""
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
        """What the span is raised by (negative: lowered); 0 for silence."""
        if self.integrated_lufs < _SILENCE_LUFS:
            return 0.0
        return min(_MOST_GAIN_DB, target_lufs - self.integrated_lufs)


def loudness_filters(heard: Loudness, target_lufs: float, sample_rate: int) -> str:
    """Filters, each after a comma, that bring a span to a loudness; none where there is nothing to do."""
    gain = heard.gain_db(target_lufs)
    if abs(gain) < 0.05:
        return ""
    chain = f",volume={gain:.2f}dB"
    if heard.peak_db + gain > _PEAK_DB:
        limiter = f"alimiter=level=disabled:limit={10 ** (_PEAK_DB / 20):.4f}:attack=5:release=50:latency=1"
        chain += f",aresample={sample_rate * _OVERSAMPLED},{limiter},aresample={sample_rate}"
    return chain


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf
