"""Gives a file whose clock jumps as one whose clock runs on: packets as they are, with new times, as NUT on stdout.

    conform DESCRIPTOR DEMUXER MAX_PIXELS TRACK START_S AHEAD_S

NUT keeps any codec, any time base and packets that change their format, but no time before 0. Times are those of the
file as `scan` finds them, and *AHEAD_S* more. What comes before the last keyframe at *START_S* is left out, but for a
second of audio.
"""

import math
from typing import Any

import av

from playhead.media.reading.clock import Clock
from playhead.media.reading.opening import open_file, tracks_of
from playhead.media.reading.scan import Placed, placed

_LEAD_S = 1.0
"""Of audio before the wanted start: every codec's decoder has settled by then."""


def main(arguments: list[str]) -> int:
    """Write until the end, or until nobody reads on."""
    descriptor, demuxer, max_pixels, track = int(arguments[0]), arguments[1], int(arguments[2]), int(arguments[3])
    av.logging.set_level(av.logging.PANIC)
    clock, entry = _look_through(descriptor, demuxer, max_pixels, track, float(arguments[4]))
    for epoch in clock.epochs:
        epoch.offset_s += float(arguments[5])
    with open_file(descriptor, demuxer, max_pixels) as container:
        source = container.streams[track]
        try:
            with av.open("pipe:1", "w", format="nut") as out:
                _copy(container, source, out, clock, entry)
        except (BrokenPipeError, av.error.BrokenPipeError):
            return 0
    return 0


def _look_through(descriptor: int, demuxer: str, max_pixels: int, track: int, start_s: float) -> tuple[Clock, int]:
    """The clock of the file, settled, and the number of the packet to begin with.

    All tracks are looked at, since a jump is one of all of them.
    """
    with open_file(descriptor, demuxer, max_pixels) as container:
        video = container.streams[track].type == "video"
        clock, entries = Clock(), []
        number = -1
        for one in placed(container, tracks_of(container), clock):
            if one.presented:
                clock.shown(one.epoch, one.shown_s, one.end_s)
            if one.track == track:
                number += 1
                if not video or one.packet.is_keyframe:
                    entries.append((number, one.epoch, one.shown_s))
    clock.settle()
    latest = start_s - (0.0 if video else _LEAD_S)
    times = [(number, at + clock.epochs[epoch].offset_s) for number, epoch, at in entries]
    return clock, max((number for number, at in times if at <= latest), default=0)


def _copy(container: Any, source: Any, out: Any, clock: Clock, entry: int) -> None:
    target = out.add_stream_from_template(source)
    number, latest = -1, -math.inf
    for one in placed(container, tracks_of(container), Clock()):
        if one.track != source.index:
            continue
        number += 1
        if number < entry:
            continue
        packet = _moved(one, clock.epochs[one.epoch].offset_s, latest)
        latest = packet.dts
        packet.stream = target
        out.mux(packet)


def _moved(one: Placed, offset_s: float, latest: float) -> Any:
    packet = one.packet
    ticks = round(offset_s / float(packet.time_base))
    shown = packet.pts if packet.pts is not None else packet.dts
    decoded = packet.dts if packet.dts is not None else packet.pts
    # Epochs may overlap by a tick; decode times must not go back.
    packet.dts = int(max(decoded + ticks, latest + 1))
    packet.pts = max(shown + ticks, packet.dts)
    return packet
