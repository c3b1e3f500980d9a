"""Render sound: AAC of one piece on the reel's grid, or the exact samples of a clip and then one track of them all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from playhead.errors import PlayheadError
from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, Source, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.progress import Progress, scaled
from playhead.media.stitch.encoders import output_path, sound_encoder
from playhead.media.stitch.loudness import Loudness, loudness_filters
from playhead.media.stitch.picture import lead_of, seek_to
from playhead.media.stitch.plan import AAC_FRAME, SoundFormat, StitchPlan
from playhead.media.stitch.tasks import RenderTask, SoundSpan, clip_samples, track_samples

SAMPLE_BYTES = 2
"""Of one channel: signed 16 bits."""

_PREROLL_S = 0.25
"""How much earlier to start: AAC needs one packet before the first that counts, MP3 nine, Opus 80 ms."""

_BLOCK_BYTES = 1 * MIB


class PartMissing(PlayheadError):
    """The rendered samples of a clip are not there, or fewer than the plan says."""

    code = "part_missing"
    title = "A rendered clip is incomplete"
    retry = "backoff"


async def render_sound(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Make a ``sound`` task's AAC, of exactly its slots after one priming packet, or a ``samples`` task's PCM.

    The first sample is that of the span's *start_s*; before the source's sound begins and after it ends is silence.
    With a loudness the span is measured first (EBU R 128).

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    assert task.clip is not None
    assert task.span is not None
    clip, form, span = plan.clips[task.clip], _format(plan), task.span
    lead_s = await asyncio.to_thread(lead_of, source)
    seek_s, seek = seek_to(span.start_s - max(lead_s, _PREROLL_S))
    chain = sound_filters(span, form, seek_s)
    run = _Run(ffmpeg or find_ffmpeg(), f"the sound of clip {clip.clip_id} of video {clip.video_id}", span, form)
    origin = Source(source, seek)
    if form.loudness_lufs is not None and task.kind == "samples":
        heard = Loudness()
        measure = ["-map", "0:a:0", "-af", f"{chain},{heard.filters}", "-f", "null", "-"]
        await run(measure, "Measuring", origin, threads, scaled(progress, 0, 0.5), heard)
        chain += loudness_filters(heard, form.loudness_lufs, form.sample_rate)
        progress = scaled(progress, 0.5, 1)
    output = ["-map", "0:a:0", "-af", f"{chain},{_exactly(span.samples)}"]
    if task.kind == "samples":
        output += ["-c:a", "pcm_s16le", "-f", "s16le", output_path(out)]
    else:
        output += ["-frames:a", str(span.samples // AAC_FRAME + 1), *sound_encoder(form), output_path(out)]
    await run(output, "Rendering", origin, threads, progress)


async def render_track(
    plan: StitchPlan,
    samples: Sequence[Path | None],
    out: Path,
    *,
    progress: Progress | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Encode the sound of a whole reel as one AAC track, from the ``samples`` of its clips.

    Args:
        samples: For each clip of the plan; None where it has none, which becomes silence.

    Raises:
        PartMissing: a file is absent or too short.
        FfmpegFailed: or the subclass that says why.
    """
    form, total = _format(plan), track_samples(plan)
    raw = ["-f", "s16le", "-ar", str(form.sample_rate), "-ac", str(form.channels), "-i", "pipe:0"]
    await run_ffmpeg(
        ffmpeg or find_ffmpeg(),
        purpose=f"Encoding the sound of {len(plan.clips)} clips",
        sources=[],
        arguments=[*raw, "-frames:a", str(total // AAC_FRAME + 1), *sound_encoder(form), output_path(out)],
        limits=Limits(memory_bytes=4 * GIB, cpu_s=int(300 + 10 * plan.duration_s)),
        total_s=plan.duration_s,
        progress=progress,
        feed=_feed(plan, samples, form.channels * SAMPLE_BYTES),
    )


def sound_filters(span: SoundSpan, form: SoundFormat, seek_s: float) -> str:
    """The filters from decoded sound to the reel's rate and layout, from the span's first sample to its last.

    Args:
        seek_s: Time in the source that ffmpeg counts as 0.
    """
    layout = "stereo" if form.channels > 1 else "mono"
    return (
        f"asetpts='round(PTS-{span.start_s - seek_s:.9f}/TB)',atrim=start=0,"
        f"aresample={form.sample_rate}:async=1:first_pts=0:min_hard_comp=0.04,"
        f"aformat=sample_fmts=fltp:channel_layouts={layout},atrim=end_sample={span.samples}"
    )


class _Run:
    """One run of ffmpeg after another over the same span."""

    def __init__(self, ffmpeg: Ffmpeg, what: str, span: SoundSpan, form: SoundFormat) -> None:
        self._ffmpeg, self._what = ffmpeg, what
        self._span_s = span.samples / form.sample_rate

    async def __call__(
        self,
        arguments: Sequence[str],
        verb: str,
        source: Source,
        threads: int,
        progress: Progress | None,
        heard: Loudness | None = None,
    ) -> None:
        await run_ffmpeg(
            self._ffmpeg,
            purpose=f"{verb} {self._what}",
            sources=[source],
            arguments=["-filter_threads", str(threads), *arguments],
            limits=encode_limits(span_s=self._span_s, pixels=0, threads=threads),
            threads=threads,
            total_s=self._span_s,
            progress=progress,
            read_line=heard.read if heard is not None else None,
        )


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples}"


def _format(plan: StitchPlan) -> SoundFormat:
    assert plan.format.sound is not None
    return plan.format.sound


async def _feed(plan: StitchPlan, samples: Sequence[Path | None], frame_bytes: int) -> AsyncIterator[bytes]:
    left = track_samples(plan) * frame_bytes
    for clip, part, count in zip(plan.clips, samples, clip_samples(plan), strict=True):
        whose = f"The rendered sound of clip {clip.clip_id}"
        async for block in _zeros(count * frame_bytes) if part is None else _blocks(part, count * frame_bytes, whose):
            yield block[:left]
            left -= len(block[:left])
    async for block in _zeros(left):  # the last packet reaches over the end of the picture
        yield block


async def _blocks(part: Path, left: int, whose: str) -> AsyncIterator[bytes]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(await asyncio.to_thread(part.open, "rb"))
        except FileNotFoundError:
            raise PartMissing(f"{whose} is missing.") from None
        while left:
            block = await asyncio.to_thread(file.read, min(left, _BLOCK_BYTES))
            if not block:
                raise PartMissing(f"{whose} is {left} bytes short.")
            left -= len(block)
            yield block


async def _zeros(left: int) -> AsyncIterator[bytes]:
    while left > 0:
        block = bytes(min(left, _BLOCK_BYTES))
        left -= len(block)
        yield block
