"""``playhead recordings repair``: a video of the parts in a folder, without a server and without a database."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli import progress
from playhead.cli.options import AsJson
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.media.recording.make import Made
    from playhead.media.recording.parts import PartFile


def repair(
    context: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of a recording, or one MP4 that was cut off.", exists=True)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="MP4 to write. [default: named after FOLDER]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a video of the parts of a recording by hand.

    The parts are read as far as they are whole, and stay as they are. What fits is copied bit for bit.

    \b
    Examples:
      playhead recordings repair data/live/rec_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead recordings repair broken.mp4 -o whole.mp4
    """
    from playhead.media.render.output import check_out, publish, work_folder

    terminal: Terminal = context.obj
    parts = _parts(source)
    target = out or Path(f"{source.stem if source.is_file() else source.resolve().name}-repaired.mp4")
    check_out([part.path for part in parts], target, force=force)
    with work_folder(target, None) as folder, progress.job(terminal, f"Repairing {source.name}") as on_progress:
        made = asyncio.run(_make(parts, folder / target.name, on_progress))
        publish(made.path, target, force=force)
    facts = _facts(made, target)
    if as_json:
        terminal.json(facts)
        return
    rows = [(f"{gap['start_s']:.1f}", f"{gap['length_s']:.1f}", gap["cause"]) for gap in facts["gaps"]]
    if rows:
        terminal.table(("at s", "missing s", "cause"), rows, empty="")
    terminal.say(f"{facts['duration_s']:.3f} s, {format_bytes(target.stat().st_size)}, of {len(parts)} parts.")
    terminal.data(str(target))


async def _make(parts: "Sequence[PartFile]", out: Path, on_progress: Any) -> "Made":
    from playhead.live.chapters import chapters_of
    from playhead.media.recording.make import make_recording
    from playhead.media.tools import MediaTools

    async def report(fraction: float, words: str) -> None:
        on_progress(fraction, words)

    return await make_recording(
        parts,
        out,
        MediaTools(),
        chaptered=lambda assembly: chapters_of([], out.stem, assembly),
        on_progress=report,
    )


def _parts(source: Path) -> "list[PartFile]":
    """The parts of a recording's folder; of another folder its MP4s by name; or the one file."""
    from playhead.live.finalise import part_files
    from playhead.live.parts import parts_in
    from playhead.media.recording.parts import PartFile

    if source.is_dir() and (known := parts_in(source)):
        return part_files(known)
    paths = sorted(source.glob("*.mp4")) if source.is_dir() else [source]
    return [PartFile(path=path, name=path.stem) for path in paths]


def _facts(made: "Made", target: Path) -> dict[str, Any]:
    return {
        "file": str(target),
        "duration_s": round(made.length_s, 3),
        "gaps": [
            {"start_s": gap.start_s, "length_s": gap.length_s, "cause": gap.cause} for gap in made.assembly.gaps()
        ],
        "sections": made.sections,
        "summary": made.summary,
    }
