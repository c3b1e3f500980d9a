"""Multiplexing: the order of packets in the file, the byte layout of the media, and the tables of both tracks."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from typing import NamedTuple

from playhead.media.mp4.aac import SILENT_FRAMES, aac_entry
from playhead.media.mp4.timed_text import SoftTrack
from playhead.media.mp4.write import TrackTables
from playhead.media.render.plan import AAC_FRAME, ReelFormat
from playhead.media.render.samples import AudioSamples, Runs, VideoSamples
from playhead.media.render.units import END_OF_SEQUENCE

OWN = -1
"""File number of bytes that are not in any file."""


class ByteLayout:
    """The media as a list of parts; spans that follow each other in one file become one. 20 bytes a part.

    Attributes:
        size: Bytes of all parts together.
    """

    def __init__(self) -> None:
        self.size = 0
        self._files = array("i")
        self._starts = array("Q")
        self._lengths = array("Q")
        self._own: list[bytes] = []
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._files)

    def add_span(self, file: int, start: int, length: int) -> None:
        """Add bytes of a file, given by its number."""
        self.size += length
        if self._files and self._files[-1] == file and self._starts[-1] + self._lengths[-1] == start:
            self._lengths[-1] += length
            return
        self._add(file, start, length)

    def add_bytes(self, content: bytes) -> None:
        """Add bytes that are not in a file; repeated ones cost nothing."""
        self.size += len(content)
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self._own)
            self._own.append(content)
        if self._files and self._files[-1] == OWN and self._starts[-1] == number:
            self._lengths[-1] += len(content)
            return
        self._add(OWN, number, len(content))

    def _add(self, file: int, start: int, length: int) -> None:
        self._files.append(file)
        self._starts.append(start)
        self._lengths.append(length)

    def __iter__(self) -> Iterator[tuple[int, int, int] | bytes]:
        """Iterate over the parts: ``(file, start, length)`` or bytes."""
        for file, start, length in zip(self._files, self._starts, self._lengths, strict=True):
            if file == OWN:
                content = self._own[start]
                yield content * (length // len(content))
            else:
                yield file, start, length


AHEAD_S = 0.5
"""Seconds that one track may run ahead of the other. A player reads both from one place in the file, and holds the
bytes between them; MP4 writers interleave by a second at most. Chromium drops audio that is far away (measured)."""


class Packet(NamedTuple):
    """One sample on its way into the reel.

    Attributes:
        at_s: Decoding time from the clip's first frame.
        file: Number of its file; -1 for a packet that is not in a file.
        offset, size: Byte offset in the file, and length.
        skip: Bytes of it that come before *insert*.
        insert: Bytes to be inserted.
        append: Bytes to be appended.
    """

    at_s: float
    file: int
    offset: int
    size: int
    skip: int = 0
    insert: bytes = b""
    append: bytes = b""


def interleaved(video: Iterator[Packet], audio: Iterator[Packet]) -> Iterator[tuple[int, Packet]]:
    """Interleave both tracks of one clip; each keeps its own order.

    Packets of one file keep its order, so that long spans can be copied at once. Where a track would run
    ahead of the other by more than ``AHEAD_S`` the other catches up first; so packets of two files come in turns.

    Yields:
        0 for video and 1 for audio, and the packet.
    """
    tracks = (video, audio)
    heads = [next(video, None), next(audio, None)]
    turn, catching_up = 0, False
    while True:
        mine, other = heads[turn], heads[1 - turn]
        if mine is not None and other is not None:
            if not catching_up or mine.at_s > other.at_s:
                catching_up = False
                turn, catching_up = _turn(turn, mine, other)
        elif mine is None:
            turn = 1 - turn
        head = heads[turn]
        if head is None:
            return
        yield turn, head
        heads[turn] = next(tracks[turn], None)


def _turn(turn: int, mine: Packet, other: Packet) -> tuple[int, bool]:
    """Whose turn it is, and whether that one has to catch up."""
    swap = mine.file == other.file and other.offset < mine.offset
    first, second = (other, mine) if swap else (mine, other)
    far = first.at_s - second.at_s > AHEAD_S
    return turn if swap == far else 1 - turn, far


CHUNK_S = 1.0
"""Longest chunk of a file without audio to interleave with."""


@dataclass(slots=True)
class _TrackTables:
    """The tables of one track as they grow."""

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    chunk_counts: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_until_s: float = 0.0

    def add(self, place: int, size: int, at_s: float, *, joined: bool) -> None:
        """Args:
        place: Byte offset in the media.
        joined: The previous packet belongs to this track as well.
        """
        if joined and at_s < self.chunk_until_s:
            self.chunk_counts[-1] += 1
        else:
            self.chunk_offsets.append(place)
            self.chunk_counts.append(1)
            self.chunk_until_s = at_s + CHUNK_S
        self.sizes.append(size)


class Muxer:
    """A multiplexer of the packets of clip after clip.

    Args:
        pieces: All pieces of video that will be added, in order.
        sets: Parameter sets to put into each sync sample, by the identity of its piece's entry.
        captions: Caption track; its bytes come first, so that a player has all of them when it begins.

    Attributes:
        layout: Byte layout of the media.
        delay: Ticks by which every frame waits so that none is shown before it is decoded.
    """

    def __init__(
        self,
        form: ReelFormat,
        pieces: Sequence[VideoSamples],
        sets: Mapping[int, bytes] | None = None,
        captions: SoftTrack | None = None,
    ) -> None:
        self._form = form
        self._sets = sets or {}
        self._ends = {id(one) for one, after in pairwise(pieces) if after.broken_link}
        self._tables = (_TrackTables(), _TrackTables())
        self._durations, self._shifts, self._sync = Runs(), Runs(), array("I")
        self.layout = ByteLayout()
        self._captions = captions
        if captions is not None:
            self.layout.add_bytes(captions.media)
        self.delay = max(piece.delay for piece in pieces)

    def add(self, pieces: Sequence[VideoSamples], audio: AudioSamples) -> None:
        """Add a clip; its samples are released."""
        last, first = -1, len(self._tables[0].sizes)
        for track, packet in interleaved(self._video(pieces), self._audio(audio)):
            place = self.layout.size
            self._put(packet)
            self._tables[track].add(place, self.layout.size - place, packet.at_s, joined=track == last)
            last = track
        for piece in pieces:
            self._time(piece, first)
            first += piece.frames
        audio.forget()

    def _put(self, packet: Packet) -> None:
        if packet.file == OWN:
            self.layout.add_bytes(packet.insert)
            return
        if packet.insert:
            self.layout.add_span(packet.file, packet.offset, packet.skip)
            self.layout.add_bytes(packet.insert)
        self.layout.add_span(packet.file, packet.offset + packet.skip, packet.size - packet.skip)
        if packet.append:
            self.layout.add_bytes(packet.append)

    def _video(self, pieces: Sequence[VideoSamples]) -> Iterator[Packet]:
        begin, scale = 0, self._form.timescale
        for piece in pieces:
            inserts = self._inserts(piece)
            rows = zip(piece.times, piece.offsets, piece.sizes, strict=False)
            for index, (time, offset, size) in enumerate(rows):
                more = inserts.get(index, ())
                yield Packet((begin + time) / scale, piece.file, offset, size, *more)
            begin += piece.times[-1]

    def _inserts(self, piece: VideoSamples) -> dict[int, tuple[int, bytes, bytes]]:
        """For each sample: bytes to skip, bytes to insert, bytes to append."""
        sets = self._sets.get(id(piece.entry), b"")
        found = {index: (skip, sets, b"") for index, skip in zip(piece.sync, piece.skips, strict=True)} if sets else {}
        if id(piece) in self._ends:
            last = piece.frames - 1
            found[last] = (*found.get(last, (0, b""))[:2], END_OF_SEQUENCE)
        return found

    def _audio(self, piece: AudioSamples) -> Iterator[Packet]:
        form = self._form.audio
        if form is None:
            return
        step = AAC_FRAME / form.sample_rate
        silence = SILENT_FRAMES[form.channels]
        for slot in range(piece.before):
            yield Packet(slot * step, OWN, 0, len(silence), insert=silence)
        for slot, (offset, size) in enumerate(zip(piece.offsets, piece.sizes, strict=True), piece.before):
            yield Packet(slot * step, piece.file, offset, size)
        for slot in range(piece.slots - piece.after, piece.slots):
            yield Packet(slot * step, OWN, 0, len(silence), insert=silence)

    def _time(self, piece: VideoSamples, first: int) -> None:
        """Add a piece to the tables of times, and release its samples.

        Args:
            first: Number of samples before it.
        """
        self._durations.extend(map(sub, piece.times[1:], piece.times))
        self._shifts.extend(map(self.delay.__add__, piece.shifts))
        self._sync.extend(map(first.__add__, piece.sync))
        piece.forget()

    def video_tables(self, entry: bytes, duration: int) -> TrackTables:
        """Tables of the video track.

        Args:
            duration: Presentation duration in ticks.
        """
        track, form = self._tables[0], self._form
        return TrackTables(
            kind="video",
            timescale=form.timescale,
            entry=entry,
            durations=self._durations,
            sizes=track.sizes,
            chunk_offsets=track.chunk_offsets,
            chunk_counts=track.chunk_counts,
            shifts=self._shifts if any(value for _, value in self._shifts) else (),
            sync=None if len(self._sync) == len(track.sizes) else self._sync,
            media_time=self.delay,
            duration=duration,
            width=form.width,
            height=form.height,
        )

    def caption_tables(self) -> list[TrackTables]:
        """Tables of the caption track; none without one."""
        return [] if self._captions is None else [self._captions.tables(0)]

    def audio_tables(self, *, media_time: int, duration: int) -> TrackTables:
        """Tables of the audio track; times in samples."""
        track, form = self._tables[1], self._form.audio
        assert form is not None
        return TrackTables(
            kind="audio",
            timescale=form.sample_rate,
            entry=aac_entry(form.sample_rate, form.channels).raw,
            durations=[(len(track.sizes), AAC_FRAME)],
            sizes=track.sizes,
            chunk_offsets=track.chunk_offsets,
            chunk_counts=track.chunk_counts,
            media_time=media_time,
            duration=duration,
        )
