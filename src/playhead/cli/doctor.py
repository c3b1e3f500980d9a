"""``playhead doctor``: what has to hold, and what to do where it does not."""

from typing import Any, Final

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="Examine what Playhead depends on.")

WORDS: Final = {"ok": "ok", "warning": "CHECK", "failed": "FAILS", "off": "off"}


@app.command("live")
def live(context: typer.Context, as_json: AsJson = False) -> None:
    """Examine whether broadcasts are detected.

    The webhook, subscriptions with their cost, the conduit and its shard, the WebSocket, the last event, polling, and
    the versions of streamlink and yt-dlp. Exit code 1 when something fails. Admins only.

    \b
    Examples:
      playhead doctor live
      playhead doctor live --json | jq -r '.findings[] | select(.verdict == "failed").hint'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/live/doctor")
    if as_json:
        terminal.json(found)
    else:
        rows = [[one["title"], WORDS[one["verdict"]], one["detail"], one["at"]] for one in found["findings"]]
        terminal.table(["what", "state", "found", "last seen"], rows, empty="Nothing to examine.")
        for one in found["findings"]:
            if one["hint"] and one["verdict"] in ("warning", "failed"):
                terminal.say(_advice(one))
    if found["verdict"] == "failed":
        raise typer.Exit(1)


def _advice(finding: dict[str, Any]) -> str:
    return f"{finding['title']}: {finding['hint']}"
