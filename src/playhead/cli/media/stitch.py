"""``playhead media plan`` and ``stitch``: clips into one file."""

import os
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from playhead.cli import progress
from playhead.cli.options import AsJson
from playhead.cli.parsers import FileSpan, FrameSize, file_clip_of, frame_rate, frame_size
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, rate_name, size_name
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.media.render.files import FileClip
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.plan import StitchPlan
    from playhead.media.render.stitch import Stitched

_Result = TypeVar("_Result")

Clips = Annotated[
    list[FileSpan],
    typer.Argument(parser=file_clip_of, metavar="CLIP...", help="FILE, FILE:START-END, FILE:START- or FILE:-END."),
]
OptionalClips = Annotated[
    list[FileSpan] | None,
    typer.Argument(parser=file_clip_of, metavar="CLIP...", help="FILE, FILE:START-END, FILE:START- or FILE:-END."),
]
Size = Annotated[
    FrameSize | None,
    typer.Option(parser=frame_size, metavar="WxH", help="Frame size. [default: that of most clips]"),
]
Fps = Annotated[
    float | None,
    typer.Option(parser=frame_rate, metavar="RATE", help="25, 29.97, 30000/1001... [default: that of most clips]"),
]
Codec = Annotated[Literal["h264", "hevc", "av1"] | None, typer.Option(help="[default: h264, which plays everywhere]")]
Timing = Annotated[
    Literal["constant", "variable"] | None, typer.Option(help="variable: clips keep the times of their frames.")
]
Sound = Annotated[
    Literal["copy", "encode"] | None, typer.Option(help="encode: the whole audio, so that no cut is audible.")
]
Loudness = Annotated[
    float | None, typer.Option(metavar="LUFS", help="Loudness of each clip, such as -16; encodes the audio.")
]
Background = Annotated[str, typer.Option(metavar="#RRGGBB", help="Colour beside clips of another shape.")]


def plan(
    context: typer.Context,
    clips: Clips,
    size: Size = None,
    fps: Fps = None,
    codec: Codec = None,
    timing: Timing = None,
    sound: Sound = None,
    loudness: Loudness = None,
    background: Background = "#000000",
    as_json: AsJson = False,
) -> None:
    """Show how clips would be stitched, and why.

    What is copied, what is encoded, and the reasons. Nothing is written.

    \b
    Examples:
      playhead media plan one.mp4 two.mov:0:10-0:20
      playhead media plan one.mp4 two.mp4 --fps 30 --json
    """
    from playhead.media.render.files import survey_files
    from playhead.media.render.planner import plan_stitch

    terminal: Terminal = context.obj
    settings = _settings(size, fps, codec, timing, sound, loudness, background)
    made = plan_stitch(_run(survey_files(_clips(clips))), settings)
    if as_json:
        terminal.json(made.to_dict())
    else:
        _print_plan(terminal, made)
        terminal.data(f"\n{made.summary}. {_format(made)}. About {made.estimate_s:.1f} s of work.")


def stitch(
    context: typer.Context,
    clips: OptionalClips = None,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="MP4 to write.")],
    edit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON as of projects export, with paths instead of ids; its settings count."),
    ] = None,
    size: Size = None,
    fps: Fps = None,
    codec: Codec = None,
    timing: Timing = None,
    sound: Sound = None,
    loudness: Loudness = None,
    background: Background = "#000000",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    verify: Annotated[
        Literal["joins", "packets"],
        typer.Option(help="packets checks the index and the units of each frame; joins also all bytes, and decodes."),
    ] = "joins",
    jobs: Annotated[
        int, typer.Option(metavar="N", show_default=False, help="Clips encoded at once. [default: by the processors]")
    ] = 0,
    work: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder for pieces meanwhile. [default: beside the MP4]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Stitch clips into one MP4.

    What fits is copied bit for bit; only the rest is encoded. Times are 12.5, 1:30 or 1:04:05.

    \b
    Examples:
      playhead media stitch one.mp4 two.mov:0:10-0:20 three.webm -o reel.mp4
      playhead media stitch *.mp4 -o reel.mp4 --size 1280x720 --fps 30 --sound encode --loudness -16
      playhead media stitch --edit edit.json -o reel.mp4
    """
    from playhead.media.render.stitch import StitchOptions, stitch_edit, stitch_files

    if (edit is None) == (not clips):
        raise typer.BadParameter("name clips, or a file with --edit")
    terminal: Terminal = context.obj
    jobs = jobs or max(1, (os.cpu_count() or 1) // 2)
    threads = max(1, (os.cpu_count() or 1) // jobs)
    options = StitchOptions(verify, jobs, threads, work, force)
    with progress.job(terminal, f"Stitching {out.name}") as on_progress:
        if edit is not None:
            from playhead.cli.media.edit_files import read_edit_file

            found = read_edit_file(edit)
            work_of = stitch_edit(found.edit, found.files, found.settings, out, options, progress=on_progress)
        else:
            settings = _settings(size, fps, codec, timing, sound, loudness, background)
            work_of = stitch_files(_clips(clips or []), settings, out, options, progress=on_progress)
        stitched = _run(work_of)
    if as_json:
        terminal.json(_facts(stitched))
        return
    for clip_id in sorted(stitched.forced, key=int):
        terminal.say(f"Clip {clip_id} was encoded: its copy did not pass the check.")
    seconds, probe = sum(stitched.timings.values()), stitched.probe
    terminal.say(f"{stitched.plan.summary}.")
    form = _format(stitched.plan)
    terminal.say(f"{form}, {probe.duration_s:.3f} s, {format_bytes(probe.size_bytes)}, in {seconds:.2f} s.")
    terminal.data(str(stitched.path))


def _facts(stitched: "Stitched") -> dict[str, Any]:
    return {
        "file": str(stitched.path),
        "plan": stitched.plan.to_dict(),
        "probe": stitched.probe.to_dict(),
        "forced": sorted(stitched.forced, key=int),
        "timings_s": {step: round(seconds, 4) for step, seconds in stitched.timings.items()},
    }


def _print_plan(terminal: Terminal, plan: "StitchPlan") -> None:
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
    terminal.table(("clip", "file", "span", "action", "encoded s", "reason"), rows, empty="No clips.")


def _format(plan: "StitchPlan") -> str:
    form = plan.format
    timing = f"{rate_name(form.fps)} fps" if form.timing == "constant" else "variable rate"
    audio = "silent" if form.audio is None else f"AAC {form.audio.sample_rate} Hz"
    return f"{size_name(form.width, form.height)}, {timing}, {codec_name(form.codec)}, {audio}"


def _clips(clips: Sequence[FileSpan]) -> "list[FileClip]":
    from playhead.media.render.files import FileClip

    return [FileClip(*clip) for clip in clips]


def _settings(
    size: Size, fps: Fps, codec: Codec, timing: Timing, sound: Sound, loudness: Loudness, background: Background
) -> "ReelSettings":
    from playhead.media.render.format import ReelSettings

    width, height = size or (None, None)
    return ReelSettings(
        width=width,
        height=height,
        fps=fps,
        background=background,
        codec=codec,
        timing=timing,
        audio=sound,
        loudness_lufs=loudness,
    )


def _run(work: "Coroutine[Any, Any, _Result]") -> "_Result":
    # SIGTERM ends ffmpeg and removes a partial file as Ctrl-C does: by a cancellation, which waits for both. An
    # exception from a signal handler could arrive while a child is being started, and leave it behind.
    import asyncio

    async def until_ended() -> "_Result":
        if (task := asyncio.current_task()) is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(until_ended())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
