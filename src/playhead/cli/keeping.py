"""``playhead videos keep`` and ``unkeep``: videos that retention leaves alone."""

from typing import Annotated

import typer

from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

VideoIds = Annotated[list[str], typer.Argument(metavar="VIDEO", help="Video ids, vid_...")]


def keep(context: typer.Context, video_ids: VideoIds) -> None:
    """Have retention leave videos alone, whatever its policies say.

    \b
    Examples:
      playhead videos keep vid_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _set(context.obj, video_ids, keep=True)


def unkeep(context: typer.Context, video_ids: VideoIds) -> None:
    """Give videos back to the retention policies.

    \b
    Examples:
      playhead videos unkeep vid_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _set(context.obj, video_ids, keep=False)


def _set(terminal: Terminal, video_ids: list[str], *, keep: bool) -> None:
    with connect(terminal) as api:
        for video_id in video_ids:
            api.send("PATCH", f"/videos/{video_id}", json={"keep": keep})
            terminal.say(f"{video_id} is kept" if keep else f"{video_id} is under its retention policy")
