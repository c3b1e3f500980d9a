"""Merging of copied and rendered packets into one MP4, in one pass over their bytes.

No libav: an index is written in front, and the bytes behind it are copied from file to file by the kernel.
"""

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from playhead.kit.units import MIB
from playhead.media.errors import DiskFull
from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.timed_text import SoftTrack, soft_track
from playhead.media.mp4.write import faststart_header
from playhead.media.progress import Progress
from playhead.media.render.audio_slots import PRIMING, reach
from playhead.media.render.mux import ByteLayout, Muxer
from playhead.media.render.parts import MergeParts, PartUnfit
from playhead.media.render.plan import AAC_FRAME, StitchPlan
from playhead.media.render.samples import AudioSamples, video_entry
from playhead.media.render.selection import Selection, select_samples

OnWritten = Callable[[int], None]
"""Called with the number of bytes written; may raise, which ends the work."""

STEP = 16 * MIB
"""Bytes copied at once: a hundredth of a second, so that a cancellation is noticed."""

_BLOCK = 1 * MIB
_NOT_HERE = frozenset((errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM))
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT))
_OPEN = 2


class Appender:
    """A writer of one file. At most two others are open at a time: the video and the audio of a clip.

    Args:
        files: Paths by number.
        on_written: Called after every step.
    """

    def __init__(self, out: Path, files: Sequence[Path], on_written: OnWritten | None = None) -> None:
        self._files = files
        self._on_written = on_written
        self._open: dict[int, int] = {}
        self._in_kernel = hasattr(os, "copy_file_range")
        self._buffer = bytearray()
        self._out = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)

    def write(self, content: bytes) -> None:
        """Append bytes.

        Raises:
            DiskFull: there is no room for them.
        """
        self._write(memoryview(content))
        self._report(len(content))

    def copy(self, number: int, start: int, length: int) -> None:
        """Append a span of a file.

        Raises:
            DiskFull: there is no room for it.
            PartUnfit: the file has become shorter.
        """
        source = self._source(number)
        while length:
            done = self._copy(source, start, min(length, STEP))
            if not done:
                raise PartUnfit(f"{self._files[number].name} ends at byte {start}, {length} bytes early.")
            start += done
            length -= done
            self._report(done)

    def _copy(self, source: int, start: int, length: int) -> int:
        if self._in_kernel:
            try:
                return os.copy_file_range(source, self._out, length, start)
            except OSError as error:
                if error.errno in _NO_ROOM:
                    raise _full() from error
                if error.errno not in _NOT_HERE:
                    raise
                self._in_kernel = False
        self._buffer = self._buffer or bytearray(_BLOCK)
        view = memoryview(self._buffer)[: min(length, _BLOCK)]
        done = os.preadv(source, [view], start)
        self._write(view[:done])
        return done

    def _write(self, content: memoryview) -> None:
        try:
            while content:
                content = content[os.write(self._out, content) :]
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise _full() from error
            raise

    def _source(self, number: int) -> int:
        found = self._open.pop(number, None)
        if found is None:
            if len(self._open) == _OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            found = os.open(self._files[number], os.O_RDONLY | os.O_CLOEXEC)
        self._open[number] = found
        return found

    def _report(self, done: int) -> None:
        if self._on_written is not None:
            self._on_written(done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for descriptor in (self._out, *self._open.values()):
            os.close(descriptor)
        self._open.clear()


def _full() -> DiskFull:
    return DiskFull("Putting the clips together: no space is left on the disk", hint="Free some space, then try again.")


def merge(plan: StitchPlan, parts: MergeParts, out: Path, progress: Callable[[float], None] | None = None) -> None:
    """Write the reel as an MP4 whose index comes first.

    Each piece begins at its tick with a keyframe; its frames keep their order and, where the timing is constant, are
    counted. Each audio packet is in its slot. Memory grows with the number of packets (about 20 bytes each), not
    with bytes; three files are open at a time. May run in any thread.

    Args:
        progress: Called with 0..1; may raise, which ends the merge. *out* is no use then.

    Raises:
        BadJoin: a clip cannot be copied as planned; it has to be encoded.
        PartUnfit: a rendered piece is missing or not what was planned.
        DiskFull: there is no room for the reel.
        OSError: a file cannot be opened, read or written.
    """
    files, header, layout = _muxed(plan, select_samples(plan, parts))
    total, done = len(header) + layout.size, 0

    def report(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done / total)

    with Appender(out, files, report) as file:
        file.write(header)
        for part in layout:
            if isinstance(part, bytes):
                file.write(part)
            else:
                file.copy(*part)


def _muxed(plan: StitchPlan, selection: Selection) -> tuple[list[Path], bytes, ByteLayout]:
    """Files by number, everything before the media, and the layout of the media."""
    form = plan.format
    sets = {id(entry): parameter_sets(entry) for entry in selection.entries} if selection.in_band else {}
    reel = Muxer(form, [piece for clip in selection.video for piece in clip], sets, _captions(plan))
    silent = [AudioSamples()] * len(selection.video)
    for video, audio in zip(selection.video, selection.audio or silent, strict=True):
        reel.add(video, audio)
    tracks = [reel.video_tables(video_entry(selection.entries, form.colour), plan.ticks)]
    if form.audio is not None:
        tracks.append(reel.audio_tables(media_time=PRIMING * AAC_FRAME, duration=reach(plan, form.audio)))
    tracks += reel.caption_tables()
    return selection.files, faststart_header(tracks, reel.layout.size), reel.layout


def _captions(plan: StitchPlan) -> SoftTrack | None:
    soft, form = plan.captions, plan.format
    if soft is None or not soft.cues:
        return None
    size = {"width": form.width, "height": form.height}
    return soft_track(soft.cues, soft.language, duration_s=plan.duration_s, **size, shown=soft.shown)


class _Stopped(Exception):
    """Ends the thread of a canceled merge."""


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
