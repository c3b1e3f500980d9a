"""``playhead uploads``: what began to come and is not complete."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="List and delete unfinished uploads.")


@app.command("list")
def list_uploads(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List your unfinished uploads, newest first.

    `playhead upload` with the same file continues one.

    \b
    Examples:
      playhead uploads list
      playhead uploads list --json | jq -r '.[].id'
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/uploads", limit=limit)
    if as_json:
        terminal.json(found)
        return
    columns = ["id", "title", "came", "created", "expires"]
    terminal.table(columns, [_row(one) for one in found], empty="No unfinished uploads.")


@app.command("delete")
def delete_uploads(
    context: typer.Context,
    uploads: Annotated[list[str] | None, typer.Argument(metavar="UPLOAD...", help="Ids, upl_...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of yours.")] = False,
    yes: Yes = False,
) -> None:
    """Delete unfinished uploads and free their bytes.

    \b
    Examples:
      playhead uploads delete upl_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead uploads delete --all --yes
    """
    from playhead.cli.client import connect
    from playhead.cli.tus import VERSION

    terminal: Terminal = context.obj
    if bool(uploads) == everything:
        raise typer.BadParameter("name uploads, or say --all", param_hint="UPLOAD")
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
    from playhead.kit.units import format_bytes

    size = "?" if one["size_bytes"] is None else format_bytes(one["size_bytes"])
    came = f"{format_bytes(one['offset_bytes'])} of {size}"
    return [one["id"], one["title"], came, one["created_at"], one["expires_at"]]
