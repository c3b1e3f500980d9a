"""``playhead watch-folders``: folders of the server whose files become videos."""

from typing import Any

import typer

from playhead.cli.options import AsJson, Wait
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="List and scan folders whose files become videos.")


@app.command("list")
def list_watch_folders(context: typer.Context, as_json: AsJson = False) -> None:
    """List the watch folders, and what could not be imported. The setting watch_folders names them.

    \b
    Examples:
      playhead watch-folders list
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/watch-folders")["items"]
    columns = ["folder", "mode", "owner", "collection", "waiting", "importing", "imported", "looked at"]
    empty = "No watch folders. The setting watch_folders names some."
    terminal.items(found, columns, _row, as_json=as_json, empty=empty)
    if as_json:
        return
    for folder in found:
        if folder["problem"]:
            terminal.data(f"\n{folder['path']}: {folder['problem']}")
        if folder["problems"]:
            terminal.data("")
            terminal.table(["file", "problem"], [_problem(each) for each in folder["problems"]], empty="")


@app.command("scan")
def scan(context: typer.Context, wait: Wait = False, as_json: AsJson = False) -> None:
    """Look at the watch folders now, and try files with problems once more.

    \b
    Examples:
      playhead watch-folders scan --wait
    """
    from playhead.cli.follow import wait_for

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = api.send("POST", "/watch-folders/scan")
        if wait:
            job = wait_for(api, job["id"], warn=terminal.warn)
    if as_json:
        terminal.json(job)
    elif not wait:
        terminal.say(f"Scanning the watch folders: {job['id']}")


def _row(folder: dict[str, Any]) -> list[object]:
    names = ("path", "mode", "owner", "collection", "waiting", "importing", "imported", "looked_at")
    return [folder[name] for name in names]


def _problem(file: dict[str, Any]) -> list[object]:
    return [file["name"], " ".join(filter(None, (file["problem"], file["hint"])))]
