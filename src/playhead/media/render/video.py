"""Rendering of one piece of a clip's video: exactly its frames, coded like every other piece of the reel."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from playhead.media.edit.model import WHOLE
from playhead.media.edit.segments import Shown, VideoEffects
from playhead.media.errors import UnreadableVideo
from playhead.media.ffmpeg import Ffmpeg, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.layers.drawing import Drawn, draw
from playhead.media.progress import Progress
from playhead.media.render.encoders import output_path, video_encoder
from playhead.media.render.inputs import Input, read_again
from playhead.media.render.levels import check_frames
from playhead.media.render.mixing import MixGraph
from playhead.media.render.plan import ClipPlan, PlannedSource, ReelFormat, StitchPlan, VideoPiece
from playhead.media.render.source_frames import Decoding, decode
from playhead.media.render.tasks import RenderTask, piece_effects


async def render_video(
    task: RenderTask,
    plan: StitchPlan,
    source: Path | None,
    out: Path,
    *,
    others: Mapping[str, Path] | None = None,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
    fonts: Path | None = None,
) -> None:
    """Decode a span and encode it as an MP4 of video alone, beginning with a keyframe at time 0.

    With a rate, frame k is the one shown at ``start_s + k / rate``, to half a frame; without, the source's
    frames from *start_s* on keep their times. A source that ends early holds its last frame.

    Args:
        source: Its clip's own; None for a card.
        others: Further videos and images that are seen, by id.
        fonts: Folder of fonts for letters that the packaged one lacks.

    Raises:
        FfmpegFailed: or the subclass that says why.
        ContentLost: frames of the source are missing in it.
        StillUnreadable: an image cannot be decoded.
    """
    assert task.clip is not None
    clip = plan.clips[task.clip]
    piece, effects = clip.video[task.piece], piece_effects(clip, task.piece, plan.format.fps)
    paths = {**({} if source is None else {clip.video_id: source}), **(others or {})}
    with TemporaryDirectory(dir=out.parent, prefix="drawn-") as folder:
        drawn = Drawn()
        if effects is not None:
            drawn = await draw(
                effects,
                frames=piece.frames,
                fps=plan.format.fps,
                size=(plan.format.width, plan.format.height),
                background=plan.format.background,
                images={name: path for name, path in paths.items() if name in _images(effects)},
                folder=Path(folder),
                fonts=fonts,
            )
        run = _Run(ffmpeg or find_ffmpeg(), clip, piece, plan.format, effects, drawn, paths, out, threads, progress)
        await read_again(run, max((one.start_s for one in run.decodings), default=0.0))


def _clock_is_known(decoding: Decoding) -> bool:
    return decoding.source.tracks.zero_s is not None


def _without_clock(decoding: Decoding) -> Decoding:
    """As of a probe that an older version made: ffmpeg reads all its inputs by their own clocks, or none."""
    tracks = replace(decoding.source.tracks, zero_s=None)
    return replace(decoding, source=replace(decoding.source, tracks=tracks))


def _images(effects: VideoEffects) -> set[str]:
    stills = [one.source_id for one in (effects.shown, effects.before) if one is not None and one.still]
    return {*stills, *(getattr(layer.content, "image_id", "") for layer in effects.layers)}


def decoding_of(
    clip: ClipPlan, piece: VideoPiece, form: ReelFormat, path: Path, shown: Shown | None = None
) -> Decoding:
    """How the video of a piece is decoded.

    Args:
        shown: How it is seen, where something is done to it.
    """
    speed, framing = (1.0, WHOLE) if shown is None else (shown.speed, shown.framing)
    return Decoding(clip.source, path, piece.start_s, piece.ticks / form.timescale, piece.rate, speed, framing)


class _Run:
    """One run of ffmpeg after another over the same piece."""

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        clip: ClipPlan,
        piece: VideoPiece,
        form: ReelFormat,
        effects: VideoEffects | None,
        drawn: Drawn,
        paths: Mapping[str, Path],
        out: Path,
        threads: int,
        progress: Progress | None,
    ) -> None:
        self._ffmpeg, self._clip, self._piece, self._form = ffmpeg, clip, piece, form
        self._effects, self._drawn, self._out = effects, drawn, out
        self._threads, self._progress = threads, progress
        self._paths = paths
        self.decodings = self._decodings()

    def _decodings(self) -> list[Decoding]:
        effects, piece, form = self._effects, self._piece, self._form
        shown = None if effects is None else effects.shown
        found = []
        if shown is None or not shown.still:
            found.append(decoding_of(self._clip, piece, form, self._paths[self._clip.video_id], shown))
        if effects is not None and effects.before is not None and self._clip.before is not None:
            found.append(self._before(effects.before, self._clip.before, effects.mix_start_s + effects.mix_s))
        return found if all(map(_clock_is_known, found)) else [_without_clock(one) for one in found]

    def _before(self, shown: Shown, source: PlannedSource, seconds: float) -> Decoding:
        path = self._paths[shown.source_id]
        return Decoding(source, path, shown.start_s, seconds, self._form.fps, shown.speed, shown.framing)

    async def __call__(self, early_s: float) -> None:
        inputs = [await one.input(early_s, self._threads) for one in self.decodings]
        for one in self.decodings:
            one.seen.clear()
        with ExitStack() as stack:
            files = [stack.enter_context(TemporaryFile(dir=self._out.parent)) for _ in inputs[1:]]
            await self._run(inputs, files)
            for one, file in zip(self.decodings[1:], files, strict=True):
                file.seek(0)
                for line in file:
                    one.seen.read(line.decode("ascii", errors="replace"))
        if self._ffmpeg.loops_back:
            for one in self.decodings:
                check_frames(one, self._clip.clip_id)

    async def _run(self, inputs: Sequence[Input], files: Sequence[IO[bytes]]) -> None:
        clip, form, tool, threads = self._clip, self._form, self._ffmpeg, self._threads
        span_s = self._piece.ticks / form.timescale
        graphs, drawn = self._graphs(inputs, files)
        first = self.decodings[0] if self.decodings else None
        follow = first is not None and tool.loops_back
        base_s = 0.0 if first is None else float(first.base)
        what = "clip" if form.rate_control is None else "rendition"
        await run_ffmpeg(
            tool,
            purpose=f"Rendering {what} {clip.clip_id} of {f'video {clip.video_id}' if clip.video_id else 'a card'}",
            sources=[source for given in inputs for source in given.sources],
            arguments=[
                *dict.fromkeys(one for given in inputs if given.feed is None for one in given.arguments),
                *[one for given in inputs if given.feed is not None for one in given.arguments],
                *[*drawn, "-filter_complex_threads", str(threads), *graphs],
                *["-map", "[out]", "-frames:v", str(self._piece.frames)],
                *[*video_encoder(form, threads), output_path(self._out)],
            ],
            limits=encode_limits(span_s=span_s, pixels=max(self._pixels(), form.width * form.height), threads=threads),
            threads=threads,
            total_s=span_s,
            progress=self._progress,
            feed=next((given.feed for given in inputs if given.feed is not None), None),
            pass_fds=[file.fileno() for file in files],
            read_line=(lambda line: first.seen.read(line, base_s)) if first is not None and follow else None,
        )

    def _pixels(self) -> int:
        return sum(one.source.pixels for one in self.decodings)

    def _graphs(self, inputs: Sequence[Input], files: Sequence[IO[bytes]]) -> tuple[list[str], list[str]]:
        """Arguments of all filter graphs, and of the inputs that were drawn."""
        if sum(given.feed is not None for given in inputs) > 1:
            raise UnreadableVideo(
                f"The crossfade before clip {self._clip.clip_id} mixes two files whose clocks jump.",
                hint="Replace the crossfade by a dip or a cut.",
            )
        outputs = ["pipe:1", *(f"pipe:{file.fileno()}" for file in files)]
        decoded = decode(self._ffmpeg, self.decodings, inputs, self._form, outputs)
        effects = self._effects
        if effects is None:
            return [*decoded.graphs, "-filter_complex", f"{decoded.streams[0]}[out]"], []
        frames, rate = self._piece.frames, self._form.fps
        mixed = MixGraph(effects, self._form, frames, rate, self._drawn, decoded.streams, len(inputs))
        return [*decoded.graphs, "-filter_complex", mixed.graph], mixed.inputs
