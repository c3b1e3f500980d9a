"""``playhead media plan`` and ``playhead media stitch``: files into one file, without a server."""

import asyncio
import os
import re
import signal
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Coroutine
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from playhead.cli import progress
from playhead.cli.media import Command
from playhead.cli.spans import file_clip_of
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, rate_name, size_name
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.media.stitch.files import FileClip
    from playhead.media.stitch.format import ReelSettings
    from playhead.media.stitch.plan import StitchPlan
    from playhead.media.stitch.run import Stitched

_Result = TypeVar("_Result")

_PLAN = """Show what a stitch would copy, what it would encode, and why. Nothing is written.

Examples:
  playhead media plan one.mp4 two.mov:0:10-0:20
  playhead media plan one.mp4 two.mp4 --fps 30 --json
"""

_STITCH = """Stitch clips into one MP4. What fits is copied bit for bit; only the rest is encoded.

Examples:
  playhead media stitch one.mp4 two.mov:0:10-0:20 three.webm -o reel.mp4
  playhead media stitch *.mp4 -o reel.mp4 --size 1280x720 --fps 30 --sound encode --loudness -16

A clip is FILE, FILE:START-END, FILE:START- or FILE:-END; times are 12.5, 1:30 or 1:04:05.
"""


def _plan_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("clips", nargs="+", metavar="CLIP", type=_clip, help="FILE or FILE:START-END.")
    parser.add_argument("--size", type=_size, metavar="WxH", help="Of the pictures. [default: as most clips]")
    parser.add_argument("--fps", type=_rate, help="25, 29.97, 30000/1001... [default: as most clips]")
    parser.add_argument("--codec", choices=("h264", "hevc", "av1"), help="[default: h264, which plays everywhere]")
    parser.add_argument("--timing", choices=("constant", "variable"), help="Let clips keep the times of their frames.")
    parser.add_argument("--sound", choices=("copy", "encode"), help="encode: all anew, so that no cut is heard.")
    parser.add_argument("--loudness", type=float, metavar="LUFS", help="Of each clip, such as -16; encodes the sound.")
    parser.add_argument("--background", default="#000000", metavar="#RRGGBB", help="Beside clips of another shape.")
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def _stitch_arguments(parser: ArgumentParser) -> None:
    _plan_arguments(parser)
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="The MP4 to write.")
    parser.add_argument("--force", action="store_true", help="Replace it if it is there already.")
    parser.add_argument(
        "--verify",
        choices=("joins", "packets"),
        default="joins",
        help="packets checks the index and each picture's units; joins also all bytes, and decodes. [default: joins]",
    )
    parser.add_argument("--jobs", type=int, default=0, help="Clips encoded at once. [default: by the processors]")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="For pieces meanwhile. [default: beside the MP4]")


def _show_plan(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.stitch.files import survey_files
    from playhead.media.stitch.planner import plan_stitch

    surveys = _run(survey_files(_clips(given)))
    plan = plan_stitch(surveys, _settings(given))
    if given.json:
        terminal.json(plan.to_dict())
    else:
        _tell_plan(terminal, plan)
        terminal.data(f"\n{plan.summary}. {_format(plan)}. About {plan.estimate_s:.1f} s of work.")


def _stitch(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.stitch.run import StitchOptions, stitch_files

    jobs = given.jobs or max(1, (os.cpu_count() or 1) // 2)
    threads = max(1, (os.cpu_count() or 1) // jobs)
    options = StitchOptions(given.verify, jobs, threads, given.work, given.force)
    with progress.job(terminal, f"Stitching {given.out.name}") as tell:
        stitched = _run(stitch_files(_clips(given), _settings(given), given.out, options, progress=tell))
    if given.json:
        terminal.json(_facts(stitched))
        return
    plan, probe = stitched.plan, stitched.probe
    for clip_id in sorted(stitched.forced, key=int):
        terminal.say(f"Clip {clip_id} was encoded: its copy did not pass the check.")
    seconds = sum(stitched.timings.values())
    terminal.say(f"{plan.summary}.")
    terminal.say(f"{_format(plan)}, {probe.duration_s:.3f} s, {format_bytes(probe.size_bytes)}, in {seconds:.2f} s.")
    terminal.data(str(stitched.path))


def _facts(stitched: "Stitched") -> dict[str, Any]:
    return {
        "file": str(stitched.path),
        "plan": stitched.plan.to_dict(),
        "probe": stitched.probe.to_dict(),
        "forced": sorted(stitched.forced, key=int),
        "timings_s": {step: round(seconds, 4) for step, seconds in stitched.timings.items()},
    }


def _tell_plan(terminal: Terminal, plan: "StitchPlan") -> None:
    rows = [
        (
            clip.clip_id,
            clip.video_id,
            f"{clip.start_s:g}-{clip.end_s:g}",
            clip.action,
            f"{clip.encoded_s:g}",
            clip.reason,
        )
        for clip in plan.clips
    ]
    terminal.table(("clip", "file", "span", "action", "encoded s", "reason"), rows, empty="There are no clips.")


def _format(plan: "StitchPlan") -> str:
    form = plan.format
    timing = f"{rate_name(form.fps)} fps" if form.timing == "constant" else "variable rate"
    sound = "silent" if form.audio is None else f"AAC {form.audio.sample_rate} Hz"
    return f"{size_name(form.width, form.height)}, {timing}, {codec_name(form.codec)}, {sound}"


def _clips(given: Namespace) -> "list[FileClip]":
    from playhead.media.stitch.files import FileClip

    return [FileClip(*clip) for clip in given.clips]


def _settings(given: Namespace) -> "ReelSettings":
    from playhead.media.stitch.format import ReelSettings

    width, height = given.size or (None, None)
    return ReelSettings(
        width=width,
        height=height,
        fps=given.fps,
        background=given.background,
        codec=given.codec,
        timing=given.timing,
        sound=given.sound,
        loudness_lufs=given.loudness,
    )


def _run(work: "Coroutine[Any, Any, _Result]") -> "_Result":
    # A plain kill ends ffmpeg and takes away half a file as Ctrl-C does: as a cancellation, which waits for both. An
    # exception out of a signal handler could strike while a child is being started, and leave it behind.
    async def until_ended() -> "_Result":
        if (task := asyncio.current_task()) is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(until_ended())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _clip(text: str) -> tuple[Path, float, float | None]:
    try:
        return file_clip_of(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text}: {error}") from None


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip())
    if match is None:
        raise ArgumentTypeError(f"{text!r} is not a size: write 1920x1080")
    return int(match[1]), int(match[2])


def _rate(text: str) -> "float | Fraction":
    try:
        return Fraction(text) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError):
        raise ArgumentTypeError(f"{text!r} is not a frame rate: write 25, 29.97 or 30000/1001") from None


PLAN = Command(_PLAN, _plan_arguments, _show_plan)
STITCH = Command(_STITCH, _stitch_arguments, _stitch)
