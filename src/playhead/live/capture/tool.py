"""A capture by a tool: streamlink writes the stream to its standard output, where its plugin must decrypt or filter.

A second child and its memory are the price (40 MiB, 1.2 % of a core), so it is for streams that our own fetcher cannot
take.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playhead.kit.units import GIB
from playhead.live.capture.capture import Ended, Opened
from playhead.live.capture.muxer import FRAGMENT_MS, Input, muxing
from playhead.live.parts import PartManifest
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegMissing
from playhead.media.first_time import has_adts
from playhead.media.tools import MediaTools

_BLOCK = 1 << 16
_HEAD = 1 << 14
_LIMITS = Limits(memory_bytes=4 * GIB)


class ToolCapture:
    """A capture of what a tool writes.

    Args:
        argv: Its command; secrets belong into a file that it names.
    """

    def __init__(self, argv: Sequence[str], tools: MediaTools, *, fragment_ms: int = FRAGMENT_MS) -> None:
        self._argv, self._tools, self._fragment_ms = list(argv), tools, fragment_ms
        self._stopping = asyncio.Event()

    async def run(self, folder: Path, manifest: PartManifest) -> Ended:
        """Write the part until the tool or `stop` ends it."""
        path = folder / f"{manifest.capture_id}.mp4"
        try:
            async with child(self._argv, limits=_LIMITS) as tool:
                assert tool.stdout is not None
                assert tool.stderr is not None
                log = asyncio.create_task(log_tail(tool.stderr))
                try:
                    first = await self._head(tool.stdout)
                    if first:
                        manifest = _begun(manifest)
                        manifest.write(folder)
                        await self._mux(path, first, tool.stdout)
                    ended = await self._ended(tool, log)
                finally:
                    log.cancel()
        except DiskFull as error:
            ended = Ended("disk_full", "disk", error.detail)
        except (FfmpegFailed, FfmpegMissing) as error:
            ended = Ended("failed", "capture", error.detail)
        except OSError as error:
            ended = Ended("failed", "capture", f"The tool cannot be started: {error.strerror}.")
        if manifest.began_at:
            manifest.but(ended_at=datetime.now(UTC).isoformat(), end=ended.detail).write(folder)
        return ended

    async def stop(self) -> None:
        """End after what the tool has written."""
        self._stopping.set()

    async def _mux(self, path: Path, first: bytes, stream: asyncio.StreamReader) -> None:
        inputs = [Input(_demuxer(first), adts=has_adts(first))]
        async with muxing(self._tools.ffmpeg(), path, inputs, fragment_ms=self._fragment_ms) as muxer:
            block = first
            while block:
                await muxer.write(0, block)
                block = await self._read(stream)
            await muxer.finish()

    async def _head(self, stream: asyncio.StreamReader) -> bytes:
        """The first bytes, enough to know the format."""
        head = b""
        while len(head) < _HEAD and (block := await self._read(stream)):
            head += block
        return head

    async def _read(self, stream: asyncio.StreamReader) -> bytes:
        """What comes next; nothing at the end, or when this is stopped."""
        reading = asyncio.ensure_future(stream.read(_BLOCK))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() and not self._stopping.is_set() else b""
        finally:
            reading.cancel()
            stopping.cancel()

    async def _ended(self, tool: asyncio.subprocess.Process, log: "asyncio.Task[list[str]]") -> Ended:
        if self._stopping.is_set():
            return Ended("stopped", "capture", "It was stopped.")
        code, lines = await tool.wait(), await log
        if code:
            words = lines[-1] if lines and "://" not in lines[-1] else "see its own log"
            return Ended("failed", "source", f"The tool ended with code {code}: {words}")
        return Ended("failed", "source", "The tool ended: the source sends no more.")


def _begun(manifest: PartManifest) -> PartManifest:
    began_at = datetime.fromtimestamp(time.time(), UTC).isoformat()
    return manifest.but(began_at=began_at, clock=manifest.capture_id)


def _demuxer(head: bytes) -> str:
    """Format of a stream by its first bytes; tools write MPEG-TS, fragmented MP4, Matroska or FLV."""
    if head[4:8] in (b"ftyp", b"styp", b"moov"):
        return "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    return "flv" if head[:3] == b"FLV" else "mpegts"


def streamlink_of_hls(streamlink: Sequence[str], opened: Opened, config: Path) -> list[str]:
    """Command for an HLS stream that must be decrypted.

    Args:
        streamlink: Its command.
        config: Written here, for its owner alone: URL and headers may be secrets, and commands are visible to others.
    """
    config.touch(mode=0o600)
    lines = [f"url=hls://{opened.url}", f"default-stream={opened.quality},best"]
    lines += [f"http-header={name}={value}" for name, value in opened.headers.items()]
    config.write_text("".join(f"{line}\n" for line in lines if line.isprintable()))  # no line within a line
    return [*streamlink, f"--config={config}", "--stdout", "--loglevel", "error"]
