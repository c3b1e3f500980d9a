"""One run of ffmpeg over a span of a source's audio, exact to the sample, with proof that nothing of it was lost."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from playhead.media.ffmpeg import Ffmpeg, encode_limits, run_ffmpeg
from playhead.media.progress import Progress
from playhead.media.render.inputs import BEFORE_S, Input, input_of, read_again
from playhead.media.render.levels import WINDOW_S, Levels, Loudness, check_audio
from playhead.media.render.plan import AudioFormat, ClipPlan, HeardClip
from playhead.media.render.tasks import AudioSpan

_PREROLL_S = 0.25
"""How much earlier to start: AAC needs one packet before the first that counts, MP3 nine, Opus 80 ms."""

_BEYOND_S = 0.1
"""Decoded beyond the end of a span, for the resampler."""


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
    """Start of a span between the graphs, such that nothing of its source is before 0; see `video.base_of`."""
    return math.ceil(max(0.0, span.start_s)) + BEFORE_S


@dataclass(frozen=True, slots=True)
class SpanRun:
    """Runs of ffmpeg over the same span: to measure it, to render it.

    Attributes:
        folder: Scratch folder.
    """

    ffmpeg: Ffmpeg
    clip: ClipPlan | HeardClip
    source: Path
    span: AudioSpan
    form: AudioFormat
    threads: int
    folder: Path

    async def measure(self, progress: Progress | None = None) -> Loudness:
        """Loudness of the span."""
        heard = Loudness()
        await self._again("Measuring", heard.filters, ["-f", "null", "-"], progress, (), heard)
        return heard

    async def render(
        self, filters: str, output: Sequence[str], progress: Progress | None = None, inputs: Sequence[str] = ()
    ) -> None:
        """Render the span.

        Args:
            filters: After those that cut it out.
            inputs: Options of another, trusted input, which *filters* know as ``[1:a]``.

        Raises:
            ContentLost: audio of the source is missing in it.
        """
        await self._again("Rendering", filters, output, progress, inputs)

    async def _again(
        self,
        verb: str,
        filters: str,
        output: Sequence[str],
        progress: Progress | None,
        inputs: Sequence[str],
        heard: Loudness | None = None,
    ) -> None:
        async def run(early_s: float) -> None:
            await self._run(verb, filters, output, progress, inputs, heard, early_s)

        await read_again(run, self.span.start_s, _PREROLL_S)

    async def _run(
        self,
        verb: str,
        filters: str,
        output: Sequence[str],
        progress: Progress | None,
        inputs: Sequence[str],
        heard: Loudness | None,
        early_s: float,
    ) -> None:
        start_s, threads, span_s = self.span.start_s, self.threads, self.span.samples / self.form.sample_rate
        given = await asyncio.to_thread(
            input_of, self.source, self.clip.tracks, video=False, start_s=start_s, early_s=early_s, threads=threads
        )
        with TemporaryFile(dir=self.folder) as source_levels, TemporaryFile(dir=self.folder) as levels:
            graphs = self._graphs(given, filters, source_levels.fileno(), levels.fileno())
            await run_ffmpeg(
                self.ffmpeg,
                purpose=f"{verb} the audio of {self.clip.name} of video {self.clip.video_id}",
                sources=given.sources,
                arguments=[
                    *given.arguments,
                    *inputs,
                    "-filter_complex_threads",
                    str(threads),
                    *graphs,
                    "-map",
                    "[out]",
                    *output,
                ],
                limits=encode_limits(span_s=span_s, pixels=0, threads=threads),
                threads=threads,
                total_s=span_s,
                progress=progress,
                feed=given.feed,
                pass_fds=[source_levels.fileno(), levels.fileno()],
                read_line=heard.read if heard is not None else None,
            )
            if self.ffmpeg.loops_back:
                heard_levels = await asyncio.to_thread(_read_levels, source_levels, _base_s(self.span))
                made_levels = await asyncio.to_thread(_read_levels, levels, 0)
                await asyncio.to_thread(check_audio, heard_levels, made_levels, self.clip, start_s, span_s)

    def _graphs(self, given: Input, filters: str, source_levels: int, levels: int) -> list[str]:
        """Two graphs, as of the video: the second, which counts samples, is never rebuilt when the format changes."""
        alike, timed = audio_filters(self.span, self.form, given.at_s)
        if not self.ffmpeg.loops_back:
            return ["-filter_complex", f"[{given.stream}]{alike},{timed},{filters}[out]"]
        first = f"[{given.stream}]{alike},asplit[alike][heard];[heard]{self._measured(source_levels)}"
        second = f"[dec:0]{timed},asplit[timed][made];[made]{self._measured(levels)};[timed]{filters}[out]"
        between = ["-map", "[alike]", "-c:a", "pcm_f32le", "-f", "null", "-"]
        return ["-filter_complex", first, *between, "-dec", "0:0", "-filter_complex", second]

    def _measured(self, descriptor: int) -> str:
        window = round(self.form.sample_rate * WINDOW_S)
        return rf"asetnsamples={window}:p=0,{Levels().filters}:file=pipe\\:{descriptor},anullsink"


def _read_levels(file: IO[bytes], base_s: float) -> Levels:
    file.seek(0)
    levels = Levels(base_s)
    for line in file:
        levels.read(line.decode("ascii", errors="replace"))
    return levels
