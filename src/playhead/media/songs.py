"""Songs: a file of audio alone gets a plain picture, so that it is a video like any other and can be music."""

import asyncio
import os
from pathlib import Path

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.errors import FfmpegFailed
from playhead.media.ffmpeg import Source, run_ffmpeg
from playhead.media.tools import MediaTools

REMARK = "It is audio alone: Playhead put a black picture to it."

_BLACK = ("-f", "lavfi", "-i", "color=c=black:s=320x180:r=10")
_OUTPUT = (
    *("-map", "1:v", "-map", "0:a", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p"),
    *("-shortest", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"),
    *("-movflags", "+faststart"),
)
_LONGEST_CPU_S = 3600
"""A day of song takes 10 minutes."""


async def song_as_video(path: Path, out: Path, tools: MediaTools) -> None:
    """Write an MP4 of a file's audio and a black picture. The packets are kept if an MP4 can hold them.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    try:
        await _write(path, out, tools, ("-c:a", "copy"))
    except FfmpegFailed:
        await _write(path, out, tools, ("-c:a", "aac", "-b:a", "256k"))


async def _write(path: Path, out: Path, tools: MediaTools, audio: tuple[str, ...]) -> None:
    size_bytes = await asyncio.to_thread(os.path.getsize, path)
    await run_ffmpeg(
        tools.ffmpeg(),
        purpose="Putting a picture to a song",
        sources=[Source(path)],
        arguments=[*_BLACK, *_OUTPUT, *audio, "-f", "mp4", f"file:{out}"],
        limits=Limits(memory_bytes=4 * GIB, cpu_s=_LONGEST_CPU_S, file_bytes=2 * size_bytes + 256 * MIB),
        threads=tools.threads,
    )
