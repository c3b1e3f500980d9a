"""The check of a finished reel before anyone sees it, in three layers: index, packets, decoding.

The index must hold each sample where and when the plan has it. The packets must be the bytes of their sources, in whole
units, with the parameter sets that a decoder needs. Between copied clips with the same parameter sets that begin on an
IDR picture these two prove the join; elsewhere, and where something was encoded, frames are decoded.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from playhead.media.errors import UnreadableVideo, VerifyFailed
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import Probe, probe
from playhead.media.progress import Progress, scaled
from playhead.media.render.compare import check_packets
from playhead.media.render.decode import Decoder
from playhead.media.render.files import probe_of
from playhead.media.render.framing import Alive, check_framing
from playhead.media.render.joins import proven_joins
from playhead.media.render.parts import BadJoin, MergeParts
from playhead.media.render.plan import StitchPlan
from playhead.media.render.selection import select_samples
from playhead.media.render.structure import problems
from playhead.media.render.windows import Window, covers_most, together, windows
from playhead.media.sniff import MP4

__all__ = ["BadJoin", "verify_reel"]

_Result = TypeVar("_Result")

_MAX_RUNS = 32
"""Runs of ffmpeg to find the bad joins; then all joins that are left are blamed."""

_COMPARED = 0.3
"""Share of the progress at which decoding begins."""


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
    """Compare a reel with its plan and its sources, and decode it where they prove too little.

    Args:
        parts: The files to compare every byte with. Without them every join is decoded, and all that was encoded.
        decode: False checks the index and the packets alone.

    Returns:
        The reel's own probe.

    Raises:
        BadJoin: copied video does not decode where it stands; encoding its clips helps.
        VerifyFailed: anything else is wrong with the reel.
        PartUnfit: a rendered piece is not what the plan has.
        FfmpegFailed: the check itself failed.
    """
    movie = await asyncio.to_thread(_read, path, plan)
    proven = await _in_thread(lambda alive: _compare(path, movie, plan, parts, alive))
    if progress is not None:
        await progress(_COMPARED)
    if decode:
        decoder = Decoder(path, movie, plan, ffmpeg or find_ffmpeg(), threads)
        await _decode(decoder, proven, scaled(progress, _COMPARED, 0.98))
    try:
        found = probe_of(movie, MP4) or await probe(path)
    except UnreadableVideo as error:
        raise VerifyFailed(f"The finished reel cannot be read: {error.detail}") from error
    if progress is not None:
        await progress(1.0)
    return found


async def _in_thread(work: Callable[[Alive], _Result]) -> _Result:
    """Run in a thread that ends soon after this call is cancelled."""
    left = threading.Event()

    def alive() -> None:
        if left.is_set():
            raise TimeoutError("the check was cancelled")

    try:
        return await asyncio.to_thread(work, alive)
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


def _compare(path: Path, movie: Movie, plan: StitchPlan, parts: MergeParts | None, alive: Alive) -> list[bool] | None:
    """Check the packets; gives `proven_joins`, or None without *parts*."""
    with FileBytes(path) as reel:
        gathered = None if parts is None else select_samples(plan, parts)
        if gathered is not None:
            check_packets(reel, movie, plan, gathered, alive)
        sets = check_framing(reel, movie, plan, alive)
        return None if gathered is None else proven_joins(reel, movie, plan, gathered, sets)


async def _decode(decoder: Decoder, proven: Sequence[bool] | None, progress: Progress | None) -> None:
    wanted = await asyncio.to_thread(_windows, decoder, proven)
    if covers_most(wanted, decoder.plan):
        complaint = await decoder.whole(progress)
        wanted = await asyncio.to_thread(_windows, decoder, proven, everything=True) if complaint else []
    else:
        complaint = await decoder.windows(together(wanted), progress) if wanted else ""
    if not complaint:
        return
    bad = await _bad_ones(decoder, wanted)
    if not bad and not await decoder.whole():
        return  # the windows disturbed each other, which stand apart in the reel
    clips = frozenset().union(*(window.copied for window in bad))
    if not clips:
        raise VerifyFailed(f"The finished reel does not decode: {complaint}")
    raise BadJoin(f"{_named(clips)} not decode where they were copied to: {complaint}", clips)


def _windows(decoder: Decoder, proven: Sequence[bool] | None, *, everything: bool = False) -> list[Window]:
    with FileBytes(decoder.path) as reel:
        return windows(reel, decoder.movie, decoder.plan, proven, everything=everything)


async def _bad_ones(decoder: Decoder, wanted: Sequence[Window]) -> list[Window]:
    """Halve a group that does not decode, again and again, until the bad windows stand alone."""
    groups, bad, runs = [list(wanted)], [], 0
    while groups:
        group = groups.pop()
        if len(group) == 1 or runs >= _MAX_RUNS:
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
