"""``playhead recordings fill`` and ``sidecars``: what a finished recording can still get."""

from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Wait
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

RecordingId = Annotated[str, typer.Argument(metavar="RECORDING", help="Recording id, rec_...")]


def fill_gaps(
    context: typer.Context,
    recording_id: RecordingId,
    source: Annotated[
        str, typer.Option("--from", metavar="URL|VIDEO", help="The platform's video of the broadcast, or one of yours.")
    ],
    starts_at: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="When its first frame was broadcast; local time without a zone. [default: start of the broadcast]",
        ),
    ] = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Fill the gaps of a recording from another video of the same broadcast.

    Prints the id of the job; with --wait, the id of the new video. The video without the filling stays.

    \b
    Examples:
      playhead recordings fill RECORDING --from https://www.twitch.tv/videos/123456789 --wait
      playhead recordings fill RECORDING --from vid_01k3q9h2v7e8t9m5x0c4d6f8ga --starts-at 2026-11-30T18:00:00Z
    """
    terminal: Terminal = context.obj
    filling: dict[str, Any] = {"url" if "://" in source else "video_id": source}
    if starts_at is not None:
        filling["starts_at"] = starts_at.astimezone().isoformat()
    with connect(terminal) as api:
        job = api.send("POST", f"/recordings/{recording_id}/repair", json=filling)
        if not wait:
            terminal.json(job) if as_json else terminal.data(job["id"])
            return
        from playhead.cli.stitch import wait_with_bar

        ended = wait_with_bar(terminal, api, job["id"], "Filling gaps")
        recording = api.get(f"/recordings/{recording_id}")
    if as_json:
        terminal.json({"job": ended, "recording": recording})
    else:
        terminal.data(recording["video_id"])


def download_sidecars(
    context: typer.Context,
    recording_id: RecordingId,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="ZIP to write. [default: named after the video]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Download what media servers read beside the video of a recording: NFO, chapters, thumbnail.

    \b
    Examples:
      playhead recordings sidecars rec_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead recordings sidecars rec_01k3q9h2v7e8t9m5x0c4d6f8ga -o show.zip
    """
    from playhead.media.render.output import check_out, publish, work_folder

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        answer = api.request("GET", f"/recordings/{recording_id}/sidecars")
    target = out or Path(_name_in(answer.headers.get("content-disposition", "")) or f"{recording_id}.zip")
    check_out([], target, force=force)
    with work_folder(target, None) as folder:
        (folder / target.name).write_bytes(answer.content)
        publish(folder / target.name, target, force=force)
    terminal.data(str(target))


def _name_in(disposition: str) -> str | None:
    """The file name that a server suggests, without any folder."""
    message = Message()
    message["Content-Disposition"] = disposition
    name = message.get_filename()
    return Path(name).name if name else None
