"""The muxer of an HLS capture: one ffmpeg that is fed segments and writes the growing part, without a re-encode.

It keeps the clock of the source: decode times in the part are those of the segments, so that two parts of one clock
compare. ``frag_discont`` without an edit list is what makes ffmpeg write them as they are.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from playhead.kit.units import GIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.failure import failure, summary, without_folders
from playhead.media.ffmpeg import Ffmpeg

FRAGMENT_MS = 500

DEMUXERS = "mpegts,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv"

_ANALYSE_US = 3_000_000  # longest wait for all tracks to show
_BLOCK = 1 << 18
_FINISH_S = 20.0
_LIMITS = Limits(memory_bytes=2 * GIB)
_F_SETPIPE_SZ = getattr(fcntl, "F_SETPIPE_SZ", None)


class Input(NamedTuple):
    """An input of the muxer.

    Attributes:
        demuxer: ffmpeg's name of its format.
        shift_s: Added to its times.
        adts: Whether its audio is AAC with ADTS headers, as in MPEG-TS; ffmpeg does not take them off by itself.
    """

    demuxer: str
    shift_s: float = 0.0
    adts: bool = False


class Muxer:
    """ffmpeg while it runs; it takes the segments of each input in order."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        pipes: Sequence[int],
        log: "asyncio.Task[list[str]]",
        command: Sequence[str],
    ) -> None:
        self._process, self._pipes, self._log, self._command = process, list(pipes), log, command

    async def pour(self, number: int, path: Path, offset: int = 0) -> None:
        """Feed a file from an offset on to an input.

        Raises:
            FfmpegFailed: ffmpeg ended.
        """
        with path.open("rb", buffering=0) as file:
            file.seek(offset)
            while block := file.read(_BLOCK):
                await self.write(number, block)

    async def write(self, number: int, block: bytes) -> None:
        """Feed bytes to an input.

        Raises:
            FfmpegFailed: ffmpeg ended.
        """
        pipe, view = self._pipes[number], memoryview(block)
        while view:
            try:
                view = view[os.write(pipe, view) :]
            except BlockingIOError:
                await _writable(pipe)
            except BrokenPipeError:
                await self._failed()

    async def finish(self) -> None:
        """End the inputs and wait until everything is written.

        Raises:
            FfmpegFailed: it is not.
        """
        self.hang_up()
        try:
            async with asyncio.timeout(_FINISH_S):
                code = await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            code = await self._process.wait()
        if code:
            await self._failed()

    def hang_up(self) -> None:
        """Close the inputs."""
        for pipe in self._pipes:
            os.close(pipe)
        self._pipes = []

    async def _failed(self) -> None:
        code = await self._process.wait()
        lines = [without_folders(line, self._command) for line in await self._log]
        raise failure("capture", code or 1, lines, command=[summary(self._command)], limits=_LIMITS)


@asynccontextmanager
async def muxing(
    ffmpeg: Ffmpeg, output: Path, inputs: Sequence[Input], *, fragment_ms: int = FRAGMENT_MS
) -> AsyncIterator[Muxer]:
    """Run the muxer of a part; on leaving the block it is gone.

    Args:
        inputs: The stream with the video, then its separate audio where it has any.
    """
    pipes = [os.pipe() for _ in inputs]
    log: asyncio.Task[list[str]] | None = None
    muxer: Muxer | None = None
    readers, writers = [read for read, _ in pipes], [write for _, write in pipes]
    try:
        for writer in writers:
            os.set_blocking(writer, False)
            if _F_SETPIPE_SZ is not None:
                with suppress(OSError):
                    fcntl.fcntl(writer, _F_SETPIPE_SZ, _BLOCK)
        command = _command(ffmpeg, output, inputs, readers, fragment_ms)
        async with child(command, limits=_LIMITS, pass_fds=readers) as process:
            _close(readers)
            assert process.stderr is not None
            log = asyncio.create_task(log_tail(process.stderr))
            muxer, writers = Muxer(process, writers, log, command), []
            yield muxer
    finally:
        _close(readers)
        _close(writers)
        if muxer is not None:
            muxer.hang_up()
        if log is not None:
            log.cancel()


def _close(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())


def _command(
    ffmpeg: Ffmpeg, output: Path, inputs: Sequence[Input], readers: Sequence[int], fragment_ms: int
) -> list[str]:
    command = [str(ffmpeg.binary), "-nostdin", "-hide_banner", "-nostats", "-v", "level+warning", "-y", "-copyts"]
    for each, reader in zip(inputs, readers, strict=True):
        command += ["-protocol_whitelist", "pipe", "-format_whitelist", DEMUXERS]
        command += ["-analyzeduration", str(_ANALYSE_US)]
        command += ["-itsoffset", f"{each.shift_s:.6f}"] if each.shift_s else []
        command += ["-f", each.demuxer, "-i", f"pipe:{reader}"]
    audio = len(inputs) - 1
    return [
        *command,
        *("-map", "0:v:0?", "-map", f"{audio}:a:0?", "-c", "copy"),
        *(("-bsf:a", "aac_adtstoasc") if inputs[audio].adts else ()),
        *("-avoid_negative_ts", "disabled", "-use_editlist", "0", "-flush_packets", "1"),
        *("-frag_duration", str(fragment_ms * 1000)),
        *("-movflags", "+frag_keyframe+empty_moov+delay_moov+default_base_moof+frag_discont"),
        *("-f", "mp4", f"file:{output}"),
    ]


async def _writable(pipe: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(pipe, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(pipe)
