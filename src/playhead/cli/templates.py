"""``playhead templates``: projects with merge fields."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="Save projects as templates, and make projects from them.")

TemplateId = Annotated[str, typer.Argument(metavar="TEMPLATE", help="Template id, tpl_...")]
Aspects = Annotated[
    list[str] | None,
    typer.Option("--aspect", metavar="RATIO", help="16:9, 9:16 or 1:1; repeat it for one project of each."),
]
AcceptUnknown = Annotated[
    bool, typer.Option("--accept-unknown-cost", help="Go ahead where nobody knows what a model costs.")
]


@app.command("list")
def list_templates(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List templates, newest first.

    \b
    Examples:
      playhead templates list
      playhead templates list --json | jq -r '.[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/templates", limit=limit)
    terminal.items(found, ["id", "title", "clips", "fields", "updated"], _row, as_json=as_json, empty="No templates.")


@app.command("show")
def show_template(context: typer.Context, template_id: TemplateId, as_json: AsJson = False) -> None:
    """Show a template with its fields.

    \b
    Examples:
      playhead templates show TEMPLATE
      playhead templates show TEMPLATE --json | jq .document > template.json
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        template = api.get(f"/templates/{template_id}")
    _print(terminal, template, as_json=as_json)


@app.command("save")
def save_template(
    context: typer.Context,
    project_id: Annotated[str, typer.Argument(metavar="PROJECT", help="Project id, prj_...")],
    title: Annotated[str | None, typer.Option(help="Title of the template; the project's without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Save a project as a template, and print its id. Write {{name}} into its prompts or title where values go.

    \b
    Examples:
      playhead templates save PROJECT
      playhead templates save PROJECT --title "Product ad"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        words = title or api.get(f"/projects/{project_id}")["title"]
        template = api.send("POST", "/templates", json={"title": words, "project_id": project_id})
    terminal.json(template) if as_json else terminal.data(template["id"])


@app.command("new")
def new_project(
    context: typer.Context,
    template_id: TemplateId,
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Value of a field; repeat it for more.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the project; by the template without it.")] = None,
    aspect: Aspects = None,
    generate: Annotated[bool, typer.Option("--generate", help="Generate its clips at once.")] = False,
    accept_unknown_cost: AcceptUnknown = False,
    as_json: AsJson = False,
) -> None:
    """Make a project from a template, and print its id; one for each aspect ratio.

    \b
    Examples:
      playhead templates new TEMPLATE --field product=Kite --field colour=red
      playhead templates new TEMPLATE --field product=Kite --aspect 16:9 --aspect 9:16 --generate
    """
    terminal: Terminal = context.obj
    wanted: dict[str, Any] = {
        "fields": dict(_field(text) for text in field or ()),
        "title": title,
        "aspects": aspect or [],
        "generate": generate,
        "accept_unknown_cost": accept_unknown_cost,
    }
    with connect(terminal) as api:
        made = api.send("POST", f"/templates/{template_id}/projects", json=wanted)["items"]
    if as_json:
        terminal.json(made)
        return
    for project in made:
        terminal.data(project["id"])


@app.command("remove")
def remove_template(context: typer.Context, template_id: TemplateId, yes: Yes = False) -> None:
    """Remove a template; the projects that were made from it stay.

    \b
    Examples:
      playhead templates remove TEMPLATE --yes
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/templates/{template_id}")["title"]
        if not terminal.confirm(f"Remove the template {title} ({template_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/templates/{template_id}")
    terminal.say(f"Removed {template_id}")


def _field(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise typer.BadParameter(f"{text!r} is no NAME=VALUE", param_hint="--field")
    return name.strip(), value


def _row(template: dict[str, Any]) -> list[object]:
    names = ", ".join(field["name"] for field in template["fields"])
    return [template["id"], template["title"], template["clip_count"], names, template["updated_at"]]


def _print(terminal: Terminal, template: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.json(template)
        return
    names = ("id", "title", "version", "clip_count")
    terminal.fields([(name.replace("_count", "s"), template[name]) for name in names])
    terminal.data("")
    rows = [[f["name"], f["type"], f["default"], ", ".join(f["choices"])] for f in template["fields"]]
    terminal.table(["field", "type", "default", "choices"], rows, empty="No fields.")
