"""``playhead media hls``: a file as HLS for any host that serves files."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from playhead.cli.media import Command
from playhead.cli.progress import job
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, PlayheadError

_ABOUT = """Write a video as HLS: playlists and segments that any web server can serve. Nothing is encoded.

Examples:
  playhead media hls holiday.mp4 -o holiday/       open holiday/index.m3u8 in a player
"""


class FileNotStreamable(InvalidInput):
    """The file cannot be cut into segments as it is."""

    code = "hls_not_available"
    title = "This file has no stream"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="The video: MP4 or MOV.")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FOLDER", help="Made if it is missing.")


def _run(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.hls.errors import NotStreamable
    from playhead.media.hls.folder import write_folder

    try:
        with job(terminal, "Writing segments") as tell:
            count = write_folder(given.file, given.out, lambda part: tell(part, None))
    except NotStreamable as error:
        raise FileNotStreamable(f"{given.file} has no stream: {error.detail}.") from error
    except OSError as error:
        raise FileNotUsable(f"{error.filename or given.file}: {error.strerror}.") from error
    terminal.say(f"Wrote {count} segments; play {given.out / 'index.m3u8'}")


class FileNotUsable(PlayheadError):
    """A file cannot be read, or the folder cannot be written."""

    code = "file_not_usable"
    title = "The file cannot be used"
    fault = "caller"


HLS = Command(_ABOUT, _arguments, _run)
