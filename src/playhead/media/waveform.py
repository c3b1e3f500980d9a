"""The waveform of an audio track: its loudest sample in each fiftieth of a second, as one byte."""

import asyncio
import os
import sys
from array import array
from io import FileIO
from pathlib import Path
from typing import Final

from playhead.kit.units import GIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, Source, run_ffmpeg
from playhead.media.progress import Progress

RATE: Final = 50
"""Peaks a second: two pixels of a timeline that shows a minute on a wide screen."""

_SAMPLE_RATE: Final = 8000
_WINDOW: Final = _SAMPLE_RATE // RATE
_BLOCK: Final = _WINDOW * 2 * 512


async def read_waveform(
    ffmpeg: Ffmpeg, path: Path, track: int, *, duration_s: float, threads: int = 0, progress: Progress | None = None
) -> bytes:
    """Decode an audio track with ffmpeg and keep its peaks: 0 is silence, 255 full scale.

    Args:
        track: libav's index of the stream; -1 is the file's first audio track.
        duration_s: Of the video, for the bounds of the child and for *progress*.

    Returns:
        `RATE` bytes a second from the start of the video, gaps of the track included as silence.

    Raises:
        FfmpegFailed: the track cannot be decoded.
    """
    read_end, write_end = os.pipe()
    reading = asyncio.create_task(asyncio.to_thread(_read_peaks, read_end))
    selected = f"0:{track}" if track >= 0 else "0:a:0"
    resample = f"aresample={_SAMPLE_RATE}:async=1:first_pts=0"
    output = ["-f", "s16le", "-ac", "1", f"pipe:{write_end}"]
    try:
        await run_ffmpeg(
            ffmpeg,
            purpose="waveform",
            sources=[Source(path, ("-vn", "-sn", "-dn"))],
            arguments=["-map", selected, "-af", resample, *output],
            limits=Limits(memory_bytes=2 * GIB, cpu_s=int(120 + duration_s)),
            threads=threads,
            total_s=duration_s,
            progress=progress,
            pass_fds=[write_end],
        )
    finally:
        os.close(write_end)
        peaks = await reading
    return peaks


def _read_peaks(descriptor: int) -> bytes:
    peaks, rest = bytearray(), b""
    with FileIO(descriptor) as pipe:
        while block := pipe.read(_BLOCK):
            rest += block
            whole = len(rest) - len(rest) % (_WINDOW * 2)
            peaks += peaks_of(rest[:whole])
            rest = rest[whole:]
    return bytes(peaks + peaks_of(rest[: len(rest) - len(rest) % 2]))


def peaks_of(samples: bytes) -> bytes:
    """The peaks of 16-bit little-endian mono samples; the last window may be short."""
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    windows = (values[at : at + _WINDOW] for at in range(0, len(values), _WINDOW))
    return bytes(min(255, max(map(abs, (max(window), min(window)))) >> 7) for window in windows)
