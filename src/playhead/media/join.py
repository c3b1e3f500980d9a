"""Join rendered clips: their picture packets copied, their samples encoded once as one track."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

from playhead.errors import PlayheadError
from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import STALL_S, Ffmpeg, find_ffmpeg, run_ffmpeg
from playhead.media.plan import SAMPLE_RATE, StitchPlan, samples_of
from playhead.media.progress import Progress
from playhead.media.render import SAMPLE_BYTES, RenderedPaths, timescale

_BLOCK_BYTES = 1 * MIB

_MOVED_PER_S = 20 * MIB
"""A slow disk. The index comes first, so ffmpeg moves the whole file at the end and says nothing meanwhile."""


class PartMissing(PlayheadError):
    """A rendered clip is not there, or its sound is shorter than the plan says."""

    code = "part_missing"
    title = "A rendered clip is incomplete"
    retry = "backoff"


async def join(
    parts: Sequence[RenderedPaths],
    plan: StitchPlan,
    out: Path,
    *,
    progress: Progress | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Write the reel as an MP4 whose index comes first.

    The sound of clip k begins on sample ``round(first_frame / fps * 48000)``, so at every cut it is within half a
    sample of its picture. One clip file is open at a time; memory does not grow with the reel.

    Args:
        parts: In the plan's order, one for each clip.

    Raises:
        PartMissing: a part is absent or too short.
        FfmpegFailed: or the subclass that says why.
    """
    if len(parts) != len(plan.clips):
        raise ValueError(f"{len(parts)} parts for a plan of {len(plan.clips)} clips")
    script = await asyncio.to_thread(_write_script, out, parts, plan)
    ticks = str(timescale(plan.format.fps))
    arguments = ["-f", "concat", "-safe", "0", "-protocol_whitelist", "file", "-i", f"file:{script}"]
    if plan.has_audio:
        arguments += ["-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "pipe:0", "-map", "1:a"]
        arguments += ["-c:a", "aac", "-b:a", "160k"]
    arguments += ["-map", "0:v", "-c:v", "copy", "-video_track_timescale", ticks]
    arguments += ["-movflags", "+faststart", "-f", "mp4", str(script.with_name(out.name))]
    try:
        await run_ffmpeg(
            ffmpeg or find_ffmpeg(),
            purpose=f"Joining {len(parts)} clips",
            sources=[],
            arguments=arguments,
            limits=Limits(memory_bytes=4 * GIB, cpu_s=int(300 + 10 * plan.duration_s)),
            total_s=plan.duration_s,
            progress=progress,
            feed=_samples(parts, plan) if plan.has_audio else None,
            stall_s=STALL_S + await asyncio.to_thread(_size, parts) / _MOVED_PER_S,
        )
    finally:
        script.unlink(missing_ok=True)


def _size(parts: Sequence[RenderedPaths]) -> int:
    return sum(part.video.stat().st_size for part in parts)


def _write_script(out: Path, parts: Sequence[RenderedPaths], plan: StitchPlan) -> Path:
    script = out.absolute().with_name(f"{out.name}.parts.txt")
    lines = ["ffconcat version 1.0"]
    for part, clip in zip(parts, plan.clips, strict=True):
        if not part.video.is_file():
            raise PartMissing(f"The rendered picture of clip {clip.clip_id} is missing.")
        quoted = str(part.video.absolute()).replace("'", "'\\''")
        # Differences of rounded running times: rounding to the script's microseconds never adds up.
        start = _micros(clip.first_frame, plan.format.fps)
        length = _micros(clip.first_frame + clip.frames, plan.format.fps) - start
        lines += [f"file 'file:{quoted}'", f"duration {length / 1_000_000:.6f}"]
    script.write_text("\n".join(lines) + "\n")
    return script


def _micros(frame: int, fps: Fraction) -> int:
    return round(Fraction(frame) / fps * 1_000_000)


async def _samples(parts: Sequence[RenderedPaths], plan: StitchPlan) -> AsyncIterator[bytes]:
    for part, clip in zip(parts, plan.clips, strict=True):
        left = samples_of(clip, plan.format.fps) * SAMPLE_BYTES
        if part.audio is None:
            raise PartMissing(f"The rendered sound of clip {clip.clip_id} is missing.")
        with ExitStack() as stack:
            file = stack.enter_context(await asyncio.to_thread(part.audio.open, "rb"))
            while left:
                block = await asyncio.to_thread(file.read, min(left, _BLOCK_BYTES))
                if not block:
                    raise PartMissing(f"The rendered sound of clip {clip.clip_id} is {left} bytes short.")
                left -= len(block)
                yield block
