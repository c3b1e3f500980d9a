"""A track of a file whose clock jumps: its packets with the times of the file, in order, from any keyframe on."""

import math
from collections.abc import Iterator
from typing import Any

from playhead.media.reading.clock import Clock
from playhead.media.reading.opening import open_file, tracks_of
from playhead.media.reading.scan import Placed, clock_of, placed

_AUDIO_LEAD_S = 1.0
"""Of audio before the wanted start: every codec's decoder has settled by then."""


class OneClock:
    """Looks through the file once, then reads it again for each caller of `packets`; close it at the end.

    A descriptor has one place in its file, so nothing else may read from it meanwhile.

    Args:
        track: libav's index of the stream.
        ahead_s: Added to all times.
    """

    def __init__(self, descriptor: int, demuxer: str, max_pixels: int, track: int, ahead_s: float = 0.0) -> None:
        self._file = (descriptor, demuxer, max_pixels)
        self._track = track
        self._container: Any = None
        self._packets: Iterator[tuple[int, Placed]] = iter(())
        self._next = 0
        self._clock, self._entries = self._look_through()
        for epoch in self._clock.epochs:
            epoch.offset_s += ahead_s

    @property
    def stream(self) -> Any:
        """Of the file as it is open now."""
        return self._opened().streams[self._track]

    def packets(self, start_s: float) -> Iterator[Any]:
        """Packets from the last keyframe at or before a time on; of audio, from a second before it on."""
        entry = max((number for number, at_s in self._entries if at_s <= start_s), default=0)
        if entry < self._next:
            self.close()
        self._opened()
        latest = -math.inf
        for number, one in self._packets:
            self._next = number + 1
            if number >= entry:
                packet = _moved(one, self._clock.epochs[one.epoch].offset_s, latest)
                latest = packet.dts
                yield packet

    def close(self) -> None:
        """Let go of the file."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _opened(self) -> Any:
        if self._container is None:
            self._container = open_file(*self._file)
            self._packets = enumerate(
                one
                for one in placed(self._container, tracks_of(self._container), clock_of(self._container))
                if one.track == self._track
            )
            self._next = 0
        return self._container

    def _look_through(self) -> tuple[Clock, list[tuple[int, float]]]:
        """The clock of the file, settled, and by number the packets that can be begun with.

        All tracks are looked at, since a jump is one of all of them.
        """
        entries, number = [], -1
        with open_file(*self._file) as container:
            clock = clock_of(container)
            video = container.streams[self._track].type == "video"
            for one in placed(container, tracks_of(container), clock):
                if one.presented:
                    clock.shown(one.epoch, one.shown_s, one.end_s)
                if one.track == self._track:
                    number += 1
                    if not video or one.packet.is_keyframe:
                        entries.append((number, one.epoch, one.shown_s))
        clock.settle()
        early_s = 0.0 if video else _AUDIO_LEAD_S
        return clock, [(number, at_s + clock.epochs[epoch].offset_s + early_s) for number, epoch, at_s in entries]


def _moved(one: Placed, offset_s: float, latest: float) -> Any:
    packet = one.packet
    ticks = round(offset_s / float(packet.time_base))
    shown = packet.pts if packet.pts is not None else packet.dts
    decoded = packet.dts if packet.dts is not None else packet.pts
    # Epochs may overlap by a tick; decode times must not go back.
    packet.dts = int(max(decoded + ticks, latest + 1))
    packet.pts = max(shown + ticks, packet.dts)
    return packet
