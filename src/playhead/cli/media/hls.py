"""``playhead media hls``: a file as HLS playlists and segments."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playhead.cli.progress import job
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.media.hls.folder import Segments


class FileNotStreamable(InvalidInput):
    """The file has no index, or codecs that HLS does not carry.

    Args:
        why: The reason, without a full stop: "its format is webm".
    """

    code = "hls_not_available"
    title = "The file cannot be streamed"

    def __init__(self, file: Path, why: str) -> None:
        make = f"playhead media stitch {shlex.quote(str(file))} -o reel.mp4"
        super().__init__(
            f"{file} cannot be streamed as it is: {why}.",
            hint=f"HLS takes MP4 and MOV with codecs such as H.264, HEVC and AAC. Convert the file with: {make}",
        )


def hls(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="MP4 or MOV file.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Folder to write; created if missing.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing stream; other files in the folder stay.")
    ] = False,
) -> None:
    """Write a video as HLS that any web server can serve.

    Playlists and segments; nothing is encoded.

    \b
    Examples:
      playhead media hls holiday.mp4 -o holiday/       then open holiday/index.m3u8 in a player
    """
    import asyncio

    from playhead.media.audio_tracks import streaming_order
    from playhead.media.hls.errors import NotStreamable
    from playhead.media.hls.folder import write_folder
    from playhead.media.mp4.boxes import Mp4Unreadable
    from playhead.media.render.files import open_clip
    from playhead.media.render.output import writing

    terminal: Terminal = context.obj
    clip = asyncio.run(open_clip(file))
    if clip.movie is None:
        form = clip.probe.container
        why = "its index cannot be read" if form in _READ else f"its format is {form}"
        raise FileNotStreamable(file, why)
    try:
        with job(terminal, "Writing segments") as on_progress, writing(out):
            audio = streaming_order(clip.probe)
            count = write_folder(file, out, lambda part: on_progress(part, None), force=force, audio=audio)
    except (NotStreamable, Mp4Unreadable) as error:
        raise FileNotStreamable(file, error.detail.rstrip(".")) from error
    for remark in clip.probe.remarks:
        terminal.say(remark)
    if count.left_out:
        terminal.say(f"The stream plays another audio track: {count.left_out}.")
    terminal.say(f"Wrote {_counted(count)}; open {out / 'index.m3u8'} in a player")


_READ = ("mp4", "mov")


def _counted(count: "Segments") -> str:
    video = f"{count.video} video {'segment' if count.video == 1 else 'segments'}"
    return f"{video} and {count.audio} of audio" if count.audio else f"{video} without audio"
