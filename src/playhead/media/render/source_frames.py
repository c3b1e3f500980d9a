"""Decoding of a video for a piece of the reel: two graphs, the first of which remembers nothing.

ffmpeg builds a graph anew when the format of its frames changes, and then filters forget what they held and how far
they were. The first graph brings all frames to one format; so the second, which counts, is never rebuilt.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from playhead.media.edit.model import WHOLE, Framing
from playhead.media.ffmpeg import Ffmpeg
from playhead.media.render.encoders import frame_rate
from playhead.media.render.fitting import TIME_SLACK_S, fitted
from playhead.media.render.framecrc import FrameTimes
from playhead.media.render.inputs import BEFORE_S, Input, input_of
from playhead.media.render.plan import PlannedSource, ReelFormat

_BEYOND_S = 0.1
"""Decoded beyond the end of a piece: a frame that is shown there may be the nearest to its last."""

_MUCH_FASTER = 1.5

_DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
"""For every source, as only the frames themselves tell; others pass untouched and cost nothing (measured)."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """A span of a video as a piece shows it.

    Attributes:
        start_s: Time in the source of its first frame.
        seconds: How long it is shown.
        rate: Frames a second; None keeps the times of the source's frames.
        speed: Seconds of the source for each second that is shown.
        seen: Times of all frames that were decoded, filled while ffmpeg runs.
    """

    source: PlannedSource
    path: Path
    start_s: float
    seconds: float
    rate: Fraction | None
    speed: float = 1.0
    framing: Framing = WHOLE
    seen: FrameTimes = field(default_factory=FrameTimes, compare=False)

    @property
    def base(self) -> Fraction:
        """When it begins between the graphs: after enough whole frames that nothing of its source is before 0.

        ffmpeg drops what comes before 0 on the way from one graph to the next.
        """
        rate = self.rate or Fraction(1)
        return math.ceil((self.start_s + BEFORE_S) / self.speed * rate) / rate

    @property
    def seen_s(self) -> list[float]:
        """Times of the decoded frames, from the start of the piece; those before it are below 0."""
        base_s = float(self.base)
        return [at_s - base_s for at_s in self.seen.seconds()]

    async def input(self, early_s: float, threads: int) -> Input:
        """How ffmpeg is given the source."""
        tracks, start_s = self.source.tracks, self.start_s
        return await asyncio.to_thread(
            input_of, self.path, tracks, video=True, start_s=start_s, early_s=early_s, threads=threads
        )

    def alike(self, form: ReelFormat, at_s: float) -> str:
        """Filters from decoded frames to frames all alike.

        Args:
            at_s: What ffmpeg's clock shows at the start of the piece.
        """
        end_s = self.base + Fraction(self.seconds) + _BEYOND_S + 2 / form.fps
        filters = [*self._deinterlacing(), self._timestamps(at_s), f"trim=end={float(end_s):.6f}"]
        if self.rate is not None and self._much_faster():
            filters.append(f"fps={frame_rate(self.rate)}")  # what is left out need not be scaled
        shift_s = float(self.base) - self.start_s / self.speed
        return ",".join([*filters, *fitted(self.source, form, self.framing, shift_s, self.speed)])

    @property
    def timed(self) -> str:
        """Filters from frames all alike to those that are shown, the first at 0, the last held for ever."""
        if self.rate is None:
            return f"trim=start={float(self.base) - TIME_SLACK_S},setpts=PTS-STARTPTS,tpad=stop_mode=clone:stop=-1"
        # A constant rate first, so that "hold the last frame" knows how long one lasts; then cut at the start,
        # or hold the first frame back to it where the track begins later than the file.
        rate, first = frame_rate(self.rate), self.base * self.rate
        return f"fps={rate},tpad=stop_mode=clone:stop=-1,setpts=PTS-{first},fps={rate}:start_time=0"

    def _timestamps(self, at_s: float) -> str:
        if self.speed == 1:
            return f"setpts='round(PTS-{at_s - float(self.base):.9f}/TB)'"
        return f"setpts='round((PTS-{at_s:.9f}/TB)/{self.speed:.9f}+{float(self.base):.9f}/TB)'"

    def _deinterlacing(self) -> list[str]:
        # It holds a frame back, which is lost when the graph is built anew.
        source = self.source
        return [] if source.tracks.changes and not source.interlaced else [_DEINTERLACE]

    def _much_faster(self) -> bool:
        tracks = self.source.tracks
        return self.rate is not None and tracks.fps * self.speed > _MUCH_FASTER * self.rate and not tracks.changes


@dataclass(frozen=True, slots=True)
class Decoded:
    """Arguments of ffmpeg that decode some videos, and what the graph of the piece begins with for each.

    Attributes:
        graphs: First graphs and what is between them and the last one.
        streams: In the order of the decodings.
    """

    graphs: list[str]
    streams: list[str]


def decode(
    ffmpeg: Ffmpeg,
    decodings: Sequence[Decoding],
    inputs: Sequence[Input],
    form: ReelFormat,
    outputs: Sequence[str],
) -> Decoded:
    """First graphs of some videos; between them and the last one go the times of what was decoded, as ``framecrc``.

    Args:
        inputs: Of the decodings.
        outputs: Where those times are written to, for each.
    """
    graphs: list[str] = []
    streams: list[str] = []
    places = _places(inputs)
    for number, (one, given) in enumerate(zip(decodings, inputs, strict=True)):
        at = places[number]
        stream = f"{at}:{given.stream.partition(':')[2]}"
        alike = one.alike(form, given.at_s)
        if not ffmpeg.loops_back:
            streams.append(f"[{stream}]{alike},{one.timed}")
            continue
        graphs += ["-filter_complex", f"[{stream}]{alike}[alike{number}]", "-map", f"[alike{number}]"]
        graphs += ["-c:v", "wrapped_avframe", "-fps_mode", "passthrough", "-enc_time_base", "filter"]
        graphs += ["-f", "framecrc", outputs[number]]
        streams.append(f"[dec:{number}]{one.timed}")
    dec = [part for number in range(len(streams)) for part in ("-dec", f"{number}:0")] if graphs else []
    return Decoded([*graphs, *dec], streams)


def _places(inputs: Sequence[Input]) -> list[int]:
    """Numbers of the inputs: what is piped comes after all files."""
    files = sum(len(given.sources) for given in inputs)
    numbers = iter(range(files))
    return [next(numbers) if given.sources else files for given in inputs]
