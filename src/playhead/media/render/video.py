"""Rendering of one piece of a clip's video: exactly its frames, coded like every other piece of the reel."""

import asyncio
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from playhead.media.colours import HDR_TRANSFERS, SCALED, UNSPECIFIED, scaled_matrix, settle
from playhead.media.ffmpeg import Ffmpeg, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.mp4.movie import Colour
from playhead.media.progress import Progress
from playhead.media.render.encoders import frame_rate, output_path, video_encoder
from playhead.media.render.framecrc import FrameTimes
from playhead.media.render.inputs import BEFORE_S, input_of, read_again
from playhead.media.render.levels import check_frames
from playhead.media.render.plan import ClipPlan, ReelFormat, StitchPlan, VideoPiece
from playhead.media.render.tasks import RenderTask

_GBR = 0
_CONSTANT_LUMINANCE = 10
_ZSCALE = frozenset((8, 10, 12, 14))
"""Matrices that only ``zscale`` reads: YCgCo, constant luminance (not of PQ and HLG), chroma derived, ICtCp."""

_ALPHA = "premultiply=inplace=1,lutrgb=a=negval,colorchannelmixer=ra={:.6f}:ga={:.6f}:ba={:.6f},format=gbrp"
"""Colour times alpha, plus background times what alpha leaves of it."""


def named_colours(clip: ClipPlan) -> list[str]:
    """Name the colours of HDR and of rare matrices, which no filter guesses; bring the latter to a common matrix.

    Nothing for SDR of a matrix that is read anyway or not said, nor where only ffmpeg knows the colours.
    """
    colour = settle(clip.colour, clip.height)
    if not clip.height or clip.hdr != (colour.transfer in HDR_TRANSFERS):
        return []
    if not clip.hdr and clip.colour.matrix in (_GBR, UNSPECIFIED, *SCALED):
        return []
    rare = colour.matrix in _ZSCALE and not (clip.hdr and colour.matrix == _CONSTANT_LUMINANCE)
    plain = scaled_matrix(colour)
    names = f"color_primaries={colour.primaries}:color_trc={colour.transfer}"
    names += f":colorspace={colour.matrix if rare else plain}"
    if colour.matrix != _GBR:  # red, green and blue have full range whatever they are tagged with
        names += f":range={'pc' if colour.full_range else 'tv'}"
    return [f"setparams={names}", *([f"zscale=m={plain}"] if rare else [])]


def unsaid_matrix(clip: ClipPlan) -> int | None:
    """Matrix of a clip that is not tagged with one; None where it does, or where only ffmpeg knows."""
    if not clip.height or clip.colour.matrix not in (_GBR, UNSPECIFIED):
        return None
    return settle(replace(clip.colour, matrix=UNSPECIFIED), clip.height).matrix


def on_background(background: str) -> str:
    """Filter that puts video with alpha on a colour.

    Blends red, green and blue as coded, before any scaling: neither does what is hidden bleed over the edges, nor does
    chroma of fewer samples smear them.

    Args:
        background: ``#rrggbb``.
    """
    red, green, blue = (int(background[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "format=gbrap," + _ALPHA.format(red, green, blue)


_BEYOND_S = 0.1
"""Decoded beyond the end of a piece: a frame that is shown there may be the nearest to its last."""

_MUCH_FASTER = 1.5

_TIME_SLACK_S = 0.0004
"""A source's frame that begins this much before the wanted time is meant: seeking rounds to microseconds."""

_TONE_MAP = "zscale=t=linear:npl=100,format={floats},zscale=p={primaries},tonemap=hable:desat=0,"
_TONE_MAPPED = "zscale=t={transfer}:m={matrix}:r={range}"

_DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
"""For every source, as only the frames themselves tell; others pass untouched and cost nothing (measured)."""

_BT709, _BT601 = 1, 6
"""Matrix coefficients of ITU-T H.273."""

_HIGH_DEFINITION = 720
"""Lines from which video without a tag is taken for BT.709, below for BT.601, as browsers do."""


async def render_video(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Decode a span and encode it as an MP4 of video alone, beginning with a keyframe at time 0.

    With a rate, frame k is the one shown at ``start_s + k / rate``, to half a frame; without, the source's
    frames from *start_s* on keep their times. A source that ends early holds its last frame.

    Raises:
        FfmpegFailed: or the subclass that says why.
        ContentLost: frames of the source are missing in it.
    """
    assert task.clip is not None
    clip, form = plan.clips[task.clip], plan.format
    piece = clip.video[task.piece]
    tool, span_s, base_s = ffmpeg or find_ffmpeg(), piece.ticks / form.timescale, float(base_of(piece))
    what = "clip" if form.rate_control is None else "rendition"

    async def run(early_s: float) -> None:
        seen = FrameTimes()
        given = await asyncio.to_thread(
            input_of, source, clip.tracks, video=True, start_s=piece.start_s, early_s=early_s, threads=threads
        )
        await run_ffmpeg(
            tool,
            purpose=f"Rendering {what} {clip.clip_id} of video {clip.video_id}",
            sources=given.sources,
            arguments=[
                *[*given.arguments, "-filter_complex_threads", str(threads)],
                *_graphs(tool, given.stream, *video_filters(clip, piece, form, given.at_s)),
                *["-map", "[out]", "-frames:v", str(piece.frames)],
                *[*video_encoder(form, threads), output_path(out)],
            ],
            limits=encode_limits(span_s=span_s, pixels=max(clip.pixels, form.width * form.height), threads=threads),
            threads=threads,
            total_s=span_s,
            progress=progress,
            feed=given.feed,
            read_line=(lambda line: seen.read(line, base_s)) if tool.loops_back else None,
        )
        if tool.loops_back:
            check_frames([at_s - base_s for at_s in seen.seconds()], clip, piece, form)

    await read_again(run, piece.start_s)


def _graphs(ffmpeg: Ffmpeg, stream: str, alike: str, timed: str) -> list[str]:
    """Two graphs, one behind the other, and between them the times of what was decoded, as ``framecrc``.

    ffmpeg builds a graph anew when the format of its frames changes, and then filters forget what they held and how
    far they were. The first graph brings all frames to one format and remembers nothing; so the second, which
    counts, is never rebuilt.
    """
    if not ffmpeg.loops_back:
        return ["-filter_complex", f"[{stream}]{alike},{timed}[out]"]
    between = ["-map", "[alike]", "-c:v", "wrapped_avframe", "-fps_mode", "passthrough", "-enc_time_base", "filter"]
    first = ["-filter_complex", f"[{stream}]{alike}[alike]", *between, "-f", "framecrc", "pipe:1"]
    return [*first, "-dec", "0:0", "-filter_complex", f"[dec:0]{timed}[out]"]


def video_filters(clip: ClipPlan, piece: VideoPiece, form: ReelFormat, at_s: float) -> tuple[str, str]:
    """The filters from decoded frames to frames all alike, and from there to those that the encoder takes.

    Args:
        at_s: What ffmpeg's clock shows at the start of the piece.
    """
    base = base_of(piece)
    end_s = base + piece.ticks / form.timescale + _BEYOND_S + 2 / form.fps
    alike = [*_deinterlacing(clip), f"setpts='round(PTS-{at_s - float(base):.9f}/TB)'", f"trim=end={float(end_s):.6f}"]
    if piece.rate is not None and clip.tracks.fps > _MUCH_FASTER * piece.rate and not clip.tracks.changes:
        alike.append(f"fps={frame_rate(piece.rate)}")  # what is left out need not be scaled
    alike += _scaling(clip, form, float(base) - piece.start_s)
    size, background = f"{form.width}:{form.height}", form.background.replace("#", "0x")
    colour, full = form.colour, form.colour.full_range
    each = ":eval=frame" if clip.tracks.aspects else ""
    alike += [f"pad={size}:(ow-iw)/2:(oh-ih)/2:color={background}{each}", "setsar=1", "format=yuv420p"]
    tags = f"color_primaries={colour.primaries}:color_trc={colour.transfer}:colorspace={colour.matrix}"
    alike.append(f"setparams={tags}:range={'pc' if full else 'tv'}")
    return ",".join(alike), _timing(piece, base)


def _deinterlacing(clip: ClipPlan) -> list[str]:
    # It holds a frame back, which is lost when the graph is built anew.
    return [] if clip.tracks.changes and not clip.interlaced else [_DEINTERLACE]


def base_of(piece: VideoPiece) -> Fraction:
    """When a piece begins between the graphs: after enough whole frames that nothing of its source is before 0.

    ffmpeg drops what comes before 0 on the way from one graph to the next.
    """
    rate = piece.rate or Fraction(1)
    return math.ceil((piece.start_s + BEFORE_S) * rate) / rate


def _timing(piece: VideoPiece, base: Fraction) -> str:
    if piece.rate is None:
        return f"trim=start={float(base) - _TIME_SLACK_S},setpts=PTS-STARTPTS,tpad=stop_mode=clone:stop=-1"
    # A constant rate first, so that "hold the last frame" knows how long one lasts; then cut at the start,
    # or hold the first frame back to it where the track begins later than the file.
    rate, first = frame_rate(piece.rate), base * piece.rate
    return f"fps={rate},tpad=stop_mode=clone:stop=-1,setpts=PTS-{first},fps={rate}:start_time=0"


def _display_aspect(clip: ClipPlan, shift_s: float) -> str:
    """Width over height as displayed, for an expression of ``scale``, which knows the first pixel aspect alone.

    Args:
        shift_s: Added to a time in the file, gives that of the graph.
    """
    if not clip.tracks.aspects:
        return "dar"
    (_, last), *before = reversed(clip.tracks.aspects)
    expression = f"{last:.6f}"
    starts = [at_s for at_s, _ in clip.tracks.aspects[1:]]
    for start_s, (_, aspect) in zip(reversed(starts), before, strict=True):
        expression = f"if(lt(t,{start_s + shift_s - _TIME_SLACK_S:.6f}),{aspect:.6f},{expression})"
    return f"(iw/ih*{expression})"


def _scaling(clip: ClipPlan, form: ReelFormat, shift_s: float) -> list[str]:
    # Square pixels, as large as fits, even sides.
    dar = _display_aspect(clip, shift_s)
    width = f"max(2,min({form.width},trunc({form.height}*{dar}/2+0.5)*2))"
    height = f"max(2,min({form.height},trunc({form.width}/{dar}/2+0.5)*2))"
    each = ":eval=frame" if clip.tracks.aspects else ""
    scale = f"scale=w='{width}':h='{height}':flags=bicubic{each}"
    full = "pc" if form.colour.full_range else "tv"
    matrix = _matrix(form.colour, form.height)
    convert = f"out_color_matrix={matrix}:out_range={full}"
    if clip.hdr:
        known = {"primaries": form.colour.primaries, "transfer": form.colour.transfer, "matrix": matrix}
        sure = {name: _BT709 if value in (0, 2) else value for name, value in known.items()}
        floats = "gbrapf32le" if clip.tracks.alpha else "gbrpf32le"
        mapped = (_TONE_MAP + _TONE_MAPPED).format(**sure, floats=floats, range=full)
        if clip.tracks.alpha:
            return [*named_colours(clip), mapped, on_background(form.background), f"{scale}:{convert}", "setsar=1"]
        return [*named_colours(clip), scale, "setsar=1", mapped]
    # Pieces beside a copied body are never converted: the body is as the reel is tagged.
    taken = matrix if clip.action == "boundary" else unsaid_matrix(clip)
    stated = "" if taken is None else f":in_color_matrix={taken}"
    if clip.tracks.alpha:
        whole = f"scale=flags=bicubic{stated}"
        return [*named_colours(clip), whole, on_background(form.background), f"{scale}:{convert}", "setsar=1"]
    return [*named_colours(clip), f"{scale}{stated}:{convert}", "setsar=1"]


def _matrix(colour: Colour, lines: int) -> int:
    if colour.matrix not in (0, 2):
        return colour.matrix
    return _BT709 if lines >= _HIGH_DEFINITION else _BT601
