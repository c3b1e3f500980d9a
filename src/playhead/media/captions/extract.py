"""Text tracks of a video file as WebVTT, by ffmpeg."""

from pathlib import Path

from playhead.kit.units import GIB
from playhead.media.captions.limits import MAX_BYTES
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, Source, run_ffmpeg


async def extract_text(ffmpeg: Ffmpeg, path: Path, out: Path, *, track: int, duration_s: float) -> None:
    """Write one subtitle track of an untrusted file as WebVTT, its times counted from the start of the file.

    Args:
        out: Absolute.
        track: Index of the stream.

    Raises:
        FfmpegFailed: or a subclass for a known cause.
    """
    await run_ffmpeg(
        ffmpeg,
        purpose=f"Reading text track {track}",
        sources=[Source(path)],
        arguments=["-map", f"0:{track}", "-c:s", "webvtt", "-f", "webvtt", f"file:{out}"],
        limits=Limits(memory_bytes=2 * GIB, cpu_s=int(60 + duration_s / 10), file_bytes=MAX_BYTES),
    )
