"""``playhead tags``: the words on your videos."""

from typing import Annotated

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal, safe


def tags(
    context: typer.Context,
    start: Annotated[str | None, typer.Argument(metavar="[START]", help="How a tag begins.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the tags of your videos.

    The most used first. "playhead videos tag" changes them.

    \b
    Examples:
      playhead tags
      playhead tags bo
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/tags", search=start, limit=1000)["items"]
    empty = f"No tag begins with {safe(start)}." if start else "No tags."
    terminal.items(found, ["tag", "videos"], lambda each: [each["tag"], each["videos"]], as_json=as_json, empty=empty)
