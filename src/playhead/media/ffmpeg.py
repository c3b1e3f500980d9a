"""ffmpeg as a child process: found once, handed open descriptors, limited, followed and killed."""

import asyncio
import functools
import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import FfmpegMissing, LimitReached, UnreadableVideo
from playhead.media.extents.find import libav_url
from playhead.media.failure import failure, summary, without_folders
from playhead.media.progress import Progress, out_time_s
from playhead.media.sniff import HEAD_BYTES, sniff

DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,flv,ogg,asf,mpeg,mpegvideo,wav,mp3,flac,aac,gif"
"""Demuxers allowed for an upload; none of these formats can name another file or an address."""

MAX_PIXELS = 40_000_000
"""Most pixels of a frame. A 16384x8640 file of 416 kB took 1 GiB to decode; 40 M leaves room for 8K (33 M)."""

STALL_S = 180.0
"""Seconds without a new frame after which ffmpeg counts as stuck."""


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """An ffmpeg binary and its capabilities.

    Attributes:
        reads_descriptors: Whether it can read from an inherited descriptor (ffmpeg 6 and later).
        loops_back: Whether the output of one filter graph can be another's input (ffmpeg 7.1 and later).
    """

    binary: Path
    reads_descriptors: bool
    loops_back: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """An untrusted input file and the options that go before it."""

    path: Path
    options: tuple[str, ...] = ()


def find_ffmpeg(override: Path | None = None) -> Ffmpeg:
    """Find the binary: the one named in the settings, else the wheel's own, else the system's.

    Args:
        override: The operator's choice; used as it is or not at all.

    Raises:
        FfmpegMissing: none of them exists.
    """
    return _find(override)


@functools.cache
def _find(override: Path | None) -> Ffmpeg:
    if override is not None:
        if not os.access(override, os.X_OK) or override.is_dir():
            raise FfmpegMissing(f"No program at {override}.", hint="Check the ffmpeg path in the settings.")
        return _examined(override)
    wheel = _wheel_binary()
    if wheel is not None:
        return Ffmpeg(wheel, reads_descriptors=True, loops_back=True)
    system = shutil.which("ffmpeg")
    if system is None:
        raise FfmpegMissing("No ffmpeg binary was found.", hint="Install ffmpeg, or name it in the settings.")
    return _examined(Path(system))


def _wheel_binary() -> Path | None:
    # Importing imageio_ffmpeg costs 30 ms, and its folder is all that is needed.
    spec = importlib.util.find_spec("imageio_ffmpeg")
    for folder in (spec and spec.submodule_search_locations) or ():
        for binary in sorted(Path(folder, "binaries").glob("ffmpeg-*")):
            if os.access(binary, os.X_OK):
                return binary
    return None


def _examined(binary: Path) -> Ffmpeg:
    protocols = _query(binary, "-protocols").partition("Output:")[0].split()
    version = re.search(r"libavcodec +(\d+)\. *(\d+)", _query(binary, "-version"))
    loops_back = version is not None and (int(version[1]), int(version[2])) >= _LOOPBACK
    return Ffmpeg(binary, "fd" in protocols, loops_back)


_LOOPBACK = (61, 19)
"""libavcodec of ffmpeg 7.1."""


def _query(binary: Path, option: str) -> str:
    command = [str(binary), "-v", "quiet", option]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.stdout


def encode_limits(*, span_s: float, pixels: int, threads: int) -> Limits:
    """Bounds for one encode that no sane source reaches: hundreds of times what 1080p needs per second.

    Args:
        span_s: Seconds of output.
        pixels: The larger of a source frame and an output frame.
        threads: Threads of ffmpeg; 0 is one for each processor.
    """
    threads = threads or os.cpu_count() or 1
    scale = max(1.0, pixels / (1920 * 1080))
    return Limits(
        memory_bytes=4 * GIB + threads * 512 * MIB,
        cpu_s=int(300 + 200 * span_s * scale),
        file_bytes=int(256 * MIB + 64 * MIB * span_s),
    )


async def run_ffmpeg(
    ffmpeg: Ffmpeg,
    *,
    purpose: str,
    sources: Sequence[Source],
    arguments: Sequence[str],
    limits: Limits,
    threads: int = 0,
    total_s: float = 0.0,
    progress: Progress | None = None,
    feed: AsyncGenerator[bytes] | None = None,
    pass_fds: Sequence[int] = (),
    read_line: Callable[[str], float | None] | None = None,
    stall_s: float = STALL_S,
) -> list[str]:
    """Run ffmpeg to its end; it is killed at once if this call is cancelled or *progress* raises.

    Args:
        purpose: Named in errors, such as ``render clip clp_...``.
        sources: Untrusted files, opened here and handed over as descriptors, in the order of the inputs.
        arguments: Everything after the inputs: trusted inputs, maps, filters, outputs.
        total_s: Length of the output, for *progress*.
        feed: Bytes for ``pipe:0``; closed at the end.
        pass_fds: More descriptors that *arguments* name, as ``pipe:N``.
        read_line: Reads the seconds reached from each line of ``pipe:1``, which *arguments* write to; None for a
            line without them. Without *read_line* ffmpeg's own progress goes there.

    Returns:
        The last lines of ffmpeg's log (warnings and errors).

    Raises:
        FfmpegFailed: or a subclass for a known cause.
    """
    with ExitStack() as stack:
        inputs: list[str] = []
        descriptors: list[int] = []
        for source in sources:
            descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
            stack.callback(os.close, descriptor)
            descriptors.append(descriptor)
            inputs += await asyncio.to_thread(_input, ffmpeg, source, descriptor, threads)
        command = [str(ffmpeg.binary), "-nostdin", "-hide_banner", "-nostats", "-v", "level+warning", "-y"]
        if read_line is None:
            command += ["-progress", "pipe:1", "-stats_period", "0.25"]
        command += [*inputs, *arguments]
        watch = _Watch(read_line or out_time_s, total_s, progress, stall_s)
        return await _follow(command, [*descriptors, *pass_fds], purpose, limits, watch, feed)


@dataclass(frozen=True, slots=True)
class _Watch:
    read_line: Callable[[str], float | None]
    total_s: float
    progress: Progress | None
    stall_s: float


def _input(ffmpeg: Ffmpeg, source: Source, descriptor: int, threads: int) -> list[str]:
    guard = ["-format_whitelist", DEMUXERS, "-max_pixels", str(MAX_PIXELS), "-threads", str(threads)]
    whole = "fd:" if ffmpeg.reads_descriptors else f"file:{source.path.absolute()}"
    named = ["-fd", str(descriptor)] if ffmpeg.reads_descriptors else []
    url, protocols = _url(descriptor, whole)
    return ["-protocol_whitelist", protocols, *guard, *source.options, *named, "-i", url]


def _url(descriptor: int, whole: str) -> tuple[str, str]:
    try:
        return libav_url(descriptor, sniff(os.pread(descriptor, HEAD_BYTES, 0)).demuxer, whole)
    except UnreadableVideo:  # ffmpeg says what it thinks of it
        return whole, whole.partition(":")[0]


async def _follow(
    command: list[str],
    descriptors: Sequence[int],
    purpose: str,
    limits: Limits,
    watch: _Watch,
    feed: AsyncGenerator[bytes] | None,
) -> list[str]:
    started = time.monotonic()
    stdin = subprocess.DEVNULL if feed is None else subprocess.PIPE
    async with child(command, limits=limits, stdin=stdin, pass_fds=descriptors) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        tail = asyncio.create_task(log_tail(process.stderr))
        try:
            async with asyncio.timeout(watch.stall_s) as clock, asyncio.TaskGroup() as group:
                group.create_task(_report(process.stdout, clock, watch))
                if feed is not None:
                    group.create_task(_feed(process, feed))
                group.create_task(process.wait())
            lines = [without_folders(line, command) for line in await tail]
        except TimeoutError:
            words = f"{purpose}: ffmpeg made no progress for {watch.stall_s:.0f} s"
            raise LimitReached(words, command=summary(command)) from None
        except BaseExceptionGroup as group_error:
            raise group_error.exceptions[0] from None
        finally:
            tail.cancel()
    if process.returncode != 0:
        raise failure(
            purpose,
            process.returncode or 0,
            lines,
            command=command,
            limits=limits,
            elapsed_s=time.monotonic() - started,
        )
    return lines


async def _report(stdout: asyncio.StreamReader, clock: asyncio.Timeout, watch: _Watch) -> None:
    reached = -1.0
    async for raw in stdout:
        at = watch.read_line(raw.decode("ascii", errors="replace"))
        if at is None:
            continue
        if at > reached:
            reached = at
            clock.reschedule(asyncio.get_running_loop().time() + watch.stall_s)
        if watch.progress is not None and watch.total_s > 0:
            # Reported even without progress: the caller may want to cancel.
            await watch.progress(min(1.0, at / watch.total_s))


async def _feed(process: asyncio.subprocess.Process, feed: AsyncGenerator[bytes]) -> None:
    assert process.stdin is not None
    async with aclosing(feed):
        with suppress(BrokenPipeError, ConnectionResetError):  # ffmpeg ended early; its exit code says why
            async for block in feed:
                process.stdin.write(block)
                await process.stdin.drain()
    process.stdin.close()
