"""Multiplexing: the order of packets in the file, the byte layout of the media, and the tables of both tracks."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from typing import NamedTuple

from playhead.media.mp4.aac import SILENT_FRAMES, aac_entry
from playhead.media.mp4.write import TrackTables
from playhead.media.stitch.plan import AAC_FRAME, ReelFormat
from playhead.media.stitch.samples import PicturePick, Runs, SoundPick
from playhead.media.stitch.units import END_OF_SEQUENCE

OWN = -1
"""In place of a file's number: bytes that no file holds."""


class Recipe:
    """A list of parts; spans that follow each other in one file become one. 20 bytes a part.

    Attributes:
        size: Of all parts together.
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

    def span(self, file: int, start: int, length: int) -> None:
        """Add bytes of a file, given by its number."""
        self.size += length
        if self._files and self._files[-1] == file and self._starts[-1] + self._lengths[-1] == start:
            self._lengths[-1] += length
            return
        self._add(file, start, length)

    def own(self, content: bytes) -> None:
        """Add bytes of our own; the same again and again cost nothing."""
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
        """Go over the parts: ``(file, start, length)`` or bytes."""
        for file, start, length in zip(self._files, self._starts, self._lengths, strict=True):
            if file == OWN:
                content = self._own[start]
                yield content * (length // len(content))
            else:
                yield file, start, length


AHEAD_S = 0.5
"""How far one track may run ahead of the other. A player reads both from one place in the file, and holds the bytes
between them; MP4 writers interleave by a second at most. Chromium drops sound that lies far away (measured)."""


class Packet(NamedTuple):
    """One sample on its way into the reel.

    Attributes:
        at_s: When it is decoded, from the clip's first frame.
        file: Number of its file; -1 for a packet of our own.
        offset, size: Where it lies there, and how long it is.
        skip: Bytes of it that stand before *insert*.
        insert: Bytes of our own to be put into it.
        append: Bytes of our own to be put behind it.
    """

    at_s: float
    file: int
    offset: int
    size: int
    skip: int = 0
    insert: bytes = b""
    append: bytes = b""


def interleaved(pictures: Iterator[Packet], sounds: Iterator[Packet]) -> Iterator[tuple[int, Packet]]:
    """Put both tracks of one clip into one order; each keeps its own.

    Packets of one file come as they lie in it, so that long spans can be copied at once. Where a track would run
    ahead of the other by more than ``AHEAD_S`` the other catches up first; so packets of two files come in turns.

    Yields:
        0 for a picture and 1 for sound, and the packet.
    """
    lanes = (pictures, sounds)
    heads = [next(pictures, None), next(sounds, None)]
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
        heads[turn] = next(lanes[turn], None)


def _turn(turn: int, mine: Packet, other: Packet) -> tuple[int, bool]:
    """Whose turn it is, and whether that one has to catch up."""
    swap = mine.file == other.file and other.offset < mine.offset
    first, second = (other, mine) if swap else (mine, other)
    far = first.at_s - second.at_s > AHEAD_S
    return turn if swap == far else 1 - turn, far


CHUNK_S = 1.0
"""The longest chunk, where there is no sound to interleave with."""


@dataclass(slots=True)
class _Lane:
    """The tables of one track as they grow."""

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    chunk_counts: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_until_s: float = 0.0

    def add(self, place: int, size: int, at_s: float, *, joined: bool) -> None:
        """Args:
        place: In the media, in bytes.
        joined: The packet before was of this track as well.
        """
        if joined and at_s < self.chunk_until_s:
            self.chunk_counts[-1] += 1
        else:
            self.chunk_offsets.append(place)
            self.chunk_counts.append(1)
            self.chunk_until_s = at_s + CHUNK_S
        self.sizes.append(size)


class Assembly:
    """Lays the packets of clip after clip.

    Args:
        picks: All pieces of pictures that will be laid, in order.
        sets: Parameter sets to put into each sync sample, by the identity of its piece's entry.

    Attributes:
        recipe: What the media is made of.
        delay: Ticks by which every frame waits so that none is shown before it is decoded.
    """

    def __init__(self, form: ReelFormat, picks: Sequence[PicturePick], sets: Mapping[int, bytes] | None = None) -> None:
        self._form = form
        self._sets = sets or {}
        self._ends = {id(one) for one, after in pairwise(picks) if after.broken_link}
        self._lanes = (_Lane(), _Lane())
        self._durations, self._shifts, self._sync = Runs(), Runs(), array("I")
        self.recipe = Recipe()
        self.delay = max(pick.delay for pick in picks)

    def lay(self, picks: Sequence[PicturePick], sound: SoundPick) -> None:
        """Add a clip; its picks give their memory back."""
        last, first = -1, len(self._lanes[0].sizes)
        for lane, packet in interleaved(self._pictures(picks), self._sounds(sound)):
            place = self.recipe.size
            self._put(packet)
            self._lanes[lane].add(place, self.recipe.size - place, packet.at_s, joined=lane == last)
            last = lane
        for pick in picks:
            self._time(pick, first)
            first += pick.frames
        sound.forget()

    def _put(self, packet: Packet) -> None:
        if packet.file == OWN:
            self.recipe.own(packet.insert)
            return
        if packet.insert:
            self.recipe.span(packet.file, packet.offset, packet.skip)
            self.recipe.own(packet.insert)
        self.recipe.span(packet.file, packet.offset + packet.skip, packet.size - packet.skip)
        if packet.append:
            self.recipe.own(packet.append)

    def _pictures(self, picks: Sequence[PicturePick]) -> Iterator[Packet]:
        begin, scale = 0, self._form.timescale
        for pick in picks:
            inserts = self._inserts(pick)
            rows = zip(pick.times, pick.offsets, pick.sizes, strict=False)
            for index, (time, offset, size) in enumerate(rows):
                more = inserts.get(index, ())
                yield Packet((begin + time) / scale, pick.file, offset, size, *more)
            begin += pick.times[-1]

    def _inserts(self, pick: PicturePick) -> dict[int, tuple[int, bytes, bytes]]:
        """By sample: how many of its bytes come first, what is put in behind them, what is put behind it."""
        sets = self._sets.get(id(pick.entry), b"")
        found = {index: (skip, sets, b"") for index, skip in zip(pick.sync, pick.skips, strict=True)} if sets else {}
        if id(pick) in self._ends:
            last = pick.frames - 1
            found[last] = (*found.get(last, (0, b""))[:2], END_OF_SEQUENCE)
        return found

    def _sounds(self, pick: SoundPick) -> Iterator[Packet]:
        form = self._form.sound
        if form is None:
            return
        step = AAC_FRAME / form.sample_rate
        silence = SILENT_FRAMES[form.channels]
        for slot in range(pick.before):
            yield Packet(slot * step, OWN, 0, len(silence), insert=silence)
        for slot, (offset, size) in enumerate(zip(pick.offsets, pick.sizes, strict=True), pick.before):
            yield Packet(slot * step, pick.file, offset, size)
        for slot in range(pick.slots - pick.after, pick.slots):
            yield Packet(slot * step, OWN, 0, len(silence), insert=silence)

    def _time(self, pick: PicturePick, first: int) -> None:
        """Add a piece to the tables that tell times, and give its memory back.

        Args:
            first: How many samples the reel had before it.
        """
        self._durations.extend(map(sub, pick.times[1:], pick.times))
        self._shifts.extend(map(self.delay.__add__, pick.shifts))
        self._sync.extend(map(first.__add__, pick.sync))
        pick.forget()

    def picture(self, entry: bytes, duration: int) -> TrackTables:
        """What the index says of the pictures.

        Args:
            duration: How long they are shown, in ticks.
        """
        lane, form = self._lanes[0], self._form
        return TrackTables(
            kind="video",
            timescale=form.timescale,
            entry=entry,
            durations=self._durations,
            sizes=lane.sizes,
            chunk_offsets=lane.chunk_offsets,
            chunk_counts=lane.chunk_counts,
            shifts=self._shifts if any(value for _, value in self._shifts) else (),
            sync=None if len(self._sync) == len(lane.sizes) else self._sync,
            media_time=self.delay,
            duration=duration,
            width=form.width,
            height=form.height,
        )

    def sound(self, *, media_time: int, duration: int) -> TrackTables:
        """What the index says of the sound; times in samples."""
        lane, form = self._lanes[1], self._form.sound
        assert form is not None
        return TrackTables(
            kind="audio",
            timescale=form.sample_rate,
            entry=aac_entry(form.sample_rate, form.channels).raw,
            durations=[(len(lane.sizes), AAC_FRAME)],
            sizes=lane.sizes,
            chunk_offsets=lane.chunk_offsets,
            chunk_counts=lane.chunk_counts,
            media_time=media_time,
            duration=duration,
        )
