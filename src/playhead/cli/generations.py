"""``playhead generations``: requests to providers, each made once."""

from typing import Annotated, Any

import typer

from playhead.cli import takes
from playhead.cli.money import cost_words, money
from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="List generations, cancel them, and try them again.")

GenerationId = Annotated[str, typer.Argument(metavar="GENERATION", help="Generation id, gen_...")]


@app.command("list")
def list_generations(
    context: typer.Context,
    project: Annotated[str | None, typer.Option(metavar="PROJECT", help="Only of this project.")] = None,
    clip: Annotated[str | None, typer.Option(metavar="CLIP", help="Only takes of this clip.")] = None,
    state: Annotated[
        str | None,
        typer.Option(help="queued, submitting, running, succeeded, failed, refused, unknown or canceled."),
    ] = None,
    provider: Annotated[str | None, typer.Option(help="Only of this provider.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List generations, newest first.

    \b
    Examples:
      playhead generations list --project PROJECT
      playhead generations list --state unknown
      playhead generations list --json | jq '[.[].cost.actual | numbers] | add'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        wanted = {"project_id": project, "clip_id": clip, "state": state, "provider": provider}
        found = api.items("/generations", limit=limit, **wanted)
    terminal.items(found, takes.COLUMNS, takes.row, as_json=as_json, empty="No generations.")


@app.command("show")
def show_generation(context: typer.Context, generation_id: GenerationId, as_json: AsJson = False) -> None:
    """Show a generation: its prompt, state, cost and video.

    \b
    Examples:
      playhead generations show gen_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead generations show gen_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq .cost
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        _print(terminal, api.get(f"/generations/{generation_id}"), as_json=as_json)


@app.command("cancel")
def cancel_generation(context: typer.Context, generation_id: GenerationId, as_json: AsJson = False) -> None:
    """Cancel a generation. What was submitted may still be charged.

    \b
    Examples:
      playhead generations cancel gen_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        _say(terminal, api.send("POST", f"/generations/{generation_id}/cancel"), as_json=as_json)


@app.command("retry")
def retry_generation(
    context: typer.Context, generation_id: GenerationId, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Make another take from the request of one that failed, was refused or canceled. It is paid like any other.

    \b
    Examples:
      playhead generations retry gen_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        price = api.get(f"/generations/{generation_id}")["cost"]["estimated"]
        if price != 0 and not terminal.confirm(f"Generate it again, for {_about(price)}?", yes=yes):
            raise typer.Exit(1)
        params = {"accept_unknown_cost": "true"} if price is None else {}
        _say(terminal, api.send("POST", f"/generations/{generation_id}/retry", params=params), as_json=as_json)


@app.command("resolve")
def resolve_generation(
    context: typer.Context,
    generation_id: GenerationId,
    action: Annotated[str, typer.Argument(metavar="resubmit|give-up")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Decide on a generation of which nobody knows whether the provider got it.

    Look at your account at the provider first: resubmit may be charged a second time.

    \b
    Examples:
      playhead generations list --state unknown
      playhead generations resolve gen_01k3q9h2v7e8t9m5x0c4d6f8ga give-up
    """
    terminal: Terminal = context.obj
    if action not in ("resubmit", "give-up"):
        raise typer.BadParameter(f"{action!r} is neither resubmit nor give-up", param_hint="ACTION")
    wanted: dict[str, Any] = {"action": action.replace("-", "_")}
    with connect(terminal) as api:
        if action == "resubmit":
            price = api.get(f"/generations/{generation_id}")["cost"]["estimated"]
            if not terminal.confirm(f"Submit it again, for {_about(price)} more?", yes=yes):
                raise typer.Exit(1)
            wanted["accept_unknown_cost"] = price is None
        _say(terminal, api.send("POST", f"/generations/{generation_id}/resolve", json=wanted), as_json=as_json)


@app.command("fetch")
def fetch_generation(context: typer.Context, generation_id: GenerationId, as_json: AsJson = False) -> None:
    """Fetch the result of a generation that failed over it once more. It was paid; this costs nothing.

    \b
    Examples:
      playhead generations fetch gen_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        _say(terminal, api.send("POST", f"/generations/{generation_id}/fetch"), as_json=as_json)


@app.command("use")
def use_generation(context: typer.Context, generation_id: GenerationId, as_json: AsJson = False) -> None:
    """Give a clip the video of this take.

    \b
    Examples:
      playhead generations use gen_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        project = api.send("POST", f"/generations/{generation_id}/use")
    if as_json:
        terminal.json(project)
    else:
        terminal.say(f"{project['title']} ({project['id']}) is at version {project['version']}")


def _about(price: float | None) -> str:
    return "an unknown price" if price is None else f"about {money(price)}"


def _say(terminal: Terminal, take: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.json(take)
    else:
        terminal.say(f"{take['id']} is {take['state']}")


def _print(terminal: Terminal, take: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.json(take)
        return
    progress = take["progress"]
    parameters = ", ".join(f"{name} {value}" for name, value in take["parameters"].items())
    terminal.fields(
        [
            ("id", take["id"]),
            ("state", take["state"]),
            ("done", None if progress is None else f"{progress:.0%}"),
            ("prompt", take["prompt"]),
            ("provider", take["provider"]),
            ("model", take["model"]),
            ("parameters", parameters or None),
            ("cost", cost_words(take["cost"])),
            ("error", takes.why(take) if take["error"] else None),
            ("video", take["video_id"]),
            ("project", take["project_id"]),
            ("clip", take["clip_id"]),
            ("parent", take["parent_id"] and f"{take['parent_id']} ({take['relation']})"),
            ("at provider", take["external_id"]),
            ("job", take["job_id"]),
            ("created", take["created_at"]),
            ("sent", take["sent_at"]),
            ("finished", take["finished_at"]),
        ]
    )
