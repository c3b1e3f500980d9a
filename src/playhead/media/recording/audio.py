"""The audio of a recording: packet after packet on one grid, kept within a packet or two of the video. Pure.

Players play audio without regard to gaps in its timestamps, so a gap is filled with silent packets where the codec has
any, and what is too early or too late is left out: an error never adds up over the joins of a recording.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import compress, islice, pairwise
from operator import sub

from playhead.media.mp4.aac import AAC_LC, SILENT_FRAMES, AacConfig, aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import SampleEntry, Track
from playhead.media.recording.assemble import Piece
from playhead.media.recording.parts import packet_at

DRIFT = 2
"""Packets that audio may be early or late by before one is left out or a silent one is put in."""

BLOCK = 512
"""Packets after which the clocks of audio and video are compared: about ten seconds."""


@dataclass(frozen=True, slots=True)
class AudioClock:
    """How long packets last.

    Attributes:
        rate: Ticks a second.
        step: Ticks of one packet.
        silence: A silent packet; empty where the codec has none that is known.
    """

    rate: int
    step: int
    silence: bytes = b""

    @classmethod
    def of(cls, track: Track) -> "AudioClock":
        """Read it from the codec's configuration, or from most of the packets."""
        config = _config(track.entry)
        if config is not None and config.frame_samples:
            plain = config.object_type == AAC_LC and not config.sbr and config.frame_samples == 1024
            return cls(
                config.sample_rate, config.frame_samples, SILENT_FRAMES.get(config.channels, b"") if plain else b""
            )
        dts = track.samples.dts
        steps = Counter(map(sub, islice(dts, 1, 2000), dts))
        return cls(track.timescale, max(1, steps.most_common(1)[0][0] if steps else track.timescale // 50))


def _config(entry: SampleEntry) -> AacConfig | None:
    try:
        return aac_config(entry)
    except Mp4Unreadable:
        return None


@dataclass(frozen=True, slots=True)
class Packets:
    """Packets ``[first, first + count)`` of a piece's audio; *first* -1: silent ones.

    Attributes:
        slot: Number of the first of them on the grid.
    """

    slot: int
    count: int
    first: int = -1


@dataclass(slots=True)
class AudioGrid:
    """The grid, as far as it is filled.

    Attributes:
        media_time: Ticks before the presentation begins.
        slots: How many are filled.
    """

    clock: AudioClock
    media_time: int = 0
    slots: int = 0
    _begun: bool = field(default=False)

    def fill(self, piece: Piece, at_s: Fraction, *, last: bool) -> list[Packets]:
        """Fill the slots of one piece.

        Args:
            at_s: Its place in the recording.
            last: Fill the slot in which the recording ends, too.
        """
        if not self._begun:
            self._begin(piece)
        until = (at_s + piece.length_s) * self.clock.rate + self.media_time
        end = math.ceil(until / self.clock.step) if last else math.floor(until / self.clock.step + Fraction(1, 2))
        found = list(self._filled(piece, at_s, max(self.slots, end)))
        self.slots = max(self.slots, end)
        return found

    def _begin(self, piece: Piece) -> None:
        """Put the grid where the first packets are; a decoder needs the one before the first that is heard."""
        self._begun = True
        tracks, clock = piece.run.tracks, self.clock
        first = max(0, packet_at(tracks, piece.start_s) - 2)
        if first >= len(_samples(piece)):
            return
        early = (piece.start_s - packet_s(piece, first)) * clock.rate
        slots = 0 if early >= 0 else math.ceil(-early / clock.step)
        self.media_time = round(early + slots * clock.step)
        if self.media_time > DRIFT * clock.step:  # nothing is there shortly before the video
            self.media_time = 0

    def _filled(self, piece: Piece, at_s: Fraction, end: int) -> Iterator[Packets]:
        free = self.slots
        for first, stop, joins in _blocks(piece, self.clock):
            ideal = self._slot_of(packet_s(piece, first) - piece.start_s + at_s)
            slot = free if joins and abs(ideal - free) < DRIFT else math.floor(ideal + Fraction(1, 2))
            skip = max(0, free - slot)
            count = min(stop - first - skip, end - max(slot, free))
            if count <= 0:
                continue
            if slot > free:
                yield Packets(free, slot - free)
            yield Packets(max(slot, free), count, first + skip)
            free = max(slot, free) + count
        if free < end:
            yield Packets(free, end - free)

    def _slot_of(self, at_s: Fraction) -> Fraction:
        return (at_s * self.clock.rate + self.media_time) / self.clock.step


def packet_s(piece: Piece, packet: int) -> Fraction:
    """When a packet begins, in the part's own time."""
    tracks = piece.run.tracks
    assert tracks.audio is not None
    return (tracks.audio.samples.dts[packet] - tracks.audio_zero) / tracks.audio.timescale


def _samples(piece: Piece) -> Sequence[int]:
    assert piece.run.tracks.audio is not None
    return piece.run.tracks.audio.samples.sizes


def _blocks(piece: Piece, clock: AudioClock) -> Iterator[tuple[int, int, bool]]:
    """Packets around a piece, in blocks without a gap; whether each joins the one before."""
    tracks = piece.run.tracks
    audio = tracks.audio
    assert audio is not None
    low, high = max(0, packet_at(tracks, piece.start_s) - 3), packet_at(tracks, piece.end_s)
    if low >= high:
        return
    dts, step = audio.samples.dts, clock.step * Fraction(audio.timescale, clock.rate)
    least, most = math.ceil(step - DRIFT * step), math.floor(step + DRIFT * step)
    steps = map(sub, islice(dts, low + 1, high), islice(dts, low, high - 1))
    breaks = set(compress(range(low + 1, high), (not least <= found <= most for found in steps)))
    places = sorted({*breaks, *range(low, high, BLOCK), high})
    for first, stop in pairwise(places):
        yield first, stop, first not in breaks and first != low
