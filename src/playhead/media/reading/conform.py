"""Conforming of a file whose clock jumps: packets as they are, with times that run on, as NUT on stdout.

    conform DESCRIPTOR DEMUXER MAX_PIXELS TRACK START_S AHEAD_S

NUT keeps any codec, any time base and packets that change their format, but no time before 0. Times are those of the
file as `scan` finds them, and *AHEAD_S* more.
"""

from contextlib import closing

import av

from playhead.media.reading.one_clock import OneClock


def main(arguments: list[str]) -> int:
    """Write until the end, or until the reader has gone."""
    descriptor, demuxer, max_pixels, track = int(arguments[0]), arguments[1], int(arguments[2]), int(arguments[3])
    av.logging.set_level(av.logging.PANIC)
    with closing(OneClock(descriptor, demuxer, max_pixels, track, float(arguments[5]))) as source:
        try:
            with av.open("pipe:1", "w", format="nut") as out:
                target = out.add_stream_from_template(source.stream)
                for packet in source.packets(float(arguments[4])):
                    packet.stream = target
                    out.mux(packet)
        except (BrokenPipeError, av.error.BrokenPipeError):
            return 0
    return 0
