"""The last graph of a piece with effects: stills, mixes, fades and layers, exact by frame.

Frame k of a mix or a fade of n frames has k + 0.5 over n of what comes: so it is the same forwards and backwards, and
no frame repeats the one beside it.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from playhead.media.edit.segments import Fade, Shown, VideoEffects
from playhead.media.layers.drawing import Drawn, Overlay
from playhead.media.render.encoders import frame_rate
from playhead.media.render.fitting import matrix_of, tagged
from playhead.media.render.plan import ReelFormat

ZOOM = 0.12
"""How much larger an image is at the end of its zoom."""


class MixGraph:
    """Builder of the graph of one piece.

    Args:
        frames: Of the piece.
        streams: What the graph begins with for each video that is decoded: of the clip, then of the one before it.
        first_input: Number of the first input of ffmpeg that is drawn; see `inputs`.
    """

    def __init__(
        self,
        effects: VideoEffects,
        form: ReelFormat,
        frames: int,
        rate: Fraction,
        drawn: Drawn,
        streams: Sequence[str],
        first_input: int,
    ) -> None:
        self._effects, self._form, self._frames, self._rate = effects, form, frames, rate
        self._drawn, self._streams, self._next_input = drawn, list(streams), first_input
        self.inputs: list[str] = []
        self.graph = ";".join(self._parts())

    def _parts(self) -> Iterator[str]:
        effects = self._effects
        yield f"{self._begin(effects.shown, self._drawn.shown)},{self._halves}[shown]"
        label = "shown"
        if effects.before is not None:
            yield f"{self._begin(effects.before, self._drawn.before)},{self._bounded}[before]"
            yield f"[before][{label}]{self._xfade(effects.mix_start_s, effects.mix_s)}[mixed]"
            label = "mixed"
        for number, fade in enumerate(effects.fades):
            yield f"{self._colour(fade.colour)}[colour{number}]"
            yield self._fade(fade, label, number)
            label = f"faded{number}"
        for name, overlay in (("words", self._drawn.words), ("mark", self._drawn.mark)):
            if overlay is not None:
                yield f"{self._laid_over(overlay, listed=name == 'words')}[{name}]"
                yield f"[{label}][{name}]overlay=x={overlay.x}:y={overlay.y}:format=yuv420[over{name}]"
                label = f"over{name}"
        yield f"[{label}]format=yuv420p,{tagged(self._form)},{self._counted}[out]"

    def _begin(self, shown: Shown, still: object) -> str:
        """Frames of a clip at the reel's rate, from 0 on."""
        if not shown.still:
            return self._streams.pop(0)
        return (
            f"[{self._input(['-i', f'file:{still}'])}:v]{self._converted('yuv420p')},{self._held},{self._zoom(shown)}"
        )

    def _input(self, arguments: list[str]) -> int:
        self.inputs += ["-protocol_whitelist", "file", *arguments]
        self._next_input += 1
        return self._next_input - 1

    def _converted(self, pixels: str) -> str:
        full = "pc" if self._form.colour.full_range else "tv"
        return f"scale=flags=bicubic:out_color_matrix={matrix_of(self._form)}:out_range={full},format={pixels}"

    @property
    def _halves(self) -> str:
        """A clock of half frames: `xfade` rounds its times to it."""
        return f"settb={self._rate.denominator}/{2 * self._rate.numerator}"

    @property
    def _bounded(self) -> str:
        return f"trim=end_frame={self._frames},{self._halves}"

    @property
    def _counted(self) -> str:
        return f"settb={self._rate.denominator}/{self._rate.numerator},setpts=N"

    @property
    def _held(self) -> str:
        """One frame for ever, counted at the reel's rate."""
        return f"setsar=1,{tagged(self._form)},loop=-1:1,{self._counted},fps={frame_rate(self._rate)}"

    def _zoom(self, shown: Shown) -> str:
        """Slow zoom at a 256th of a pixel: whole pixels would shake."""
        if shown.zoom == "none":
            return "null"
        span = f"({shown.zoom_from:.6f}+{shown.zoom_to - shown.zoom_from:.6f}*(on-0.5)/{self._frames})"
        share = f"min(1,max(0,{span if shown.zoom == 'in' else f'1-{span}'}))"
        near = f"(0.5-0.5/(1+{ZOOM}*{share}))"
        low, wide, high = f"'W*{near}'", f"'W*(1-{near})'", f"'H*(1-{near})'"
        top = f"'H*{near}'"
        corners = f"x0={low}:y0={top}:x1={wide}:y1={top}:x2={low}:y2={high}:x3={wide}:y3={high}"
        return f"perspective={corners}:interpolation=cubic:eval=frame"

    def _xfade(self, start_s: float, seconds: float) -> str:
        """The middle of each frame decides."""
        offset_s = start_s - float(1 / self._rate) / 2
        return f"xfade=transition=fade:duration={max(seconds, 1e-6):.6f}:offset={offset_s:.6f}"

    def _colour(self, colour: str) -> str:
        size = f"{self._form.width}x{self._form.height}"
        source = f"color=c={colour.replace('#', '0x')}:s={size}:r={frame_rate(self._rate)},format=gbrp"
        return f"{source},{self._converted('yuv420p')},setsar=1,{tagged(self._form)},{self._bounded}"

    def _fade(self, fade: Fade, label: str, number: int) -> str:
        streams = (f"colour{number}", label) if fade.kind == "in" else (label, f"colour{number}")
        mix = self._xfade(fade.start_s, fade.duration_s)
        return f"[{streams[0]}][{streams[1]}]{mix}[faded{number}]"

    def _laid_over(self, overlay: Overlay, *, listed: bool) -> str:
        """A picture for ever, or several of a list, each from its frame on."""
        before = ["-f", "concat", "-safe", "0"] if listed else []
        stream = f"[{self._input([*before, '-i', f'file:{overlay.path}'])}:v]"
        return f"{stream}{self._converted('yuva420p')}" + ("" if listed else ",loop=-1:1,setpts=N/25/TB")
