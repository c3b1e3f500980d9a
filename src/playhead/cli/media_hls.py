"""``playhead media hls``: a file as HLS for any host that serves files."""

import asyncio
import shlex
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.cli.media import Command
from playhead.cli.progress import job
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.media.hls.folder import Segments

_ABOUT = """Write a video as HLS: playlists and segments that any web server can serve. Nothing is encoded.

Examples:
  playhead media hls holiday.mp4 -o holiday/       open holiday/index.m3u8 in a player
"""


class FileNotStreamable(InvalidInput):
    """The file cannot be cut into segments as it is.

    Args:
        why: Goes on from the name of the file: "its format is webm".
    """

    code = "hls_not_available"
    title = "This file has no stream"

    def __init__(self, file: Path, why: str) -> None:
        make = f"playhead media stitch {shlex.quote(str(file))} -o reel.mp4"
        super().__init__(
            f"{file} cannot be streamed as it is: {why}.",
            hint=f"Only MP4 and MOV with codecs such as H.264, HEVC and AAC can be. This makes one: {make}",
        )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="The video: MP4 or MOV.")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FOLDER", help="Made if it is missing.")
    parser.add_argument("--force", action="store_true", help="Replace the stream that is there; other files stay.")


def _run(given: Namespace, terminal: Terminal) -> None:
    from playhead.media.audio_tracks import streaming_order
    from playhead.media.hls.errors import NotStreamable
    from playhead.media.hls.folder import write_folder
    from playhead.media.mp4.boxes import Mp4Unreadable
    from playhead.media.stitch.files import open_clip
    from playhead.media.stitch.output import writing

    clip = asyncio.run(open_clip(given.file))
    if clip.movie is None:
        form = clip.probe.container
        why = "its index cannot be followed" if form in _READ else f"its format is {form}"
        raise FileNotStreamable(given.file, why)
    try:
        with job(terminal, "Writing segments") as tell, writing(given.out):
            audio = streaming_order(clip.probe)
            count = write_folder(given.file, given.out, lambda part: tell(part, None), force=given.force, audio=audio)
    except (NotStreamable, Mp4Unreadable) as error:
        raise FileNotStreamable(given.file, error.detail.rstrip(".")) from error
    for remark in clip.probe.remarks:
        terminal.say(remark)
    if count.left_out:
        terminal.say(f"In the stream another audio track is played: {count.left_out}.")
    terminal.say(f"Wrote {_counted(count)}; open {given.out / 'index.m3u8'} in a player")


_READ = ("mp4", "mov")


def _counted(count: "Segments") -> str:
    pictures = f"{count.video} {'segment' if count.video == 1 else 'segments'} of video"
    return f"{pictures} and {count.audio} of audio" if count.audio else f"{pictures}, which has no sound"


HLS = Command(_ABOUT, _arguments, _run)
