"""Prove a finished reel before anyone sees it: its index, its bytes, and the pictures wherever something was joined."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from playhead.media.errors import UnreadableVideo, VerifyFailed
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import Probe, probe
from playhead.media.progress import Progress, scaled
from playhead.media.sniff import MP4
from playhead.media.stitch.compare import Alive, check_packets, check_whole
from playhead.media.stitch.decode import Decoder
from playhead.media.stitch.files import probe_of
from playhead.media.stitch.parts import BadJoin, MergeParts
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.structure import problems
from playhead.media.stitch.windows import Window, covers_most, together, windows

__all__ = ["BadJoin", "verify_reel"]

_MOST_RUNS = 32
"""Of ffmpeg, to find out which join is bad; then all that are left are blamed."""

_COMPARED = 0.3
"""Where on the progress bar decoding begins."""


async def verify_reel(
    path: Path,
    plan: StitchPlan,
    *,
    parts: MergeParts | None = None,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
    decode: bool = True,
) -> Probe:
    """Compare a reel with its plan, and decode it where it could be wrong.

    Checked are: each frame and each packet of sound in its place in the index; copied pictures made of whole units;
    with *parts*, every byte against the file it came from; and by decoding, all pieces that were encoded and a second
    on each side of every join, without an error and with every frame at its time.

    Args:
        decode: False leaves the decoding out, and takes the probe from the index.

    Returns:
        The reel's own probe.

    Raises:
        BadJoin: copied pictures that do not decode where they stand; encoding their clips helps.
        VerifyFailed: anything else that is wrong with the reel.
        FfmpegFailed: the check itself could not be done.
    """
    movie = await asyncio.to_thread(_read, path, plan)
    await _in_thread(lambda alive: _compare(path, movie, plan, parts, alive))
    if progress is not None:
        await progress(_COMPARED)
    if decode:
        decoder = Decoder(path, movie, plan, ffmpeg or find_ffmpeg(), threads)
        await _decode(decoder, scaled(progress, _COMPARED, 0.98))
    found = None if decode else probe_of(movie, MP4)
    try:
        found = found or await probe(path)
    except UnreadableVideo as error:
        raise VerifyFailed(f"The finished reel cannot be read: {error.detail}") from error
    if progress is not None:
        await progress(1.0)
    return found


async def _in_thread(work: Callable[[Alive], None]) -> None:
    """Run in a thread that ends soon after this call was cancelled."""
    left = threading.Event()

    def alive() -> None:
        if left.is_set():
            raise TimeoutError("nobody waits for this check any more")

    try:
        await asyncio.to_thread(work, alive)
    finally:
        left.set()


def _read(path: Path, plan: StitchPlan) -> Movie:
    try:
        with FileBytes(path) as reel:
            movie = read_movie(reel)
        wrong = problems(movie, plan)
    except Mp4Unreadable as error:
        raise VerifyFailed(f"The index of the finished reel cannot be read: {error}") from error
    if wrong:
        raise VerifyFailed(f"The finished reel is not what was planned: {'; '.join(wrong)}.")
    return movie


def _compare(path: Path, movie: Movie, plan: StitchPlan, parts: MergeParts | None, alive: Alive) -> None:
    with FileBytes(path) as reel:
        if parts is not None:
            check_packets(reel, movie, plan, parts, alive)
        check_whole(reel, movie, plan, alive)


async def _decode(decoder: Decoder, progress: Progress | None) -> None:
    wanted = await asyncio.to_thread(_windows, decoder)
    if covers_most(wanted, decoder.plan):
        said = await decoder.whole(progress)
        wanted = await asyncio.to_thread(_windows, decoder, everything=True) if said else []
    else:
        said = await decoder.windows(together(wanted), progress) if wanted else ""
    if not said:
        return
    bad = await _bad_ones(decoder, wanted)
    if not bad and not await decoder.whole():
        return  # the windows disturbed each other, which stand apart in the reel
    clips = frozenset().union(*(window.copied for window in bad))
    if not clips:
        raise VerifyFailed(f"The finished reel does not decode: {said}")
    raise BadJoin(f"{_named(clips)} not decode where they were copied to: {said}", clips)


def _windows(decoder: Decoder, *, everything: bool = False) -> list[Window]:
    with FileBytes(decoder.path) as reel:
        return windows(reel, decoder.movie, decoder.plan, everything=everything)


async def _bad_ones(decoder: Decoder, wanted: Sequence[Window]) -> list[Window]:
    """Halve a group that does not decode, again and again, until the bad windows stand alone."""
    groups, bad, runs = [list(wanted)], [], 0
    while groups:
        group = groups.pop()
        if len(group) == 1 or runs >= _MOST_RUNS:
            bad += group
            continue
        for half in (group[: len(group) // 2], group[len(group) // 2 :]):
            runs += 1
            if await decoder.windows(together(half)):
                groups.append(half)
    return bad


def _named(clips: frozenset[str]) -> str:
    names = sorted(clips)
    return f"Clip {names[0]} does" if len(names) == 1 else f"Clips {', '.join(names)} do"
