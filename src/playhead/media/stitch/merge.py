"""Put a reel together from packets that are copied and packets that were rendered, in one pass over their bytes.

No libav: an index is written in front, and the bytes behind it are copied from file to file by the kernel.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub
from pathlib import Path

from playhead.media.mp4.aac import SILENT_FRAMES, aac_entry
from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.write import TrackTables, faststart_header
from playhead.media.stitch.append import Appender
from playhead.media.stitch.entry import picture_entry
from playhead.media.stitch.gather import Gathered, gather
from playhead.media.stitch.layout import Packet, interleaved
from playhead.media.stitch.parts import BadJoin, MergeParts, PartUnfit
from playhead.media.stitch.picks import PicturePick, SoundPick
from playhead.media.stitch.plan import AAC_FRAME, StitchPlan
from playhead.media.stitch.recipe import OWN, Recipe
from playhead.media.stitch.runs import Runs
from playhead.media.stitch.sound_grid import PRIMING, reach
from playhead.media.stitch.units import END_OF_SEQUENCE

__all__ = ["BadJoin", "MergeParts", "PartUnfit", "merge"]

CHUNK_S = 1.0
"""The longest chunk, where a reel has no sound to interleave with."""


def merge(plan: StitchPlan, parts: MergeParts, out: Path, progress: Callable[[float], None] | None = None) -> None:
    """Write the reel as an MP4 whose index comes first.

    Each piece begins at its tick with a keyframe; its frames keep their order and, where the timing is constant, are
    counted. Each packet of sound is in its slot. Memory grows with the number of packets (about 20 bytes each), not
    with bytes; three files are open at a time. May run in any thread.

    Args:
        progress: Told 0..1; may raise, which ends the merge. *out* is no use then.

    Raises:
        BadJoin: a clip cannot be copied as planned; it has to be encoded.
        PartUnfit: a rendered piece is missing or not what was planned.
        DiskFull: there is no room for the reel.
        OSError: a file cannot be opened, read or written.
    """
    gathered = gather(plan, parts)
    files = gathered.files
    reel = _Reel(plan, gathered)
    header = faststart_header(reel.tables(gathered), reel.recipe.size)
    recipe, total, done = reel.recipe, reel.recipe.size + len(header), 0
    del gathered, reel

    def told(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done / total)

    with Appender(out, files, told) as file:
        file.own(header)
        for part in recipe:
            if isinstance(part, bytes):
                file.own(part)
            else:
                file.span(*part)


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


class _Reel:
    """Lays the packets of all clips one behind the other."""

    def __init__(self, plan: StitchPlan, gathered: Gathered) -> None:
        self._plan = plan
        self.recipe = Recipe()
        self._lanes = (_Lane(), _Lane())
        self._durations, self._shifts, self._sync = Runs(), Runs(), array("I")
        picks = [pick for clip in gathered.pictures for pick in clip]
        self._delay = max(pick.delay for pick in picks)
        self._ends = {id(one) for one, after in pairwise(picks) if after.broken_link}
        self._sets = {id(entry): parameter_sets(entry) for entry in gathered.entries} if gathered.in_band else {}
        silent = [SoundPick()] * len(gathered.pictures)
        for pictures, sound in zip(gathered.pictures, gathered.sounds or silent, strict=True):
            self._lay(pictures, sound)

    def _lay(self, picks: list[PicturePick], sound: SoundPick) -> None:
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

    def _pictures(self, picks: list[PicturePick]) -> Iterator[Packet]:
        begin, scale = 0, self._plan.format.timescale
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
        form = self._plan.format.sound
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
        self._shifts.extend(map(self._delay.__add__, pick.shifts))
        self._sync.extend(map(first.__add__, pick.sync))
        pick.forget()

    def tables(self, gathered: Gathered) -> list[TrackTables]:
        """What the index says of both tracks."""
        plan, form = self._plan, self._plan.format
        all_sync = len(self._sync) == len(self._lanes[0].sizes)
        picture = TrackTables(
            kind="video",
            timescale=form.timescale,
            entry=picture_entry(gathered.entries, form.colour),
            durations=self._durations,
            sizes=self._lanes[0].sizes,
            chunk_offsets=self._lanes[0].chunk_offsets,
            chunk_counts=self._lanes[0].chunk_counts,
            shifts=self._shifts if any(value for _, value in self._shifts) else (),
            sync=None if all_sync else self._sync,
            media_time=self._delay,
            duration=plan.ticks,
            width=form.width,
            height=form.height,
        )
        if form.sound is None:
            return [picture]
        sound = TrackTables(
            kind="audio",
            timescale=form.sound.sample_rate,
            entry=aac_entry(form.sound.sample_rate, form.sound.channels).raw,
            durations=[(len(self._lanes[1].sizes), AAC_FRAME)],
            sizes=self._lanes[1].sizes,
            chunk_offsets=self._lanes[1].chunk_offsets,
            chunk_counts=self._lanes[1].chunk_counts,
            media_time=PRIMING * AAC_FRAME,
            duration=reach(plan, form.sound),
        )
        return [picture, sound]
