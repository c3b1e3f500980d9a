"""``playhead config``: the settings in effect."""

import typer

from playhead.cli.options import AsJson
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="Show the settings in effect.")


@app.callback()
def config() -> None:
    """Show the settings in effect."""


@app.command("show")
def show_config(context: typer.Context, as_json: AsJson = False) -> None:
    """Show each setting with its value and its source. Secrets are masked.

    \b
    Examples:
      playhead config show
      playhead config show --json | jq -r '.[] | select(.name == "data") | .value'
    """
    from playhead.app.loading import explain, load

    terminal: Terminal = context.obj
    rows = explain(load())
    if as_json:
        from pydantic_core import to_jsonable_python

        terminal.json(
            [{"name": row.name, "value": to_jsonable_python(row.value), "origin": row.origin} for row in rows]
        )
        return
    terminal.table(["setting", "value", "origin"], [[row.name, row.value, row.origin] for row in rows], empty="")
