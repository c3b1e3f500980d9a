"""Edits beside one ffmpeg filter graph that does the same, and beside MoviePy: a long one of copies, and a busy one."""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import footage
from benchmarks.figures import largest_rss_mib, paired, show, timed
from benchmarks.footage import Clip
from benchmarks.peer_commands import MOVIEPY_EDIT, edit_graph, peer_script
from playhead.media.edit.facts import facts_of
from playhead.media.edit.model import Captions, CaptionStyle, Cue, Edit, EditClip, Title, Transition, Watermark

SIZE = os.environ.get("EDIT_SIZE", "1280x720")
"""Of the long edit."""

RUNS = int(os.environ.get("EDIT_RUNS", "1"))


def main() -> None:
    """Print both rows, by the clock and by processor time, which other work disturbs less."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logo = folder / "logo.png"
        footage.run("-f", "lavfi", "-i", "testsrc2=s=256x128", "-frames:v", "1", str(logo))
        compare("10 min, 10 crossfades, captions on 2 min", *long_edit(folder), folder, SIZE)
        compare("12 unlike clips with everything on", *busy_edit(folder, logo), folder, "1920x1080")


def long_edit(folder: Path) -> tuple[Edit, list[Clip]]:
    """Eleven clips that fit together; two of them have captions for a minute each."""
    clips = footage.long_clips(folder, SIZE)
    edit = Edit(
        clips=tuple(
            EditClip(
                clip_id=str(number), video_id=clip.path.name, transition_in=crossfade(1), cues=cues(number in (3, 7))
            )
            for number, clip in enumerate(clips)
        ),
        captions=Captions(mode="burned", style=CaptionStyle(preset="outline")),
    )
    return edit, clips


def busy_edit(folder: Path, logo: Path) -> tuple[Edit, list[Clip]]:
    """Twelve clips of 4 s that are encoded in any case, each with a title, captions and a crossfade, under a logo."""
    clips = footage.unlike_clips(folder)
    title = Title(text="A lower third", start_s=0.5, end_s=2.5)
    edit = Edit(
        clips=tuple(
            EditClip(
                clip_id=str(number),
                video_id=clip.path.name,
                transition_in=crossfade(0.5),
                titles=(title,),
                cues=(
                    Cue(start_s=1, end_s=2.2, text="words that are spoken"),
                    Cue(start_s=2.3, end_s=3.5, text="more"),
                ),
            )
            for number, clip in enumerate(clips)
        ),
        captions=Captions(mode="burned", style=CaptionStyle(preset="outline")),
        watermark=Watermark(image_id=logo.name),
    )
    return edit, clips


def crossfade(seconds: float) -> Transition:
    """An overlap."""
    return Transition(kind="crossfade", duration_s=seconds)


def cues(wanted: bool) -> tuple[Cue, ...]:
    """Captions on the middle minute of a clip, a line every three seconds."""
    if not wanted:
        return ()
    return tuple(
        Cue(start_s=at, end_s=at + 2.5, text="A line of what is said, as captions are") for at in range(0, 56, 3)
    )


def compare(label: str, edit: Edit, clips: Sequence[Clip], folder: Path, size: str) -> None:
    """An edit beside the graph and MoviePy."""
    request, out = folder / "edit.json", folder / "ours.mp4"
    files = {path.name: str(path) for path in [*(clip.path for clip in clips), *folder.glob("*.png")]}
    request.write_text(json.dumps({"edit": facts_of(edit), "files": files, "size": size}))
    ours = [sys.executable, "-m", "benchmarks.edit", str(request), str(out)]
    graph = edit_graph(edit, clips, folder, folder / "peer.mp4", size=size)
    for what, measure in (("", timed), (" (processor time)", processor_s)):
        show(f"{label}{what}", *paired(partial(measure, ours), partial(measure, graph), RUNS), "one graph")
    print(f"  largest process: {largest_rss_mib(ours):.0f} MiB; the graph {largest_rss_mib(graph):.0f} MiB")
    moviepy(clips, out)


def moviepy(clips: Sequence[Clip], out: Path) -> None:
    """MoviePy does a shorter one of the same kind: its crossfades alone, of four clips."""
    if timed_or_none(peer_script(MOVIEPY_EDIT)) is None:
        print("  MoviePy cannot be installed here")
        return
    command = peer_script(MOVIEPY_EDIT, str(out.with_name("moviepy.mp4")), *(str(clip.path) for clip in clips[:4]))
    seconds = timed_or_none(command)
    print(
        f"  MoviePy: {'failed' if seconds is None else f'{seconds:.1f} s'} for the crossfades of 4 of the clips alone"
    )


def timed_or_none(command: Sequence[str]) -> float | None:
    """Seconds of a command; None where it fails."""
    try:
        return timed(command)
    except (OSError, subprocess.CalledProcessError):
        return None


def processor_s(command: Sequence[str]) -> float:
    """Processor seconds of a command with all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def stitch(request: Path, out: Path) -> None:
    """One stitch, in a process of its own."""
    import asyncio

    from playhead.media.edit.facts import read_facts
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.stitch import StitchOptions, stitch_edit

    wanted = json.loads(request.read_text())
    width, height = map(int, wanted["size"].split("x"))
    files = {name: Path(path) for name, path in wanted["files"].items()}
    settings = ReelSettings(width=width, height=height, fps=30)
    options = StitchOptions(force=True, jobs=2, threads=1)
    made = asyncio.run(stitch_edit(read_facts(Edit, wanted["edit"]), files, settings, out, options))
    print(made.plan.summary, made.timings)


if __name__ == "__main__":
    stitch(Path(sys.argv[1]), Path(sys.argv[2]))
