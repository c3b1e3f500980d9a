"""``playhead media poster``, ``storyboard`` and ``preview``: pictures of a file on this machine."""

import asyncio
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.cli.media import Command
from playhead.cli.spans import moment_s
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.media.stills.make import Shape

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
    _check(given, given.out)
    asyncio.run(_write_poster(given.file, given.out, given.at, given.width))
    terminal.say(f"Wrote {given.out}")


async def _write_poster(file: Path, out: Path, at_s: float | None, width: int) -> None:
    from playhead.media.stills.make import poster, thumbnail
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    shape = await _shape(file)
    async with one_process() as pool:
        if at_s is None:
            picture = await poster(pool, FileSource(file), shape, width=width)
        else:
            picture = await thumbnail(pool, FileSource(file), shape, at_s=at_s, width=width)
    _write(out, picture)


def _storyboard(given: Namespace, terminal: Terminal) -> None:
    base = given.out / "storyboard" if given.out.is_dir() else given.out
    sheet, cues = base.with_name(base.name + ".jpg"), base.with_name(base.name + ".vtt")
    _check(given, sheet, cues)
    tiles = asyncio.run(_write_storyboard(given.file, sheet, cues))
    terminal.say(f"Wrote {sheet} with {tiles} pictures, and {cues}")


async def _write_storyboard(file: Path, sheet: Path, cues: Path) -> int:
    from playhead.media.stills.make import storyboard
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    shape = await _shape(file)
    async with one_process() as pool:
        board, picture = await storyboard(pool, FileSource(file), shape)
    _write(sheet, picture)
    _write(cues, board.web_vtt(sheet.name).encode())
    return board.count


def _preview(given: Namespace, terminal: Terminal) -> None:
    _check(given, given.out)
    asyncio.run(_write_preview(given.file, given.out))
    terminal.say(f"Wrote {given.out}")


async def _write_preview(file: Path, out: Path) -> None:
    from playhead.media.stills.make import preview
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    shape = await _shape(file)
    async with one_process() as pool:
        _write(out, await preview(pool, FileSource(file), shape))


async def _shape(file: Path) -> "Shape":
    from playhead.media.probe import probe
    from playhead.media.stills.make import Shape

    try:
        found = await probe(file)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    return Shape(found.duration_s, float(found.video.fps), found.video.width * found.video.height)


def _check(given: Namespace, *outs: Path) -> None:
    from playhead.media.stitch.output import check_out

    for out in outs:
        check_out([given.file], out, force=given.force)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.") from error


POSTER = Command(_POSTER, _poster_arguments, _poster)
STORYBOARD = Command(_STORYBOARD, _storyboard_arguments, _storyboard)
PREVIEW = Command(_PREVIEW, _preview_arguments, _preview)
