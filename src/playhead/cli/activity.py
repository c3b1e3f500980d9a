"""``playhead videos activity``: the history of a video."""

from typing import Any

import typer

from playhead.cli.options import AsJson, Limit, VideoId
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal


def activity(
    context: typer.Context,
    video_id: VideoId,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the activity of a video, newest first.

    Its upload, jobs, links, projects and viewings.

    \b
    Examples:
      playhead videos activity VIDEO
      playhead videos activity VIDEO --json | jq -r '.[] | select(.kind == "viewing").text'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items(f"/videos/{video_id}/activity", limit=limit)
    terminal.items(found, ["at", "event", "state", "by"], _row, as_json=as_json, empty="No activity.")


def _row(event: dict[str, Any]) -> list[object]:
    return [event["at"], event["text"], event["error"] or event["state"], event["actor"]]
