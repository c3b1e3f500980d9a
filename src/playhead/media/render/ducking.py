"""Ducking: where the clips of a reel are heard, and the gain of the music by sample that follows from it. Pure."""

import math
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playhead.media.render.plan import MusicPlan

WINDOW_S = 0.02
"""Levels of the clips are measured over this long."""

QUIETEST_DB, BELOW_LOUD_DB = -50.0, 24.0
"""What is quieter than the one, or than the loudest twentieth of the reel by the other, is not speech."""

SHORTEST_S = 0.06
"""A shorter sound is a click."""

BRIDGED_S = 0.8
"""Shorter pauses keep the music down: it would only pump."""

LEAD_S, ATTACK_S = 0.1, 0.25
"""The music begins to go down before speech begins, and is down 0.15 s after that."""

HOLD_S, RELEASE_S = 0.2, 0.4
"""It stays down after speech ends, then comes back: all in all after 0.6 s."""

STEP = 8
"""Samples that share a gain while it moves: 6000 steps a second, the largest of which is 0.01 dB."""

UNIT = 16_384
"""Gain of 1; the most that signed 16 bits hold is twice as much."""


def speech_spans(levels_db: Sequence[float]) -> list[tuple[float, float]]:
    """Half-open spans, in seconds, in which the clips are heard.

    Args:
        levels_db: RMS of each `WINDOW_S` of the clips, in dBFS.
    """
    threshold = _threshold(levels_db)
    found: list[tuple[float, float]] = []
    for first, end in _runs([level > threshold for level in levels_db]):
        start_s, end_s = round(first * WINDOW_S, 6), round(end * WINDOW_S, 6)
        if end_s - start_s < SHORTEST_S - 1e-9:
            continue
        if found and start_s - found[-1][1] < BRIDGED_S:
            start_s = found.pop()[0]
        found.append((start_s, end_s))
    return found


def _threshold(levels_db: Sequence[float]) -> float:
    loud = sorted(level for level in levels_db if level > QUIETEST_DB)
    return max(QUIETEST_DB, loud[-1 - len(loud) // 20] - BELOW_LOUD_DB) if loud else math.inf


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for at, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = at
        elif not flag and first is not None:
            yield first, at
            first = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A value that goes straight from knot to knot, and stays before the first and after the last."""

    at: Sequence[int]
    values: Sequence[float]

    def __call__(self, sample: int) -> float:
        after = bisect_right(self.at, sample)
        if after == 0 or after == len(self.at):
            return self.values[max(0, after - 1)]
        start, end = self.at[after - 1], self.at[after]
        low, high = self.values[after - 1], self.values[after]
        return low + (high - low) * (sample - start) / (end - start)


class MusicGain:
    """Gain of the music: its volume, its fades, and how much lower it is while the clips speak.

    Args:
        total: Samples of the reel; the music ends with it, or by itself.
        speech: As of `speech_spans`.
    """

    def __init__(self, music: MusicPlan, total: int, rate: int, speech: Sequence[tuple[float, float]] = ()) -> None:
        self._music = music
        self._before = round(music.before_s * rate)
        end = total + round(music.after_s * rate)
        self._end = end if music.loop else min(end, music.samples - self._before)
        self._in, self._out = round(music.fade_in_s * rate), round(music.fade_out_s * rate)
        self._duck = _ducked(speech, music.ducking_db, rate) if music.ducking_db > 0 else _Line([0], [0.0])
        turns = {0, self._in - self._before, self._end - self._out, self._end, total, *self._duck.at}
        self._turns = sorted(turn for turn in turns if turn >= 0)

    def __call__(self, sample: int) -> float:
        """The gain at one sample; 1 leaves the music."""
        if sample >= self._end:
            return 0.0
        rising = min(1.0, (self._before + sample) / self._in) if self._in else 1.0
        falling = min(1.0, (self._end - sample) / self._out) if self._out else 1.0
        return self._music.volume * rising * falling * 10 ** (self._duck(sample) / 20)

    def block(self, first: int, count: int) -> "array[int]":
        """Gains of a block of samples, in units of `UNIT`."""
        gains, end = array("h"), first + count
        while first < end:
            after = bisect_right(self._turns, first)
            until = min(end, self._turns[after]) if after < len(self._turns) else end
            if self._unit(first) == self._unit(until - 1):
                gains += array("h", [self._unit(first)]) * (until - first)
            else:
                for at in range(first, until, STEP):
                    gains += array("h", [self._unit(at)]) * min(STEP, until - at)
            first = until
        return gains

    def _unit(self, sample: int) -> int:
        return min(32_767, round(self(sample) * UNIT))


def _ducked(speech: Sequence[tuple[float, float]], depth_db: float, rate: int) -> _Line:
    """In dB, by sample."""
    knots: list[tuple[float, float]] = [] if speech and speech[0][0] <= LEAD_S else [(0.0, 0.0)]
    for start_s, end_s in speech:
        down_s = start_s - LEAD_S
        knots += [(down_s, 0.0), (down_s + ATTACK_S, -depth_db)] if knots else [(0.0, -depth_db)]
        knots += [(end_s + HOLD_S, -depth_db), (end_s + HOLD_S + RELEASE_S, 0.0)]
    return _Line([round(at_s * rate) for at_s, _ in knots], [value for _, value in knots])
