"""``playhead media poster``, ``storyboard`` and ``preview``: pictures of a file on this machine."""

import asyncio
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from playhead.cli.media import Command
from playhead.cli.spans import moment_s
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.media.stills.make import Shape
    from playhead.media.stills.pool import StillsPool
    from playhead.media.stills.source import FileSource

_Made = TypeVar("_Made")

_POSTER = """Write one picture of a video as JPEG: one that is neither black nor plain, or the one at a time.

Examples:
  playhead media poster holiday.mp4 -o holiday.jpg
  playhead media poster holiday.mp4 -o moment.jpg --at 1:04.5 --width 1280
"""
_STORYBOARD = """Write up to 100 small pictures of a video as one JPEG, and the WebVTT that says which is where.

Examples:
  playhead media storyboard holiday.mp4 -o holiday       writes holiday.jpg and holiday.vtt
  playhead media storyboard holiday.mp4 -o pictures/     writes pictures/storyboard.jpg and .vtt
"""
_PREVIEW = """Write about three seconds from four places of a video as a WebP that moves.

Examples:
  playhead media preview holiday.mp4 -o holiday.webp
"""


def _poster_arguments(parser: ArgumentParser) -> None:
    _files(parser, "OUT.jpg", "The picture.")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="The picture shown then: 12.5, 1:30 or 1:04:05.")
    parser.add_argument("--width", type=_width, default=960, help="Pixels at most; never enlarged. [default: 960]")


def _storyboard_arguments(parser: ArgumentParser) -> None:
    _files(parser, "OUT", "Where to: a folder, or a name to which .jpg and .vtt are added.")


def _preview_arguments(parser: ArgumentParser) -> None:
    _files(parser, "OUT.webp", "The picture.")


def _files(parser: ArgumentParser, out: str, words: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="The video.")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar=out, help=words)
    parser.add_argument("--force", action="store_true", help="Replace a file that is there; never the video itself.")


def _moment(text: str) -> float:
    try:
        return moment_s(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _width(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 16 <= int(text) <= 8192:
        raise ArgumentTypeError(f"{text!r} is not a width: write 16 to 8192")
    return int(text)


def _poster(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.stills.make import poster, thumbnail

    async def make(pool: "StillsPool", source: "FileSource", shape: "Shape") -> bytes:
        if given.at is None:
            return await poster(pool, source, shape, width=given.width)
        if given.at > round(shape.duration_s, 3):
            raise InvalidInput(f"{given.file} has no picture at {given.at:g} s: it is {shape.duration_s:.3f} s long.")
        return await thumbnail(pool, source, shape, at_s=given.at, width=given.width)

    _check(given, given.out)
    _write(given.out, asyncio.run(_made(given.file, make)))
    terminal.say(f"Wrote {given.out}")


def _storyboard(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.stills.make import storyboard

    base = given.out / "storyboard" if given.out.is_dir() else given.out
    sheet, cues = base.with_name(base.name + ".jpg"), base.with_name(base.name + ".vtt")
    _check(given, sheet, cues)
    board, picture = asyncio.run(_made(given.file, storyboard))
    _write(sheet, picture)
    _write(cues, board.web_vtt(sheet.name).encode())
    terminal.say(f"Wrote {sheet} with {board.count} pictures, and {cues}")


def _preview(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.stills.make import preview

    _check(given, given.out)
    _write(given.out, asyncio.run(_made(given.file, preview)))
    terminal.say(f"Wrote {given.out}")


async def _made(file: Path, make: "Callable[[StillsPool, FileSource, Shape], Awaitable[_Made]]") -> "_Made":
    """What is made of a file, by a process that is gone afterwards."""
    from playhead.media.naming import naming
    from playhead.media.probe import probe
    from playhead.media.stills.make import Shape
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    with naming(file):
        found = await probe(file)
        async with one_process() as pool:
            return await make(pool, FileSource(file), Shape.of(found))


def _check(given: Namespace, *outs: Path) -> None:
    from playhead.media.stitch.output import check_out

    for out in outs:
        check_out([given.file], out, force=given.force)


def _write(path: Path, data: bytes) -> None:
    from playhead.media.stitch.output import writing

    with writing(path):
        path.write_bytes(data)


POSTER = Command(_POSTER, _poster_arguments, _poster)
STORYBOARD = Command(_STORYBOARD, _storyboard_arguments, _storyboard)
PREVIEW = Command(_PREVIEW, _preview_arguments, _preview)
