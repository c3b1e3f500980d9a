"""Clock of a file: its jumps, and times that run on over them. Pure.

Recordings that were put one behind the other (``cat``), recorders that started again and broadcasts that were spliced
have clocks that jump or begin again. The time between two jumps is an epoch; each is put behind the one before it.
"""

import math
from dataclasses import dataclass, field

BACK_S = 0.1
"""A time this far before that of an earlier packet of the track is another clock; less is jitter, as in ffmpeg."""

FORWARD_S = 10.0
"""A step this far beyond all tracks is another clock; less is a gap in the recording, which stays (as in ffmpeg)."""

MOST_JUMPS = 1000
"""In one file; more is damage."""


class ClockBroken(Exception):
    """The clock jumps more than `MOST_JUMPS` times."""


@dataclass(slots=True)
class Epoch:
    """A part of a file in which one clock runs; seconds of that clock.

    Attributes:
        by_s: What the clock jumped by at its beginning.
        first_s, end_s: Earliest presentation and latest end of any track.
        latest_s: Latest end of decode times, while it is read.
        offset_s: Added to the clock, gives the time in the file; see `Clock.settle`.
    """

    by_s: float = 0.0
    first_s: float = math.inf
    end_s: float = -math.inf
    latest_s: float = -math.inf
    offset_s: float = 0.0


@dataclass(slots=True)
class _Track:
    epoch: int
    last_s: float = -math.inf
    end_s: float = -math.inf


@dataclass(slots=True)
class Clock:
    """Takes the packets of all tracks in the order of the file. Tracks reach a jump one after the other.

    Attributes:
        forward_s: A longer step beyond all tracks is a jump; less is a gap.
    """

    forward_s: float = FORWARD_S
    epochs: list[Epoch] = field(default_factory=list)
    _tracks: dict[int, _Track] = field(default_factory=dict)

    def place(self, track: int, at_s: float | None, length_s: float, *, judged: bool = True) -> int:
        """Which epoch a packet is in, from 0.

        Args:
            at_s: Its decode time, or its presentation time where the file has no other; None where it has none at all:
                such a packet goes with the one before it.
            judged: False for a packet whose time may be before that of the one before it.

        Raises:
            ClockBroken: it jumps too often.
        """
        known = self._tracks.get(track)
        if known is None:
            self.epochs = self.epochs or [Epoch()]
            known = self._tracks[track] = _Track(len(self.epochs) - 1)
        if at_s is None:
            return known.epoch
        if judged and not self._runs_on(known, at_s):
            self._jump(known, at_s)
            known.last_s = known.end_s = at_s
        known.last_s, known.end_s = max(known.last_s, at_s), max(known.end_s, at_s + length_s)
        epoch = self.epochs[known.epoch]
        epoch.latest_s = max(epoch.latest_s, known.end_s)
        return known.epoch

    def shown(self, number: int, first_s: float, end_s: float) -> None:
        """Note when a packet of an epoch is presented."""
        epoch = self.epochs[number]
        epoch.first_s, epoch.end_s = min(epoch.first_s, first_s), max(epoch.end_s, end_s)

    def settle(self) -> None:
        """Put each epoch behind the one before it; the file begins at 0."""
        end_s = 0.0
        for epoch in self.epochs:
            if epoch.first_s < math.inf:
                epoch.offset_s = end_s - epoch.first_s
                end_s = epoch.end_s + epoch.offset_s

    def jumps(self) -> list[tuple[float, float]]:
        """Where in the file the clock jumps, and by what; after `settle`."""
        behind = [one for one in self.epochs[1:] if one.first_s < math.inf]
        return [(one.first_s + one.offset_s, one.by_s) for one in behind]

    def _runs_on(self, known: _Track, at_s: float) -> bool:
        if known.end_s == -math.inf:
            return True
        latest_s = self.epochs[known.epoch].latest_s
        return known.last_s - BACK_S <= at_s <= max(latest_s, known.end_s) + self.forward_s

    def _jump(self, known: _Track, decoded_s: float) -> None:
        newest = self.epochs[-1]
        another_was_first = known.epoch < len(self.epochs) - 1 and abs(decoded_s - newest.latest_s) <= FORWARD_S
        if not another_was_first:
            self.epochs.append(Epoch(by_s=decoded_s - known.end_s))
            if len(self.epochs) > MOST_JUMPS:
                raise ClockBroken
        known.epoch = len(self.epochs) - 1
