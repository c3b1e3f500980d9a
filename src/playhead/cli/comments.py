"""``playhead comments``: what people said at a time of a video."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, VideoId
from playhead.cli.parsers import time_s
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.text import shorten


def comments(
    context: typer.Context,
    video_id: VideoId,
    add: Annotated[str | None, typer.Option("--add", metavar="TEXT", help="Write a comment.")] = None,
    at: Annotated[
        float, typer.Option(parser=time_s, metavar="TIME", help="Time of the new comment, such as 1:30.")
    ] = 0.0,
    resolve: Annotated[str | None, typer.Option(metavar="COMMENT", help="Mark a comment, cmt_..., resolved.")] = None,
    delete: Annotated[
        str | None, typer.Option(metavar="COMMENT", help="Delete a comment, cmt_..., and its replies.")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only comments that are not resolved.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List, write and resolve comments on a video.

    \b
    Examples:
      playhead comments VIDEO --open
      playhead comments VIDEO --add "Start a little later" --at 0:04
      playhead comments VIDEO --resolve cmt_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead comments VIDEO --json | jq -r '.[].text'
    """
    terminal: Terminal = context.obj
    if sum(wanted is not None for wanted in (add, resolve, delete)) > 1:
        raise typer.BadParameter("one at a time", param_hint="--add / --resolve / --delete")
    with connect(terminal) as api:
        if add is not None:
            made = api.send("POST", f"/videos/{video_id}/comments", json={"text": add, "at_s": at})
            terminal.json(made) if as_json else terminal.data(made["id"])
        elif resolve is not None:
            api.send("PATCH", f"/comments/{resolve}", json={"resolved": True})
            terminal.say(f"Resolved {resolve}")
        elif delete is not None:
            api.send("DELETE", f"/comments/{delete}")
            terminal.say(f"Deleted {delete}")
        else:
            found = api.items(f"/videos/{video_id}/comments", limit=limit, state="open" if open_only else None)
            columns = ["id", "at", "author", "text", "replies", "state"]
            terminal.items(found, columns, _row, as_json=as_json, empty="No comments.")


def _row(comment: dict[str, Any]) -> list[object]:
    state = "resolved" if comment["resolved_at"] else "open"
    text = shorten(comment["text"].replace("\n", " "), 60)
    return [comment["id"], f"{comment['at_s']:.2f}", comment["author"], text, len(comment["replies"]), state]
