"""Prove a finished reel before anyone sees it: every frame decoded and counted, every length measured."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegKilled, LimitReached, UnreadableVideo, VerifyFailed
from playhead.media.ffmpeg import Ffmpeg, Source, encode_limits, find_ffmpeg, run_ffmpeg
from playhead.media.plan import SAMPLE_RATE, StitchPlan, sample_at
from playhead.media.probe import Probe, probe
from playhead.media.progress import Progress

_AAC_FRAME = 1024
"""Samples; a track may end with one that is not full."""


@dataclass(slots=True)
class _Track:
    """What ffmpeg's ``framecrc`` told of one decoded track; times in its time base."""

    time_base: Fraction = Fraction(1)
    pieces: int = 0
    start: int = 0
    end: int = 0
    gaps: int = 0

    def add(self, pts: int, duration: int) -> None:
        if not self.pieces:
            self.start = pts
        else:
            self.gaps += pts != self.end  # a hole, an overlap, or time running backwards
        self.pieces += 1
        self.end = pts + duration

    @property
    def length_s(self) -> Fraction:
        return (self.end - self.start) * self.time_base


@dataclass(slots=True)
class _Decoded:
    """Reads the lines of ``framecrc``: stream, dts, pts, duration, size, checksum."""

    tracks: dict[int, _Track] = field(default_factory=dict)

    def read(self, line: str) -> float | None:
        if line.startswith("#tb "):
            stream, _, base = line[4:].partition(": ")
            self.tracks[int(stream)] = _Track(Fraction(base.strip()))
            return None
        parts = line.split(",")
        if line.startswith("#") or len(parts) < 6:
            return None
        track = self.tracks[int(parts[0])]
        track.add(int(parts[2]), int(parts[3]))
        return float(track.end * track.time_base)


async def verify(
    path: Path,
    plan: StitchPlan,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> Probe:
    """Decode a reel from start to end and compare it with its plan.

    Checked are: no decoding error, the size, the number of frames, each frame at its own time, the length within
    half a frame, sound without a gap and as long as the picture to one AAC frame.

    Returns:
        The reel's own probe.

    Raises:
        VerifyFailed: with the numbers.
    """
    decoded = _Decoded()
    try:
        found = await probe(path)
        await run_ffmpeg(
            ffmpeg or find_ffmpeg(),
            purpose="Checking the finished reel",
            sources=[Source(path, ("-xerror", "-err_detect", "explode"))],
            arguments=_decode_all(plan),
            limits=encode_limits(
                span_s=plan.duration_s, pixels=plan.format.width * plan.format.height, threads=threads
            ),
            threads=threads,
            total_s=plan.duration_s,
            progress=progress,
            read_line=decoded.read,
        )
    except UnreadableVideo as error:
        raise VerifyFailed(f"The finished reel cannot be read: {error.detail}") from error
    except (DiskFull, FfmpegKilled, LimitReached):
        raise
    except FfmpegFailed as error:
        raise VerifyFailed(f"The finished reel does not decode: {error.detail}") from error
    problems = [*_check_facts(found, plan), *_check_picture(decoded.tracks[0], plan)]
    problems += _check_sound(decoded.tracks.get(1), plan)
    if problems:
        raise VerifyFailed(f"The finished reel is not what was planned: {'; '.join(problems)}.")
    return found


def _decode_all(plan: StitchPlan) -> list[str]:
    maps = ["-map", "0:V:0", *(["-map", "0:a:0"] if plan.has_audio else [])]
    picture = ["-c:v", "rawvideo", "-fps_mode", "passthrough", "-enc_time_base:v", "demux"]
    return [*maps, *picture, "-c:a", "pcm_s16le", "-f", "framecrc", "pipe:1"]


def _check_facts(found: Probe, plan: StitchPlan) -> list[str]:
    problems = []
    size, wanted = (found.video.width, found.video.height), (plan.format.width, plan.format.height)
    if size != wanted:
        problems.append(f"{size[0]}x{size[1]} instead of {wanted[0]}x{wanted[1]}")
    if (found.audio is not None) != plan.has_audio:
        problems.append("sound is missing" if plan.has_audio else "there is sound that nobody planned")
    if abs(found.duration_s - plan.duration_s) > float(Fraction(1, 2) / plan.format.fps):
        problems.append(f"{found.duration_s:.4f} s long instead of {plan.duration_s:.4f} s")
    return problems


def _check_picture(track: _Track, plan: StitchPlan) -> list[str]:
    problems = []
    if track.pieces != plan.frames:
        problems.append(f"{track.pieces} frames instead of {plan.frames}")
    if track.gaps:
        problems.append(f"{track.gaps} frames are not at their time")
    if abs(track.length_s - Fraction(plan.frames) / plan.format.fps) > Fraction(1, 2) / plan.format.fps:
        problems.append(f"pictures for {float(track.length_s):.4f} s instead of {plan.duration_s:.4f} s")
    return problems


def _check_sound(track: _Track | None, plan: StitchPlan) -> list[str]:
    if not plan.has_audio:
        return []
    if track is None:
        return ["no sound could be decoded"]
    problems = []
    wanted, heard = sample_at(plan.frames, plan.format.fps), round(track.length_s * SAMPLE_RATE)
    if abs(heard - wanted) > _AAC_FRAME:
        problems.append(f"{heard} samples of sound instead of {wanted}")
    if track.gaps:
        problems.append(f"{track.gaps} gaps in the sound")
    return problems
