"""Put a reel together from packets that are copied and packets that were rendered, in one pass over their bytes.

No libav: an index is written in front, and the bytes behind it are copied from file to file by the kernel.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.write import faststart_header
from playhead.media.progress import Progress
from playhead.media.stitch.append import Appender
from playhead.media.stitch.assembly import Assembly
from playhead.media.stitch.entry import picture_entry
from playhead.media.stitch.gather import Gathered, gather
from playhead.media.stitch.parts import BadJoin, MergeParts, PartUnfit
from playhead.media.stitch.picks import SoundPick
from playhead.media.stitch.plan import AAC_FRAME, StitchPlan
from playhead.media.stitch.recipe import Recipe
from playhead.media.stitch.sound_grid import PRIMING, reach

__all__ = ["BadJoin", "MergeParts", "PartUnfit", "merge", "merge_in_thread"]


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
    files, header, recipe = _laid(plan, gather(plan, parts))
    total, done = len(header) + recipe.size, 0

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


def _laid(plan: StitchPlan, gathered: Gathered) -> tuple[list[Path], bytes, Recipe]:
    """Lay all clips: the files by number, everything before the media, and what the media is made of."""
    form = plan.format
    sets = {id(entry): parameter_sets(entry) for entry in gathered.entries} if gathered.in_band else {}
    reel = Assembly(form, [pick for clip in gathered.pictures for pick in clip], sets)
    silent = [SoundPick()] * len(gathered.pictures)
    for pictures, sound in zip(gathered.pictures, gathered.sounds or silent, strict=True):
        reel.lay(pictures, sound)
    tracks = [reel.picture(picture_entry(gathered.entries, form.colour), plan.ticks)]
    if form.sound is not None:
        tracks.append(reel.sound(media_time=PRIMING * AAC_FRAME, duration=reach(plan, form.sound)))
    return gathered.files, faststart_header(tracks, reel.recipe.size), reel.recipe


class _Stopped(Exception):
    """Ends the thread when nobody waits for it any more."""


async def merge_in_thread(plan: StitchPlan, parts: MergeParts, out: Path, progress: Progress | None = None) -> None:
    """Run `merge` in a thread and report its progress here; it has ended when this call has, canceled or not."""
    reached, stop = 0.0, threading.Event()

    def report(fraction: float) -> None:
        nonlocal reached
        reached = fraction
        if stop.is_set():
            raise _Stopped

    running = asyncio.ensure_future(asyncio.to_thread(merge, plan, parts, out, report))
    try:
        while not running.done():
            await asyncio.wait([running], timeout=0.2)
            if progress is not None:
                await progress(reached)
        running.result()
    finally:
        stop.set()
        with suppress(Exception):
            await running
