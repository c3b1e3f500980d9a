"""Rendering of the audio of a clip: AAC of its packets on the reel's grid, or its samples."""

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from playhead.media.edit.segments import AudioEffects, Heard
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.progress import Progress, scaled
from playhead.media.render.audio_effects import (
    MORE_S,
    before_gain,
    lead_s,
    main_gain,
    speed_filters,
    volume_filters,
)
from playhead.media.render.audio_run import SpanRun
from playhead.media.render.encoders import audio_encoder, output_path
from playhead.media.render.levels import Loudness, loudness_filters
from playhead.media.render.plan import AAC_FRAME, AudioFormat, AudioPiece, ClipPlan, HeardClip, StitchPlan
from playhead.media.render.tasks import AudioSpan, RenderTask, led_by


async def render_audio(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    before: Path | None = None,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Render an ``audio`` task's AAC (see `RenderTask`), or a ``samples`` task's PCM.

    The first sample is that of the span's *start_s*; before the source's audio begins and after it ends is silence.
    With a loudness the clip is measured first (EBU R 128), and its effects come after.

    Args:
        before: Video of the clip that is mixed in, where there is one.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    assert task.clip is not None
    assert task.span is not None
    assert plan.format.audio is not None
    clip = plan.clips[task.clip]
    assert clip.audio is not None
    form = plan.format.audio
    loudness = form.loudness_lufs if task.kind == "samples" else None
    making = _Making(form, loudness, task.span, threads, out.parent, ffmpeg or find_ffmpeg())
    if task.kind == "samples":
        output = ["-c:a", "pcm_s16le", "-f", "s16le", output_path(out)]
    else:
        packets = task.span.samples // AAC_FRAME + 1 + led_by(clip.audio)
        output = ["-frames:a", str(packets), *audio_encoder(form), output_path(out)]
        making = replace(making, span=_with_neighbours(task.span, led_by(clip.audio), form.sample_rate))
    if clip.audio.effects is None:
        measured = _measured(clip.audio.measured_s, task.span, form)
        await making.render(clip, source, task.span, measured, [], output, progress)
    else:
        await making.with_effects(clip, clip.audio, clip.audio.effects, source, before, output, progress)


async def render_music(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Render the samples of one pass of the music.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    assert task.span is not None
    assert plan.format.audio is not None
    assert plan.music is not None
    heard = HeardClip("", plan.music.video_id, plan.music.tracks)
    making = _Making(plan.format.audio, None, task.span, threads, out.parent, ffmpeg or find_ffmpeg())
    output = ["-c:a", "pcm_s16le", "-f", "s16le", output_path(out)]
    await making.render(heard, source, task.span, task.span, [], output, progress)


@dataclass(frozen=True, slots=True)
class _Making:
    """One piece in the making.

    Attributes:
        span: Of the piece.
    """

    form: AudioFormat
    loudness: float | None
    span: AudioSpan
    threads: int
    folder: Path
    ffmpeg: Ffmpeg

    async def render(
        self,
        clip: ClipPlan | HeardClip,
        source: Path,
        span: AudioSpan,
        measured: AudioSpan,
        filters: Sequence[str],
        output: Sequence[str],
        progress: Progress | None,
        mixed: Path | None = None,
    ) -> None:
        """Render a span of a source as the piece.

        Args:
            measured: Span that its loudness is measured over.
            filters: Effects, between loudness and length.
            mixed: Samples that are added, as floats.
        """
        levelled: list[str] = []
        if self.loudness is not None:
            heard = await self._run(clip, source, measured).measure(scaled(progress, 0, 0.5))
            levelled = list(filter(None, [self._levelling(heard)]))
            progress = scaled(progress, 0.5, 1)
        chain = ",".join([*levelled, *filters, _exactly(self.span.samples)])
        inputs: list[str] = []
        if mixed is not None:
            inputs = [*self._raw("f32le"), "-i", output_path(mixed)]
            chain += "[own];[1:a]asetpts=N/SR/TB[other];[own][other]amix=normalize=0:duration=first"
        await self._run(clip, source, span).render(chain, output, progress, inputs)

    async def with_effects(
        self,
        clip: ClipPlan,
        piece: AudioPiece,
        effects: AudioEffects,
        source: Path,
        before: Path | None,
        output: Sequence[str],
        progress: Progress | None,
    ) -> None:
        """Render a piece of one or two sources."""
        at_s = self.span.start_s
        own = effects.heard if effects.heard.source_id else None
        with ExitStack() as stack:
            mixed: Path | None = None
            if effects.before is not None:
                assert piece.before is not None
                assert before is not None
                file = stack.enter_context(NamedTemporaryFile(dir=self.folder, suffix=".pcm"))
                mixed = Path(file.name)
                into = output if own is None else ["-c:a", "pcm_f32le", "-f", "f32le", output_path(mixed)]
                measured = _measured((piece.before.start_s, piece.before.end_s), self.span, self.form)
                filters = [*_effects(effects.before), *before_gain(effects, at_s)]
                wanted = self._played(effects.before, effects.mix_start_s + effects.mix_s)
                await self.render(piece.before, before, wanted, measured, filters, into, scaled(progress, 0, 0.5))
                progress = scaled(progress, 0.5, 1)
            if own is not None:
                measured = _measured(piece.measured_s, self.span, self.form)
                filters = [*_effects(own), *main_gain(effects, at_s)]
                await self.render(clip, source, self._played(own), measured, filters, output, progress, mixed)

    def _played(self, heard: Heard, until_s: float = math.inf) -> AudioSpan:
        """Span of a source that the piece plays, with what a change of its speed needs around it."""
        rate, at_s = self.form.sample_rate, self.span.start_s
        seconds = max(0.0, min(self.span.samples / rate, until_s - at_s)) * heard.speed
        more_s = MORE_S if heard.speed != 1 else 0.0
        start_s = heard.start_s + heard.speed * at_s - lead_s(heard.speed, rate)
        return AudioSpan(round(start_s, 9), math.ceil((seconds + more_s) * rate))

    def _levelling(self, heard: Loudness) -> str:
        assert self.loudness is not None
        return loudness_filters(heard, self.loudness, self.form.sample_rate).removeprefix(",")

    def _run(self, clip: ClipPlan | HeardClip, source: Path, span: AudioSpan) -> SpanRun:
        return SpanRun(self.ffmpeg, clip, source, span, self.form, self.threads, self.folder)

    def _raw(self, sample_format: str) -> list[str]:
        return ["-f", sample_format, "-ar", str(self.form.sample_rate), "-ac", str(self.form.channels)]


def _with_neighbours(span: AudioSpan, lead: int, sample_rate: int) -> AudioSpan:
    """A span with what an encoder has to hear around it, since AAC overlaps its packets."""
    if not lead:
        return span
    return AudioSpan(span.start_s - lead * AAC_FRAME / sample_rate, span.samples + (lead + 1) * AAC_FRAME)


def _measured(measured_s: tuple[float, float] | None, span: AudioSpan, form: AudioFormat) -> AudioSpan:
    if measured_s is None:
        return span
    return AudioSpan(measured_s[0], round((measured_s[1] - measured_s[0]) * form.sample_rate))


def _effects(heard: Heard) -> list[str]:
    return [*speed_filters(heard.speed), *volume_filters(heard.volume)]


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples}"
