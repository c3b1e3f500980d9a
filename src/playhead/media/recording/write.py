"""Writer of pieces with equal parameters: one MP4 whose index comes first, in one pass over their bytes.

Samples keep their bytes and their order; their times are put one behind the other.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice, pairwise
from operator import sub
from pathlib import Path
from typing import NamedTuple

from playhead.media.mp4.movie import Samples, Track
from playhead.media.mp4.write import TrackTables, faststart_header, runs_of
from playhead.media.orientation import UNITY
from playhead.media.recording.assemble import Piece
from playhead.media.recording.audio import AudioClock, AudioGrid, Packets, packet_s
from playhead.media.render.merge import Appender
from playhead.media.render.mux import OWN, ByteLayout

OnWritten = Callable[[int], None]
"""Called with the number of bytes written; may raise, which ends the work."""

SILENT_CHUNK = 24
"""Silent packets in one chunk: half a second, so that both tracks of any moment are near each other in the file."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was planned, for its verification.

    Attributes:
        frames, packets: Samples of both tracks.
        length_s: What is presented of it.
        size_bytes: Of the samples alone.
    """

    frames: int
    packets: int
    length_s: Fraction
    size_bytes: int


class _Chunk(NamedTuple):
    """Samples of one track that lie side by side."""

    at_s: float
    file: int
    offset: int
    length: int
    samples: int


def write_pieces(
    pieces: Sequence[Piece], files: Sequence[Path], out: Path, *more: bytes, on_written: OnWritten | None = None
) -> Written:
    """Write pieces whose video and audio are coded alike. May run in any thread.

    Args:
        files: Paths of the parts by number.
        more: Boxes for the end of ``moov``, such as chapters.

    Raises:
        DiskFull: there is no room.
        OSError: a file cannot be read or written.
    """
    video, audio, layout = _Video(pieces[0].run.tracks.video), _audio_of(pieces), ByteLayout()
    at_s = Fraction(0)
    for number, piece in enumerate(pieces):
        frames = list(video.add(piece, at_s))
        packets = list(audio.add(piece, at_s, last=number == len(pieces) - 1)) if audio else []
        for track, chunk in _interleaved(frames, packets):
            table = audio.table if track and audio else video.table
            table.put(layout, chunk, audio.clock.silence if audio else b"")
        at_s += piece.length_s
    tracks = [video.tables(at_s), *([audio.tables(at_s)] if audio and audio.table.sizes else [])]
    with Appender(out, list(files), on_written) as file:
        file.write(faststart_header(tracks, layout.size, *more))
        for part in layout:
            if isinstance(part, bytes):
                file.write(part)
            else:
                file.copy(*part)
    return Written(len(tracks[0].sizes), sum(len(track.sizes) for track in tracks[1:]), at_s, layout.size)


def _interleaved(frames: Sequence[_Chunk], packets: Sequence[_Chunk]) -> Iterator[tuple[int, _Chunk]]:
    """Chunks of both tracks as they lie in the part; silent ones where their time has come."""
    tracks = (frames, packets)
    at = [0, 0]
    while at[0] < len(frames) or at[1] < len(packets):
        turn = 0
        if at[0] == len(frames):
            turn = 1
        elif at[1] < len(packets):
            mine, other = frames[at[0]], packets[at[1]]
            turn = int(other.at_s <= mine.at_s if other.file == OWN else other.offset < mine.offset)
        yield turn, tracks[turn][at[turn]]
        at[turn] += 1


@dataclass(slots=True)
class _Table:
    """What the tables of any track have."""

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    chunk_counts: "array[int]" = field(default_factory=lambda: array("I"))

    def put(self, layout: ByteLayout, chunk: _Chunk, silence: bytes) -> None:
        self.chunk_offsets.append(layout.size)
        self.chunk_counts.append(chunk.samples)
        if chunk.file == OWN:
            layout.add_bytes(silence * chunk.samples)
        else:
            layout.add_span(chunk.file, chunk.offset, chunk.length)


class _Video:
    """The video track as it grows.

    Args:
        track: Of the first piece; its clock is the track's.
    """

    def __init__(self, track: Track) -> None:
        self._track = track
        self.table = _Table()
        self._dts, self._shifts, self._sync = array("q"), array("q"), array("I")
        self._delay: int | None = None
        self._last = 1

    def add(self, piece: Piece, at_s: Fraction) -> Iterator[_Chunk]:
        """Add the samples of a piece; the chunks in which they lie."""
        samples, tracks = piece.run.tracks.video.samples, piece.run.tracks
        behind = piece.first + 1 + piece.hidden
        spans = [(piece.first, piece.first + 1), (behind, piece.end)] if piece.hidden else [(piece.first, piece.end)]
        zero = tracks.video_zero + piece.start_s * tracks.video.timescale
        for first, end in spans:
            self._add_times(samples, first, end, zero, tracks.video.timescale, at_s)
            self._add_sync(samples, first, end)
            self.table.sizes.extend(samples.sizes[first:end])
            yield from _chunks(samples, first, end, piece.run.tracks.file, lambda sample: float(tracks.pts_s(sample)))

    def _add_times(
        self, samples: Samples, first: int, end: int, zero: Fraction, timescale: int, at_s: Fraction
    ) -> None:
        """Put the times of ``[first, end)`` behind what is there; none is decoded before the one before it."""
        scale = self._track.timescale
        begin = at_s * scale
        if scale == timescale:
            shift = round(begin - zero)
            dts = array("q", map(shift.__add__, islice(samples.dts, first, end)))
        else:
            dts = array("q", (round(begin + (at - zero) * scale / timescale) for at in islice(samples.dts, first, end)))
        cts = self._cts(samples, first, end, Fraction(scale, timescale))
        if self._delay is None:
            self._delay = -dts[0]
        dts = array("q", map(self._delay.__add__, dts)) if self._delay else dts
        _keep_order(self._dts, dts, cts)
        self._dts += dts
        self._shifts += cts
        self._last = max(1, round((samples.dts[end] - samples.dts[end - 1]) * Fraction(scale, timescale)))

    def _cts(self, samples: Samples, first: int, end: int, factor: Fraction) -> "array[int]":
        if samples.cts is None:
            return array("q", bytes(8 * (end - first)))
        if factor == 1:
            return array("q", samples.cts[first:end])
        return array("q", (round(shift * factor) for shift in islice(samples.cts, first, end)))

    def _add_sync(self, samples: Samples, first: int, end: int) -> None:
        moved = len(self.table.sizes) - first
        if samples.sync is None:
            self._sync.extend(range(first + moved, end + moved))
            return
        low, high = bisect_left(samples.sync, first), bisect_left(samples.sync, end)
        self._sync.extend(map(moved.__add__, samples.sync[low:high]))

    def tables(self, length_s: Fraction) -> TrackTables:
        """The tables; *length_s* is presented."""
        track, scale = self._track, self._track.timescale
        least = min(self._shifts, default=0)
        usual = self._last if self._last <= scale else max(1, scale // 30)
        ends = chain(islice(self._dts, 1, None), (self._dts[-1] + usual,))
        durations = runs_of(array("q", map(sub, ends, self._dts)))
        return TrackTables(
            kind="video",
            timescale=scale,
            entry=track.entry.raw,
            durations=durations,
            sizes=self.table.sizes,
            chunk_offsets=self.table.chunk_offsets,
            chunk_counts=self.table.chunk_counts,
            shifts=runs_of(self._shifts) if least or max(self._shifts, default=0) else (),
            sync=None if len(self._sync) == len(self.table.sizes) else self._sync,
            media_time=self._delay or 0,
            duration=max(1, round(length_s * scale)),
            width=track.entry.width,
            height=track.entry.height,
            matrix=track.matrix[:36] or UNITY,
            language=track.language,
        )


def _keep_order(before: "array[int]", dts: "array[int]", cts: "array[int]") -> None:
    """Move the first samples of a piece that reorders more than the one before; they are presented as before."""
    last = before[-1] if before else -1
    for index in range(len(dts)):
        if dts[index] > last:
            return
        last += 1
        cts[index] -= last - dts[index]
        dts[index] = last


class _Audio:
    """The audio track as it grows."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self.table = _Table()
        self.clock = AudioClock.of(track)
        self._grid = AudioGrid(self.clock)
        self._durations = array("q")
        self._wait = 0

    def add(self, piece: Piece, at_s: Fraction, *, last: bool) -> Iterator[_Chunk]:
        """Add the packets of a piece; the chunks in which they lie."""
        for packets in self._grid.fill(piece, at_s, last=last):
            if packets.first < 0:
                yield from self._silent(packets, piece.start_s - at_s)
                continue
            samples = piece.run.tracks.audio.samples if piece.run.tracks.audio else Samples()
            end = packets.first + packets.count
            self.table.sizes.extend(samples.sizes[packets.first : end])
            self._durations.extend([self.clock.step] * packets.count)
            yield from _chunks(
                samples, packets.first, end, piece.run.tracks.file, lambda sample: float(packet_s(piece, sample))
            )

    def _silent(self, packets: Packets, part_s: Fraction) -> Iterator[_Chunk]:
        """Silence; of a codec that has none a packet that lasts longer.

        Args:
            part_s: From the time of the recording to that of the part.
        """
        silence, step = self.clock.silence, self.clock.step
        if not silence:
            if self._durations:
                self._durations[-1] += packets.count * step
            else:
                self._wait += packets.count * step
            return
        self.table.sizes.extend([len(silence)] * packets.count)
        self._durations.extend([step] * packets.count)
        for slot in range(packets.slot, packets.slot + packets.count, SILENT_CHUNK):
            count = min(SILENT_CHUNK, packets.slot + packets.count - slot)
            at_s = Fraction(slot * step - self._grid.media_time, self.clock.rate) + part_s
            yield _Chunk(float(at_s), OWN, 0, 0, count)

    def tables(self, length_s: Fraction) -> TrackTables:
        """The tables; as much is presented as there is of *length_s*."""
        there = self._wait + sum(self._durations) - self._grid.media_time
        length = min(round(length_s * self.clock.rate), there)
        return TrackTables(
            kind="audio",
            timescale=self.clock.rate,
            entry=self._track.entry.raw,
            durations=runs_of(self._durations),
            sizes=self.table.sizes,
            chunk_offsets=self.table.chunk_offsets,
            chunk_counts=self.table.chunk_counts,
            media_time=0 if self._wait else self._grid.media_time,
            delay=max(0, self._wait - self._grid.media_time) if self._wait else 0,
            duration=max(1, length - max(0, self._wait - self._grid.media_time if self._wait else 0)),
            language=self._track.language,
        )


def _audio_of(pieces: Sequence[Piece]) -> _Audio | None:
    track = pieces[0].run.tracks.audio
    return None if track is None else _Audio(track)


def _chunks(samples: Samples, first: int, end: int, file: int, at_s: Callable[[int], float]) -> Iterator[_Chunk]:
    """The samples ``[first, end)`` as they lie side by side in their file."""
    if first >= end:
        return
    low, high = bisect_right(samples.runs, first), bisect_left(samples.runs, end)
    places = [first, *samples.runs[low:high], end]
    for begin, stop in pairwise(places):
        offset = samples.offsets[begin]
        length = samples.offsets[stop - 1] + samples.sizes[stop - 1] - offset
        yield _Chunk(at_s(begin), file, offset, length, stop - begin)
