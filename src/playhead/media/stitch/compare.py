"""Compare the packets of a reel with the files they came from, byte by byte, and look whether they are whole."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge as merged
from itertools import chain
from pathlib import Path

from playhead.kit.names import size_name
from playhead.kit.units import MIB
from playhead.media.errors import VerifyFailed
from playhead.media.mp4.aac import SILENT_FRAMES
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.source import FileBytes, ReadAt
from playhead.media.stitch.parts import BadJoin, MergeParts
from playhead.media.stitch.plan import ReelFormat, StitchPlan
from playhead.media.stitch.samples import PicturePick, SoundPick
from playhead.media.stitch.selection import Gathered, gather
from playhead.media.stitch.structure import starts
from playhead.media.stitch.units import END_OF_SEQUENCE, check_units, frame_size

Span = tuple[int, int, int, int, bytes]
"""Where in the reel, how long, which file, where there; or bytes of our own with file -1."""

Alive = Callable[[], None]

_BLOCK = 1 * MIB
_OWN = -1


def check_packets(reel: ReadAt, movie: Movie, plan: StitchPlan, parts: MergeParts, alive: Alive) -> None:
    """Compare every packet with its file, and what stands between with what should.

    Args:
        alive: Asked now and then; raises when nobody waits any more.

    Raises:
        VerifyFailed: with the first clip that differs.
        BadJoin, PartUnfit: as `gather`.
    """
    gathered = gather(plan, parts)
    frame = packet = 0
    for index, clip in enumerate(plan.clips):
        sound = gathered.sounds[index] if gathered.sounds else SoundPick()
        spans = merged(
            _pictures(movie.tracks[0], frame, gathered, index),
            _sounds(movie.tracks[-1], packet, sound, plan),
        )
        at = _differs(reel, _joined(spans), gathered.files, alive)
        if at is not None:
            raise VerifyFailed(f"The reel differs at byte {at} from what clip {clip.clip_id} was to bring.")
        frame += clip.frames
        packet += sound.slots


def check_whole(reel: ReadAt, movie: Movie, plan: StitchPlan, alive: Alive) -> None:
    """Walk through the units of every copied frame.

    Raises:
        BadJoin: some are broken, or announce frames of another size; their clip has to be encoded, which mends it.
    """
    for clip, frame, _, piece in starts(plan):
        if piece.kind != "copy":
            continue
        alive()
        name = plan.clips[clip].clip_id
        try:
            other = _other_size(reel, movie.tracks[0], range(frame, frame + piece.frames), plan.format)
        except Mp4Unreadable as error:
            raise BadJoin(f"Clip {name} is damaged: {error}", frozenset((name,))) from error
        if other is not None:
            raise BadJoin(f"Clip {name} changes its frame size to {size_name(*other)}", frozenset((name,)))


def _other_size(reel: ReadAt, track: Track, frames: range, form: ReelFormat) -> tuple[int, int] | None:
    samples = track.samples
    for index in frames:
        for unit in check_units(reel, samples.offsets[index], samples.sizes[index], form.codec):
            found = frame_size(reel, samples.offsets[index], unit, form.codec)
            if found is not None and found != (form.width, form.height):
                return found
    return None


def _pictures(track: Track, frame: int, gathered: Gathered, clip: int) -> Iterator[Span]:
    following = chain.from_iterable(gathered.pictures[clip:][:2])
    after = [*following][1:]
    for number, pick in enumerate(gathered.pictures[clip]):
        tail = END_OF_SEQUENCE if number < len(after) and after[number].broken_link else b""
        sets = parameter_sets(pick.entry) if gathered.in_band else b""
        yield from _piece(track, frame, pick, sets, tail)
        frame += pick.frames


def _piece(track: Track, frame: int, pick: PicturePick, sets: bytes, tail: bytes) -> Iterator[Span]:
    skips = dict(zip(pick.sync, pick.skips, strict=True)) if sets else {}
    rows = zip(track.samples.offsets[frame : frame + pick.frames], pick.offsets, pick.sizes, strict=True)
    for index, (at, offset, size) in enumerate(rows):
        skip, own = skips.get(index, 0), sets if index in skips else b""
        after = tail if index == pick.frames - 1 else b""
        whole = size + len(own) + len(after)
        if whole != track.samples.sizes[frame + index]:
            raise VerifyFailed(f"Frame {frame + index} has {track.samples.sizes[frame + index]} bytes, not {whole}.")
        yield at, skip, pick.file, offset, b""
        yield at + skip, len(own), _OWN, 0, own
        yield at + skip + len(own), size - skip, pick.file, offset + skip, b""
        yield at + size + len(own), len(after), _OWN, 0, after


def _sounds(track: Track, packet: int, pick: SoundPick, plan: StitchPlan) -> Iterator[Span]:
    if plan.format.sound is None:
        return
    silence = SILENT_FRAMES[plan.format.sound.channels]
    first, last = pick.before, pick.before + len(pick.sizes)
    samples = track.samples
    for slot in range(pick.slots):
        at, size = samples.offsets[packet + slot], samples.sizes[packet + slot]
        copied = first <= slot < last
        if size != (pick.sizes[slot - first] if copied else len(silence)):
            raise VerifyFailed(f"Packet {packet + slot} of the sound has {size} bytes, which nobody planned.")
        if copied:
            yield at, size, pick.file, pick.offsets[slot - first], b""
        else:
            yield at, size, _OWN, 0, silence


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Spans that continue each other in both files become one; empty ones vanish."""
    last: Span = (0, 0, _OWN, 0, b"")
    for span in spans:
        if not span[1]:
            continue
        end = last[0] + last[1], last[3] + last[1]
        if span[2] == last[2] != _OWN and (span[0], span[3]) == end:
            last = (*last[:1], last[1] + span[1], *last[2:])
            continue
        yield last
        last = span
    yield last


def _differs(reel: ReadAt, spans: Iterator[Span], files: Sequence[Path], alive: Alive) -> int | None:
    """Where the reel first differs."""
    with ExitStack() as stack:
        opened: dict[int, FileBytes] = {}
        for at, length, file, offset, own in spans:
            if file == _OWN:
                if reel.read_at(at, length) != own:
                    return at
                continue
            if file not in opened:
                opened[file] = stack.enter_context(FileBytes(files[file]))
            for done in range(0, length, _BLOCK):
                alive()
                size = min(_BLOCK, length - done)
                if reel.read_at(at + done, size) != opened[file].read_at(offset + done, size):
                    return at + done
    return None
