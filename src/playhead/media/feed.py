"""Feed of a file whose clock jumps, in a form that ffmpeg can read."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

from playhead.media.children import Limits, child
from playhead.media.errors import ProbeFailed
from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.reader import inspect, opened, reading_command, reading_limits

LEAD_S = 10
"""Seconds added to the times of a file in its conformed stream: reordered frames are decoded before 0."""

_BLOCK = 1 << 18


async def conformed(path: Path, track: int, start_s: float) -> AsyncGenerator[bytes]:
    """One track of a file as a NUT stream whose clock runs on, from `LEAD_S` at the start of the file.

    Args:
        track: libav's index of the stream.
        start_s: Start of the needed part; the stream begins with the keyframe before it.
    """
    container, size_bytes, _ = await asyncio.to_thread(inspect, path)
    with opened(path) as descriptor:
        command = reading_command(
            "conform", descriptor, container, MAX_PIXELS, [str(track), f"{start_s:.6f}", str(LEAD_S)]
        )
        limits: Limits = reading_limits(2 * size_bytes)
        async with child(command, limits=limits, pass_fds=[descriptor]) as process:
            assert process.stdout is not None
            try:
                while block := await process.stdout.read(_BLOCK):
                    yield block
                if await process.wait():
                    raise ProbeFailed(f"The reader of {path.name} ended with code {process.returncode}.")
            finally:
                # asyncio does not see a process end while its output waits to be read.
                with suppress(ProcessLookupError):
                    process.kill()
                while await process.stdout.read(_BLOCK):
                    pass
