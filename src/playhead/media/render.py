"""Render one clip's span into the reel's format: exactly its frames and exactly its samples."""

import asyncio
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playhead.media.errors import UnreadableVideo
from playhead.media.ffmpeg import Ffmpeg, Source, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.format import ReelFormat
from playhead.media.plan import SAMPLE_RATE, ClipPlan, samples_of
from playhead.media.progress import Progress
from playhead.media.sniff import HEAD_BYTES, MPEG_PS, MPEG_TS, sniff

SAMPLE_BYTES = 4
"""Stereo, signed 16 bits."""

_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p,"
)
_LOOSE_LEAD_S = 20.0
"""How much earlier to start in a stream without an index; broadcast keyframes are at most 10 s apart."""

_COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")


@dataclass(frozen=True, slots=True)
class RenderedPaths:
    """What a clip becomes: an MP4 without sound, and raw s16le stereo 48 kHz; *audio* None in a silent reel."""

    video: Path
    audio: Path | None


async def render_clip(
    plan: ClipPlan,
    format: ReelFormat,  # noqa: A002
    source: Path,
    out: RenderedPaths,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Decode a span and encode it anew in one run of ffmpeg.

    The picture on frame k is the one shown at ``start_s + k / fps``, to half a frame; sound starts on the sample of
    ``start_s``, so the two keep the offset that they have in the source. A source that ends early holds its last
    picture and goes silent.

    Args:
        threads: Of the decoder, the filters and the encoder each; 0 lets ffmpeg choose.

    Raises:
        FfmpegFailed: or the subclass that says why.
    """
    span_s = float(plan.frames / format.fps)
    samples = samples_of(plan, format.fps)
    sounds = out.audio is not None and plan.has_audio
    lead_s = min(plan.start_s, await asyncio.to_thread(_lead, source))
    arguments = ["-map", "0:V:0", "-vf", _picture(plan, format, lead_s), "-frames:v", str(plan.frames)]
    arguments += [*video_encoder(format.fps, threads), "-f", "mp4", str(out.video.absolute())]
    if sounds:
        arguments += ["-map", "0:a:0", "-af", _sound(samples, lead_s), "-c:a", "pcm_s16le", "-t", f"{span_s + 1:.6f}"]
        arguments += ["-f", "s16le", str(out.audio.absolute() if out.audio else "")]
    await run_ffmpeg(
        ffmpeg or find_ffmpeg(),
        purpose=f"Rendering clip {plan.clip_id} of video {plan.video_id}",
        sources=[Source(source, _seek(plan.start_s - lead_s))],
        arguments=["-filter_threads", str(threads), *arguments],
        limits=encode_limits(span_s=span_s, pixels=max(plan.pixels, format.width * format.height), threads=threads),
        threads=threads,
        total_s=span_s,
        progress=progress,
    )
    if out.audio is not None:
        await asyncio.to_thread(_pad, out.audio, samples * SAMPLE_BYTES)


def video_encoder(fps: Fraction, threads: int) -> list[str]:
    """The same for every clip, so that their packets can stand in one track: codec, colours, time base, rate."""
    encoder = ["-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high"]
    encoder += ["-pix_fmt", "yuv420p", *_COLOUR, "-threads", str(threads)]
    return [
        *encoder,
        "-fps_mode",
        "passthrough",
        "-enc_time_base",
        f"1:{timescale(fps)}",
        "-video_track_timescale",
        str(timescale(fps)),
    ]


def timescale(fps: Fraction) -> int:
    """Ticks a second in which each frame of this rate takes a whole number, and fine enough for players."""
    return fps.numerator * max(1, -(-10_000 // fps.numerator))


def _lead(source: Path) -> float:
    # Without an index, a seek lands between keyframes and the picture starts at the next one, too late.
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        return _LOOSE_LEAD_S if sniff(head) in (MPEG_TS, MPEG_PS) else 0.0
    except UnreadableVideo:
        return 0.0  # ffmpeg will refuse it in its own words


def _seek(at_s: float) -> tuple[str, ...]:
    # Not "accurate": that drops the frame that is still on screen at the start. The filters cut instead.
    return ("-noaccurate_seek", "-ss", f"{at_s:.6f}") if at_s > 0 else ()


def _picture(plan: ClipPlan, format: ReelFormat, lead_s: float) -> str:  # noqa: A002
    rate, size = f"{format.fps.numerator}/{format.fps.denominator}", f"{format.width}:{format.height}"
    colour = format.background.replace("#", "0x")
    return (
        # A constant rate first, so that "hold the last picture" knows how long one lasts; then cut at the start,
        # or hold the first picture back to it where the track begins later than the file.
        f"setpts=PTS-{lead_s:.6f}/TB,fps={rate},tpad=stop_mode=clone:stop=-1,fps={rate}:start_time=0,"
        f"{_TONE_MAP if plan.hdr else ''}"
        # Square pixels, then as large as fits.
        f"scale=w='trunc(iw*if(gt(sar,0),sar,1)/2+0.5)*2':h=ih:flags=bicubic,setsar=1,"
        f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
        f":out_color_matrix=bt709:out_range=tv,"
        f"pad={size}:(ow-iw)/2:(oh-ih)/2:color={colour},setsar=1,format=yuv420p,"
        f"setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    )


def _sound(samples: int, lead_s: float) -> str:
    return (
        f"asetpts=PTS-{lead_s:.6f}/TB,atrim=start=0,aresample={SAMPLE_RATE}:async=1:first_pts=0:min_hard_comp=0.04,"
        f"aformat=sample_fmts=s16:channel_layouts=stereo,apad=whole_len={samples},atrim=end_sample={samples}"
    )


def _pad(path: Path, size: int) -> None:
    # Silence is zeros, and zeros at the end of a file are free: a clip without sound, or one that ends before it.
    with path.open("ab") as file:
        file.truncate(size)
