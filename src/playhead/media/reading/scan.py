"""Scan of all packets of a file: start and end of each track, changes of its format, jumps of the clock."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import av

from playhead.media.reading.clock import Clock
from playhead.media.reading.formats import HEAD, Format, audio_format, video_format
from playhead.media.reading.opening import tracks_of

MOST_CHANGES = 50
"""Noted of one track: a video call may change its size every few seconds."""

LONG_GAP_S = 1.0
MOST_GAPS = 50

_PAUSE_S, _STILL_S = 60.0, 600.0
"""Where frames may be far apart by their nature, as in Matroska: the longest gap with audio, and of slides without."""

_JUDGED, _REORDERED = 20_000, 16
"""Frames that tell whether the rate is constant, and how many of the last ones may lack a neighbour."""

_ROUNDING_S = 0.0011
"""Times that went through milliseconds differ by one."""

_BROADCAST = ("mpegts", "mpeg", "flv")
_ALWAYS = 1 << 30


class Placed(NamedTuple):
    """A packet and its place in the file.

    Attributes:
        epoch: Of the clock.
        shown_s, end_s: By the clock of that epoch; what a decoder needs before a track's start is shown at its start.
        presented: False for what an edit list leaves out, and for video before the first keyframe of its epoch.
    """

    packet: Any
    track: int
    epoch: int
    shown_s: float
    end_s: float
    presented: bool


@dataclass(slots=True)
class Seen:
    """What was seen of one track; times in the file once the scan is over.

    Attributes:
        count: Packets that are presented.
        first, last: ``(epoch, seconds)`` at which the first and the last of them are presented.
        end: When the last one ends: of reordered frames only its own length counts.
        hold_s: The longest step from one to the next; `scan` adds those over a jump.
        edges: By epoch, when the first and the last of them are presented.
        gaps: ``(epoch, from, to)`` of steps that are longer than the packet before them by more than `LONG_GAP_S`.
        formats: ``(epoch, seconds, format)`` from where on.
        size_bytes: Of all of them.
        keyframes: How many of them are keyframes.
        key: ``(epoch, seconds)`` of the last keyframe.
        apart_s: The longest step from one keyframe to the next within an epoch.
        times: When the first of them are shown, to judge by whether they come at one rate.
    """

    kind: str
    codec: str
    frame_s: float
    count: int = 0
    first: tuple[int, float] = (1 << 30, 0.0)
    last: tuple[int, float] = (-1, 0.0)
    end: tuple[int, float] = (0, 0.0)
    hold_s: float = 0.0
    edges: dict[int, tuple[float, float]] = field(default_factory=dict)
    gaps: list[tuple[int, float, float]] = field(default_factory=list)
    formats: list[tuple[int, float, Format]] = field(default_factory=list)
    size_bytes: int = 0
    keyframes: int = 0
    key: tuple[int, float] = (-1, 0.0)
    apart_s: float = 0.0
    times: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def constant(self) -> bool | None:
        """Whether frames come at one rate, as far as was looked; None for a few."""
        shown = sorted(self.times)[: -_REORDERED or None]
        steps = [after - before for before, after in pairwise(shown)]
        return max(steps) - min(steps) <= _ROUNDING_S if len(steps) > 1 else None


@dataclass(slots=True)
class Scan:
    """A whole file.

    Attributes:
        tracks: By libav's index.
        gaps: Where nothing of any track is there: ``(second in the file, length)``.
    """

    clock: Clock
    tracks: dict[int, Seen]
    gaps: list[tuple[float, float]] = field(default_factory=list)

    @property
    def zero_s(self) -> float:
        """What the clock of the first epoch shows at the beginning of the file."""
        first = self.clock.epochs[0].offset_s if self.clock.epochs else 0.0
        return -first

    def gop_s(self, seen: Seen) -> float:
        """The longest time from one keyframe of a track to the next, or to its end; 0 without any."""
        last_s = self.time(seen.end) - self.time(seen.key) if seen.keyframes else 0.0
        return round(max(seen.apart_s, last_s), 6)

    def time(self, at: tuple[int, float]) -> float:
        """A time of an epoch in the file."""
        epoch, seconds = at
        return seconds + self.clock.epochs[epoch].offset_s


def placed(container: Any, streams: Sequence[Any], clock: Clock) -> Iterator[Placed]:
    """Go over the packets that have a time, in the order of the file."""
    bases = {stream.index: float(stream.time_base) for stream in streams}
    frames = {stream.index: _frame_s(stream) for stream in streams}
    primed = {stream.index: stream.start_time for stream in streams}
    by_decoding = _has_decode_times(container)
    edited = not by_decoding and container.format.name.startswith("mov")  # edit lists go back and forth
    entered = {stream.index: -1 if stream.type == "video" else _ALWAYS for stream in streams}
    try:
        for packet in container.demux(streams):
            track, at = packet.stream_index, packet.pts if packet.pts is not None else packet.dts
            if at is None or not packet.size:
                continue
            base = bases[track]
            length_s = packet.duration * base if packet.duration else frames[track]
            # What an edit list leaves out overlaps with what comes after it. Fragments whose times go back are marked
            # like that as well, but nothing of them is left out.
            left_out = packet.is_discard and packet.stream.frames > 0
            if by_decoding:
                decoded_s = None if packet.dts is None or left_out else packet.dts * base
                epoch = clock.place(track, decoded_s, length_s)
            else:  # libav guesses decode times; what is decoded before a keyframe is presented before it
                epoch = clock.place(track, at * base, length_s, judged=packet.is_keyframe and not edited)
            if packet.is_keyframe or (entered[track] >= 0 and clock.epochs[epoch].by_s > 0):
                entered[track] = max(entered[track], epoch)  # a step forward alone takes no keyframe
            presented = entered[track] >= epoch and not left_out
            shown = max(at, primed[track]) if epoch == 0 and primed[track] is not None else at
            yield Placed(packet, track, epoch, shown * base, at * base + length_s, presented)
    except av.error.EOFError:
        return


def scan(container: Any) -> Scan:
    """Read a file to its end."""
    streams = tracks_of(container)
    clock = clock_of(container)
    seen = {one.index: Seen(one.type, _codec(one), _frame_s(one)) for one in streams}
    for one in placed(container, streams, clock):
        if one.presented:
            clock.shown(one.epoch, one.shown_s, one.end_s)
            _note(seen[one.track], one)
    clock.settle()
    found = Scan(clock, seen)
    for track in seen.values():
        edges = sorted(track.edges.items())
        steps = (
            found.time((after, first)) - found.time((before, last))
            for (before, (_, last)), (after, (first, _)) in pairwise(edges)
        )
        track.hold_s = max(track.hold_s, *steps, 0.0)
    found.gaps = [(found.time((epoch, at)), to - at) for epoch, at, to in _common_gaps(seen.values())]
    return found


def _common_gaps(tracks: Iterable[Seen]) -> list[tuple[int, float, float]]:
    """Where nothing of any track is there; none without audio, as video alone may just stand still."""
    used = [track for track in tracks if track.count]
    if all(track.kind == "video" for track in used):
        return []
    common = used[0].gaps
    for track in used[1:]:
        both = ((a[0], max(a[1], b[1]), min(a[2], b[2])) for a in common for b in track.gaps if a[0] == b[0])
        common = [gap for gap in both if gap[2] - gap[1] > LONG_GAP_S]
    return common


def clock_of(container: Any) -> Clock:
    """A clock by the rules of a file's format."""
    if _has_decode_times(container):
        return Clock()
    has_audio = any(stream.type == "audio" for stream in container.streams)
    return Clock(forward_s=_PAUSE_S if has_audio else _STILL_S)


def _has_decode_times(container: Any) -> bool:
    """Formats of broadcasts and fragments, whose clocks may jump."""
    name = container.format.name.partition(",")[0]
    in_fragments = name == "mov" and not any(stream.frames for stream in container.streams)
    return name in _BROADCAST or in_fragments


def _note(seen: Seen, one: Placed) -> None:
    seen.count += 1
    seen.size_bytes += one.packet.size
    at = (one.epoch, one.shown_s)
    if seen.kind == "video":
        _note_frame(seen, one, at)
    first_s, last_s = seen.edges.get(one.epoch, (one.shown_s, one.shown_s))
    seen.edges[one.epoch] = min(first_s, one.shown_s), max(last_s, one.shown_s)
    seen.first = min(seen.first, at)
    if at >= seen.last:
        if one.epoch == seen.last[0]:
            seen.hold_s = max(seen.hold_s, one.shown_s - seen.last[1])
            if one.shown_s - seen.end[1] > LONG_GAP_S and len(seen.gaps) < MOST_GAPS:
                seen.gaps.append((one.epoch, seen.end[1], one.shown_s))
        seen.last, seen.end = at, (one.epoch, one.end_s)
    if len(seen.formats) > MOST_CHANGES or (seen.kind == "video" and not one.packet.is_keyframe):
        return
    read = video_format if seen.kind == "video" else audio_format
    found = read(seen.codec, bytes(memoryview(one.packet)[:HEAD]))
    if found is not None and (not seen.formats or seen.formats[-1][2] != found):
        seen.formats.append((one.epoch, one.shown_s, found))


def _note_frame(seen: Seen, one: Placed, at: tuple[int, float]) -> None:
    if one.epoch == 0 and len(seen.times) < _JUDGED:
        seen.times.append(one.shown_s)
    if one.packet.is_keyframe:
        seen.keyframes += 1
        if seen.key[0] == one.epoch:
            seen.apart_s = max(seen.apart_s, one.shown_s - seen.key[1])
        seen.key = at


def _codec(stream: Any) -> str:
    return str(stream.codec_context.codec.canonical_name) if stream.codec_context is not None else ""


def _frame_s(stream: Any) -> float:
    if stream.type != "video":
        return 0.0
    rate = stream.average_rate or stream.guessed_rate or stream.base_rate
    return float(1 / rate) if rate else 0.04
