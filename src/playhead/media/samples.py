"""Sample clips to try Playhead with, made by ffmpeg in various common formats."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playhead.media.ffmpeg import Ffmpeg, encode_limits, find_ffmpeg, run_ffmpeg

_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p")
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "24", "-pix_fmt", "yuv420p", "-tag:v", "hvc1")
_HEVC_QUIET = (*_HEVC, "-x265-params", "log-level=error")
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M", "-row-mt", "1")


@dataclass(frozen=True, slots=True)
class _Sample:
    name: str
    seconds: int
    video: str
    encoder: tuple[str, ...]
    chord: tuple[int, ...]
    """Frequencies in Hz; empty for a clip without audio."""


_SAMPLES = (
    _Sample(
        "Sunrise gradient.mp4",
        5,
        "gradients=s=1280x720:r=30:n=4:c0=0x1b1f4b:c1=0x8a3b7a:c2=0xff7a3d:c3=0xffd98a"
        ":x0=640:y0=0:x1=640:y1=719:speed=0.002",
        _H264,
        (262, 330, 392),
    ),
    _Sample("Mandelbrot dive.mp4", 4, "mandelbrot=s=640x360:r=24:end_scale=0.02:end_pts=96", _H264, (220, 277, 330)),
    _Sample(
        "Game of life.webm",
        4,
        "life=s=160x90:r=30000/1001:mold=12:ratio=0.12:seed=7:death_color=0x0b3d2e:life_color=0xb8ffd0,"
        "scale=960:540:flags=neighbor",
        _VP9,
        (294, 370, 440),
    ),
    _Sample("Test card 60 fps.mp4", 4, "testsrc2=s=1280x720:r=60", _H264, (440,)),
    _Sample("Zone plate.mkv", 3, "zoneplate=s=640x360:r=25:kt2=2:ku=256:kx2=80:ky2=80", _HEVC_QUIET, (330, 415, 494)),
    _Sample(
        "Vertical aurora.mp4",
        4,
        "gradients=s=720x1280:r=30:c0=0x07122b:c1=0x1fd6a6:c2=0x6c4dff:c3=0x07122b:n=4"
        ":x0=200:y0=0:x1=520:y1=1279:speed=0.004",
        _H264,
        (196, 247, 294),
    ),
    _Sample(
        "Silent automaton.mp4",
        4,
        "cellauto=s=320x180:r=25:rule=110:seed=3:scroll=1,scale=1280:720:flags=neighbor,"
        "colorchannelmixer=rr=0.35:gg=0.75:bb=1",
        _H264,
        (),
    ),
)


async def make_samples(folder: Path, *, names: Sequence[str] | None = None, ffmpeg: Ffmpeg | None = None) -> list[Path]:
    """Make the sample clips, 3 to 5 s each: H.264, HEVC and VP9, 24 to 60 fps, one vertical, one without audio.

    An existing clip is kept.

    Args:
        folder: Existing folder; the file names serve as titles.
        names: Names of the clips to make; all if None.

    Returns:
        Their paths, in a pleasant order for a first reel.
    """
    wanted = [sample for sample in _SAMPLES if names is None or sample.name in names]
    for sample in wanted:
        path = folder / sample.name
        if not await asyncio.to_thread(path.exists):
            fresh = path.with_name(f".{sample.name}")
            await _make(ffmpeg or find_ffmpeg(), sample, fresh)
            await asyncio.to_thread(fresh.replace, path)
    return [folder / sample.name for sample in wanted]


async def _make(ffmpeg: Ffmpeg, sample: _Sample, path: Path) -> None:
    arguments = ["-f", "lavfi", "-i", sample.video]
    if sample.chord:
        notes = "+".join(
            f"sin(2*PI*{note}*t)*(1+0.3*sin(2*PI*{0.5 + index / 4}*t))" for index, note in enumerate(sample.chord)
        )
        fade = f"min(1,t*4)*min(1,({sample.seconds}-t)*2)"
        arguments += ["-f", "lavfi", "-i", f"aevalsrc='0.12*({notes})*{fade}':s=48000:d={sample.seconds}"]
        arguments += ["-c:a", "libopus" if path.suffix == ".webm" else "aac", "-b:a", "128k", "-ac", "2"]
    fast_start = ["-movflags", "+faststart"] if path.suffix == ".mp4" else []
    output = ["-t", str(sample.seconds), *sample.encoder, *fast_start, f"file:{path}"]
    await run_ffmpeg(
        ffmpeg,
        purpose=f"Making the sample clip {sample.name}",
        sources=[],
        arguments=[*arguments, *output],
        limits=encode_limits(span_s=sample.seconds, pixels=1280 * 720, threads=0),
    )
