"""Samples of a fragmented MP4 (ISO/IEC 14496-12 section 8.8), read into the same tables as any other's.

What a recorder left behind when it was killed is read as far as it goes: of the last fragment the samples that are
whole. ``sidx`` and ``mfra`` are not needed.

Where decode times jump, as between two recordings behind one header, an epoch begins, and reading goes on: see
`epochs`. Shorter gaps are true and stay.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate, islice, repeat
from typing import NamedTuple

from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields, need, walk
from playhead.media.mp4.epochs import Epoch
from playhead.media.mp4.movie import Edit, Track
from playhead.media.mp4.tables import MAX_SAMPLES, MAX_TICKS, TooManySamples, numbers
from playhead.media.reading.clock import BACK_S, FORWARD_S

MAX_EPOCHS = 1000
"""Of one file; more is an attack, not a recording."""

_NON_SYNC = 0x10000
_BASE_OFFSET, _ENTRY, _DURATION, _SIZE, _FLAGS = 1, 2, 8, 16, 32
_RUN_OFFSET, _RUN_FIRST_FLAGS = 1, 4
_RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT = 0x100, 0x200, 0x400, 0x800
_BASE_IS_MOOF = 0x20000


class Defaults(NamedTuple):
    """What a sample has when its run does not say (sections 8.8.3 and 8.8.7)."""

    entry: int = 1
    duration: int = 0
    size: int = 0
    flags: int = 0


class Run(NamedTuple):
    """The columns of a ``trun``; offset None: right behind the run before."""

    offset: int | None
    sizes: "array[int]"
    durations: "array[int]"
    flags: "array[int]"
    shifts: "array[int] | None"


@dataclass(slots=True)
class _Growing:
    """A track whose fragments are being read.

    Attributes:
        offset_s: From the file's decode times to those of the tables.
        before: Samples that it had in ``moov``.
    """

    track: Track
    defaults: Defaults
    shifts: "array[int]"
    sync: "array[int]"
    used: set[int] = field(default_factory=set)
    ended: bool = False
    offset_s: Fraction = Fraction(0)
    before: int = 0

    @property
    def end_s(self) -> Fraction:
        return Fraction(self.track.samples.dts[-1], self.track.timescale)

    def place(self, ticks: int) -> int:
        """Decode time in the tables of one in the file."""
        return ticks + round(self.offset_s * self.track.timescale)


class Fragments:
    """Takes the fragments of a movie one by one and adds their samples to its tracks.

    Args:
        moov: The content of the movie's ``moov``.
        tracks: Of the movie; their tables grow.
        size_bytes: Of all media: a hostile file cannot claim more samples than bytes.
        most: Samples of all tracks together.

    Attributes:
        epochs: What follows each jump of the decode times, not yet settled.

    Raises:
        Mp4Unreadable: ``mvex`` is damaged.
    """

    def __init__(self, moov: bytes, tracks: list[Track], size_bytes: int, most: int = MAX_SAMPLES) -> None:
        defaults = trex_defaults(moov)
        self._growing = {track.id: _growing(track, defaults.get(track.id, Defaults())) for track in tracks}
        self.epochs: list[Epoch] = []
        self._bytes_left = size_bytes
        self._samples_left = most - sum(len(track.samples) for track in tracks)

    def add(self, moof: bytes, start: int, limit: int) -> None:
        """Add the samples of one fragment.

        Args:
            moof: The content of the box.
            start: Where the box begins in the file.
            limit: Where the file ends; samples that reach over it end their track.

        Raises:
            Mp4Unreadable: it is damaged, or it lies.
        """
        position = start
        for traf in walk(moof):
            if traf.kind == b"traf":
                position = self._track_fragment(moof, traf, start, position, limit)

    def finish(self) -> None:
        """Bring the tables of all tracks into their final shape."""
        for growing in self._growing.values():
            samples = growing.track.samples
            samples.cts = growing.shifts if any(growing.shifts) else None
            samples.sync = growing.sync if len(growing.sync) != len(samples) else None
            growing.track.mixed = growing.track.mixed or len(growing.used) > 1
            if 0 < growing.before < len(samples):
                _unlimit(growing.track.edits)

    def _track_fragment(self, moof: bytes, traf: Box, start: int, position: int, limit: int) -> int:
        """Read a ``traf``; returns where its data ends."""
        boxes = list(walk(moof, traf.start, traf.end))
        tfhd = need({found.kind: found for found in boxes}, b"tfhd")
        number = fields(">I", moof, tfhd, 4)[0]
        growing = self._growing.get(number)
        base, defaults = _track_header(moof, tfhd, start, position, growing.defaults if growing else Defaults())
        position = base
        for found in boxes:
            if found.kind == b"tfdt" and growing is not None:
                form = ">Q" if fields(">B", moof, found)[0] == 1 else ">I"
                self._move(growing, fields(form, moof, found, 4)[0])
            elif found.kind == b"trun":
                run = self._run(moof, found, defaults)
                position = position if run.offset is None else base + run.offset
                if growing is not None and run.sizes:
                    growing.used.add(defaults.entry)
                    self._spend(_append(growing, run, position, limit))
                position += sum(run.sizes)
        return position

    def _move(self, growing: _Growing, time: int) -> None:
        """Go to the decode time of ``tfdt`` (section 8.8.12): after a gap the sample before it lasts longer.

        A time shortly before the last sample's is a writer's mistake; the clock runs on.
        """
        if time >= MAX_TICKS:
            raise Mp4Unreadable(f"A fragment begins at tick {time}.")
        samples = growing.track.samples
        if not samples:
            growing.offset_s = self.epochs[-1].offset_s if self.epochs else growing.offset_s
            samples.dts[0] = growing.place(time)
            return
        if self._has_jumped(growing, growing.place(time)):
            self._jump(growing, time)
        elif growing.place(time) >= samples.dts[-2]:
            samples.dts[-1] = growing.place(time)

    def _has_jumped(self, growing: _Growing, at: int) -> bool:
        dts, second = growing.track.samples.dts, growing.track.timescale
        if at > dts[-1] + FORWARD_S * second:
            return Fraction(at, second) > self._end_s() + FORWARD_S
        return at <= dts[-2] and dts[-1] - at > BACK_S * second

    def _jump(self, growing: _Growing, time: int) -> None:
        """Begin an epoch, or join the one that another track has begun."""
        at_s, number, samples = Fraction(time, growing.track.timescale), growing.track.id, growing.track.samples
        epoch = self.epochs[-1] if self.epochs else None
        if epoch is None or number in epoch.firsts or abs(at_s + epoch.offset_s - epoch.start_s) > FORWARD_S:
            if len(self.epochs) >= MAX_EPOCHS:
                raise Mp4Unreadable(f"The decode times jump more than {MAX_EPOCHS} times.")
            end_s = self._end_s()
            epoch = Epoch(end_s, end_s - at_s, at_s + growing.offset_s - growing.end_s)
            self.epochs.append(epoch)
        epoch.firsts[number], epoch.ends[number] = len(samples), samples.dts[-1]
        growing.offset_s = epoch.offset_s
        samples.dts[-1] = growing.place(time)

    def _end_s(self) -> Fraction:
        return max(growing.end_s for growing in self._growing.values() if growing.track.samples)

    def _run(self, moof: bytes, trun: Box, defaults: Defaults) -> Run:
        """Read a ``trun`` (section 8.8.8) and take its samples off the budget."""
        flags, count = fields(">II", moof, trun)
        at = 8
        offset: int | None = None
        first: int | None = None
        if flags & _RUN_OFFSET:
            offset, at = fields(">i", moof, trun, at)[0], at + 4
        if flags & _RUN_FIRST_FLAGS:
            first, at = fields(">I", moof, trun, at)[0], at + 4
        present = [bit for bit in (_RUN_DURATION, _RUN_SIZE, _RUN_FLAGS, _RUN_SHIFT) if flags & bit]
        self._claim(count, bare=not present and not defaults.size)
        table = numbers("I", moof, trun.start + at, count * len(present), trun.end)
        columns = {bit: table[index :: len(present)] for index, bit in enumerate(present)}
        sizes = columns.get(_RUN_SIZE) or array("I", [defaults.size]) * count
        sample_flags = columns.get(_RUN_FLAGS) or array("I", [defaults.flags]) * count
        if first is not None and count:
            sample_flags[0] = first
        durations = columns.get(_RUN_DURATION) or array("I", [defaults.duration]) * count
        shifts = array("i", columns[_RUN_SHIFT].tobytes()) if _RUN_SHIFT in columns else None
        return Run(offset, sizes, durations, sample_flags, shifts)

    def _claim(self, count: int, *, bare: bool) -> None:
        """*bare*: neither the run nor the media has a byte for each sample, so that any number could be claimed."""
        self._samples_left -= count
        if bare and count:
            raise Mp4Unreadable(f"A fragment claims {count} samples, more than can be.")
        if self._samples_left < 0:
            raise TooManySamples(f"With the {count} samples of a fragment there are more than are read.")

    def _spend(self, size: int) -> None:
        """Samples do not share bytes, so all together have no more than the file."""
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise Mp4Unreadable("The fragments claim more media than the file has.")


def trex_defaults(moov: bytes) -> dict[int, Defaults]:
    """``trex`` of every track (section 8.8.3)."""
    mvex = children(moov, Box(b"moov", 0, len(moov))).get(b"mvex")
    if mvex is None:
        return {}
    rows = (fields(">5I", moov, found, 4) for found in walk(moov, mvex.start, mvex.end) if found.kind == b"trex")
    return {number: Defaults(*values) for number, *values in rows}


def _growing(track: Track, defaults: Defaults) -> _Growing:
    """What the track had before its first fragment stays: some recorders keep the first samples in ``moov``."""
    count = len(track.samples)
    shifts, sync = track.samples.cts, track.samples.sync
    return _Growing(
        track,
        defaults,
        array("i", repeat(0, count)) if shifts is None else shifts,
        array("I", range(count)) if sync is None else sync,
        used={1} if count else set(),
        before=count,
    )


def _track_header(moof: bytes, tfhd: Box, start: int, position: int, defaults: Defaults) -> tuple[int, Defaults]:
    """Where the offsets of a track fragment count from, and its defaults (section 8.8.7)."""
    flags = fields(">I", moof, tfhd)[0]
    at = 8
    base = start if flags & _BASE_IS_MOOF else position
    if flags & _BASE_OFFSET:
        base, at = fields(">Q", moof, tfhd, at)[0], at + 8
    values = list(defaults)
    for index, bit in enumerate((_ENTRY, _DURATION, _SIZE, _FLAGS)):
        if flags & bit:
            values[index], at = fields(">I", moof, tfhd, at)[0], at + 4
    return base, Defaults(*values)


def _unlimit(edits: list[Edit]) -> None:
    """Let the last edit show all there is: its duration is that of the samples in ``moov``."""
    if edits and edits[-1].media_time >= 0:
        edits[-1] = replace(edits[-1], duration=0)


def _append(growing: _Growing, run: Run, offset: int, limit: int) -> int:
    """Add the samples of a run that lie before *limit*; when some do not, they are the track's last.

    Returns:
        Bytes of the samples that were added.
    """
    if growing.ended:
        return 0
    samples = growing.track.samples
    if offset < 0:
        raise Mp4Unreadable(f"A fragment's media begins at byte {offset}.")
    if samples.dts[-1] + sum(run.durations) >= MAX_TICKS:
        raise Mp4Unreadable("The durations of the samples are beyond any video.")
    before = len(samples)
    ends = array("Q", accumulate(run.sizes, initial=offset))
    count = bisect_right(ends, limit) - 1
    growing.ended = count < len(run.sizes)
    if count < 1:
        return 0
    if not before or samples.offsets[-1] + samples.sizes[-1] != offset:
        samples.runs.append(before)
    samples.sizes.extend(run.sizes[:count])
    samples.offsets.extend(islice(ends, count))
    samples.dts.extend(islice(accumulate(run.durations, initial=samples.dts[-1]), 1, count + 1))
    growing.shifts.extend(repeat(0, count) if run.shifts is None else run.shifts[:count])
    growing.sync.extend(_sync_indexes(run.flags[:count], before))
    return ends[count] - offset


def _sync_indexes(flags: "array[int]", before: int) -> Iterator[int]:
    return (index for index, one in enumerate(flags, before) if not one & _NON_SYNC)
