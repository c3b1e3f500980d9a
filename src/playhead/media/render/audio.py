"""Rendering of audio: AAC of one piece on the reel's grid, or the samples of a clip, then one track of them all."""

import asyncio
import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from playhead.errors import PlayheadError
from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.progress import Progress, scaled
from playhead.media.render.encoders import audio_encoder, output_path
from playhead.media.render.inputs import BEFORE_S, Input, input_of, read_again
from playhead.media.render.levels import WINDOW_S, Levels, Loudness, check_audio, loudness_filters
from playhead.media.render.plan import AAC_FRAME, AudioFormat, ClipPlan, StitchPlan
from playhead.media.render.tasks import AudioSpan, RenderTask, clip_samples, track_samples

SAMPLE_BYTES = 2
"""Of one channel: signed 16 bits."""

_PREROLL_S = 0.25
"""How much earlier to start: AAC needs one packet before the first that counts, MP3 nine, Opus 80 ms."""

_BEYOND_S = 0.1
"""Decoded beyond the end of a span, for the resampler."""

_BLOCK_BYTES = 1 * MIB


class PartMissing(PlayheadError):
    """The rendered samples of a clip are missing, or fewer than planned."""

    code = "part_missing"
    title = "A rendered clip is incomplete"
    retry = "backoff"


async def render_audio(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Render an ``audio`` task's AAC, of exactly its slots after one priming packet, or a ``samples`` task's PCM.

    The first sample is that of the span's *start_s*; before the source's audio begins and after it ends is silence.
    With a loudness the span is measured first (EBU R 128).

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    assert task.clip is not None
    assert task.span is not None
    clip, form, span = plan.clips[task.clip], _format(plan), task.span
    run = _Run(ffmpeg or find_ffmpeg(), clip, source, span, form, threads, out.parent)
    loudness = ""
    if form.loudness_lufs is not None and task.kind == "samples":
        heard = Loudness()
        await run("Measuring", heard.filters, ["-f", "null", "-"], scaled(progress, 0, 0.5), heard)
        loudness = loudness_filters(heard, form.loudness_lufs, form.sample_rate).removeprefix(",")
        progress = scaled(progress, 0.5, 1)
    if task.kind == "samples":
        output = ["-c:a", "pcm_s16le", "-f", "s16le", output_path(out)]
    else:
        output = ["-frames:a", str(span.samples // AAC_FRAME + 1), *audio_encoder(form), output_path(out)]
    await run("Rendering", ",".join(filter(None, (loudness, _exactly(span.samples)))), output, progress)


async def render_track(
    plan: StitchPlan,
    samples: Sequence[Path | None],
    out: Path,
    *,
    progress: Progress | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Encode the audio of a whole reel as one AAC track, from the ``samples`` of its clips.

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
        purpose=f"Encoding the audio of {len(plan.clips)} clips",
        sources=[],
        arguments=[*raw, "-frames:a", str(total // AAC_FRAME + 1), *audio_encoder(form), output_path(out)],
        limits=Limits(memory_bytes=4 * GIB, cpu_s=int(300 + 10 * plan.duration_s)),
        total_s=plan.duration_s,
        progress=progress,
        feed=_feed(plan, samples, form.channels * SAMPLE_BYTES),
    )


def audio_filters(span: AudioSpan, form: AudioFormat, at_s: float) -> tuple[str, str]:
    """The filters from decoded audio to the reel's rate and layout, and from there to the span on its sample.

    Args:
        at_s: What ffmpeg's clock shows at the start of the span.
    """
    layout = "stereo" if form.channels > 1 else "mono"
    base_s = _base_s(span)
    end_s = base_s + span.samples / form.sample_rate + _BEYOND_S
    alike = (
        f"asetpts='round(PTS-{at_s - base_s:.9f}/TB)',atrim=end={end_s:.6f},"
        f"aformat=sample_fmts=fltp:sample_rates={form.sample_rate}:channel_layouts={layout}"
    )
    timed = f"asetpts=PTS-{base_s}/TB,atrim=start=0,aresample={form.sample_rate}:async=1:first_pts=0:min_hard_comp=0.04"
    return alike, f"{timed},aformat=sample_fmts=fltp:channel_layouts={layout},atrim=end_sample={span.samples}"


def _base_s(span: AudioSpan) -> int:
    """Start of a span between the graphs, such that nothing of its source is before 0; see `Decoding.base`."""
    return math.ceil(max(0.0, span.start_s)) + BEFORE_S


class _Run:
    """One run of ffmpeg after another over the same span."""

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        clip: ClipPlan,
        source: Path,
        span: AudioSpan,
        form: AudioFormat,
        threads: int,
        folder: Path,
    ) -> None:
        self._folder = folder
        self._ffmpeg, self._clip, self._source, self._threads = ffmpeg, clip, source, threads
        self._span, self._form = span, form
        self._span_s = span.samples / form.sample_rate

    async def __call__(
        self,
        verb: str,
        filters: str,
        output: Sequence[str],
        progress: Progress | None,
        heard: Loudness | None = None,
    ) -> None:
        """Render the span, or measure it.

        Args:
            filters: After those that cut it out.

        Raises:
            ContentLost: audio of the source is missing in it.
        """

        async def run(early_s: float) -> None:
            await self._run(verb, filters, output, progress, heard, early_s)

        await read_again(run, self._span.start_s, _PREROLL_S)

    async def _run(
        self,
        verb: str,
        filters: str,
        output: Sequence[str],
        progress: Progress | None,
        heard: Loudness | None,
        early_s: float,
    ) -> None:
        start_s, threads = self._span.start_s, self._threads
        given = await asyncio.to_thread(
            input_of, self._source, self._clip.tracks, video=False, start_s=start_s, early_s=early_s, threads=threads
        )
        with TemporaryFile(dir=self._folder) as source_levels, TemporaryFile(dir=self._folder) as levels:
            graphs = self._graphs(given, filters, source_levels.fileno(), levels.fileno())
            await run_ffmpeg(
                self._ffmpeg,
                purpose=f"{verb} the audio of clip {self._clip.clip_id} of video {self._clip.video_id}",
                sources=given.sources,
                arguments=[
                    *given.arguments,
                    "-filter_complex_threads",
                    str(threads),
                    *graphs,
                    "-map",
                    "[out]",
                    *output,
                ],
                limits=encode_limits(span_s=self._span_s, pixels=0, threads=threads),
                threads=threads,
                total_s=self._span_s,
                progress=progress,
                feed=given.feed,
                pass_fds=[source_levels.fileno(), levels.fileno()],
                read_line=heard.read if heard is not None else None,
            )
            if self._ffmpeg.loops_back:
                heard_levels = await asyncio.to_thread(_read_levels, source_levels, _base_s(self._span))
                made_levels = await asyncio.to_thread(_read_levels, levels, 0)
                await asyncio.to_thread(check_audio, heard_levels, made_levels, self._clip, start_s, self._span_s)

    def _graphs(self, given: Input, filters: str, source_levels: int, levels: int) -> list[str]:
        """Two graphs, as of the video: the second, which counts samples, is never rebuilt when the format changes."""
        alike, timed = audio_filters(self._span, self._form, given.at_s)
        if not self._ffmpeg.loops_back:
            return ["-filter_complex", f"[{given.stream}]{alike},{timed},{filters}[out]"]
        first = f"[{given.stream}]{alike},asplit[alike][heard];[heard]{self._measured(source_levels)}"
        second = f"[dec:0]{timed},asplit[timed][made];[made]{self._measured(levels)};[timed]{filters}[out]"
        between = ["-map", "[alike]", "-c:a", "pcm_f32le", "-f", "null", "-"]
        return ["-filter_complex", first, *between, "-dec", "0:0", "-filter_complex", second]

    def _measured(self, descriptor: int) -> str:
        window = round(self._form.sample_rate * WINDOW_S)
        return rf"asetnsamples={window}:p=0,{Levels().filters}:file=pipe\\:{descriptor},anullsink"


def _read_levels(file: IO[bytes], base_s: float) -> Levels:
    file.seek(0)
    levels = Levels(base_s)
    for line in file:
        levels.read(line.decode("ascii", errors="replace"))
    return levels


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples}"


def _format(plan: StitchPlan) -> AudioFormat:
    assert plan.format.audio is not None
    return plan.format.audio


async def _feed(plan: StitchPlan, samples: Sequence[Path | None], frame_bytes: int) -> AsyncGenerator[bytes]:
    left = track_samples(plan) * frame_bytes
    for clip, part, count in zip(plan.clips, samples, clip_samples(plan), strict=True):
        whose = f"The rendered audio of clip {clip.clip_id}"
        async for block in _zeros(count * frame_bytes) if part is None else _blocks(part, count * frame_bytes, whose):
            yield block[:left]
            left -= len(block[:left])
    async for block in _zeros(left):  # the last packet reaches beyond the end of the video
        yield block


async def _blocks(part: Path, left: int, whose: str) -> AsyncGenerator[bytes]:
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


async def _zeros(left: int) -> AsyncGenerator[bytes]:
    while left > 0:
        block = bytes(min(left, _BLOCK_BYTES))
        left -= len(block)
        yield block
