"""``playhead trash``: deleted videos that can be restored."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, VideoId, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal, safe
from playhead.kit.units import format_bytes

app = typer.Typer(no_args_is_help=True, help="List, restore and empty the trash.")


@app.command("list")
def list_trash(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the videos in your trash, the last that was deleted first.

    \b
    Examples:
      playhead trash list
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/trash", limit=limit)
    columns = ["id", "title", "size", "deleted", "by", "why", "gone for good"]
    terminal.items(found, columns, _row, as_json=as_json, empty="The trash is empty.")


@app.command("restore")
def restore(context: typer.Context, video_id: VideoId, as_json: AsJson = False) -> None:
    """Take a video out of the trash as it was. What retention had put there is kept from now on.

    \b
    Examples:
      playhead trash restore vid_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        video = api.send("POST", f"/trash/{video_id}/restore")
    if as_json:
        terminal.json(video)
    else:
        terminal.say(f"Restored {safe(video['title'])}{', which is kept from now on' if video['keep'] else ''}")


@app.command("empty")
def empty(
    context: typer.Context,
    video_id: Annotated[str | None, typer.Argument(metavar="[VIDEO]", help="Only this video, vid_...")] = None,
    yes: Yes = False,
) -> None:
    """Delete everything in your trash for good, or one video of it.

    \b
    Examples:
      playhead trash empty
      playhead trash empty vid_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        held = api.get("/trash", limit=1)
        if video_id is None and not held["videos"]:
            terminal.say("The trash is empty.")
            return
        what = video_id or f"{held['videos']} videos ({format_bytes(held['size_bytes'])})"
        if not terminal.confirm(f"Permanently delete {what}?", yes=yes):
            raise typer.Exit(1)
        if video_id is not None:
            api.send("DELETE", f"/trash/{video_id}")
            terminal.say(f"Deleted {video_id}")
            return
        gone = api.send("DELETE", "/trash")
    terminal.say(f"Deleted {gone['videos']} videos, {format_bytes(gone['size_bytes'])}")


def _row(video: dict[str, Any]) -> list[object]:
    size = format_bytes(video["size_bytes"])
    times = video["trashed_at"], video["deleted_at"]
    return [video["id"], video["title"], size, times[0], video["trashed_by"], video["reason"], times[1]]
