"""``playhead collections``: named sets of videos."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal, safe
from playhead.errors import NotFound

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="File videos into collections.")

Named = Annotated[str, typer.Argument(metavar="COLLECTION", help="Collection id, col_..., or its name.")]
VideoIds = Annotated[list[str], typer.Argument(metavar="VIDEO", help="Video ids, vid_...")]


@app.command("list")
def list_collections(context: typer.Context, as_json: AsJson = False) -> None:
    """List collections by name.

    \b
    Examples:
      playhead collections list
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/collections")["items"]
    terminal.items(found, ["id", "name", "videos"], _row, as_json=as_json, empty="No collections.")


@app.command("create")
def create(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")], as_json: AsJson = False
) -> None:
    """Create an empty collection. Prints its id.

    \b
    Examples:
      playhead collections create "Harbour trip"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        made = api.send("POST", "/collections", json={"name": name})
    if as_json:
        terminal.json(made)
    else:
        terminal.data(made["id"])


@app.command("rename")
def rename(context: typer.Context, collection: Named, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Rename a collection.

    \b
    Examples:
      playhead collections rename "Harbour trip" "Harbour, 2026"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = find_collection(api, collection)
        renamed = api.send("PATCH", f"/collections/{found['id']}", json={"name": name})
    terminal.say(f"{renamed['id']} is now {safe(renamed['name'])}")


@app.command("add")
def add(context: typer.Context, collection: Named, video_ids: VideoIds) -> None:
    """Put videos into a collection. A video may be in several.

    \b
    Examples:
      playhead collections add "Harbour trip" vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos list --tag boat --json | jq -r '.[].id' | xargs playhead collections add Boats
    """
    _change(context.obj, "PUT", collection, video_ids, "Added {} to {}", "in it before, deleted or not yours.")


@app.command("remove")
def remove(context: typer.Context, collection: Named, video_ids: VideoIds) -> None:
    """Take videos out of a collection; they stay in the library.

    \b
    Examples:
      playhead collections remove "Harbour trip" vid_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _change(context.obj, "DELETE", collection, video_ids, "Removed {} from {}", "not in it.")


@app.command("delete")
def delete(context: typer.Context, collection: Named, yes: Yes = False) -> None:
    """Delete a collection; its videos stay in the library.

    \b
    Examples:
      playhead collections delete "Harbour trip"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = find_collection(api, collection)
        question = f"Delete the collection {found['name']}? Its {found['videos']} videos stay in the library."
        if not terminal.confirm(question, yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/collections/{found['id']}")
    terminal.say(f"Deleted {safe(found['name'])}")


def find_collection(api: "Api", named: str) -> dict[str, Any]:
    """A collection by its id or name.

    Raises:
        NotFound: there is none.
    """
    for found in api.get("/collections")["items"]:
        if named in (found["id"], found["name"]) or named.casefold() == found["name"].casefold():
            return dict(found)
    raise NotFound(f"There is no collection {named}.", hint="playhead collections list shows them.")


def _change(terminal: Terminal, method: str, collection: str, video_ids: list[str], words: str, why: str) -> None:
    with connect(terminal) as api:
        found = find_collection(api, collection)
        changed = 0
        for start in range(0, len(video_ids), 1000):
            body = {"ids": video_ids[start : start + 1000]}
            changed += len(api.send(method, f"/collections/{found['id']}/videos", json=body)["changed"])
    count = f"{changed} {'video' if changed == 1 else 'videos'}"
    terminal.say(words.format(count, safe(found["name"])))
    if left := len(set(video_ids)) - changed:
        terminal.say(f"{left} {'was' if left == 1 else 'were'} left out: {why}")


def _row(collection: dict[str, Any]) -> list[object]:
    return [collection["id"], collection["name"], collection["videos"]]
