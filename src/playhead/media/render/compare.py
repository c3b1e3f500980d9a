"""Comparison of a reel's packets with the files that they came from, byte by byte."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from heapq import merge as merged
from itertools import chain
from pathlib import Path

from playhead.kit.units import KIB
from playhead.media.errors import VerifyFailed
from playhead.media.mp4.aac import SILENT_FRAMES
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.source import FileBytes, ReadAt
from playhead.media.render.framing import Alive
from playhead.media.render.plan import StitchPlan
from playhead.media.render.samples import AudioSamples, VideoSamples, video_entry
from playhead.media.render.selection import Selection
from playhead.media.render.units import END_OF_SEQUENCE

Span = tuple[int, int, int, int, bytes]
"""Offset in the reel, length, number of the file, offset in it; for bytes of our own the file is -1."""

_BLOCK = 128 * KIB
"""Seven times as fast as 1 MiB (measured): memory of that size is mapped and unmapped for every read."""

_OWN = -1


def check_packets(reel: ReadAt, movie: Movie, plan: StitchPlan, gathered: Selection, alive: Alive) -> None:
    """Compare the sample entry and every packet with the files, and the bytes between them with those planned.

    Args:
        alive: Called now and then.

    Raises:
        VerifyFailed: with the first clip that differs.
    """
    if movie.tracks[0].entry.raw != video_entry(gathered.entries, plan.format.colour):
        raise VerifyFailed("The reel's video sample entry is not the one of its clips.")
    frame = packet = 0
    for index, clip in enumerate(plan.clips):
        audio = gathered.audio[index] if gathered.audio else AudioSamples()
        spans = merged(
            _video(movie.tracks[0], frame, gathered, index),
            _audio(movie.tracks[-1], packet, audio, plan),
        )
        at = _first_difference(reel, _joined(spans), gathered.files, alive)
        if at is not None:
            raise VerifyFailed(f"The reel differs at byte {at} from the packets of clip {clip.clip_id}.")
        frame += clip.frames
        packet += audio.slots


def _video(track: Track, frame: int, gathered: Selection, clip: int) -> Iterator[Span]:
    following = chain.from_iterable(gathered.video[clip:][:2])
    after = [*following][1:]
    for number, pick in enumerate(gathered.video[clip]):
        tail = END_OF_SEQUENCE if number < len(after) and after[number].broken_link else b""
        sets = parameter_sets(pick.entry) if gathered.in_band else b""
        yield from _piece(track, frame, pick, sets, tail)
        frame += pick.frames


def _piece(track: Track, frame: int, pick: VideoSamples, sets: bytes, tail: bytes) -> Iterator[Span]:
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


def _audio(track: Track, packet: int, pick: AudioSamples, plan: StitchPlan) -> Iterator[Span]:
    if plan.format.audio is None:
        return
    silence = SILENT_FRAMES[plan.format.audio.channels]
    first, last = pick.before, pick.before + len(pick.sizes)
    samples = track.samples
    for slot in range(pick.slots):
        at, size = samples.offsets[packet + slot], samples.sizes[packet + slot]
        copied = first <= slot < last
        planned = pick.sizes[slot - first] if copied else len(silence)
        if size != planned:
            raise VerifyFailed(f"Audio packet {packet + slot} has {size} bytes, not {planned}.")
        if copied:
            yield at, size, pick.file, pick.offsets[slot - first], b""
        else:
            yield at, size, _OWN, 0, silence


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Merge spans that continue each other in both files, and drop empty ones."""
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


def _first_difference(reel: ReadAt, spans: Iterator[Span], files: Sequence[Path], alive: Alive) -> int | None:
    """Offset in the reel."""
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
