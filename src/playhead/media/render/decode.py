"""A decoder of parts of a reel that counts their frames, each at its time; any complaint of ffmpeg counts as bad.

One process gets the samples of all windows as one MP4, composed on the fly: no file is written, and a thousand joins do
not start a thousand processes.
"""

import asyncio
from array import array
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from operator import add
from pathlib import Path

from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegKilled, LimitReached
from playhead.media.ffmpeg import Ffmpeg, Source, encode_limits, run_ffmpeg
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.source import FileBytes
from playhead.media.mp4.write import faststart_header
from playhead.media.progress import Progress
from playhead.media.render.framecrc import FrameTimes
from playhead.media.render.mux import ByteLayout, Muxer
from playhead.media.render.plan import AAC_FRAME, StitchPlan
from playhead.media.render.samples import AudioSamples, VideoSamples
from playhead.media.render.windows import Window

_GAP_S = 1
"""Gap between windows, so that no frame of one is shown among those of the next."""

_CHECKING = ("-xerror", "-skip_loop_filter", "all")
"""The loop filter reads no bits, so it finds nothing, and takes a fifth of the time."""

_BLOCK = 1 << 20
_DECODERS = ("[h264 ", "[hevc ", "[av1 ", "[libdav1d ", "[aac ", "[vist#", "[aist#", "[dec:")
_HARMLESS = ("Could not update timestamps for", "This stream seems to incorrectly report")
"""Warnings about audio whose first packets are hidden, and about a level of HEVC that is too low for its size."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """Decodes windows of one reel.

    Attributes:
        threads: Threads of ffmpeg; 0 lets it choose.
    """

    path: Path
    movie: Movie
    plan: StitchPlan
    ffmpeg: Ffmpeg
    threads: int = 0

    async def whole(self, progress: Progress | None = None) -> str:
        """Decode the file as it is; gives what is wrong with it, or nothing.

        Raises:
            DiskFull, FfmpegKilled, LimitReached: these say nothing about the reel.
        """
        track = self.movie.tracks[0]
        pick = _pick(track, Window(0, self.plan.frames, frozenset()))
        wanted = array("q", sorted(map(add, pick.times, pick.shifts)))
        return await self._run([Source(self.path, _CHECKING)], [], wanted, None, progress)

    async def windows(self, windows: Sequence[Window], progress: Progress | None = None) -> str:
        """Decode windows that do not overlap, in order; gives what is wrong with them, or nothing.

        Raises:
            DiskFull, FfmpegKilled, LimitReached: these say nothing about the reel.
        """
        header, recipe, wanted = await asyncio.to_thread(self._excerpt, windows)
        piped = ["-f", "mp4", "-protocol_whitelist", "pipe", "-threads", str(self.threads), *_CHECKING, "-i", "pipe:0"]
        return await self._run([], piped, wanted, self._feed(header, recipe), progress)

    async def _run(
        self,
        sources: list[Source],
        inputs: list[str],
        wanted: "array[int]",
        feed: AsyncGenerator[bytes] | None,
        progress: Progress | None,
    ) -> str:
        frames, form = FrameTimes(), self.plan.format
        span_s = len(wanted) / float(form.fps)
        try:
            log = await run_ffmpeg(
                self.ffmpeg,
                purpose="Checking the finished reel",
                sources=sources,
                arguments=[*inputs, *_outputs(audio=form.audio is not None)],
                limits=encode_limits(span_s=span_s, pixels=form.width * form.height, threads=self.threads),
                threads=self.threads,
                total_s=wanted[-1] / form.timescale if wanted else 0.0,
                progress=progress,
                feed=feed,
                read_line=frames.read,
            )
        except (DiskFull, FfmpegKilled, LimitReached):
            raise
        except FfmpegFailed as error:
            return error.detail
        return complaint(log) or _difference(frames.ticks(form.timescale), wanted)

    def _excerpt(self, windows: Sequence[Window]) -> tuple[bytes, ByteLayout, "array[int]"]:
        """A file of these windows alone: its header, the recipe of its media, and when its frames are shown."""
        form, track = self.plan.format, self.movie.tracks[0]
        gap, wanted, base = _GAP_S * form.timescale, array("q"), 0
        picks = [_pick(track, window) for window in windows]
        for pick in picks:
            pick.times[-1] += gap
            wanted.extend(sorted(base + shown for shown in map(add, pick.times, pick.shifts)))
            base += pick.times[-1]
        assembly = Muxer(form, picks)
        for window, pick in zip(windows, picks, strict=True):
            assembly.add([pick], self._audio(window))
        tracks = [assembly.video_tables(track.entry.raw, base)]
        if form.audio is not None:
            audio = assembly.audio_tables(media_time=0, duration=0)
            audio.duration = len(audio.sizes) * AAC_FRAME
            tracks.append(audio)
        return faststart_header(tracks, assembly.layout.size), assembly.layout, wanted

    def _audio(self, window: Window) -> AudioSamples:
        form, dts = self.plan.format.audio, self.movie.tracks[0].samples.dts
        if form is None:
            return AudioSamples()
        samples = self.movie.tracks[1].samples
        packets_s = form.sample_rate / AAC_FRAME / self.plan.format.timescale
        first, end = int(dts[window.first] * packets_s), int(dts[window.end] * packets_s) + 1
        return AudioSamples(0, samples.sizes[first:end], samples.offsets[first:end])

    async def _feed(self, header: bytes, recipe: ByteLayout) -> AsyncGenerator[bytes]:
        yield header
        with FileBytes(self.path) as reel:
            for part in recipe:
                if isinstance(part, bytes):
                    yield part
                    continue
                _, start, length = part
                for done in range(0, length, _BLOCK):
                    yield await asyncio.to_thread(reel.read_at, start + done, min(_BLOCK, length - done))


def _pick(track: Track, window: Window) -> VideoSamples:
    samples, first, end = track.samples, window.first, window.end
    times = array("q", (at - samples.dts[first] for at in samples.dts[first : end + 1]))
    shifts = array("i", bytes(4 * (end - first)))
    if samples.cts is not None:
        shifts = array("i", (shift - track.media_time for shift in samples.cts[first:end]))
    sync = samples.sync
    keys = range(end - first) if sync is None else (one - first for one in sync if first <= one < end)
    sizes, offsets = samples.sizes[first:end], samples.offsets[first:end]
    # Every window of HEVC begins a sequence, also where the reel has frames before it.
    return VideoSamples(
        0,
        end - first,
        track.entry,
        sizes,
        offsets,
        times,
        shifts,
        array("I", keys),
        broken_link=track.entry.fourcc in ("hvc1", "hev1"),
    )


def _outputs(*, audio: bool) -> list[str]:
    # Four pixels of every frame are enough to count it.
    video = ["-map", "0:V:0", "-vf", "crop=2:2:0:0", "-c:v", "rawvideo", "-fps_mode", "passthrough"]
    video += ["-enc_time_base:v", "demux", "-f", "framecrc", "pipe:1"]
    return [*video, *(["-map", "0:a:0", "-f", "null", "-"] if audio else [])]


def complaint(log: Sequence[str]) -> str:
    """First line of a decoder in ffmpeg's log that is not known to be harmless; empty without one."""
    lines = (line for line in log if line.startswith(_DECODERS) and not any(words in line for words in _HARMLESS))
    return next(lines, "")


def _difference(seen: "array[int]", expected: "array[int]") -> str:
    """What is wrong with the decoded frames, in words; times count from the first."""
    if len(seen) != len(expected):
        return f"{len(seen)} frames were decoded instead of {len(expected)}"
    shift = seen[0] - expected[0] if expected else 0
    wrong = sum(at - shift != due for at, due in zip(seen, expected, strict=True))
    return f"{wrong} frames are not at their time" if wrong else ""
