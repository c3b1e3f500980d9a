"""The audio of a whole reel as one AAC track: the samples of its clips, the music under them, and their loudness.

Clips and music go through one pipe as channels of one stream, beside them the gain of the music; ffmpeg only
multiplies and adds. So every sample has its place, at every run and on every machine.
"""

import asyncio
from array import array
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg, run_ffmpeg
from playhead.media.progress import Progress, scaled
from playhead.media.render.ducking import UNIT, WINDOW_S, MusicGain, speech_spans
from playhead.media.render.encoders import audio_encoder, output_path
from playhead.media.render.levels import Loudness, gain_filters
from playhead.media.render.music import SAMPLE_BYTES, MusicReader, PartMissing
from playhead.media.render.plan import AAC_FRAME, AudioFormat, StitchPlan
from playhead.media.render.tasks import clip_samples, mixed_loudness, run_of, track_samples

_BLOCK_BYTES = 1 * MIB
_BLOCK = 1 << 16
"""Samples that are mixed at once."""

MIX_PEAK_DB = -2.25
"""Highest true peak before AAC, which adds up to 1.1 dB to what a limiter has cut (measured): -1 dBTP holds."""

_ROUNDS = 5
"""Measurements of a limited mix at most: a limiter takes loudness away, which more gain brings back."""

_CLOSE_LU = 0.2
_LEAST_EFFECT = 0.2
"""Part of the latest gain that is believed to have come through the limiter at least."""


async def render_track(
    plan: StitchPlan,
    samples: Sequence[Path | None],
    out: Path,
    *,
    music: Path | None = None,
    progress: Progress | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Encode the audio of a whole reel as one AAC track, from the ``samples`` of its clips and of its ``music``.

    Args:
        samples: For each clip of the plan; None where it has none, which becomes silence, or is made with another.

    Raises:
        PartMissing: a file is absent or too short.
        FfmpegFailed: or the subclass that says why.
    """
    assert plan.format.audio is not None
    assert (music is None) == (plan.music is None)
    track = _Track(plan, plan.format.audio, samples, music, ffmpeg or find_ffmpeg())
    target = mixed_loudness(plan)
    passes = 1 + (2 if target is not None else 0)
    if plan.music is not None and plan.music.ducking_db > 0:
        passes += 1
        await track.listen(scaled(progress, 0, 1 / passes))
        progress = scaled(progress, 1 / passes, 1)
        passes -= 1
    chain = ""
    if target is not None:
        chain = await track.levelling(target, scaled(progress, 0, 1 - 1 / passes))
        progress = scaled(progress, 1 - 1 / passes, 1)
    await track.encode(out, chain, progress)


@dataclass
class _Track:
    """A track in the making.

    Attributes:
        speech: Where the clips are heard; found by `listen`.
    """

    plan: StitchPlan
    form: AudioFormat
    samples: Sequence[Path | None]
    music: Path | None
    ffmpeg: Ffmpeg
    speech: list[tuple[float, float]] = field(default_factory=list)

    async def listen(self, progress: Progress | None) -> None:
        """Find where the clips are heard."""
        levels = _Rms()
        window = round(WINDOW_S * self.form.sample_rate)
        stats = "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level"
        chain = rf"asetnsamples={window}:p=0,{stats},ametadata=mode=print:file=pipe\\:1"
        await self._run(
            "Listening to", ["-af", chain, "-f", "null", "-"], self._clips(), self.form.channels, progress, levels
        )
        self.speech = speech_spans(levels.levels_db)

    async def levelling(self, target_lufs: float, progress: Progress | None) -> str:
        """Filters that bring the mix to a loudness with its true peaks held; measured until it is close."""
        heard = await self._measure("", scaled(progress, 0, 0.5))
        gain, reached, effect = heard.gain_db(target_lufs), heard.integrated_lufs, 1.0
        raised = gain
        for _ in range(_ROUNDS):
            chain, limited = gain_filters(gain, heard.peak_db, self.form.sample_rate, MIX_PEAK_DB)
            if not limited:
                break
            found = await self._measure(chain, scaled(progress, 0.5, 1))
            effect = max(_LEAST_EFFECT, min(1.0, (found.integrated_lufs - reached) / raised if raised else 1.0))
            reached, missing = found.integrated_lufs, target_lufs - found.integrated_lufs
            if abs(missing) < _CLOSE_LU:
                break
            raised = missing / effect
            gain += raised
        return chain

    async def encode(self, out: Path, chain: str, progress: Progress | None) -> None:
        """Encode the mix."""
        count = track_samples(self.plan) // AAC_FRAME + 1
        encoder = ["-frames:a", str(count), *audio_encoder(self.form), output_path(out)]
        filters = self._filters(chain)
        graph = ["-filter_complex", filters, "-map", "[out]"] if filters else []
        await self._run("Encoding", [*graph, *encoder], self._feed(), self._width, progress)

    async def _measure(self, chain: str, progress: Progress | None) -> Loudness:
        heard = Loudness()
        filters = self._filters(",".join(filter(None, (chain.removeprefix(","), heard.filters))))
        arguments = ["-filter_complex", filters, "-map", "[out]", "-f", "null", "-"]
        await self._run("Measuring", arguments, self._feed(), self._width, progress, heard)
        return heard

    @property
    def _width(self) -> int:
        """Channels of the feed: the clips', the music's, and its gain."""
        return self.form.channels if self.music is None else 2 * self.form.channels + 1

    def _filters(self, chain: str) -> str:
        chain = chain.removeprefix(",")
        if self.music is None:
            return f"[0:a]{chain}[out]" if chain else ""
        count, layout = self.form.channels, "stereo" if self.form.channels > 1 else "mono"

        def channels(first: int, factor: float = 1.0, step: int = 1) -> str:
            return f"pan={layout}|" + "|".join(f"c{at}={factor:g}*c{first + at * step}" for at in range(count))

        unit = (1 << 15) / UNIT
        split = "[0:a]aformat=sample_fmts=fltp,asplit=3[a][b][c]"
        parts = f"[a]{channels(0)}[clips];[b]{channels(count)}[music];[c]{channels(2 * count, unit, 0)}[gain]"
        mix = "[music][gain]amultiply[under];[clips][under]amix=normalize=0"
        return f"{split};{parts};{mix}{',' if chain else ''}{chain}[out]"

    async def _run(
        self,
        verb: str,
        arguments: Sequence[str],
        feed: AsyncGenerator[bytes],
        channels: int,
        progress: Progress | None,
        reads: "Loudness | _Rms | None" = None,
    ) -> None:
        raw = ["-f", "s16le", "-ar", str(self.form.sample_rate), "-ac", str(channels), "-i", "pipe:0"]
        seconds = self.plan.duration_s
        await run_ffmpeg(
            self.ffmpeg,
            purpose=f"{verb} the audio of {len(self.plan.clips)} clips",
            sources=[],
            arguments=[*raw, *arguments],
            limits=Limits(memory_bytes=4 * GIB, cpu_s=int(300 + 10 * seconds)),
            total_s=seconds,
            progress=progress,
            feed=feed,
            read_line=reads.read if reads is not None else None,
        )

    def _feed(self) -> AsyncGenerator[bytes]:
        return self._clips() if self.music is None else self._mixed(self.music)

    async def _mixed(self, path: Path) -> AsyncGenerator[bytes]:
        """Samples of the clips and of the music, and its gain, as channels of one stream."""
        assert self.plan.music is not None
        total, at = track_samples(self.plan), 0
        gain = MusicGain(self.plan.music, total, self.form.sample_rate, self.speech)
        with ExitStack() as stack:
            music = await asyncio.to_thread(MusicReader, path, self.plan.music, self.form, total)
            stack.callback(music.close)
            async with aclosing(self._clips()) as clips:
                async for block in _sized(clips, _BLOCK * self.form.channels * SAMPLE_BYTES):
                    yield await asyncio.to_thread(self._beside, array("h", block), music, gain, at)
                    at += len(block) // (self.form.channels * SAMPLE_BYTES)

    def _beside(self, clips: "array[int]", music: MusicReader, gain: MusicGain, at: int) -> bytes:
        count, width = self.form.channels, self._width
        samples = len(clips) // count
        under = music.read(samples)
        woven = array("h", bytes(SAMPLE_BYTES * samples * width))
        for channel in range(count):
            woven[channel::width] = clips[channel::count]
            woven[count + channel :: width] = under[channel::count]
        woven[2 * count :: width] = gain.block(at, samples)
        return woven.tobytes()

    async def _clips(self) -> AsyncGenerator[bytes]:
        frame_bytes = self.form.channels * SAMPLE_BYTES
        left = track_samples(self.plan) * frame_bytes
        counts, at = clip_samples(self.plan), 0
        while at < len(self.plan.clips):
            made, part = run_of(self.plan, at), self.samples[at]
            size = sum(counts[each] for each in made) * frame_bytes
            whose = f"The rendered audio of clip {self.plan.clips[at].clip_id}"
            async for block in _zeros(size) if part is None else _blocks(part, size, whose):
                yield block[:left]
                left -= len(block[:left])
            at = made.stop
        async for block in _zeros(left):  # the last packet reaches beyond the end of the video
            yield block


@dataclass(slots=True)
class _Rms:
    """Levels by window, as ``astats`` and ``ametadata`` print them."""

    levels_db: list[float] = field(default_factory=list)

    def read(self, line: str) -> float | None:
        """Take one line; the seconds reached, if it has them."""
        key, _, value = line.strip().rpartition("=")
        if key.endswith(".RMS_level"):
            self.levels_db.append(float(value))
        elif "pts_time:" in line:
            return float(line.rpartition("pts_time:")[2])
        return None


async def _sized(blocks: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The same bytes in blocks of one size, the last one shorter."""
    held = bytearray()
    async for block in blocks:
        held += block
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


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
