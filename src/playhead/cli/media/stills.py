"""``playhead media poster``, ``storyboard`` and ``preview``: stills and animations of a file on this machine."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from playhead.cli.parsers import time_s, width_px
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.media.stills.make import Shape
    from playhead.media.stills.pool import StillsPool
    from playhead.media.stills.source import FileSource

_Made = TypeVar("_Made")

Video = Annotated[Path, typer.Argument(metavar="FILE", help="Video file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file; never the video itself.")]


def poster(
    context: typer.Context,
    file: Video,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.jpg", help="JPEG to write.")],
    at: Annotated[
        float | None, typer.Option(parser=time_s, metavar="TIME", help="Time of the frame: 12.5, 1:30 or 1:04:05.")
    ] = None,
    width: Annotated[
        int, typer.Option(parser=width_px, metavar="PIXELS", help="Largest width; a frame is never enlarged.")
    ] = 960,
    force: Force = False,
) -> None:
    """Write one frame of a video as JPEG.

    By default one that is neither black nor plain.

    \b
    Examples:
      playhead media poster holiday.mp4 -o holiday.jpg
      playhead media poster holiday.mp4 -o moment.jpg --at 1:04.5 --width 1280
    """
    from playhead.media.stills import make

    async def chosen(pool: "StillsPool", source: "FileSource", shape: "Shape") -> bytes:
        if at is None:
            return await make.poster(pool, source, shape, width=width)
        if at > round(shape.duration_s, 3):
            raise InvalidInput(f"{file} has no frame at {at:g} s: it is {shape.duration_s:.3f} s long.")
        return await make.thumbnail(pool, source, shape, at_s=at, width=width)

    _check(file, out, force=force)
    _write(context.obj, out, _made(file, chosen))


def storyboard(
    context: typer.Context,
    file: Video,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="OUT", help="Folder, or a name to which .jpg and .vtt are added.")
    ],
    force: Force = False,
) -> None:
    """Write up to 100 thumbnails of a video.

    One JPEG holds them all; a WebVTT file maps times to places in it.

    \b
    Examples:
      playhead media storyboard holiday.mp4 -o holiday       writes holiday.jpg and holiday.vtt
      playhead media storyboard holiday.mp4 -o images/       writes images/storyboard.jpg and .vtt
    """
    from playhead.media.stills import make

    base = out / "storyboard" if out.is_dir() else out
    sheet, cues = base.with_name(base.name + ".jpg"), base.with_name(base.name + ".vtt")
    _check(file, sheet, cues, force=force)
    board, image = _made(file, make.storyboard)
    terminal: Terminal = context.obj
    _write_file(sheet, image)
    _write_file(cues, board.web_vtt(sheet.name).encode())
    terminal.say(f"Wrote {sheet} with {board.count} thumbnails, and {cues}")


def preview(
    context: typer.Context,
    file: Video,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.webp", help="WebP to write.")],
    force: Force = False,
) -> None:
    """Write an animated preview of a video.

    About three seconds from four places, as WebP.

    \b
    Examples:
      playhead media preview holiday.mp4 -o holiday.webp
    """
    from playhead.media.stills import make

    _check(file, out, force=force)
    _write(context.obj, out, _made(file, make.animation))


def _made(file: Path, make: "Callable[[StillsPool, FileSource, Shape], Awaitable[_Made]]") -> "_Made":
    """Run *make* on a file, in a process of its own."""
    import asyncio

    from playhead.media.naming import naming
    from playhead.media.probe import probe
    from playhead.media.stills.make import Shape
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    async def run() -> "_Made":
        found = await probe(file)
        async with one_process() as pool:
            return await make(pool, FileSource(file), Shape.of(found))

    with naming(file):
        return asyncio.run(run())


def _check(file: Path, *outs: Path, force: bool) -> None:
    from playhead.media.render.output import check_out

    for out in outs:
        check_out([file], out, force=force)


def _write(terminal: Terminal, path: Path, data: bytes) -> None:
    _write_file(path, data)
    terminal.say(f"Wrote {path}")


def _write_file(path: Path, data: bytes) -> None:
    from playhead.media.render.output import writing

    with writing(path):
        path.write_bytes(data)
