"""A recording made of its parts: read, assembled, written in one pass, re-encoded only where it changes, verified."""

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playhead.kit.units import format_bytes
from playhead.media.chapters import Chapter
from playhead.media.errors import DiskFull, VerifyFailed
from playhead.media.mp4.chapters import chapters_box
from playhead.media.mp4.defragment import defragment
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.recording.assemble import Piece, assemble
from playhead.media.recording.assembly import Assembly
from playhead.media.recording.errors import NoFrames
from playhead.media.recording.lanes import link
from playhead.media.recording.parts import PartFile, read_part
from playhead.media.recording.sections import sections
from playhead.media.recording.write import Written, write_pieces
from playhead.media.tools import MediaTools

if TYPE_CHECKING:
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.stitch import Stitched

OnProgress = Callable[[float, str], Awaitable[None]]
"""Called with the finished share, 0..1, and the current work in a few words; may raise, which ends the work."""

Chaptered = Callable[[Assembly], Sequence[Chapter]]
"""The chapters of a recording, once it is known what it consists of."""

_Result = TypeVar("_Result")
_TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Made:
    """A finished recording.

    Attributes:
        sections: How many ways of coding it had; more than one were stitched.
        summary: Of the stitch plan: which sections' video is copied, and why the rest is not; empty without one.
        length_s: Of the file.
    """

    path: Path
    assembly: Assembly
    chapters: Sequence[Chapter]
    sections: int
    length_s: float
    summary: str = ""


def no_chapters(_: Assembly) -> Sequence[Chapter]:
    """None."""
    return ()


async def silently(_: float, __: str) -> None:
    """Report nothing."""


async def make_recording(
    parts: Sequence[PartFile],
    out: Path,
    tools: MediaTools,
    *,
    chaptered: Chaptered = no_chapters,
    on_progress: OnProgress = silently,
) -> Made:
    """Make one MP4, whose index comes first, of the parts of a recording; the parts stay as they are.

    Args:
        out: Written anew; what is needed meanwhile is beside it.

    Raises:
        NoFrames: no part has a frame that can be shown.
        DiskFull: there is no room.
        VerifyFailed: the file is not what was planned; nothing must be deleted.
    """
    await on_progress(0.0, "Reading the parts")
    assembly = await asyncio.to_thread(read_assembly, parts)
    files = [part.path for part in parts]
    return await write_assembly(assembly, files, out, tools, chaptered=chaptered, on_progress=on_progress)


async def write_assembly(
    assembly: Assembly,
    files: Sequence[Path],
    out: Path,
    tools: MediaTools,
    *,
    chaptered: Chaptered = no_chapters,
    on_progress: OnProgress = silently,
) -> Made:
    """Write what was assembled; see `make_recording`.

    Args:
        files: Paths of the parts by number.
    """
    coded_alike = sections(assembly.pieces)
    _check_room(out.parent, files, copies=1 if len(coded_alike) == 1 else 2)
    chapters = list(chaptered(assembly))
    more = [chapters_box(chapters)] if chapters else []
    if len(coded_alike) == 1:
        written = await _in_thread(coded_alike[0], files, out, *more, on_progress=on_progress)
        return Made(out, assembly, chapters, 1, float(written.length_s))
    stitched = await _stitch(coded_alike, files, out, tools, *more, on_progress=on_progress)
    return Made(out, assembly, chapters, len(coded_alike), stitched.probe.duration_s, stitched.plan.summary)


def read_assembly(parts: Sequence[PartFile]) -> Assembly:
    """Read and assemble parts, without writing anything.

    Raises:
        NoFrames: no part has a frame that can be shown.
        OSError: a part cannot be read.
    """
    runs = [run for number, part in enumerate(parts) for run in read_part(number, part)]
    if not runs:
        many = f"{len(parts)} parts" if len(parts) != 1 else "one part"
        raise NoFrames(
            f"There is no video in the recording: {many}, none with a frame that can be shown."
            if parts
            else "There is nothing to make a video of: the recording has no part.",
            hint="Check that the source sends video; its bytes, if there are any, are kept.",
        )
    return Assembly(assemble(runs, link))


def _check_room(folder: Path, files: Sequence[Path], *, copies: int) -> None:
    """See that there is room before anything is written."""
    size = sum(path.stat().st_size for path in files) * copies
    free = shutil.disk_usage(folder).free
    if free < size:
        raise DiskFull(
            f"Finalising takes {format_bytes(size)}, and {format_bytes(free)} are free.",
            hint="Free some space, then finalise the recording again; its parts are kept.",
        )


async def _stitch(
    coded_alike: Sequence[Sequence[Piece]],
    files: Sequence[Path],
    out: Path,
    tools: MediaTools,
    *more: bytes,
    on_progress: OnProgress,
) -> "Stitched":
    """Join each section, then stitch them: only what differs from most of the recording is encoded."""
    from playhead.media.render.files import FileClip
    from playhead.media.render.stitch import StitchOptions, stitch_files

    clips = [out.with_name(f"{out.stem}-section{number}.mp4") for number in range(1, len(coded_alike) + 1)]
    whole = out.with_name(f"{out.stem}-whole.mp4")
    try:
        for number, (pieces, clip) in enumerate(zip(coded_alike, clips, strict=True)):
            await on_progress(0.05 + 0.2 * number / len(clips), "Joining the parts")
            await _in_thread(pieces, files, clip)
        settings, options = _format_of(coded_alike), StitchOptions(threads=tools.threads, ffmpeg=tools.ffmpeg())
        reached = 0.25, "Joining the parts"

        def note(fraction: float, words: str) -> None:
            nonlocal reached
            reached = 0.25 + 0.65 * fraction, words

        stitching = stitch_files([FileClip(clip) for clip in clips], settings, whole, options, progress=note)
        running = asyncio.ensure_future(stitching)
        try:
            done = await _watched(running, lambda: reached, on_progress)
        finally:
            running.cancel()
            await asyncio.wait([running])
        if more:
            await asyncio.to_thread(defragment, whole, out, *more)
        else:
            whole.replace(out)
        return done
    finally:
        for path in (*clips, whole):
            path.unlink(missing_ok=True)


def _format_of(coded_alike: Sequence[Sequence[Piece]]) -> "ReelSettings":
    """The codec of the longest section; frames keep their own times.

    A part that a kill cut off, or whose clock has milliseconds, has no constant frame rate: made constant, all of its
    video would be encoded, with frames twice or left out.
    """
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.samples import codec_of

    longest = max(coded_alike, key=lambda pieces: sum(piece.length_s for piece in pieces))
    codec = codec_of(longest[0].run.tracks.video.entry)
    return ReelSettings(timing="variable", codec=codec if codec in ("h264", "hevc", "av1") else None)  # type: ignore[arg-type]


class _Stopped(Exception):
    """Ends the thread of a canceled job."""


async def _in_thread(
    pieces: Sequence[Piece],
    files: Sequence[Path],
    out: Path,
    *more: bytes,
    on_progress: OnProgress = silently,
) -> Written:
    """Write and verify in a thread; it has ended when this call has, canceled or not."""
    total, done, stop = sum(file.stat().st_size for file in files) or 1, 0, threading.Event()

    def count(size: int) -> None:
        nonlocal done
        done += size
        if stop.is_set():
            raise _Stopped

    def work() -> Written:
        written = write_pieces(pieces, files, out, *more, on_written=count)
        verify_written(out, written, pieces, files)
        return written

    def reached() -> tuple[float, str]:
        return 0.05 + 0.85 * min(1.0, done / total), "Joining the parts"

    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await _watched(running, reached, on_progress)
    finally:
        stop.set()
        await asyncio.wait([running])


async def _watched(
    running: "asyncio.Future[_Result]", reached: Callable[[], tuple[float, str]], on_progress: OnProgress
) -> _Result:
    """Report the progress of something until it has ended."""
    while not running.done():
        await asyncio.wait([running], timeout=_TICK_S)
        await on_progress(*reached())
    return running.result()


def verify_written(out: Path, written: Written, pieces: Sequence[Piece], files: Sequence[Path]) -> None:
    """Compare a file's own index with what was to be written, and the first frame of each piece with its part's.

    Raises:
        VerifyFailed: they differ.
    """
    with FileBytes(out) as source:
        movie = read_movie(source, most=1 << 62)
        counts = [len(track.samples) for track in movie.tracks]
        wanted = [written.frames, *([written.packets] if written.packets else [])]
        length_s = movie.header_duration / movie.timescale
        if counts != wanted or abs(length_s - float(written.length_s)) > 0.1:
            raise VerifyFailed(
                f"The file has {counts} samples in {length_s:.3f} s; {wanted} in {float(written.length_s):.3f} s were "
                "planned. The parts are kept."
            )
        samples, frame = movie.tracks[0].samples, 0
        for piece in pieces:
            of_part = piece.run.tracks.video.samples
            with FileBytes(files[piece.run.tracks.file]) as part:
                before = part.read_at(of_part.offsets[piece.first], of_part.sizes[piece.first])
            if source.read_at(samples.offsets[frame], samples.sizes[frame]) != before:
                raise VerifyFailed(f"Frame {frame} of the file is not that of its part. The parts are kept.")
            frame += piece.end - piece.first - piece.hidden
