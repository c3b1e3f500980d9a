"""Remux: the video of a file, and its audio where browsers play it, in an MP4 of its own, without encoding it anew."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from playhead.media.children import Limits
from playhead.media.errors import VerifyFailed
from playhead.media.ffmpeg import Source, encode_limits, run_ffmpeg
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.playable import copies_audio, plays
from playhead.media.probe import Probe, probe
from playhead.media.progress import Progress
from playhead.media.tools import MediaTools

SLACK_S = 0.25
"""Difference in duration that containers account for: some round to milliseconds, some name no length of the last
frame."""


async def remux(
    path: Path, out: Path, found: Probe, tools: MediaTools, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Write an MP4 that browsers play.

    Args:
        found: Probe of *path*, of which `can_copy` is true.

    Returns:
        Facts of the rendition, as of one that was encoded, with ``copied``.

    Raises:
        FfmpegFailed: it cannot be copied.
        VerifyFailed: the result is not what it was made from, or does not play.
    """
    await run_ffmpeg(
        tools.ffmpeg(),
        purpose="copy into an MP4",
        sources=[Source(path)],
        arguments=[*_tracks(found), *_audio(found), *_OUTPUT, f"file:{out}"],
        limits=_limits(found, tools),
        threads=tools.threads,
        total_s=found.duration_s,
        progress=progress,
    )
    made = await probe(out)
    _check(found, made)
    return _facts(out, made)


_OUTPUT = (
    *("-c:v", "copy", "-map_metadata", "-1", "-map_chapters", "-1"),
    *("-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart", "-f", "mp4"),
)


def _tracks(found: Probe) -> Sequence[str]:
    maps = ["-map", f"0:{found.video.track}"]
    if found.audio is not None:
        maps += ["-map", f"0:{found.audio.track}" if found.audio.track >= 0 else "0:a:0"]
    return maps


def _audio(found: Probe) -> Sequence[str]:
    return ("-c:a", "copy") if copies_audio(found) else ("-c:a", "aac", "-b:a", "160k", "-ac", "2")


def _limits(found: Probe, tools: MediaTools) -> Limits:
    limits = encode_limits(span_s=found.duration_s, pixels=1, threads=tools.threads)
    return replace(limits, file_bytes=(limits.file_bytes or 0) + 2 * found.size_bytes)


def _check(found: Probe, made: Probe) -> None:
    if not plays(made):
        raise VerifyFailed(f"The copy has {made.video.codec} in {made.container}, which browsers do not play.")
    if abs(made.duration_s - found.duration_s) > SLACK_S + found.video.hold_s:
        raise VerifyFailed(f"The copy has {made.duration_s:.2f} s of {found.duration_s:.2f} s.")
    if (made.audio is None) != (found.audio is None):
        raise VerifyFailed("The copy has lost its audio.")


def _facts(out: Path, made: Probe) -> dict[str, Any]:
    with FileBytes(out) as source:
        video = read_movie(source).video
    if video is None:
        raise VerifyFailed("The copy has no video.")
    return {
        "width": made.video.width,
        "height": made.video.height,
        "fps": round(float(made.video.fps), 3),
        "codec": "h264",
        "codec_string": codec_string(video.entry),
        "bitrate": round(made.size_bytes * 8 / made.duration_s),
        "duration_s": made.duration_s,
        "has_audio": made.audio is not None,
        "copied": True,
    }
