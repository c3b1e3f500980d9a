"""Render one piece of a clip's picture: exactly its frames, coded like every other piece of the reel."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from playhead.media.errors import UnreadableVideo
from playhead.media.ffmpeg import Ffmpeg, Source, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.mp4.movie import Colour
from playhead.media.progress import Progress
from playhead.media.sniff import HEAD_BYTES, MPEG_PS, MPEG_TS, sniff
from playhead.media.stitch.encoders import frame_rate, output_path, picture_encoder
from playhead.media.stitch.plan import ClipPlan, PicturePiece, ReelFormat, StitchPlan
from playhead.media.stitch.tasks import RenderTask

_LOOSE_LEAD_S = 20.0
"""How much earlier to start in a stream without an index; broadcast keyframes are at most 10 s apart."""

_TIME_SLACK_S = 0.0004
"""A source's frame that begins this much before the wanted time is meant: seeking rounds to microseconds."""

_TONE_MAP = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p={primaries},tonemap=hable:desat=0,"
_TONE_MAPPED = "zscale=t={transfer}:m={matrix}:r={range}"

_DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
"""For every source, as only the frames themselves tell; others pass untouched and cost nothing (measured)."""

_BT709, _BT601 = 1, 6
"""Matrix coefficients of ITU-T H.273."""

_HIGH_DEFINITION = 720
"""Lines from which a picture without a tag is taken for BT.709, below for BT.601, as browsers do."""


async def render_picture(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Decode a span and encode it as an MP4 of pictures alone, beginning with a keyframe at time 0.

    With a rate, frame k is the picture shown at ``start_s + k / rate``, to half a frame; without, the source's
    frames from *start_s* on keep their times. A source that ends early holds its last picture.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    assert task.clip is not None
    clip = plan.clips[task.clip]
    await encode_piece(
        clip,
        clip.picture[task.piece],
        plan.format,
        source,
        out,
        purpose=f"Rendering clip {clip.clip_id} of video {clip.video_id}",
        progress=progress,
        threads=threads,
        ffmpeg=ffmpeg,
    )


async def encode_piece(
    clip: ClipPlan,
    piece: PicturePiece,
    form: ReelFormat,
    source: Path,
    out: Path,
    *,
    purpose: str,
    added: Sequence[str] = (),
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Encode a piece of a clip in the reel's format, as `render_picture` says.

    Args:
        purpose: What this is for, in an error.
        added: Options after the encoder's own; of an option that is said twice the last counts.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    lead_s = await asyncio.to_thread(lead_of, source)
    seek_s, seek = seek_to(piece.start_s - lead_s)
    span_s = float(piece.frames / (piece.rate or form.fps))
    await run_ffmpeg(
        ffmpeg or find_ffmpeg(),
        purpose=purpose,
        sources=[Source(source, seek)],
        arguments=[
            *["-filter_threads", str(threads), "-map", "0:V:0"],
            *["-vf", picture_filters(clip, piece, form, seek_s), "-frames:v", str(piece.frames)],
            *[*picture_encoder(form, threads), *added, output_path(out)],
        ],
        limits=encode_limits(span_s=span_s, pixels=max(clip.pixels, form.width * form.height), threads=threads),
        threads=threads,
        total_s=span_s,
        progress=progress,
    )


def seek_to(start_s: float) -> tuple[float, tuple[str, ...]]:
    """Input options that start at the keyframe before a time, and the time that then counts as 0.

    Not "accurate": that drops the frame that is still on screen at the start. The filters cut instead.
    """
    text = f"{max(0.0, start_s):.6f}"
    return (float(text), ("-noaccurate_seek", "-ss", text)) if float(text) > 0 else (0.0, ())


def picture_filters(clip: ClipPlan, piece: PicturePiece, form: ReelFormat, seek_s: float) -> str:
    """The filters from decoded frames to what the encoder takes.

    Args:
        seek_s: Time in the source that ffmpeg counts as 0.
    """
    steps = [_DEINTERLACE, _timing(piece, piece.start_s - seek_s), *_scaling(clip, form)]
    size, background = f"{form.width}:{form.height}", form.background.replace("#", "0x")
    colour, full = form.colour, form.colour.full_range
    steps += [f"pad={size}:(ow-iw)/2:(oh-ih)/2:color={background}", "setsar=1", "format=yuv420p"]
    tags = f"color_primaries={colour.primaries}:color_trc={colour.transfer}:colorspace={colour.matrix}"
    return ",".join([*steps, f"setparams={tags}:range={'pc' if full else 'tv'}"])


def _timing(piece: PicturePiece, shift_s: float) -> str:
    shift = f"setpts='round(PTS-{shift_s:.9f}/TB)'"
    if piece.rate is None:
        return f"{shift},trim=start={-_TIME_SLACK_S},setpts=PTS-STARTPTS,tpad=stop_mode=clone:stop=-1"
    # A constant rate first, so that "hold the last picture" knows how long one lasts; then cut at the start,
    # or hold the first picture back to it where the track begins later than the file.
    rate = frame_rate(piece.rate)
    return f"{shift},fps={rate},tpad=stop_mode=clone:stop=-1,fps={rate}:start_time=0"


def _scaling(clip: ClipPlan, form: ReelFormat) -> list[str]:
    # Square pixels, as large as fits, even sides.
    width = f"max(2,min({form.width},trunc({form.height}*dar/2+0.5)*2))"
    height = f"max(2,min({form.height},trunc({form.width}/dar/2+0.5)*2))"
    scale = f"scale=w='{width}':h='{height}':flags=bicubic"
    full = "pc" if form.colour.full_range else "tv"
    matrix = _matrix(form.colour, form.height)
    if clip.hdr:
        known = {"primaries": form.colour.primaries, "transfer": form.colour.transfer, "matrix": matrix}
        sure = {name: _BT709 if value in (0, 2) else value for name, value in known.items()}
        return [scale, "setsar=1", (_TONE_MAP + _TONE_MAPPED).format(**sure, range=full)]
    # Pieces beside a copied body are never converted: the body is what the reel's tags say.
    guess = _BT709 if clip.height >= _HIGH_DEFINITION else _BT601
    taken = matrix if clip.action == "boundary" else guess if clip.height and clip.colour.matrix in (0, 2) else None
    told = "" if taken is None else f":in_color_matrix={taken}"
    return [f"{scale}{told}:out_color_matrix={matrix}:out_range={full}", "setsar=1"]


def _matrix(colour: Colour, lines: int) -> int:
    if colour.matrix not in (0, 2):
        return colour.matrix
    return _BT709 if lines >= _HIGH_DEFINITION else _BT601


def lead_of(source: Path) -> float:
    # Without an index, a seek lands between keyframes and the picture starts at the next one, too late.
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        return _LOOSE_LEAD_S if sniff(head) in (MPEG_TS, MPEG_PS) else 0.0
    except UnreadableVideo:
        return 0.0  # ffmpeg will refuse it in its own words
