"""``playhead uploads``: unfinished uploads on the server."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes

app = typer.Typer(no_args_is_help=True, help="List and delete unfinished uploads.")


@app.command("list")
def list_uploads(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List your unfinished uploads, newest first.

    `playhead upload` with the same file resumes one.

    \b
    Examples:
      playhead uploads list
      playhead uploads list --json | jq -r '.[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/uploads", limit=limit)
    columns = ["id", "title", "received", "created", "expires"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No unfinished uploads.")


@app.command("delete")
def delete_uploads(
    context: typer.Context,
    uploads: Annotated[list[str] | None, typer.Argument(metavar="UPLOAD", help="Upload ids, upl_...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All unfinished uploads of yours.")] = False,
    yes: Yes = False,
) -> None:
    """Delete unfinished uploads, and free their space.

    \b
    Examples:
      playhead uploads delete upl_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead uploads delete --all --yes
    """
    from playhead.cli.tus import VERSION

    terminal: Terminal = context.obj
    if bool(uploads) == everything:
        raise typer.BadParameter("name uploads, or pass --all", param_hint="UPLOAD")
    with connect(terminal) as api:
        ids = uploads or [one["id"] for one in api.items("/uploads", limit=100_000)]
        if not ids:
            terminal.say("No unfinished uploads.")
            return
        if not terminal.confirm(f"Delete {len(ids)} unfinished upload{'s' if len(ids) > 1 else ''}?", yes=yes):
            raise typer.Exit(1)
        for upload in ids:
            api.send("DELETE", f"/uploads/{upload}", headers=VERSION)
            terminal.say(f"Deleted {upload}")


def _row(one: dict[str, Any]) -> list[object]:
    size = "?" if one["size_bytes"] is None else format_bytes(one["size_bytes"])
    received = f"{format_bytes(one['offset_bytes'])} of {size}"
    return [one["id"], one["title"], received, one["created_at"], one["expires_at"]]
