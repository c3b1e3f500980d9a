"""The clips that the media benchmarks work on, made by ffmpeg once for a run."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from playhead.media.ffmpeg import find_ffmpeg

_NOISY = "testsrc2=s={size}:r={rate},noise=alls=14:allf=t"
_BEEP = "sine=frequency=440:beep_factor=4:sample_rate={rate}"
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "60")
_HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params", "log-level=error")


@dataclass(frozen=True, slots=True)
class Clip:
    """A file, and what a graph has to do to it beyond scaling."""

    path: Path
    sound: bool = True
    first_filters: str = ""


def run(*arguments: str) -> None:
    """Run the bundled ffmpeg to its end."""
    subprocess.run([str(find_ffmpeg().binary), "-nostdin", "-v", "error", "-y", *arguments], check=True)


def equal_clips(folder: Path, *, count: int = 8, seconds: int = 20, mbit_s: int = 7) -> list[Clip]:
    """1080p30 H.264 and AAC, all of one encoder; the same video under other names."""
    name = f"equal-{seconds}s-{mbit_s}m"
    first = folder / f"{name}-0.mp4"
    if not first.exists():
        bounds = ("-b:v", f"{mbit_s}M", "-maxrate", f"{mbit_s + 1}M", "-bufsize", f"{2 * mbit_s}M")
        _make(first, "1920x1080", "30", seconds, (*_H264, *bounds))
    clips = [first]
    for number in range(1, count):
        clips.append(folder / f"{name}-{number}.mp4")
        if not clips[-1].exists():
            shutil.copyfile(first, clips[-1])
    return [Clip(path) for path in clips]


def long_clips(folder: Path, size: str, *, count: int = 11, seconds: int = 56) -> list[Clip]:
    """Clips that fit together and add up to ten minutes, of 3 Mb/s."""
    first = folder / f"long-{size}-0.mp4"
    bounds = ("-b:v", "3M", "-maxrate", "4M", "-bufsize", "6M")
    _make(first, size, "30", seconds, (*_H264, *bounds))
    clips = [first, *(folder / f"long-{size}-{number}.mp4" for number in range(1, count))]
    for path in clips[1:]:
        if not path.exists():
            shutil.copyfile(first, path)
    return [Clip(path) for path in clips]


def mostly_equal_clips(folder: Path) -> list[Clip]:
    """Six of 8 s that fit together, one of 720p24 and one of 4K at 60 in HEVC."""
    equal = equal_clips(folder, count=6, seconds=8)
    small, large = folder / "small-24.mp4", folder / "large-60.mp4"
    _make(small, "1280x720", "24", 6, _H264)
    _make(large, "3840x2160", "60", 6, _HEVC)
    return [*equal[:2], Clip(small), *equal[2:4], Clip(large), *equal[4:]]


def unlike_clips(folder: Path, *, seconds: int = 4) -> list[Clip]:
    """Twelve of as many kinds: sizes, rates, codecs, containers, turned, silent, full range, HDR."""
    made: list[Clip] = []

    def clip(
        name: str, size: str, rate: str, coding: tuple[str, ...], *, sound: str = "48000", first: str = ""
    ) -> None:
        path = folder / name
        _make(path, size, rate, seconds, coding, sound=sound)
        made.append(Clip(path, bool(sound), first))

    clip("a-720p24.mp4", "1280x720", "24", _H264)
    clip("b-1080p30.mp4", "1920x1080", "30", _H264)
    clip("c-vertical.mp4", "720x1280", "30", (*_H264, "-ac", "1"), sound="44100")
    clip("d-4k60.mp4", "3840x2160", "60", _HEVC)
    clip("e-silent.mp4", "1920x1080", "25", _H264, sound="")
    clip("f-vp9.webm", "1280x720", "30000/1001", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"))
    clip("g-av1.mkv", "1280x720", "30", ("-c:v", "libsvtav1", "-preset", "12"))
    clip("h-mpeg4.avi", "640x480", "30", ("-c:v", "mpeg4", "-q:v", "3", "-c:a", "pcm_s16le"))
    clip("i-50.mp4", "1280x720", "50", _H264)
    clip("j-anamorphic.mp4", "720x576", "25", (*_H264, "-aspect", "16:9"))
    clip("k-pq.mp4", "1920x1080", "30", (*_HEVC, *_PQ), first=_TONE_MAP)
    clip("l-full.mov", "1920x1080", "30", (*_H264, "-color_range", "pc"))
    return made


_PQ_TAGS = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
_PQ = ("-pix_fmt", "yuv420p10le", "-x265-params", _PQ_TAGS)
_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p,"
)


def hour(folder: Path, *, minutes: int = 60) -> Path:
    """A long 1080p30 film at about 2.5 Mb/s: 20 s over and over."""
    path, loop = folder / f"{minutes}-minutes.mp4", folder / "loop.mp4"
    if not loop.exists():
        _make(loop, "1920x1080", "30", 20, (*_H264, "-b:v", "2500k", "-maxrate", "3M", "-bufsize", "5M"))
    if not path.exists():
        run("-stream_loop", str(minutes * 3 - 1), "-i", str(loop), "-c", "copy", "-movflags", "+faststart", str(path))
    return path


def recording(folder: Path) -> Path:
    """About a GiB of fragmented MP4, as a recorder leaves it."""
    path = folder / "recording.mp4"
    if not path.exists():
        flags = ["-movflags", "+empty_moov+default_base_moof", "-frag_duration", "500000"]
        run("-i", str(hour(folder)), "-c", "copy", *flags, str(path))
    return path


def _make(path: Path, size: str, rate: str, seconds: int, coding: tuple[str, ...], *, sound: str = "48000") -> None:
    if path.exists():
        return
    arguments = ["-f", "lavfi", "-i", _NOISY.format(size=size, rate=rate)]
    if sound:
        arguments += ["-f", "lavfi", "-i", _BEEP.format(rate=sound)]
        codec = "libopus" if path.suffix == ".webm" else "aac"
        arguments += ["-c:a", codec, "-b:a", "128k", *(() if "-ac" in coding else ("-ac", "2"))]
    fast = ["-movflags", "+faststart"] if path.suffix in (".mp4", ".mov") else []
    run(*arguments, "-t", str(seconds), *coding, *fast, str(path))
