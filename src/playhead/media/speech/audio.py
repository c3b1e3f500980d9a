"""Audio of a video as speech engines take it: 16 kHz, mono, 16 bits, counted from the start of the file."""

from pathlib import Path
from typing import Final

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, Source, run_ffmpeg
from playhead.media.progress import Progress

SAMPLE_RATE: Final = 16_000
BYTES_PER_S: Final = 2 * SAMPLE_RATE

_GAPLESS: Final = "aresample=16000:async=1:min_hard_comp=0.1:first_pts=0"
"""Silence before the first sample and in gaps, so that a byte's place is its time."""


async def decode_speech(
    ffmpeg: Ffmpeg, path: Path, out: Path, *, track: int, duration_s: float, progress: Progress | None = None
) -> None:
    """Decode an audio track to raw samples.

    Args:
        out: Absolute.
        track: Index of the stream; -1 for the first audio track.

    Raises:
        FfmpegFailed: or a subclass for a known cause.
    """
    stream = "0:a:0" if track < 0 else f"0:{track}"
    await run_ffmpeg(
        ffmpeg,
        purpose="Decoding audio for transcription",
        sources=[Source(path)],
        arguments=[
            *("-map", stream, "-vn", "-sn", "-dn", "-af", _GAPLESS, "-ac", "1", "-ar", str(SAMPLE_RATE)),
            *("-c:a", "pcm_s16le", "-f", "s16le", f"file:{out}"),
        ],
        limits=Limits(
            memory_bytes=4 * GIB,
            cpu_s=int(120 + duration_s),
            file_bytes=int(64 * MIB + 2 * BYTES_PER_S * duration_s),
        ),
        total_s=duration_s,
        progress=progress,
    )
